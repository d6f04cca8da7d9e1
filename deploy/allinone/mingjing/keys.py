"""The keys of an all-in-one: made together with its database, found ever after.

The one rule: a key is never made beside data that was written with another. Whoever lost one puts the backup back.
"""

from __future__ import annotations

from mingjing.installation import Installation
from mingjing_kernel.audit.keys import load_signer, make_signing_key
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service.witnessing import origin_of

LOGS = ("registry", "inspection", "funds")
_SEALING = ("sealing", "index")


class KeysMissing(Refusal):
    """The data directory has data, but a key that belongs to it is gone."""

    sentence = "The key files {names} are missing from {directory}, but the data that needs them is there."
    remedy = (
        "Put the files back from your backup. Without them sealed names stay closed and checkpoints cannot be signed."
    )
    status = 503


def ensure_keys(installation: Installation) -> None:
    """Make all keys at the first start. Raises ``KeysMissing`` when one is gone later."""
    directory = installation.keys
    missing = [name for name in _names() if not (directory / f"{name}.key").exists()]
    if not missing:
        return
    if (installation.postgres / "data" / "PG_VERSION").exists():
        raise KeysMissing(names=", ".join(f"{name}.key" for name in missing), directory=directory)
    for name in missing:
        path = directory / f"{name}.key"
        if name in _SEALING:
            make_key_file(path)
        else:
            make_signing_key(path)
    for log in LOGS:
        signer = load_signer(directory / f"{log}-signing.key", origin_of(log))
        public = f"{signer.vkey.encode()}\n{signer.cosigner_vkey.encode()}\n"
        (directory / f"{log}.vkey").write_text(public, encoding="utf-8")


def _names() -> list[str]:
    return [*_SEALING, *(f"{log}-signing" for log in LOGS)]
