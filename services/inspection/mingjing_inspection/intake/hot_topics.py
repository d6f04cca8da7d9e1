"""Hot topics 热点: what complaints of a window are about, for whoever may see them; nobody is named in what is grouped.

One rule: a text is masked before anything is looked at, so that no name becomes a word of a group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from mingjing_inspection.matching.topics import MESSAGES_MAX, Message, Topic, topics
from mingjing_inspection.projections.complaints import complaints_in
from mingjing_inspection.sources.spoken_names import masked_for_many
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Scope


async def said_between(
    kit: Kit, scope: Scope, since: datetime, until: datetime, at: int | None
) -> Sequence[Mapping[str, Any]]:
    """Complaints received in the window that a caller may see, the latest first; one more than is looked at."""
    statement = complaints_in(scope, at=at)
    rows = statement.selected_columns
    wanted = statement.where(rows.received_at >= since, rows.received_at < until)
    latest = wanted.order_by(rows.received_at.desc(), rows.complaint_id).limit(MESSAGES_MAX + 1)
    async with kit.connection() as connection:
        found: Sequence[Mapping[str, Any]] = (await connection.execute(latest)).mappings().all()
    return found


async def texts_of(kit: Kit, ids: Sequence[UUID], at: int) -> dict[UUID, str]:
    """What these complaints said, masked, for a service of this service that may show it."""
    statement = complaints_in(Scope.system(), at=at)
    rows = statement.selected_columns
    async with kit.connection() as connection:
        found = (await connection.execute(statement.where(rows.complaint_id.in_(ids)))).mappings().all()
    return {UUID(int=row["complaint_id"].int): masked_for_many(row["text"]) for row in found}


def grouped(rows: Sequence[Mapping[str, Any]], limit: int) -> list[Topic]:
    """The largest groups first. Takes seconds of a core for three thousand messages: call it beside the loop."""
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
