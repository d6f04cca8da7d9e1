"""Makes the keys of a first start: sealing, blind index, and a signer a log with its public half beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mingjing.keys import LOGS, SEALING
from mingjing_kernel.audit.keys import load_signer, make_signing_key
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service.witnessing import origin_of


def make_keys(directory: Path, names: Iterable[str]) -> None:
    """Make ``<name>.key`` for each name, and ``<log>.vkey`` for every log."""
    for name in names:
        path = directory / f"{name}.key"
        if name in SEALING:
            make_key_file(path)
        else:
            make_signing_key(path)
    for log in LOGS:
        signer = load_signer(directory / f"{log}-signing.key", origin_of(log))
        public = f"{signer.vkey.encode()}\n{signer.cosigner_vkey.encode()}\n"
        (directory / f"{log}.vkey").write_text(public, encoding="utf-8")
