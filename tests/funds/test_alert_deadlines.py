"""The times of an alert: who is slow is reminded and, after the last day, escalated; the sweeper says so once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from funds.conftest import NOW
from funds.test_alert_duty import alerts
from funds.test_api import opened
from funds.test_available_actions import LEGAL
from mingjing_contracts.funds import AlertEscalatedV1
from mingjing_funds.domain.alerting.life_facts import AlertEscalated, AlertRaised
from mingjing_funds.intake.alert_duty import NAME
from mingjing_funds.messaging.outbound import OUTBOUND
from mingjing_kernel.identifiers import new_id

HALF = 5_000_00
"""Between half and the whole of the minimum: F01 and F02 are YELLOW, raised on Wednesday, 1 July 2026."""
BOTH = 2


async def keep(world: Any, days: int) -> Any:
    """What the sweeper does so many days later."""
    world.host.now = lambda: NOW + timedelta(days=days)
    await world.host.runner.wait_for(await world.host.log.head())
    kept = await world.host.deadlines.step()
    world.host.now = lambda: NOW
    return kept


async def clocks(caller: Any, alert: str) -> dict[str, dict[str, Any]]:
    """What runs of an alert, by rule."""
    return {row["rule"]: row for row in (await caller.get("/deadlines"))["items"] if row["thing"] == alert}


async def waited_for(caller: Any, alert: str) -> dict[str, bool]:
    """The steps that a clock waits for, and whether their time has run out."""
    found = (await caller.get(f"/alerts/{alert}/available-actions"))["actions"]
    return {one["act"]: one["is_overdue"] for one in found if one["due_on"]}


async def red_line(world: Any, percent: int) -> None:
    """F01 is red below another share of the minimum from today on."""
    zhao, qin = world.caller("administrator", "zhao"), world.caller("approver", "qin")
    path = f"/policies/alert-balance/versions/{new_id()}"
    body = {
        "numbers": {"minimum-red-percent": percent},
        "region": "330106",
        "effective_on": "2026-07-01",
        "legal_basis": "西湖区预收费资金监管办法",
        "reason": "提高红线",
    }
    assert (await zhao.send("PUT", path, json=body)).is_success
    qin.position = zhao.position
    assert (await qin.send("POST", f"{path}/approval", headers=LEGAL)).is_success


async def step(caller: Any, alert: str, name: str, body: Any = None) -> None:
    answer = await caller.send("POST", f"/alerts/{alert}/{name}", json=body)
    assert answer.status_code == 200, answer.text


async def test_a_slow_step_is_reminded_of_and_escalated_once(world: Any) -> None:
    song = world.caller("fund-regulator", "song")
    await opened(song, opening_fen=HALF)
    await world.host.duties[NAME].look()
    alert = (await alerts(world, song))["F01"]
    running = await clocks(song, alert["alert_id"])
    assert {rule: row["due_on"] for rule, row in running.items()} == {
        "alert-acknowledge": "2026-07-03",
        "alert-verify": "2026-07-09",
        "alert-verify-reminder": "2026-07-08",
    }
    assert (await keep(world, 2)).done == 0, "the last day is not over"
    assert (await keep(world, 3)).done == BOTH
    shown = (await alerts(world, song))["F01"]
    assert (shown["escalated_on"], shown["escalated_for"]) == ("2026-07-04", "alert-acknowledge")
    assert (shown["state"], shown["reminded_on"]) == ("raised", None)
    assert (await keep(world, 3)).done == 0
    assert (await clocks(song, alert["alert_id"]))["alert-acknowledge"]["fired_on"] == "2026-07-04", "until it is done"
    await step(song, alert["alert_id"], "acknowledgement")
    assert await waited_for(song, alert["alert_id"]) == {"verify-alert": False}
    await step(song, alert["alert_id"], "verification")
    assert await waited_for(song, alert["alert_id"]) == {"judge-alert": False}, "of YELLOW the judgement is waited for"
    assert "alert-acknowledge" not in await clocks(song, alert["alert_id"])
    assert (await keep(world, 8)).done == BOTH
    assert (await alerts(world, song))["F01"]["reminded_on"] == "2026-07-09"
    assert (await keep(world, 9)).done == BOTH
    assert (await alerts(world, song))["F01"]["escalated_for"] == "alert-acknowledge alert-verify"
    await step(song, alert["alert_id"], "judgement", {"is_confirmed": True, "evidence": "现场核查"})
    assert set(await clocks(song, alert["alert_id"])) == {"alert-plan", "alert-plan-reminder"}
    await step(song, alert["alert_id"], "plan", {"plan": "三日内补足"})
    assert await clocks(song, alert["alert_id"]) == {}
    assert (await world.replayed()).differences == 0


async def test_a_red_alert_is_acknowledged_within_two_hours_by_the_clock_or_somebody_outside_is_told(
    world: Any,
) -> None:
    song = world.caller("fund-regulator", "song")
    await opened(song, opening_fen=1_00)
    await world.host.duties[NAME].look()
    alert = (await alerts(world, song))["F01"]
    assert alert["severity"] == "RED"
    clock = (await clocks(song, alert["alert_id"]))["alert-acknowledge"]
    told_at = datetime.fromisoformat(clock["due_at"]) - timedelta(hours=2)
    (raised,) = [
        fact
        for fact in await world.host.log.read(0, 1_000)
        if isinstance(fact.event, AlertRaised) and str(fact.event.alert_id) == alert["alert_id"]
    ]
    assert told_at == raised.recorded_at
    world.host.now = lambda: raised.recorded_at + timedelta(hours=2, seconds=-1)
    assert (await world.host.deadlines.step()).done == 0
    assert await waited_for(song, alert["alert_id"]) == {"acknowledge-alert": False, "verify-alert": False}
    steps = (await song.get(f"/alerts/{alert['alert_id']}/available-actions"))["actions"]
    by = {one["act"]: one["due_at"] for one in steps}
    assert datetime.fromisoformat(by["acknowledge-alert"]) == raised.recorded_at + timedelta(hours=2)
    assert by["close-alert"] is None
    assert 0 < await world.host.deadlines._until_next() <= 2, "it does not wait for the usual look"
    world.host.now = lambda: raised.recorded_at + timedelta(hours=2)
    assert (await world.host.deadlines.step()).done > 0
    assert (await world.host.deadlines.step()).done == 0
    assert await waited_for(song, alert["alert_id"]) == {"acknowledge-alert": True, "verify-alert": False}
    shown = (await alerts(world, song))["F01"]
    assert (shown["escalated_for"], shown["state"]) == ("alert-acknowledge", "raised")
    (late,) = [
        fact
        for fact in await world.host.log.read(raised.position, 1_000)
        if isinstance(fact.event, AlertEscalated) and str(fact.event.alert_id) == alert["alert_id"]
    ]
    assert "due at" in late.meta.reason
    told = OUTBOUND[AlertEscalated](late)
    assert isinstance(told, AlertEscalatedV1)
    assert (told.clock, told.region, told.explanation_zh) == (
        "alert-acknowledge",
        "330106",
        "预警未在规定时限内签收。",
    )
    assert (await world.replayed()).differences == 0


async def test_the_times_are_those_of_the_policy_when_it_was_raised(world: Any) -> None:
    song, zhao, qin = (
        world.caller("fund-regulator"),
        world.caller("administrator", "zhao"),
        world.caller("approver", "qin"),
    )
    await opened(song, opening_fen=HALF)
    path = f"/policies/alert-times/versions/{new_id()}"
    body = {
        "numbers": {"yellow-acknowledge-working-days": 3},
        "region": "330106",
        "effective_on": "2026-07-01",
        "legal_basis": "西湖区预收费资金监管办法",
        "reason": "人手不足",
    }
    assert (await zhao.send("PUT", path, json=body)).is_success
    qin.position = zhao.position
    assert (await qin.send("POST", f"{path}/approval", headers=LEGAL)).is_success
    await world.host.duties[NAME].look()
    alert = (await alerts(world, song))["F01"]["alert_id"]
    assert (await clocks(song, alert))["alert-acknowledge"]["due_on"] == "2026-07-07"
    elsewhere = world.caller("fund-regulator", "li", region="330105")
    elsewhere.position = song.position
    assert await clocks(elsewhere, alert) == {}


async def test_somebody_is_on_site_within_a_day_by_the_clock_and_what_grows_worse_has_the_times_of_red(
    world: Any,
) -> None:
    song = world.caller("fund-regulator", "song")
    await opened(song, opening_fen=HALF)
    await world.host.duties[NAME].look()
    alert = (await alerts(world, song))["F01"]["alert_id"]
    await step(song, alert, "acknowledgement")
    assert "alert-acknowledge" not in await clocks(song, alert)
    await red_line(world, 90)
    song.position = str(await world.host.log.head())
    assert (await song.send("POST", "/alerts/evaluations")).is_success
    shown = (await alerts(world, song))["F01"]
    assert (shown["alert_id"], shown["severity"], shown["state"]) == (alert, "RED", "raised")
    running = await clocks(song, alert)
    first, second = (datetime.fromisoformat(running[name]["due_at"]) for name in ("alert-acknowledge", "alert-verify"))
    assert second - first == timedelta(hours=22)
    assert (await world.replayed()).differences == 0
