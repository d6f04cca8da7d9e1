"""Opening and erasing, on record: the only two things that anybody does with a subject's data key after sealing.

The one rule: the fact is in the log before the value is in anybody's hands, and a key is shredded in the very
transaction that records it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from mingjing_kernel.clock import Clock
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.sealed.refusals import PurposeMissing, SealedValueErased, SubjectUnknown
from mingjing_kernel.sealed.ring import KeyRing, shred
from mingjing_kernel.sealed.subject import SUBJECT, EraseSubject, RecordOpening, SealedFieldsOpened
from mingjing_kernel.sealed.value import Sealed


class Vault:
    """Opens and erases for one service."""

    def __init__(self, log: Log, ring: KeyRing, now: Clock) -> None:
        self._log = log
        self._ring = ring
        self._now = now

    async def open(
        self, fields: Mapping[str, Sealed[Any]], *, stream: str, purpose: str, envelope: Envelope
    ) -> dict[str, Any]:
        """The values of one subject's sealed fields of one stream, by field name.

        Raises ``PurposeMissing``, ``SealedValueErased``, ``SealBroken``. Whether the caller may is the caller's scope:
        ask it first.
        """
        subjects = {sealed.subject for sealed in fields.values()}
        if len(subjects) != 1:
            raise ValueError("open the fields of one subject at a time: each opening is on that subject's record")
        if not purpose.strip():
            raise PurposeMissing
        subject = subjects.pop()
        self._ring.forget(subject)  # a copy may outlive its erasure by another process; nobody opens with a copy
        key = (await self._ring.keys_for([subject])).get(subject)
        if key is None:
            raise SealedValueErased
        command = RecordOpening(
            subject=subject, stream=stream, fields=tuple(sorted(fields)), purpose=purpose, at=self._now()
        )
        outcome = await self._log.handle(SUBJECT, subject_id(subject), command, envelope)
        opening = outcome.events[0]
        assert isinstance(opening, SealedFieldsOpened)
        return {name: key.open(sealed, field=name, under=opening) for name, sealed in fields.items()}

    async def erase(self, subject: str, envelope: Envelope) -> Outcome:
        """See ``erase``; this ring's own copy goes at once."""
        outcome = await erase(self._log, subject, self._now(), envelope)
        self._ring.forget(subject)
        return outcome


async def erase(log: Log, subject: str, at: datetime, envelope: Envelope) -> Outcome:
    """Shred the subject's key and record it, both or neither. Raises ``SubjectUnknown``.

    A repeated request shreds nothing: the subject may have come back since, with a key of its own.
    """

    async def settle(connection: Any, results: list[Result]) -> None:
        result = results[0]
        if isinstance(result, Outcome) and not result.repeated and not await shred(connection, subject):
            raise SubjectUnknown(subject=subject)

    work = Work(SUBJECT, subject_id(subject), EraseSubject(subject=subject, at=at), envelope)
    result = (await log.handle_many([work], settle=settle))[0]
    if isinstance(result, Exception):
        raise result
    return result


def subject_id(subject: str) -> UUID:
    """The id of a subject's own stream."""
    return derived_id("subject", subject)
