"""A rule that falls silent when the balance goes to another bank: it says why, and what it had told ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from funds.test_alert_duty import TODAY, alerts
from funds.test_api import ACCOUNT, REGISTERED, opened
from funds.test_carrying import begun, transferred
from mingjing_funds.intake.alert_duty import NAME


async def test_an_alert_ends_when_its_rule_looks_at_another_account(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=300_000)
    await duty.look()
    alert = (await alerts(world, regulator))["F01"]
    await begun(regulator)
    await transferred(world, regulator, 300_000)
    for days in range(6):
        await duty.do(TODAY + timedelta(days=days))
    regulator.position = str(await world.host.log.head())
    (found,) = (await regulator.get("/alerts", alert_id=alert["alert_id"]))["items"]
    assert found["state"] == "cleared", found
    asked = {"account_id": str(ACCOUNT), "rule": "F01", "day": str(TODAY)}
    silence = await regulator.get("/alerts/replay", **asked)
    assert silence["outcome"] == "not-asked"
    assert "新的托管银行" in silence["because_zh"]
    assert "another bank" in silence["because_en"]
