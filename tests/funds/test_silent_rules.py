"""Rules that are not asked: they say why. What one had told ends where its balance has gone to another bank, and stands
where only the bank has fallen silent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from funds.test_alert_duty import TODAY, alerts
from funds.test_api import ACCOUNT, REGISTERED, opened
from funds.test_breaks import fed
from funds.test_carrying import begun, transferred
from funds.test_signs import COMPLAINT
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


async def test_people_are_heard_though_the_bank_is_long_silent(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=300_000)
    await duty.look()
    assert (await alerts(world, regulator))["F01"]["severity"] == "RED"
    await fed(world, TODAY - timedelta(days=40))
    for number in (1, 2, 3):
        await world.tell(COMPLAINT.model_copy(update={"complaint_id": UUID(int=number), "says": ("gone",)}))
    await duty.do(TODAY + timedelta(days=1))
    found = await alerts(world, regulator)
    assert "F25" in found
    assert found["F01"]["state"] == "raised", "nobody has seen that the money came back"
    asked = {"account_id": str(ACCOUNT), "rule": "F02", "day": str(TODAY)}
    silence = await regulator.get("/alerts/replay", **asked)
    assert silence["outcome"] == "not-asked"
    assert "30天没有送来流水" in silence["because_zh"]
    others = {one["rule"]: one["outcome"] for one in silence["others"]}
    assert (others["F25"], others["F01"]) == ("fired", "not-asked")
