"""Key files: 32 random bytes as base64 on one line, readable by their owner alone.

The one rule: a key is never made where one should have been found; the first start makes keys, later ones need them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path

from mingjing_kernel.sealed.refusals import KeyFileExists, KeyFileUnreadable

KEY_BYTES = 32
FILE_BYTES_MAX = 1024


def read_key(path: Path) -> bytes:
    """The key. Raises ``KeyFileUnreadable`` with what is wrong and what to do."""
    try:
        with path.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            text = opened.read(FILE_BYTES_MAX + 1)
    except OSError as failure:
        raise KeyFileUnreadable(path=path, reason=(failure.strerror or type(failure).__name__).lower()) from failure
    if mode & 0o077:
        raise KeyFileUnreadable(path=path, reason=f"others may read it (mode {mode:04o})")
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as malformed:
        raise KeyFileUnreadable(path=path, reason="it is not base64") from malformed
    if len(key) != KEY_BYTES:
        raise KeyFileUnreadable(path=path, reason=f"it holds {len(key)} bytes, not {KEY_BYTES}")
    return key


def make_key_file(path: Path) -> bytes:
    """A new key in a new file, mode 0600, on disk before it is used. Raises ``KeyFileExists``."""
    key = os.urandom(KEY_BYTES)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(base64.b64encode(key) + b"\n")
                opened.flush()
                os.fsync(opened.fileno())
            os.link(draft, path)  # whole or not at all: half a key would stop every start after a killed first one
        finally:
            draft.unlink()
    except FileExistsError as exists:
        raise KeyFileExists(path=path) from exists
    except OSError as failure:
        raise KeyFileUnreadable(path=path, reason=(failure.strerror or type(failure).__name__).lower()) from failure
    return key


def key_id(key: bytes) -> str:
    """A name for a key that says nothing about it."""
    return hashlib.sha256(b"mingjing key id\0" + key).hexdigest()[:16]
