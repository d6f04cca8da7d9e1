"""Everything that a service holds about one subject (查阅复制): its facts with their sealed fields opened.

The one rule: the sealed fields are opened through the vault, so that the copy that a person asked for stands on her
record like any other look at her data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel, Field

from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.opening import Boxed, Vault, Why, subject_id
from mingjing_kernel.sealed.refusals import SealedValueErased
from mingjing_kernel.sealed.subject import SUBJECT, SealedFieldsOpened
from mingjing_kernel.sealed.subjects import STREAMS_MAX
from mingjing_kernel.sealed.value import Sealed

FACTS_MAX = 2_000
DEPTH_MAX = 12
ERASED = "[erased 已删除]"
_BOX = frozenset({"subject", "algorithm", "key_id", "box"})


class HoldingTooLarge(Refusal):
    """More than one answer carries."""

    sentence = "More than {maximum} facts stand on this record: they are exported by the operators of the system."
    remedy = "Ask the administrator for an export of the whole stream."


class HeldFact(BaseModel):
    """One fact of the log that concerns the subject."""

    position: int
    type: str
    occurred_at: datetime
    data: dict[str, Any] = Field(description="As stored, with the subject's own sealed fields opened")


class Look(BaseModel):
    """Somebody read the subject's sealed fields."""

    at: datetime
    by: str
    department: str
    fields: list[str]
    purpose: str
    explanation: str


async def record_of(log: Log, subject: str) -> list[Look]:
    """Who looked, when and why, oldest first. Read from the log itself."""
    facts = await log.history(SUBJECT, subject_id(subject))
    return [
        Look(
            at=fact.event.at,
            by=fact.meta.actor,
            department=fact.meta.department,
            fields=list(fact.event.fields),
            purpose=fact.event.purpose,
            explanation=fact.event.explanation,
        )
        for fact in facts
        if isinstance(fact.event, SealedFieldsOpened)
    ]


async def held_about(
    log: Log, vault: Vault, subject: str, streams: Sequence[str], why: Why, envelope: Envelope
) -> tuple[list[HeldFact], bool]:
    """The facts of the streams in which the subject's data stands and of the subject's own; whether it is erased.

    Raises ``HoldingTooLarge``, ``BulkUnsealing``.
    """
    rows = await log.pool.fetch(
        f"""SELECT position, stream, type, data, occurred_at FROM "{log.schema}".events
        WHERE stream = ANY($1) ORDER BY position LIMIT $2""",
        [*streams, SUBJECT.stream(subject_id(subject))],
        FACTS_MAX + 1,
    )
    if len(rows) > FACTS_MAX or len(streams) >= STREAMS_MAX:
        raise HoldingTooLarge(maximum=FACTS_MAX)
    facts = [(row, msgspec.json.decode(row["data"])) for row in rows]
    found = [
        Boxed(row["stream"], name, box)
        for row, data in facts
        if row["stream"] in streams
        for name, box in _boxes(data, DEPTH_MAX)
        if box.subject == subject
    ]
    opened, is_erased = await _opened(vault, found, why, envelope)
    held = [
        HeldFact(
            position=row["position"],
            type=row["type"],
            occurred_at=row["occurred_at"],
            data=_shown(data, subject, opened, DEPTH_MAX),
        )
        for row, data in facts
    ]
    return held, is_erased


async def _opened(vault: Vault, found: list[Boxed], why: Why, envelope: Envelope) -> tuple[dict[str, Any], bool]:
    if not found:
        return {}, False
    try:
        values = await vault.open_all(found, why, envelope)
    except SealedValueErased:
        return {}, True
    return {boxed.sealed.box: value for boxed, value in values.items()}, False


def _boxes(data: Any, depth: int, name: str = "") -> Iterator[tuple[str, Sealed[Any]]]:
    """Sealed fields, each under the name of the field in which it stands."""
    if depth == 0:
        return
    if isinstance(data, dict):
        if data.keys() == _BOX:
            yield name, Sealed(**data)
            return
        for key, part in data.items():
            yield from _boxes(part, depth - 1, key)
    elif isinstance(data, list):
        for part in data:
            yield from _boxes(part, depth - 1, name)


def _shown(data: Any, subject: str, opened: dict[str, Any], depth: int) -> Any:
    """The same with boxes replaced: the subject's own by what was in them, another person's by nothing."""
    if depth == 0:
        return None
    if isinstance(data, dict):
        if data.keys() == _BOX:
            return opened.get(data["box"], ERASED) if data["subject"] == subject else None
        return {key: _shown(part, subject, opened, depth - 1) for key, part in data.items()}
    if isinstance(data, list):
        return [_shown(part, subject, opened, depth - 1) for part in data]
    return data
