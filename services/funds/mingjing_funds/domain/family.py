"""Family (家庭): the pupil whom a contract is for and the guardian who signed it, each sealed under a key of their own.

The one rule: a person is a subject of the institution that teaches her, and of no other: nothing links the same two
people across institutions. Her subject is an id that says nothing; by what she is known again lies beside her key, and
goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mingjing_funds.domain.contract_refusals import ContractDiffers, CorrectionUnexplained, FamilyUnknown
from mingjing_kernel.sealed import Sealed


class Member(StrEnum):
    """Which of the two."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a contract says of a person. At least one field is there, and all are the same subject's."""

    name: Sealed[str] | None
    phone: Sealed[str] | None
    id_number: Sealed[str] | None

    @property
    def fields(self) -> dict[str, Sealed[str]]:
        """What is there, by name."""
        every = {"name": self.name, "phone": self.phone, "id_number": self.id_number}
        return {name: box for name, box in every.items() if box is not None}

    @property
    def subject(self) -> str:
        """Whose key seals it."""
        return next(iter(self.fields.values())).subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Whom a contract names."""

    pupil: Person | None
    guardian: Person | None

    def member(self, member: Member) -> Person | None:
        """One of the two."""
        return self.pupil if member is Member.PUPIL else self.guardian

    @property
    def subjects(self) -> tuple[str, ...]:
        """Those who are named."""
        return tuple(person.subject for person in (self.pupil, self.guardian) if person is not None)


NOBODY = Family(pupil=None, guardian=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFamily:
    """A person asks for other particulars to stand (PIPL art. 46)."""

    member: Member
    person: Person
    reason: str
    corrected_by: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNamed:
    """The contract names these people from now on; ``replaced`` are subjects that it names no more."""

    family: Family
    replaced: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCorrected:
    """The particulars are these from now on; what stood before stays sealed in the log until it is erased."""

    member: Member
    family: Family
    reason: str
    corrected_by: str
    corrected_at: datetime


def named(said: Family | None, before: Family, contract_no: str) -> list[FamilyNamed]:
    """What follows when a contract that stands is sent again.

    Whoever names fewer says nothing new. Another guardian is a family that moved or changed its telephone; another
    pupil of the same guardian (or of none) is another contract under a number that is taken.
    """
    if said is None or _says_no_more(said, before):
        return []
    if _subject(said.guardian) == _subject(before.guardian) and before.pupil is not None:
        raise ContractDiffers(contract_no=contract_no)
    family = Family(pupil=said.pupil or before.pupil, guardian=said.guardian or before.guardian)
    gone = tuple(subject for subject in before.subjects if subject not in family.subjects)
    return [FamilyNamed(family=family, replaced=gone)]


def corrected(command: CorrectFamily, before: Family, contract_no: str) -> list[FamilyCorrected]:
    """A correction of somebody whom the contract names."""
    person = before.member(command.member)
    if person is None or person.subject != command.person.subject:
        raise FamilyUnknown(contract_no=contract_no)
    if not command.reason.strip():
        raise CorrectionUnexplained
    changed = {command.member.value: command.person}
    return [
        FamilyCorrected(
            member=command.member,
            family=replace(before, **changed),
            reason=command.reason,
            corrected_by=command.corrected_by,
            corrected_at=command.corrected_at,
        )
    ]


def _says_no_more(said: Family, before: Family) -> bool:
    if said.guardian is None and before.guardian is not None:
        return True  # a pupil without her guardian cannot be told from anybody
    pairs = ((said.pupil, before.pupil), (said.guardian, before.guardian))
    return all(one is None or _subject(one) == _subject(other) for one, other in pairs)


def _subject(person: Person | None) -> str:
    return person.subject if person is not None else ""
