"""Hot topics over HTTP (热点主题): what complaints of a window are about, grouped by what they say.

One rule: it shows what the caller may see, without names and numbers, and whoever looks is on record. The same window
asked for as of the same moment gives the same groups.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from mingjing_inspection.api.finding_figures import PeriodNotAPeriod
from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.matching.topics import MESSAGES_MAX, Message, Topic, topics
from mingjing_inspection.projections.complaints import complaints_in
from mingjing_inspection.sources.spoken_names import masked_for_many
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

DAYS_MAX = 92
TOPICS_MAX = 30
LIMIT = "20/minute"
"""Of one caller: grouping three thousand messages takes seconds of a core."""


class SpeakingItem(BaseModel):
    """A message that stands for its group, masked."""

    complaint_id: UUID
    received_at: datetime
    institution_id: UUID | None
    text: str


class TopicItem(BaseModel):
    """One group: its concern, the words that tell it from the others, its size, and messages that stand for it."""

    concern: Concern
    words: list[str]
    size: int
    institutions: int
    first_at: datetime
    last_at: datetime
    messages: list[SpeakingItem]


class Topics(BaseModel):
    """The largest first. ``is_cut``: the window holds more messages than were looked at; the latest were."""

    since: datetime
    until: datetime
    messages: int
    is_cut: bool
    items: list[TopicItem] = Field(max_length=TOPICS_MAX)


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(tags=["complaint 投诉举报"])

    @router.get(
        "/complaints/topics",
        summary="热点主题 hot topics of a window",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def hot_topics(
        since: AwareDatetime,
        until: AwareDatetime,
        limit: int = Query(default=10, ge=1, le=TOPICS_MAX),
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Topics:
        """Groups of three messages and more. A group is no finding: it says where to look."""
        if not timedelta(0) < until - since <= timedelta(days=DAYS_MAX):
            raise PeriodNotAPeriod(maximum=DAYS_MAX)
        rows = await _within(kit, scope, since, until, await position_of(kit, as_of))
        found = await asyncio.to_thread(_grouped, rows[:MESSAGES_MAX], limit)
        return Topics(
            since=since,
            until=until,
            messages=min(len(rows), MESSAGES_MAX),
            is_cut=len(rows) > MESSAGES_MAX,
            items=[_item(one) for one in found],
        )

    return router


async def _within(
    kit: Kit, scope: Scope, since: datetime, until: datetime, at: int | None
) -> Sequence[Mapping[str, Any]]:
    """The latest first, one more than is looked at."""
    statement = complaints_in(scope, at=at)
    rows = statement.selected_columns
    wanted = statement.where(rows.received_at >= since, rows.received_at < until)
    latest = wanted.order_by(rows.received_at.desc(), rows.complaint_id).limit(MESSAGES_MAX + 1)
    async with kit.connection() as connection:
        found: Sequence[Mapping[str, Any]] = (await connection.execute(latest)).mappings().all()
    return found


def _grouped(rows: Sequence[Mapping[str, Any]], limit: int) -> list[Topic]:
    """Masked before anything is looked at, so that no name becomes a word of a group."""
    messages = [
        Message(
            complaint_id=UUID(int=row["complaint_id"].int),
            received_at=row["received_at"],
            institution_id=row["institution_id"] and UUID(int=row["institution_id"].int),
            text=masked_for_many(row["text"]),
        )
        for row in rows
    ]
    return topics(messages, limit)


def _item(one: Topic) -> TopicItem:
    return TopicItem(
        concern=one.concern, words=list(one.words), size=one.size, institutions=one.institutions,
        first_at=one.first_at, last_at=one.last_at,
        messages=[
            SpeakingItem(
                complaint_id=each.complaint_id, received_at=each.received_at, institution_id=each.institution_id,
                text=each.text,
            )
            for each in one.speaking
        ],
    )  # fmt: skip
