"""Families as files and callers name them (家庭信息): in the clear, on the way from a cell to its seal.

The one rule: nothing here is printed or kept. What is done with it is sealing (``intake/families.py``); rows that wait
to be mended are kept without these columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import CellOverlong

if TYPE_CHECKING:
    from mingjing_funds.sources.reading import Record

PUPIL_NAME: Final = ("学员",)
PUPIL_ID: Final = ("学员身份证号", "学员证件号码", "学员证件号")
GUARDIAN_NAME: Final = ("监护人", "家长")
GUARDIAN_PHONE: Final = ("监护人手机", "监护人电话", "家长手机", "家长电话")
GUARDIAN_ID: Final = ("监护人身份证号", "监护人证件号码", "监护人证件号")
COLUMNS: Final = frozenset((*PUPIL_NAME, *PUPIL_ID, *GUARDIAN_NAME, *GUARDIAN_PHONE, *GUARDIAN_ID))
NAME_CHARACTERS_MAX = 100
NUMBER_CHARACTERS_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSaid:
    """A person in the clear; what is not said is empty."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    id_number: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        """Whether anything is said of her."""
        return bool(self.name or self.phone or self.id_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySaid:
    """Whom a contract is for, and who signed it."""

    pupil: PersonSaid = PersonSaid()
    guardian: PersonSaid = PersonSaid()

    def __bool__(self) -> bool:
        """Whether anybody is named."""
        return bool(self.pupil or self.guardian)


def family(record: Record) -> FamilySaid:
    """The people of a row. Raises ``CellOverlong``."""
    return FamilySaid(
        pupil=PersonSaid(
            name=_said(record, PUPIL_NAME, NAME_CHARACTERS_MAX),
            id_number=_said(record, PUPIL_ID, NUMBER_CHARACTERS_MAX),
        ),
        guardian=PersonSaid(
            name=_said(record, GUARDIAN_NAME, NAME_CHARACTERS_MAX),
            phone=_said(record, GUARDIAN_PHONE, NUMBER_CHARACTERS_MAX),
            id_number=_said(record, GUARDIAN_ID, NUMBER_CHARACTERS_MAX),
        ),
    )


def _said(record: Record, columns: tuple[str, ...], longest: int) -> str:
    for column in columns:
        if said := cells.text(record[column]):
            if len(said) > longest:
                raise CellOverlong(column=column, found=len(said), limit=longest)
            return said
    return ""
