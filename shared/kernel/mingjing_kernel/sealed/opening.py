"""Opening and erasing, on record: the only two things that anybody does with a subject's data key after sealing.

The one rule: the fact is in the log before the value is in anybody's hands, and a key is shredded in the very
transaction that records it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.clock import Clock, shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.policy import in_force
from mingjing_kernel.sealed.data_policy import UNSEALING_LIMITS
from mingjing_kernel.sealed.marks import Field
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.refusals import (
    BulkUnsealing,
    OpenedLongAgo,
    PurposeMissing,
    SealedValueErased,
    SubjectUnknown,
)
from mingjing_kernel.sealed.ring import KeyRing, shred
from mingjing_kernel.sealed.subject import SUBJECT, EraseSubject, RecordOpening, SealedFieldsOpened, SubjectErased
from mingjing_kernel.sealed.unsealer import (
    HOUR,
    UNSEALER,
    BulkUnsealingRefused,
    Day,
    Unseal,
    UnsealingGranted,
    unsealer_id,
)
from mingjing_kernel.sealed.value import Sealed

REPEATED_WITHIN = timedelta(minutes=10)
"""Whoever had no answer sends the request again at once; whoever repeats it later looks once more."""
SEARCHED = "search"
"""Stands for the subject on the record of a search by value: whom it finds is only known afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """For which purpose, and in the opener's own words for which case."""

    purpose: Purpose
    explanation: str


