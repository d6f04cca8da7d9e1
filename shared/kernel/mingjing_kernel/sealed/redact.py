"""Numbers of persons in free text (文中号码): masked where they stand, so that the text can be read and searched.

A complaint says "call me at 199…", a note repeats an identity number. The one rule: what is masked here is sealed
elsewhere by whoever needs it again; this file only finds it. Names are masked where the caller knows them: nobody can
tell a name from a word for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from mingjing_kernel.sealed.mask import is_masked, mask_id_number, mask_name, mask_phone

NAME_CHARACTERS_MIN = 2
"""A single character is a word of its own far more often than a name."""
NO_NAMES: Final = frozenset({"家长", "市民", "群众", "学员", "学生", "老师", "消费者", "先生", "女士", "热心市民"})
"""What operators write for a name that they were not told; masked everywhere it would make a text unreadable."""
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![0-9])")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


def redacted(text: str, names: Iterable[str] = (), keep: Iterable[str] = ()) -> str:
    """The text with mobile and identity numbers masked, and with the names given; ``keep`` are numbers of no person.

    An identity number is one only with a possible birthday and the right check digit (GB 11643): account numbers of
    eighteen digits stay as they are.
    """
    kept = frozenset(keep)
    text = _IDENTITY.sub(lambda found: _identity(found[0]), text)
    text = _PHONE.sub(lambda found: found[0] if found[0] in kept else str(mask_phone(found[0])), text)
    for name in names:
        if is_name(name):
            text = text.replace(name.strip(), str(mask_name(name)))
    return text


def is_name(name: str) -> bool:
    """Whether a name tells one person from another: no word that stands for any, no single character, no mask."""
    name = name.strip()
    return len(name) >= NAME_CHARACTERS_MIN and name not in NO_NAMES and not is_masked(name)


def is_identity_number(number: str) -> bool:
    """Whether it is a resident identity number: a birthday that exists, and the check digit (GB 11643)."""
    if not _IDENTITY.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11] == number[17].upper()


def _identity(number: str) -> str:
    return str(mask_id_number(number)) if is_identity_number(number) else number
