"""Authenticated encryption: AES-256-GCM, or SM4-GCM (GB/T 32907) where national algorithms are required.

The one rule: what a value belongs to is authenticated with it, so that ciphertext moved to another subject, stream
or field does not open.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingjing_kernel.sealed.refusals import SealBroken

Algorithm: TypeAlias = Literal["aes-256-gcm", "sm4-gcm"]

KEY_BYTES: Final[dict[str, int]] = {"aes-256-gcm": 32, "sm4-gcm": 16}
NONCE_BYTES = 12
TAG_BYTES = 16
PARTS_REMEMBERED_MAX = 4_096


def new_key(algorithm: Algorithm) -> bytes:
    """A fresh key of the right length."""
    return os.urandom(KEY_BYTES[algorithm])


Encrypt: TypeAlias = Callable[[bytes, bytes, bytes], bytes]
"""Nonce, plain bytes, what they belong to -> ciphertext and tag."""


def encrypt(algorithm: Algorithm, key: bytes, plain: bytes, *belongs_to: str) -> bytes:
    """Nonce, ciphertext and tag. The nonce is random: a subject's key seals far fewer than 2^32 values."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + encryptor(algorithm, key)(nonce, plain, bound_to(algorithm, *belongs_to))


def encryptor(algorithm: Algorithm, key: bytes) -> Encrypt:
    """The same with the cipher made ready once, which costs more than a short value: for who seals many fields."""
    if algorithm == "aes-256-gcm":
        return AESGCM(key).encrypt
    block = algorithms.SM4(key)

    def encrypt_sm4(nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        worker = Cipher(block, modes.GCM(nonce)).encryptor()
        worker.authenticate_additional_data(bound)
        return worker.update(plain) + worker.finalize() + worker.tag

    return encrypt_sm4


def decrypt(algorithm: str, key: bytes, box: bytes, *belongs_to: str) -> bytes:
    """The plain bytes. Raises ``SealBroken`` when anything at all does not fit."""
    nonce, rest = box[:NONCE_BYTES], box[NONCE_BYTES:]
    if algorithm not in KEY_BYTES or len(key) != KEY_BYTES[algorithm] or len(rest) < TAG_BYTES:
        raise SealBroken(what=" ".join(belongs_to))
    bound = bound_to(algorithm, *belongs_to)
    try:
        if algorithm == "aes-256-gcm":
            return AESGCM(key).decrypt(nonce, rest, bound)
        worker = Cipher(algorithms.SM4(key), modes.GCM(nonce, rest[-TAG_BYTES:])).decryptor()
        worker.authenticate_additional_data(bound)
        return worker.update(rest[:-TAG_BYTES]) + worker.finalize()
    except InvalidTag as broken:
        raise SealBroken(what=" ".join(belongs_to)) from broken


def bound_to(*parts: str) -> bytes:
    """Each part with its length, so that no two different lists give the same bytes. A longer list begins with a
    shorter one's bytes.
    """
    return b"".join(map(_with_length, parts))


@lru_cache(maxsize=PARTS_REMEMBERED_MAX)
def _with_length(part: str) -> bytes:
    """Remembered: the fields of a service are few, and the fields of one person stand in one stream."""
    encoded = part.encode()
    return len(encoded).to_bytes(4, "big") + encoded
