"""Refused changes of access, on record: who wanted to give, take or lock what, and which rule said no.

One rule: the refusal reaches the caller unchanged; what stands in the log is that it was tried.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from mingjing_console.codec import PEOPLE
from mingjing_console.domain.person_commands import RecordRefusal
from mingjing_kernel.access.noted import person_id
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import CommandIdReused, Envelope
from mingjing_kernel.refusal import Refusal

ON_RECORD = frozenset({403, 409})
"""Refused by a rule; a request that is malformed, late or too early says nothing about anybody."""


@asynccontextmanager
async def on_record(kit: Kit, written: Envelope, person: str, act: str) -> AsyncIterator[None]:
    """Whatever is refused within is recorded with the person whom it was about. The same request again: once."""
    try:
        yield
    except Refusal as refusal:
        if refusal.status in ON_RECORD and not isinstance(refusal, CommandIdReused):
            command = RecordRefusal(
                person=person,
                act=act,
                rule=refusal.code(),
                attempted_by=written.on_behalf_of or written.actor,
                at=kit.now(),
            )
            command_id = derived_id("refused", written.command_id, person, refusal.code())
            circumstances = replace(written, command_id=command_id, expected_version=None, occurred_at=None)
            await kit.log.handle(PEOPLE, person_id(person), command, circumstances)
        raise
