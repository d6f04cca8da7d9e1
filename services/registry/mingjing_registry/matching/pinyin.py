"""Pinyin 拼音 of names: one reading a character, without tones, for whole arrays of text at once.

The one rule: a character always reads the same, as the kernel's table of readings says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from mingjing_kernel.spelling.readings import confused, readings

_BMP = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Syllables:
    """The readings of the basic plane by code point; 0 stands for whatever is no Chinese character."""

    sounds: npt.NDArray[np.uint16]
    """Syllables that dialects confuse (zhang, zang; lin, ling) are one sound here: for finding, not for scoring."""
    count: int
    by_character: dict[int, str]

    def spelt(self, text: str) -> str:
        """The letters of a text: 木铎轩 is ``muduoxuan``; others stay as they are."""
        return text.translate(self.by_character)

    def sounds_of(self, text: str) -> npt.NDArray[np.uint16]:
        """One sound a character of the text."""
        points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
        return np.asarray(self.sounds[np.where(points < _BMP, points, 0)])


@cache
def syllables() -> Syllables:
    """Read once from the package's data."""
    by_character = readings()
    numbers: dict[str, int] = {}
    sounds = np.zeros(_BMP, np.uint16)
    for point, letters in by_character.items():
        sounds[point] = numbers.setdefault(confused(letters), len(numbers) + 1)
    for point in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)):
        sounds[point] = numbers.setdefault(chr(point).lower(), len(numbers) + 1)
    return Syllables(sounds, len(numbers) + 1, by_character)
