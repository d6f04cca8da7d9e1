"""The issuer's signing key: made at the first start, readable by its owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from mingjing.issuer.refusals import IssuerKeyUnreadable
from mingjing_kernel.identity import StaticKeys

FILE_NAME = "issuer-signing.jwk"


def signing_key(directory: Path) -> ECKey:
    """The ES256 key below ``directory``, made if there is none. Raises ``IssuerKeyUnreadable``."""
    path = directory / FILE_NAME
    if not path.exists():
        _make(path)
    try:
        key = ECKey.import_key(json.loads(path.read_bytes()))
    except (OSError, ValueError, JoseError) as failure:
        raise IssuerKeyUnreadable(path=path, reason=type(failure).__name__) from failure
    if not key.is_private or path.stat().st_mode & 0o077:
        raise IssuerKeyUnreadable(path=path, reason="others may read it, or it is no private key")
    return key


def issuer_keys(directory: Path) -> StaticKeys:
    """The public half, for a service in the same process."""
    return StaticKeys(KeySet([signing_key(directory)]))


def _make(path: Path) -> None:
    """Complete or not at all, and the first of two starters wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
    key.ensure_kid()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            json.dump(key.as_dict(private=True), opened)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError as failure:
        raise IssuerKeyUnreadable(path=path, reason=failure.strerror or type(failure).__name__) from failure
    finally:
        draft.unlink(missing_ok=True)
