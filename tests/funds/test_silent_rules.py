"""Rules that are not asked: they say why. What one had told ends where its balance has gone to another bank, and stands
where only the bank has fallen silent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from funds.test_alert_duty import TODAY, alerts, facts
from funds.test_api import ACCOUNT, REGISTERED, opened
from funds.test_breaks import fed
from funds.test_carrying import begun, transferred
from funds.test_signs import COMPLAINT
from mingjing_funds.codec import WATCHES
from mingjing_funds.domain.alerting.life_facts import AlertRaised, Observe
from mingjing_funds.intake.alert_duty import NAME
from mingjing_funds.intake.watching import WITHOUT_CONTRACTS, watch_id
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope


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


async def test_what_was_told_of_families_stands_after_the_carrying_for_nobody_can_tell_that_it_is_over(
    world: Any,
) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=300_000)
    await duty.look()
    (balance,) = [fact.event for fact in await facts(world, AlertRaised) if fact.event.said.rule == "F01"]
    for number, rule in enumerate(sorted(WITHOUT_CONTRACTS), 1):
        said = replace(balance.said, rule=rule, rule_version=f"{rule}/1")
        raised = Observe(alert_id=UUID(int=number), subject=balance.subject, said=said)
        written = Envelope(command_id=new_id(), actor="test")
        await world.host.log.handle(WATCHES, watch_id(rule, ACCOUNT), raised, written)
    await begun(regulator)
    await transferred(world, regulator, 300_000)
    for days in range(6):
        await duty.do(TODAY + timedelta(days=days))
    found = await alerts(world, regulator)
    assert {rule: found[rule]["state"] for rule in WITHOUT_CONTRACTS} == dict.fromkeys(WITHOUT_CONTRACTS, "raised")
    asked = {"account_id": str(ACCOUNT), "rule": "F16", "day": str(TODAY)}
    silence = await regulator.get("/alerts/replay", **asked)
    assert silence["outcome"] == "not-asked"
    assert "由人" in silence["because_zh"]
    assert "a person" in silence["because_en"]


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
