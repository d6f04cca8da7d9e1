"""A fund alert that nobody took on in its time is on record in the inspection, once for each step that was late."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from inspection.samples import ALERT, MUDUO
from inspection.test_plans import county
from mingjing_contracts.funds import AlertEscalatedV1
from mingjing_inspection.messaging.escalations import ESCALATED, LEVEL_ABOVE_TOLD

AT = datetime(2026, 5, 12, 4, 0, tzinfo=UTC)


def late(clock: str, institution_id: UUID | None = MUDUO) -> AlertEscalatedV1:
    return AlertEscalatedV1(
        alert_id=ALERT,
        account_id=UUID(int=61),
        institution_id=institution_id,
        institution_name="木铎轩",
        department="education",
        region="330106",
        clock=clock,
        stage="raised",
        explanation_zh="预警未在规定时限内签收。",
        explanation_en="Nobody took the alert on in its time.",
        escalated_at=AT,
    )


async def test_each_late_step_is_told_to_the_level_above_once(world: Any) -> None:
    await county(world)
    for told in (late("alert-acknowledge"), late("alert-acknowledge"), late("alert-verify", None)):
        await world.tell(told)
    city, elsewhere = (
        world.caller("inspector", "shen", region="3301"),
        world.caller("inspector", "zhang", region="330108"),
    )
    noted = (await city.get("/reactions", reaction=ESCALATED))["items"]
    assert [(one["occasion"].partition(" ")[2], one["did"]) for one in noted] == [
        ("alert-acknowledge", [LEVEL_ABOVE_TOLD]),
        ("alert-verify", [LEVEL_ABOVE_TOLD]),
    ]
    assert (await elsewhere.get("/reactions", reaction=ESCALATED))["items"] == []
