"""Alerts replayed over HTTP, silences explained, and other numbers tried over past days."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from funds.conftest import NOW
from funds.test_alert_duty import TODAY, alerts
from funds.test_api import ACCOUNT, INSTITUTION, REGISTERED, opened, problem
from funds.test_breaks import fed
from mingjing_funds.intake.alert_duty import NAME
from mingjing_funds.intake.memory import Memory
from mingjing_kernel.clock import shanghai_date

RED_LATER = "alert-balance.minimum-red-percent=10"
MORE = {"set": "alert-balance.minimum-red-percent=90"}


async def told(world: Any, opening_fen: int = 3_000_00) -> tuple[Any, dict[str, Any]]:
    """A regulator, and the alert F01 of an account that holds too little."""
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=opening_fen)
    await duty.look()
    return regulator, (await alerts(world, regulator))["F01"]


async def test_an_alert_comes_out_again_as_it_was_stored(world: Any) -> None:
    regulator, alert = await told(world)
    again = await regulator.get("/alerts/replay", alert_id=alert["alert_id"])
    assert (again["outcome"], again["severity"], again["rule_version"]) == ("fired", "RED", "F01/2")
    assert again["agrees"] is True
    assert again["stored"][0]["because_zh"] == again["because_zh"]
    assert again["features"]["balance_fen"] == 3_000_00
    assert {"name": "balance_fen", "value": 3_000_00} in again["measures"]
    assert [one["fact"].split(".")[1] for one in again["facts"]] == [
        "institution-noted",
        "account-applied",
        "agreement-signed",
        "account-activated",
    ]
    assert again["position"] < again["stored"][0]["position"]
    assert {one["rule"] for one in again["others"]} >= {"F02", "F15", "F32"}


async def test_what_another_version_told_is_not_called_wrong(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    regulator, alert = await told(world)
    monkeypatch.setattr("mingjing_funds.api.replays.version_of", lambda rule: f"{rule}/9")
    again = await regulator.get("/alerts/replay", alert_id=alert["alert_id"])
    assert (again["rule_version"], again["stored"][0]["rule_version"]) == ("F01/9", "F01/2")
    assert again["agrees"] is None
    assert "存档结果由规则版本 F01/2 得出" in again["note_zh"]
    assert "told by version F01/2" in again["note_en"]


async def test_what_came_later_does_not_change_what_is_replayed(world: Any) -> None:
    regulator, alert = await told(world)
    before = await regulator.get("/alerts/replay", alert_id=alert["alert_id"])
    path = f"/alerts/{alert['alert_id']}/acknowledgement"
    assert (await regulator.send("POST", path)).is_success
    await world.credited(3_000_00, 900_000_00)
    regulator.position = str(await world.host.log.head())
    after = await regulator.get("/alerts/replay", alert_id=alert["alert_id"])
    assert after == before
    now = await regulator.get("/alerts/replay", account_id=str(ACCOUNT), rule="F01", day=str(TODAY))
    assert (now["outcome"], now["agrees"]) == ("quiet", None)
    then = await regulator.get(
        "/alerts/replay", account_id=str(ACCOUNT), rule="F01", day=str(TODAY), as_of=f"@{before['position']}"
    )
    assert (then["outcome"], then["because_zh"]) == ("fired", before["because_zh"])


async def test_a_silence_says_which_values_were_seen_and_why_nothing_fired(world: Any) -> None:
    regulator, _ = await told(world)
    named = {"institution_id": str(INSTITUTION), "rule": "F15", "day": str(TODAY)}
    quiet = await regulator.get("/alerts/replay", **named)
    assert (quiet["outcome"], quiet["severity"], quiet["stored"]) == ("quiet", None, [])
    assert quiet["because_zh"]
    assert quiet["features"]["refunds_open"] == []
    before = await regulator.get("/alerts/replay", **named | {"day": "2026-06-01"})
    assert before["outcome"] == "not-watched"
    assert before["because_en"].startswith("No account was open")


async def test_only_who_may_see_the_institution_may_ask(world: Any) -> None:
    _, alert = await told(world)
    silence = {"institution_id": str(INSTITUTION), "rule": "F01", "day": str(TODAY)}
    for stranger in (
        world.caller("fund-regulator", "yu", region="330110"),
        world.caller("fund-regulator", "er", category="sport"),
        world.caller("grid-officer", "wang"),
    ):
        stranger.position = str(await world.host.log.head())
        for asked in ({"alert_id": alert["alert_id"]}, silence):
            assert (await stranger.read("/alerts/replay", **asked)).status_code == 404, asked
        assert (await stranger.get("/alerts/what-if", **MORE))["accounts"] == 0
    artist = world.caller("fund-regulator", "yi", category="art")
    artist.position = str(await world.host.log.head())
    for asked in ({"alert_id": alert["alert_id"]}, silence):
        assert (await artist.read("/alerts/replay", **asked)).status_code == 200


async def test_what_cannot_be_replayed_is_refused_with_what_to_do(world: Any) -> None:
    regulator, _ = await told(world)
    one = {"institution_id": str(INSTITUTION), "rule": "F01", "day": str(TODAY)}
    for asked, said in (
        ({}, (422, "replay-unnamed")),
        ({"institution_id": str(INSTITUTION), "rule": "F01"}, (422, "replay-unnamed")),
        (one | {"rule": "F99"}, (422, "rule-unknown")),
        (one | {"day": str(TODAY + timedelta(days=1))}, (422, "day-not-yet-come")),
        (one | {"day": "0001-01-01"}, (422, "day-too-early")),
        (one | {"institution_id": str(UUID(int=99))}, (404, "record-not-found")),
        ({"alert_id": str(UUID(int=98))}, (404, "record-not-found")),
    ):
        assert problem(await regulator.read("/alerts/replay", **asked)) == said, asked
    early = {"until": "0001-01-10"}
    assert problem(await regulator.read("/alerts/what-if", **MORE, **early)) == (422, "day-too-early")
    assert problem(await regulator.read("/reports/custody", day="0001-01-10")) == (422, "day-too-early")
    assert problem(await regulator.read("/reports/alerts", **early)) == (422, "day-too-early")


async def test_other_numbers_tell_what_they_would_have_told(world: Any) -> None:
    regulator, _ = await told(world, opening_fen=5_000_00)
    period = {"since": "2026-06-20", "until": str(TODAY)}
    worse = await regulator.get("/alerts/what-if", **MORE, **period)
    assert (worse["accounts"], worse["looks"]) == (1, 12)
    assert {item["severity"] for item in worse["items"] if item["rule"] == "F01"} == {"RED"}
    assert worse["left_off"] == 0
    milder = await regulator.get("/alerts/what-if", **{"set": "alert-balance.minimum-red-percent=1"}, **period)
    assert {item["severity"] for item in milder["items"] if item["rule"] == "F01"} == {"YELLOW"}
    assert sum(week["after"] for week in milder["weeks"]) == milder["after"]
    none = await regulator.get("/alerts/what-if", **MORE, since="2026-05-01", until="2026-05-20")
    assert (none["accounts"], none["before"], none["after"], none["differences"]) == (0, 0, 0, [])
    elsewhere = await regulator.get("/alerts/what-if", **MORE, **period, region="330110")
    assert elsewhere["accounts"] == 0


async def test_a_number_of_a_rule_that_fires_no_more_names_who_is_lost(world: Any) -> None:
    regulator, duty = world.caller("fund-regulator"), world.host.duties[NAME]
    await world.tell(REGISTERED)
    await opened(regulator, opening_fen=2_000_000_00)
    await world.credited(2_000_000_00, -700_000_00, flow="HP-OUT")
    await duty.look()
    assert {"F03", "F06"} <= (await alerts(world, regulator)).keys()
    period = {"since": str(TODAY), "until": str(TODAY)}
    found = await regulator.get("/alerts/what-if", **{"set": ["alert-balance.day-out-percent=99",
        "alert-balance.day-out-red-percent=99", "alert-balance.day-out=100000"]}, **period)  # fmt: skip
    [outflow] = [one for one in found["differences"] if one["rule"] == "F03"]
    assert (outflow["before"], outflow["after"], len(outflow["lost"])) == (1, 0, 1)
    assert "F06" not in {one["rule"] for one in found["differences"]}


async def test_the_chart_shows_the_same_weeks(world: Any) -> None:
    regulator, _ = await told(world)
    period = {"since": "2026-06-20", "until": str(shanghai_date(NOW))}
    drawn = await regulator.read("/alerts/what-if/chart", **MORE, **period)
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text.startswith("<svg")
    found = await regulator.get("/alerts/what-if", **MORE, **period)
    assert f"现行阈值{found['before']}次，调整后{found['after']}次" in drawn.text
    assert "minimum-red-percent=90" in drawn.text


async def test_a_what_if_has_an_end(world: Any) -> None:
    regulator, _ = await told(world)
    for asked, said in (
        ({"set": "alert-balance.nothing=1"}, (422, "number-not-known")),
        ({"set": "alert-balance.minimum-red-percent=100000"}, (422, "number-out-of-bounds")),
        (MORE | {"since": "2026-01-01", "until": "2026-06-30"}, (422, "what-if-period-wrong")),
        (MORE | {"since": "2026-06-30", "until": "2026-06-01"}, (422, "what-if-period-wrong")),
        (MORE | {"until": str(TODAY + timedelta(days=1))}, (422, "day-not-yet-come")),
    ):
        for path in ("/alerts/what-if", "/alerts/what-if/chart"):
            assert problem(await regulator.read(path, **asked)) == said, asked
    assert (await regulator.read("/alerts/what-if")).status_code == 422


STRANGERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("mediator", {}),
    ("grid-officer", {}),
    ("fund-regulator", {"region": "330110"}),
    ("fund-regulator", {"category": "sport"}),
)


@pytest.mark.parametrize(("role", "limits"), STRANGERS)
async def test_for_whoever_may_see_nobody_there_the_log_is_not_read(
    world: Any, monkeypatch: pytest.MonkeyPatch, role: str, limits: dict[str, str]
) -> None:
    _, alert = await told(world)
    stranger = world.caller(role, "stranger", **limits)
    stranger.position = str(await world.host.log.head())

    async def never(*_: object) -> None:
        raise AssertionError("the log is read")

    monkeypatch.setattr(Memory, "catch_up", never)
    silence = {"rule": "F01", "day": str(TODAY)}
    for asked in (
        {"alert_id": alert["alert_id"]},
        silence | {"institution_id": str(INSTITUTION)},
        silence | {"account_id": str(ACCOUNT)},
        silence | {"account_id": str(UUID(int=77))},
    ):
        assert (await stranger.read("/alerts/replay", **asked)).status_code == 404, asked
    assert (await stranger.get("/alerts/what-if", **MORE))["accounts"] == 0
    assert (await stranger.read("/alerts/what-if/chart", **MORE)).status_code == 200


async def test_who_comes_while_another_is_answered_hears_so_at_once(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulator, alert = await told(world)
    other = world.caller("fund-regulator", "second")
    begun, may_go_on, read = asyncio.Event(), asyncio.Event(), Memory.catch_up

    async def slow(self: Memory, *more: Any) -> None:
        begun.set()
        await may_go_on.wait()
        await read(self, *more)

    monkeypatch.setattr(Memory, "catch_up", slow)
    for path, asked in (
        ("/alerts/replay", {"alert_id": alert["alert_id"]}),
        ("/alerts/what-if", MORE),
        ("/alerts/what-if/chart", MORE | {"since": "2026-06-20"}),
    ):
        begun.clear()
        may_go_on.clear()
        first = asyncio.create_task(regulator.read(path, **asked))
        await begun.wait()
        second = await other.read(path, **asked)
        may_go_on.set()
        assert problem(second) == (503, "answering-another"), path
        assert int(second.headers["Retry-After"]) > 0
        assert second.json()["detail"].startswith("正在办理另一项")
        assert (await first).status_code == 200
        assert (await other.read(path, **asked)).status_code == 200, "the turn is given back"


async def test_the_chart_of_an_answer_reads_the_log_no_more(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    regulator, _ = await told(world)
    reads, read = list[object](), Memory.catch_up

    async def counted(self: Memory, *more: Any) -> None:
        reads.append(self)
        await read(self, *more)

    monkeypatch.setattr(Memory, "catch_up", counted)
    await regulator.get("/alerts/what-if", **MORE)
    assert (await regulator.read("/alerts/what-if/chart", **MORE)).status_code == 200
    assert len(reads) == 1
    await fed(world, TODAY)
    assert (await regulator.read("/alerts/what-if/chart", **MORE)).status_code == 200
    assert len(reads) == 1, "the chart belongs to the table above it, whatever came since"
    await regulator.get("/alerts/what-if", **MORE)
    assert len(reads) == 2, "a table is of what is known now"
    artist = world.caller("fund-regulator", "yi", category="art")
    assert (await artist.read("/alerts/what-if/chart", **MORE)).status_code == 200
    assert len(reads) == 3, "another's grants are another question"
