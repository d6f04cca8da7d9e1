"""Identity numbers 身份证号 as lists have them: whole, or masked to the first ten and the last four characters.

One rule: a masked number is what it is. It says who may be whom, together with a name; it is never taken for a whole
one, and nothing that compares whole numbers ever meets it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Shape: TypeAlias = Literal["resident", "masked", "other"]
"""A resident's number (GB 11643), one of which the month and day of birth are hidden, or another document's."""
OPEN_FIRST: Final = 10
"""Division and year of birth."""
OPEN_LAST: Final = 4
"""Serial and check character."""
IN_PART_PREFIX: Final = "in-part:"
"""Of the digest by which somebody is known whose whole number nobody stated."""

_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]")
_MASKED = re.compile(r"[1-9]\d{9}\*{4}\d{3}[\dX]")
_OTHER = re.compile(r"(?=.*\d)[A-Z0-9]{6,17}|(?=.*[A-WYZ])[A-Z0-9]{18,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One number as stated; in the clear, so it goes no further than the intake."""

    number: str
    shape: Shape

    def __repr__(self) -> str:
        """Without the number."""
        return f"Identity({self.shape})"

    @property
    def is_in_part(self) -> bool:
        """True when nobody stated the whole number."""
        return self.shape == "masked"

    @property
    def open_part(self) -> tuple[str, str]:
        """What a masked list leaves open of it; empty for a document that nobody masks so."""
        return ("", "") if self.shape == "other" else (self.number[:OPEN_FIRST], self.number[-OPEN_LAST:])

    @property
    def birth_year(self) -> str:
        """Empty where the document does not say."""
        return "" if self.shape == "other" else self.number[6:10]

    @property
    def birth_month(self) -> str:
        """Two digits; empty where they are hidden."""
        return self.number[10:12] if self.shape == "resident" else ""


def identity_of(stated: str) -> Identity | None:
    """What a stated number is, without spaces and in half-width capitals; ``None`` when it has the form of none, or
    its mask hides so much that it may be anybody's.
    """
    if _MASKED.fullmatch(stated):
        return Identity(number=stated, shape="masked")
    if _RESIDENT.fullmatch(stated):
        return Identity(number=stated, shape="resident")
    return Identity(number=stated, shape="other") if _OTHER.fullmatch(stated) else None
