"""Key files of checkpoints: an Ed25519 key as PEM (PKCS #8), readable by its owner alone.

The one rule: a key is made at the first start and found ever after. A log whose key is lost must say so, not sign
with another.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from mingjing_kernel.audit.note import Signer
from mingjing_kernel.refusal import Refusal

FILE_BYTES_MAX = 16 * 1024


class SigningKeyUnreadable(Refusal):
    """The file of the signing key is missing, not ours to read, too open, or holds no Ed25519 key."""

    status = 500
    sentence = "The signing key file {path} cannot be used: {reason}."
    remedy = (
        "Put the file back from its backup with mode 0600 and the owner that runs the service. "
        "A new key would sign, but whoever knows the old one would call every new checkpoint forged."
    )


class SigningKeyExists(Refusal):
    """A new signing key would overwrite one that others already know."""

    status = 500
    sentence = "There is a signing key at {path} already."
    remedy = "Keep it. To change the key, name a new file in the settings and tell the witnesses its public key."


def load_signer(path: Path, name: str) -> Signer:
    """The signer whose key lies at ``path``. Raises ``SigningKeyUnreadable`` with what is wrong."""
    try:
        with path.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            text = opened.read(FILE_BYTES_MAX + 1)
    except OSError as failure:
        raise SigningKeyUnreadable(path=path, reason=_reason(failure)) from failure
    if mode & 0o077:
        raise SigningKeyUnreadable(path=path, reason=f"others may read it (mode {mode:04o})")
    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as malformed:
        raise SigningKeyUnreadable(path=path, reason="it is not an unencrypted PEM private key") from malformed
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyUnreadable(path=path, reason="it is not an Ed25519 key")
    return Signer(name, key)


def make_signing_key(path: Path) -> None:
    """A new key in a new file, mode 0600, on disk before it is used. Raises ``SigningKeyExists``."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(pem)
                opened.flush()
                os.fsync(opened.fileno())
            os.link(beside, path)  # whole or not at all, and never over another key
        finally:
            beside.unlink()
        _sync_directory(path.parent)
    except FileExistsError as exists:
        raise SigningKeyExists(path=path) from exists
    except OSError as failure:
        raise SigningKeyUnreadable(path=path, reason=_reason(failure)) from failure


def load_or_make_signer(path: Path, name: str) -> Signer:
    """For the all-in-one: the key of the first start, made then. An unreadable file is refused, never replaced."""
    if not path.exists() and not path.is_symlink():
        with contextlib.suppress(SigningKeyExists):  # another process was first
            make_signing_key(path)
    return load_signer(path, name)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(failure: OSError) -> str:
    return (failure.strerror or type(failure).__name__).lower()
