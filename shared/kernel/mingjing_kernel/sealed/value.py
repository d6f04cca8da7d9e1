"""``Sealed[T]`` (加密字段): a person's datum as the log keeps it: ciphertext under that person's own key.

Pure, so that a domain may hold it; sealing and opening happen at the edge (``ring.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)  # no slots: a generic one could not be called as Sealed[str](…) on 3.11
class Sealed(Generic[Value]):
    """A value that only its subject's data key opens, and only at the place where it was sealed.

    All fields are text, so that the log hashes exactly the ciphertext and still verifies when the key is gone.
    ``subject`` is whose datum it is (an id, never a name), ``key_id`` which of the subject's keys, ``box`` the
    base64 of nonce and ciphertext. Stream and field are not repeated: they are authenticated with it.
    """

    subject: str
    algorithm: str
    key_id: str
    box: str
