"""Sealing a listed person before the command is made. One rule: a name or number in the clear goes no further."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias
from uuid import UUID

from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Mark
from mingjing_kernel.sealed.ring import SUBJECTS_MAX
from mingjing_registry.domain.blacklist import SealedPerson

Named: TypeAlias = tuple[str, str, str, str]
"""Subject, stream, name, identity number; the number may be empty."""


@asynccontextmanager
async def sealed_all(keys: Keys, people: Mapping[UUID, Named]) -> AsyncIterator[dict[UUID, SealedPerson]]:
    """Each person under a key of her own record; masked text and blind index once the record is in the log, which is
    when the block ends without trouble.
    """
    found: dict[UUID, SealedPerson] = {}
    for some in _batches(list(people)):
        ring = await keys.ring().keys_for([people[id][0] for id in some], make=True)
        for id in some:
            subject, stream, name, number = people[id]
            key = ring[subject]
            found[id] = SealedPerson(
                name=key.seal(name, stream=stream, field="name"),
                id_number=key.seal(number, stream=stream, field="id_number") if number else None,
            )
    yield found
    for some in _batches(list(people)):
        await keys.marks().remember([mark for id in some for mark in _marks(people[id])])


def _marks(person: Named) -> Iterator[Mark]:
    subject, _, name, number = person
    yield Mark(subject=subject, field="name", value=name)
    if number:
        yield Mark(subject=subject, field="id_number", value=number)


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), SUBJECTS_MAX):
        yield ids[start : start + SUBJECTS_MAX]
