"""Readings 读音: one a character, without tones.

The one rule: a character always reads the same. A clerk who mishears writes another character of the same sound; which
reading a phrase would take matters less than that both spellings get the same one. The table is our own copy: with
another edition of a dictionary scores would change, and no rule version would say so.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@cache
def readings() -> dict[int, str]:
    """The letters of each character, by code point; read once from the package's data."""
    table = json.loads(files("mingjing_kernel.spelling").joinpath("readings.json").read_text(encoding="utf-8"))
    return {ord(character): letters for letters, those in table["readings"].items() for character in those}


@cache
def heard() -> dict[int, str]:
    """The same where syllables that dialects confuse (zhang, zang; lin, ling) are one: for finding, not for scoring."""
    return {point: confused(letters) for point, letters in readings().items()}


def confused(letters: str) -> str:
    """A syllable as it may be heard."""
    for written, said in _ALIKE:
        if letters.startswith(written):
            letters = said + letters[len(written) :]
    if letters.startswith("n") and len(letters) > 1:
        letters = f"l{letters[1:]}"
    return letters.removesuffix("g") if letters.endswith("ng") else letters
