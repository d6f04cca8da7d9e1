"""Signatures 文本指纹: how alike two texts are, from 64 bytes each.

The one rule: a signature is of the pieces of a text, whatever their order, and leads back to none of them. Two texts
share about as many bytes as they share pieces (min-wise hashing; Li and König 2010).
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

from mingjing_inspection.matching.text_model import TEXT_MAX

SIZE: Final = 64
_VALUES: Final = 256
_PIECE: Final = 3
_LOW_BITS: Final = np.uint64(0x7F7F7F7F7F7F7F7F)
Signature = npt.NDArray[np.uint8]


def _constants() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Odd multipliers and offsets, the same in every process for ever."""
    told = [zlib.crc32(f"complaint-signature/{at}".encode()) for at in range(2 * SIZE)]
    return np.array(told[:SIZE], np.uint64) | np.uint64(1), np.array(told[SIZE:], np.uint64)


_TIMES, _PLUS = _constants()


def signature(text: str) -> Signature:
    """Of the pieces of three characters; of punctuation and spaces nothing is kept."""
    plain = "".join(character for character in text[:TEXT_MAX] if character.isalnum())
    found = {plain[at : at + _PIECE] for at in range(max(1, len(plain) - _PIECE + 1))}
    hashes = np.fromiter((zlib.crc32(piece.encode()) for piece in found), np.uint64, len(found))
    mixed = (hashes[:, None] * _TIMES + _PLUS) & np.uint64(0xFFFFFFFF)
    # The high bits of a product depend on all bits of the hash, the low ones do not.
    least = mixed.min(axis=0)
    return np.asarray((least ^ (least >> np.uint64(8)) ^ (least >> np.uint64(16))) & np.uint64(_VALUES - 1), np.uint8)


def alike(many: npt.NDArray[np.uint8], one: Signature) -> npt.NDArray[np.float64]:
    """The share of pieces that each text has in common with one, 0 to 1, within a tenth or so."""
    equal = (many == one).mean(axis=1)
    return np.asarray(np.clip((equal - 1 / _VALUES) / (1 - 1 / _VALUES), 0, 1), np.float64)


def head_of(one: Signature) -> np.uint64:
    """The first eight bytes, as one number."""
    return np.uint64(int.from_bytes(one[:8].tobytes(), "big"))


def begins_alike(heads: npt.NDArray[np.uint64], one: Signature) -> npt.NDArray[np.bool_]:
    """Where at least two of the first eight bytes are equal: what has to be compared in full."""
    differ = heads ^ head_of(one)
    # A byte is zero where neither its low seven bits carry into its high bit nor that is set (no byte borrows).
    zero = ~(((differ & _LOW_BITS) + _LOW_BITS) | differ | _LOW_BITS)
    return np.asarray((zero & (zero - np.uint64(1))) != 0, np.bool_)
