"""Sealing who complained, before the command is made. One rule: a name or number in the clear goes no further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complaint import Complainant
from mingjing_inspection.sources.complaint_row import Person
from mingjing_kernel.sealed.ring import SUBJECTS_MAX, KeyRing


def subject_of(complaint_id: UUID) -> str:
    """Whose key seals it: the complainant of this one complaint, so that erasing one complaint erases one person."""
    return f"complainant-{complaint_id}"


async def sealed(ring: KeyRing, people: Mapping[UUID, Person]) -> dict[UUID, Complainant]:
    """Each person under a key of their own complaint."""
    found: dict[UUID, Complainant] = {}
    for some in _batches(list(people)):
        keys = await ring.keys_for([subject_of(one) for one in some], make=True)
        for one in some:
            key, person, stream = keys[subject_of(one)], people[one], COMPLAINTS.stream(one)
            found[one] = Complainant(
                name=key.seal(person.name, stream=stream, field="name") if person.name else None,
                phone=key.seal(person.phone, stream=stream, field="phone") if person.phone else None,
            )
    return found


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), SUBJECTS_MAX):
        yield ids[start : start + SUBJECTS_MAX]
