"""Hot topics over HTTP (热点主题): what complaints of a window are about, grouped by what they say.

One rule: it shows what the caller may see, without names and numbers, and whoever looks is on record. The same window
asked for as of the same moment gives the same groups, as long as nobody becomes known who is named in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from mingjing_inspection.api.finding_figures import PeriodNotAPeriod
from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.intake.hot_topics import said_between, topics_of
from mingjing_inspection.matching.topics import MESSAGES_MAX, Topic
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.keys import Keys

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
    router, keys = Router(tags=["complaint 投诉举报"]), Keys(kit)

    @router.get(
        "/complaints/topics",
        summary="热点主题 hot topics of a window",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def hot_topics(
        since: Moment,
        until: Moment,
        limit: int = Query(default=10, ge=1, le=TOPICS_MAX),
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Topics:
        """Groups of three messages and more. A group is no finding: it says where to look."""
        if not timedelta(0) < until - since <= timedelta(days=DAYS_MAX):
            raise PeriodNotAPeriod(maximum=DAYS_MAX)
        rows = await said_between(kit, scope, since, until, await position_of(kit, as_of))
        found = await topics_of(keys, rows[:MESSAGES_MAX], limit)
        return Topics(
            since=since,
            until=until,
            messages=min(len(rows), MESSAGES_MAX),
            is_cut=len(rows) > MESSAGES_MAX,
            items=[_item(one) for one in found],
        )

    return router


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