@dataclass(frozen=True, slots=True)
class Boxed:
    """A sealed field and the place where it stands: only there does it open."""

    stream: str
    field: str
    sealed: Sealed[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """Until when a retention rule keeps a subject's data."""

    until: date
    rule: str


class Vault:
    """Opens and erases for one service."""

    def __init__(self, log: Log, ring: KeyRing, now: Clock) -> None:
        self._log = log
        self._ring = ring
        self._now = now

    async def open(
        self, fields: Mapping[str, Sealed[Any]], *, stream: str, why: Why, envelope: Envelope
    ) -> dict[str, Any]:
        """The values of one subject's sealed fields of one stream, by field name. As ``open_all``; all or nothing."""
        boxes = [Boxed(stream, name, sealed) for name, sealed in fields.items()]
        opened = await self.open_all(boxes, why, envelope)
        if len(opened) < len(boxes):
            raise SealedValueErased
        return {box.field: opened[box] for box in boxes}

    async def open_all(self, boxes: Sequence[Boxed], why: Why, envelope: Envelope) -> dict[Boxed, Any]:
        """What is in boxes of one subject, wherever they stand: one look, counted once, on record for each stream.

        A box under a key that was shredded is not among the answers. Raises ``PurposeMissing``, ``BulkUnsealing``,
        ``OpenedLongAgo``, ``SealedValueErased`` (the subject has no key), ``SealBroken``. Whether the caller may is the
        caller's scope: ask it first. It is counted, and waits for a review, before it stands on the subject's record:
        who is cut off between the two was counted and saw nothing.
        """
        subjects = {box.sealed.subject for box in boxes}
        if len(subjects) != 1:
            raise ValueError("open the fields of one subject at a time: each opening is on that subject's record")
        if not why.explanation.strip():
            raise PurposeMissing
        subject = subjects.pop()
        self._ring.forget(subject)  # a copy may outlive its erasure by another process; nobody opens with a copy
        key = (await self._ring.keys_for([subject])).get(subject)
        if key is None:
            raise SealedValueErased
        fields = _fields_by_stream(boxes)
        names = tuple(sorted({name for some in fields.values() for name in some}))
        granted = await self._granted(subject, next(iter(fields)), names, why, envelope)
        on_record = await self._on_record(subject, fields, why, granted, envelope)
        return {
            box: key.open(box.sealed, field=box.field, under=on_record[box.stream])
            for box in boxes
            if box.sealed.key_id == key.key_id
        }

    async def _on_record(
        self, subject: str, fields: Mapping[str, tuple[str, ...]], why: Why, granted: UUID, envelope: Envelope
    ) -> dict[str, SealedFieldsOpened]:
        """The fact of each stream, on the subject's own record; the request's own id is that of the first."""
        works = [
            Work(
                SUBJECT,
                subject_id(subject),
                RecordOpening(
                    subject=subject,
                    stream=stream,
                    fields=names,
                    purpose=why.purpose.value,
                    explanation=why.explanation,
                    unsealing_id=granted,
                    at=self._now(),
                ),
                envelope if not at else replace(envelope, command_id=derived_id("opening", envelope.command_id, at)),
            )
            for at, (stream, names) in enumerate(fields.items())
        ]
        found = {}
        for work, result in zip(works, await self._log.handle_many(works), strict=True):
            if not isinstance(result, Outcome):
                raise result
            opening = result.events[0]
            assert isinstance(opening, SealedFieldsOpened)
            self._fresh(result, opening.at)
            found[work.command.stream] = opening
        return found

    async def count_search(self, field: Field, why: Why, envelope: Envelope) -> None:
        """Count a search by value as an opening: that somebody stands here is what it opens. The value is not noted.

        Raises ``PurposeMissing``, ``BulkUnsealing``, ``OpenedLongAgo``.
        """
        if not why.explanation.strip():
            raise PurposeMissing
        await self._granted(SEARCHED, "", (field,), why, envelope)

    async def erase(self, subject: str, envelope: Envelope, retained: Retained | None = None) -> Outcome:
        """See ``erase``; this ring's own copy goes at once."""
        outcome = await erase(self._log, subject, self._now(), envelope, retained)
        self._ring.forget(subject)
        return outcome

    async def _granted(self, subject: str, stream: str, fields: tuple[str, ...], why: Why, envelope: Envelope) -> UUID:
        """The id of the opening, counted against its unsealer's limits. Raises ``BulkUnsealing``."""
        at = self._now()
        day = shanghai_date(at)
        limits = await in_force(self._log, UNSEALING_LIMITS, day)
        command = Unseal(
            unsealing_id=derived_id("unsealing", envelope.command_id),
            unsealer=envelope.actor,
            subject=subject,
            stream=stream,
            fields=fields,
            purpose=why.purpose,
            explanation=why.explanation,
            openings_an_hour=limits.values["openings-an-hour"],
            openings_a_day=limits.values["openings-a-day"],
            policy_version=limits.version,
            at=at,
            granted_before=await self._granted_yesterday(envelope.actor, at),
        )
        asked = replace(envelope, command_id=command.unsealing_id, expected_version=None)
        outcome = await self._log.handle(UNSEALER, unsealer_id(envelope.actor, day), command, asked)
        match outcome.events:
            case (UnsealingGranted() as granted,):
                self._fresh(outcome, granted.at)
                return granted.unsealing_id
            case (BulkUnsealingRefused() as refused,):
                raise BulkUnsealing(allowed=refused.allowed, window=refused.window)
            case _:  # beyond the limit, and beyond what needs another line in the log
                raise BulkUnsealing(allowed=limits.values["openings-a-day"], window="day")

    async def _granted_yesterday(self, unsealer: str, at: datetime) -> tuple[datetime, ...]:
        """What yesterday's stream has of the last hour: the hour's limit does not start afresh at midnight."""
        yesterday = shanghai_date(at - HOUR)
        if yesterday == shanghai_date(at):
            return ()
        day: Day = (await self._log.state(UNSEALER, unsealer_id(unsealer, yesterday)))[0]
        return tuple(moment for moment in day.granted_at if moment > at - HOUR)

    def _fresh(self, outcome: Outcome, at: datetime) -> None:
        """A repeated request gets its answer again for a while, and then no more: nothing new would be on record."""
        if outcome.repeated and at < self._now() - REPEATED_WITHIN:
            raise OpenedLongAgo(at=at.isoformat())


def _fields_by_stream(boxes: Sequence[Boxed]) -> dict[str, tuple[str, ...]]:
    """The names of the fields in each stream, sorted."""
    found: dict[str, set[str]] = {}
    for box in boxes:
        found.setdefault(box.stream, set()).add(box.field)
    return {stream: tuple(sorted(names)) for stream, names in found.items()}


async def erase(log: Log, subject: str, at: datetime, envelope: Envelope, retained: Retained | None = None) -> Outcome:
    """Shred the subject's key and record it, both or neither.

    Raises ``SubjectUnknown``, ``LegalHoldApplies``, ``RetentionDutyApplies``. A repeated request shreds nothing: the
    subject may have come back since, with a key of its own.
    """

    async def settle(connection: Any, results: list[Result]) -> None:
        if _is_new(results[0]) and not await shred(connection, subject):
            raise SubjectUnknown(subject=subject)

    result = (await log.handle_many([_work(subject, at, envelope, retained)], settle=settle))[0]
    if isinstance(result, Exception):
        raise result
    return result


async def erase_many(log: Log, subjects: Sequence[tuple[str, Retained | None, Envelope]], at: datetime) -> list[Result]:
    """The same for several, in one transaction: each erased with its fact, or refused and left as it is."""

    async def settle(connection: Any, results: list[Result]) -> None:
        for (subject, _, _), result in zip(subjects, results, strict=True):
            if _is_new(result):
                await shred(connection, subject)

    works = [_work(subject, at, envelope, retained) for subject, retained, envelope in subjects]
    return await log.handle_many(works, settle=settle)


def _work(subject: str, at: datetime, envelope: Envelope, retained: Retained | None) -> Work:
    command = EraseSubject(
        subject=subject,
        at=at,
        on=shanghai_date(at),
        retained_until=retained.until if retained else None,
        retention=retained.rule if retained else "",
    )
    return Work(SUBJECT, subject_id(subject), command, envelope)


def _is_new(result: Result) -> bool:
    return (
        isinstance(result, Outcome)
        and not result.repeated
        and any(isinstance(event, SubjectErased) for event in result.events)
    )


def subject_id(subject: str) -> UUID:
    """The id of a subject's own stream."""
    return derived_id("subject", subject)
