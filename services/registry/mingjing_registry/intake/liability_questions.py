"""Liability questions 未消课负债查询: what families are still owed by who closes down is asked of funds every day.

One rule: a day's question is asked once, by whoever asks first; an answer is good for the day after it, so that nobody
has to think of it when the licence is to be cancelled.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.liability import AskLiability
from mingjing_registry.projections.liability_questions import unasked

ASKED_MAX: Final = 500
"""Asked at a time."""
ACTOR: Final = "system:liability-questions"
AGAIN: Final = "清算期间每日查询"
BASIS: Final = "民办教育促进法第五十九条"


async def ask_daily(kit: Kit, day: date) -> str:
    """The day's questions, and how many they were."""
    await kit.up_to_date()
    asked, after = 0, UUID(int=0)
    while ids := await _page(kit, day, after):
        after = ids[-1]
        for result in await kit.log.handle_many([_work(id, day) for id in ids]):
            if not isinstance(result, Outcome):
                raise result
            asked += bool(result.events) and not result.repeated
    return f"funds was asked about {asked}" if asked else "nobody is closing down of whom funds was not asked today"


async def _page(kit: Kit, day: date, after: UUID) -> list[UUID]:
    async with kit.connection() as connection:
        found = await connection.execute(unasked(day, after).limit(ASKED_MAX))
        return [UUID(bytes=row.institution_id.bytes) for row in found]


def _work(id: UUID, day: date) -> Work:
    command_id = derived_id("liability-question", id, day)
    envelope = Envelope(
        command_id=command_id, actor=ACTOR, reason=AGAIN, legal_basis=BASIS, digest=command_id.bytes * 2
    )
    return Work(INSTITUTIONS, id, AskLiability(on=day), envelope)
