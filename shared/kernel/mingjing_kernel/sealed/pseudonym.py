"""Pseudonyms (化名): what case staff call a person whom they need not know: 投诉人-7K3QH.

The one rule: it is a keyed digest of the subject, so it stays the same within the case and says nothing beyond it:
the same person in another case is another subject and has another pseudonym.
"""

from __future__ import annotations

from typing import Final

from mingjing_kernel.sealed.blind import BlindIndex

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L: it is read out on the telephone."""
LENGTH = 5
"""29 million; two of one list of 500 are the same once in two hundred lists, and then their numbers tell them apart."""


def pseudonym(index: BlindIndex, subject: str, word: str) -> str:
    """``word`` says what the person is here: 投诉人, 举报人, 学员."""
    rest, letters = int(index.of("pseudonym", subject), 16), ""
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(LETTERS))
        letters += LETTERS[place]
    return f"{word}-{letters}"
