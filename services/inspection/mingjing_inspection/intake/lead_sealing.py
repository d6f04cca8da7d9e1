"""Sealing who a lead is about, before the command is made. One rule: each person has a key of this one lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.domain.lead_terms import LeadPerson, person_of
from mingjing_inspection.sources.complaint_row import Person
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Mark
from mingjing_kernel.sealed.pseudonym import pseudonym
from mingjing_kernel.sealed.ring import SUBJECTS_MAX

WORD = "线索人员"


async def sealed_people(keys: Keys, lead_id: UUID, people: Sequence[Person], first: int = 0) -> tuple[LeadPerson, ...]:
    """Each under a key of their own; ``first`` is the number of the first of them in the lead."""
    if not people:
        return ()
    subjects = [person_of(lead_id, number) for number in range(first, first + len(people))]
    ring, stream = await keys.ring().keys_for(subjects, make=True), LEADS.stream(lead_id)
    return tuple(
        LeadPerson(
            name=ring[subject].seal(one.name, stream=stream, field="name") if one.name else None,
            phone=ring[subject].seal(one.phone, stream=stream, field="phone") if one.phone else None,
            words=ring[subject].seal(one.words, stream=stream, field="words") if one.words else None,
        )
        for subject, one in zip(subjects, people, strict=True)
    )


async def findable_people(keys: Keys, lead_id: UUID, people: Sequence[Person], first: int = 0) -> None:
    """Blind indexes and masked text, once the lead is in the log."""
    await keys.marks().remember(list(_marks(lead_id, people, first)))


async def shown_people(keys: Keys, lead_id: UUID, count: int) -> list[dict[str, Any]]:
    """As officials see them: a pseudonym of this lead, and masked fields; nothing of who was erased."""
    subjects = [person_of(lead_id, number) for number in range(count)]
    found = await keys.marks().masked(subjects)
    return [
        {"person": pseudonym(keys.index(), subject, WORD), "masked": found[subject], "number": number}
        for number, subject in enumerate(subjects)
        if subject in found
    ]


async def phones_of(keys: Keys, counts: Mapping[UUID, int]) -> dict[UUID, frozenset[str]]:
    """The blind indexes of the telephones of some leads, each with how many people it names; equal ones are equal
    numbers, and nothing else can be told from them.
    """
    owner = {person_of(lead_id, number): lead_id for lead_id, count in counts.items() for number in range(count)}
    subjects, found = list(owner), dict[UUID, set[str]]()
    for start in range(0, len(subjects), SUBJECTS_MAX):
        for subject, blinds in (await keys.marks().blinds(subjects[start : start + SUBJECTS_MAX])).items():
            if "phone" in blinds:
                found.setdefault(owner[subject], set()).add(blinds["phone"])
    return {lead_id: frozenset(blinds) for lead_id, blinds in found.items()}


def _marks(lead_id: UUID, people: Sequence[Person], first: int) -> Iterator[Mark]:
    for number, one in enumerate(people, start=first):
        subject = person_of(lead_id, number)
        if one.name:
            yield Mark(subject=subject, field="name", value=one.name)
        if one.phone:
            yield Mark(subject=subject, field="phone", value=one.phone)
