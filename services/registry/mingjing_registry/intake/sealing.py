"""Sealing a listed person before the command is made. One rule: a name or number in the clear goes no further."""

from __future__ import annotations

from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Mark
from mingjing_registry.domain.blacklist import SealedPerson


async def sealed(keys: Keys, subject: str, stream: str, name: str, id_number: str) -> SealedPerson:
    """The person under a key of her own for this one record."""
    key = (await keys.ring().keys_for([subject], make=True))[subject]
    return SealedPerson(
        name=key.seal(name, stream=stream, field="name"),
        id_number=key.seal(id_number, stream=stream, field="id_number") if id_number else None,
    )


async def findable(keys: Keys, subject: str, name: str, id_number: str) -> None:
    """Masked text and blind index, once the record is in the log."""
    marks = [Mark(subject=subject, field="name", value=name)]
    if id_number:
        marks.append(Mark(subject=subject, field="id_number", value=id_number))
    await keys.marks().remember(marks)
