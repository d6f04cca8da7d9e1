"""The alert rules at work: they hear within seconds, ask each night, hold to the numbers in force, and tell others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from funds.conftest import NOW
from funds.domain.alerting.test_life import observe
from funds.test_api import ACCOUNT, CONTRACT, INSTITUTION, NEW_CONTRACT, PAYMENT, REGISTERED, opened
from funds.test_available_actions import LEGAL
from mingjing_contracts.funds import AlertRaisedV1
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.life import LIFE
from mingjing_funds.domain.alerting.life_facts import AlertRaised, AlertWorsened
from mingjing_funds.intake.alert_duty import NAME
from mingjing_funds.intake.memory import Memory
from mingjing_funds.messaging.outbound import OUTBOUND
from mingjing_funds.projections.alerts import fold
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Recorded

REFUND = {"amount_fen": 9_000, "reason": "moved"}
TODAY = shanghai_date(NOW)


async def facts(world: Any, *kinds: type) -> list[Recorded[Any]]:
    found: list[Recorded[Any]] = await world.host.log.read(0, 10_000)
    return [fact for fact in found if isinstance(fact.event, kinds)]


async def alerts(world: Any, caller: Any) -> dict[str, dict[str, Any]]:
    """What stands, by rule, once all is shown that was decided."""
    caller.position = str(await world.host.log.head())
    return {row["rule"]: row for row in (await caller.get("/alerts"))["items"]}


async def test_what_is_heard_is_looked_at_and_said_once(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await opened(regulator, opening_fen=3_000_00)
    await duty.look()
    found = await alerts(world, regulator)
    assert found["F01"]["severity"] == "RED"
    assert found["F01"]["explanation_zh"] == "余额3,000元，为托管协议所定最低留存8,000元的37%，自2026年7月1日起。"
    assert (found["F01"]["balance_fen"], found["F01"]["threshold"]) == (3_000_00, 8_000_00)
    head = await world.host.log.head()
    await duty.look()
    await regulator.send("POST", "/alerts/evaluations")
    assert [type(fact.event) for fact in await facts(world, AlertRaised)] == [AlertRaised] * len(found)
    assert await world.host.log.head() == head, "the same figures on the same day say nothing new"
    seen = (await regulator.get("/alerts/evaluations", day=str(TODAY)))["items"]
    assert {(row["rule_version"], row["balance_fen"]) for row in seen} == {("F01/2", 3_000_00), ("F02/3", 3_000_00)}
    assert (await world.replayed()).differences == 0


async def test_the_night_asks_about_everybody_and_says_what_came_of_it(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    assert await duty.do(TODAY) == "no custody account is open"
    await opened(regulator)
    said = await duty.do(TODAY)
    assert "about 1 of 1 accounts, 0 alerts raised or worse" in said
    days = {row["day"] for row in (await regulator.get("/alerts/evaluations"))["items"]}
    assert days <= {str(TODAY - timedelta(days=1))}


async def test_refunds_that_do_not_come_are_told_in_the_night_they_become_late(world: Any) -> None:
    """Nothing is heard of it any more: only time passes."""
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await opened(regulator, opening_fen=3_000_000_00)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    for path, body in (
        (f"/contracts/{CONTRACT}/payment", PAYMENT),
        *((f"/contracts/{CONTRACT}/refunds", REFUND | {"refund_no": number}) for number in ("T1", "T2", "T3")),
    ):
        assert (await regulator.send("POST", path, json=body)).status_code == 201
        await regulator.get("/contracts")
    await duty.look()
    assert "F15" not in await alerts(world, regulator)
    await duty.do(TODAY + timedelta(days=17))
    assert (await alerts(world, regulator))["F15"]["raised_on"] == str(TODAY + timedelta(days=16))


async def test_an_office_changes_a_number_and_the_rule_cites_its_version(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await opened(regulator, opening_fen=5_000_00)
    proposer, approver = world.caller("administrator", "zhao"), world.caller("approver", "qin")
    path = f"/policies/alert-balance/versions/{new_id()}"
    body = {
        "numbers": {"minimum-red-percent": 90},
        "region": "330106",
        "effective_on": str(TODAY),
        "legal_basis": "西湖区预收费资金监管办法",
        "reason": "提高红线",
    }
    await duty.look()
    assert (await alerts(world, regulator))["F01"]["severity"] == "YELLOW"
    assert (await proposer.send("PUT", path, json=body)).is_success
    approver.position = proposer.position
    answer = await approver.send("POST", f"{path}/approval", headers=LEGAL)
    assert answer.is_success, answer.text
    await regulator.send("POST", "/alerts/evaluations")
    assert (await alerts(world, regulator))["F01"]["severity"] == "RED"
    (worse,) = await facts(world, AlertWorsened)
    assert "default" in worse.event.said.thresholds_version
    assert worse.event.said.thresholds_version != "default/1"


async def test_a_red_alert_is_told_so_that_somebody_goes_there(world: Any) -> None:
    """X1: the inspection service plans an urgent inspection from exactly this."""
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=1_000_00)
    await duty.look()
    told = [OUTBOUND[AlertRaised](fact) for fact in await facts(world, AlertRaised)]
    (red,) = [contract for contract in told if isinstance(contract, AlertRaisedV1) and contract.rule == "F01"]
    assert (red.severity, red.institution_id, red.region) == ("RED", INSTITUTION, "330106")
    assert (red.balance_fen, red.threshold_fen) == (1_000_00, 8_000_00)


async def test_another_process_remembers_the_same(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await opened(regulator, opening_fen=1_000_00)
    await duty.look()
    await duty.memory.catch_up(world.host.log)
    other = Memory()
    await other.catch_up(world.host.log)
    day, free = TODAY, other.free()
    assert other.accounts() == duty.memory.accounts() == (ACCOUNT,)
    assert other.seen(ACCOUNT, day, free) == duty.memory.seen(ACCOUNT, day, free)
    before_it_opened = Memory(until=date(2026, 6, 1))
    await before_it_opened.catch_up(world.host.log)
    assert before_it_opened.accounts() == ()


async def test_rules_count_by_every_notice_that_is_known_and_cannot_tell_without_one(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await opened(regulator, opening_fen=3_000_000_00)
    await duty.memory.catch_up(world.host.log)
    later = date(2027, 1, 20)
    assert duty.memory.seen(ACCOUNT, later, duty.memory.free()).features.calendar_missing == 2027
    administrator = world.caller("administrator", "zhao")
    notice = {
        "off": ["2027-01-01", *(f"2027-02-{day:02}" for day in range(5, 13))],
        "worked": [],
        "source": "国务院办公厅关于2027年部分节假日安排的通知",
    }
    answer = await administrator.send("PUT", "/calendar/2027", json=notice, headers=LEGAL)
    assert answer.is_success, answer.text
    duty.memory.touched.clear()
    await duty.memory.catch_up(world.host.log)
    assert duty.memory.seen(ACCOUNT, later, duty.memory.free()).features.calendar_missing is None
    assert not duty.memory.calendar.is_working(date(2027, 2, 8))
    assert ACCOUNT in duty.memory.touched, "what was counted with a guess is counted again"
    past = await duty.memory_at(TODAY - timedelta(days=30))
    assert not past.calendar.is_provisional(2027)


async def test_a_grant_of_one_category_sees_its_alerts_and_works_on_them(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=1_000_00)
    await duty.look()
    alert = (await alerts(world, regulator))["F01"]
    assert alert["category"] == "art"
    artist, athlete = (
        world.caller("fund-regulator", name, category=category) for name, category in (("yi", "art"), ("er", "sport"))
    )
    assert (await alerts(world, artist)).keys() == (await alerts(world, regulator)).keys()
    assert await alerts(world, athlete) == {}
    assert {row["rule"] for row in (await artist.get("/alerts/evaluations"))["items"]} == {"F01", "F02"}
    assert (await athlete.get("/alerts/evaluations"))["items"] == []
    assert (await athlete.get("/deadlines"))["items"] == []
    assert {row["thing"] for row in (await artist.get("/deadlines"))["items"]} >= {alert["alert_id"]}
    step = f"/alerts/{alert['alert_id']}/acknowledgement"
    assert (await athlete.send("POST", step)).status_code == 404
    assert (await artist.send("POST", step)).is_success


def test_an_alert_that_says_its_category_later_stands_there_from_then_on() -> None:
    raised, worsened = (
        event
        for observed in (observe(0, Severity.YELLOW), observe(1, Severity.RED))
        for event in LIFE.decide(observed, LIFE.initial)
        if isinstance(event, AlertRaised)
    )
    later = AlertWorsened(
        alert_id=raised.alert_id, subject=replace(raised.subject, category="art"), said=worsened.said,
        since=worsened.since, stage=None, times=raised.times,
    )  # fmt: skip
    row = None
    for event, category in ((raised, ""), (later, "art"), (replace(later, subject=raised.subject), "art")):
        fact: Any = SimpleNamespace(id=UUID(int=7), event=event, recorded_at=NOW)
        row = fold((raised.alert_id,), row, fact)
        assert row is not None
        assert row["category"] == category
