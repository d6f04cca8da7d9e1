"""Codes that people read aloud and type by hand: letters and digits of which none looks like another.

The one rule: who reads one off a paper gets it right; how many characters make it strong is its user's matter.
"""

from __future__ import annotations

from typing import Final

READABLE: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I: thirty-two, five bits each."""
GROUP_CHARACTERS: Final = 4


def as_typed(code: str) -> str:
    """Without the dashes, the spaces and the small letters that somebody types."""
    return code.replace("-", "").replace(" ", "").upper()


def in_groups(code: str) -> str:
    """In groups of four, to be read."""
    return "-".join(code[at : at + GROUP_CHARACTERS] for at in range(0, len(code), GROUP_CHARACTERS))
