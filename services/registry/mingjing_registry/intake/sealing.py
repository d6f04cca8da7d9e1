"""Sealing a listed person before the command is made. One rule: a name or number in the clear goes no further."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import IN_PART, SEX, Mark, Marks
from mingjing_kernel.sealed.ring import SUBJECTS_MAX
from mingjing_registry.domain.blacklist import SealedPerson
from mingjing_registry.domain.identity import IN_PART_PREFIX, Identity, identity_of


class Named(NamedTuple):
    """Whom to seal under which subject's key, bound to which stream; number and sex may be empty."""

    subject: str
    stream: str
    name: str
    number: str
    sex: str = ""

    def __repr__(self) -> str:
        """Without the person."""
        return f"Named({self.subject!r})"


@asynccontextmanager
async def sealed_all(keys: Keys, people: Mapping[UUID, Named]) -> AsyncIterator[dict[UUID, SealedPerson]]:
    """Each person under a key of her own record; masked text and blind index once the record is in the log, which is
    when the block ends without trouble.
    """
    found: dict[UUID, SealedPerson] = {}
    for some in batches(list(people)):
        ring = await keys.ring().keys_for([people[id].subject for id in some], make=True)
        for id in some:
            person = people[id]
            key = ring[person.subject]
            number = key.seal(person.number, stream=person.stream, field="id_number") if person.number else None
            found[id] = SealedPerson(name=key.seal(person.name, stream=person.stream, field="name"), id_number=number)
    yield found
    for some in batches(list(people)):
        await keys.marks().remember([mark for id in some for mark in _marks(keys.marks(), people[id])])


def digest_of(index: BlindIndex, marks: Marks, name: str, identity: Identity) -> str:
    """By what a record says who the same person is: the whole number, or (and then it says so) name and open part."""
    if not identity.is_in_part:
        return index.id_number(identity.number)
    return IN_PART_PREFIX + marks.blind(IN_PART, in_part(marks, name, identity))


def in_part(marks: Marks, name: str, identity: Identity) -> str:
    """The description by that part of a number which masked lists leave open; empty for another document."""
    first, last = identity.open_part
    return marks.described(first, last, name=name) if first else ""


def tidy(number: str) -> str:
    """A number as it is compared: without spaces, in capitals."""
    return "".join(number.split()).upper()


def batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """So many as one query takes keys of."""
    for start in range(0, len(ids), SUBJECTS_MAX):
        yield ids[start : start + SUBJECTS_MAX]


def _marks(marks: Marks, person: Named) -> Iterator[Mark]:
    yield Mark(subject=person.subject, field="name", value=person.name)
    if person.number:
        yield Mark(subject=person.subject, field="id_number", value=person.number)
        identity = identity_of(tidy(person.number))
        if identity is not None and (description := in_part(marks, person.name, identity)):
            yield Mark(subject=person.subject, field=IN_PART, value=description)
    if person.sex:
        yield Mark(subject=person.subject, field=SEX, value=person.sex)
