"""Sealing who complained, before the command is made. One rule: a name or number in the clear goes no further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complainant import Complainant, subject_of
from mingjing_inspection.sources.complaint_row import Person
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Mark
from mingjing_kernel.sealed.ring import SUBJECTS_MAX, SubjectKey


async def sealed(keys: Keys, people: Mapping[UUID, Person]) -> dict[UUID, Complainant]:
    """Each person under a key of their own complaint."""
    found: dict[UUID, Complainant] = {}
    for some in _batches(list(people)):
        ring = await keys.ring().keys_for([subject_of(one) for one in some], make=True)
        for one in some:
            found[one] = _complainant(ring[subject_of(one)], people[one], COMPLAINTS.stream(one))
    return found


async def findable(keys: Keys, people: Mapping[UUID, Person]) -> None:
    """Blind indexes and masked text of those whose complaint is in the log by now: a second filing under a number that
    is taken must not put another person in the first one's place. Cut off before this, nobody finds them by value.
    """
    for some in _batches(list(people)):
        await keys.marks().remember([mark for one in some for mark in _marks(subject_of(one), people[one])])


def _complainant(key: SubjectKey, person: Person, stream: str) -> Complainant:
    return Complainant(
        name=key.seal(person.name, stream=stream, field="name") if person.name else None,
        phone=key.seal(person.phone, stream=stream, field="phone") if person.phone else None,
        words=key.seal(person.words, stream=stream, field="words") if person.words else None,
    )


def _marks(subject: str, person: Person) -> Iterator[Mark]:
    if person.name:
        yield Mark(subject=subject, field="name", value=person.name)
    if person.phone:
        yield Mark(subject=subject, field="phone", value=person.phone)


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), SUBJECTS_MAX):
        yield ids[start : start + SUBJECTS_MAX]
