"""A draw over a real database: frozen, committed to, drawn, published; verified from the public notice alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from typer.testing import CliRunner

from inspection.conftest import Caller, World
from inspection.samples import MUDUO, approved, registered
from inspection.test_available_actions import actions
from inspection.test_plans import granted
from mingjing.cli.inspection import inspection
from mingjing_contracts.registry import SiteApprovedV1
from mingjing_inspection import draw as lots

PLAN = {"plan": "2026-Q3", "title": "第三季度双随机抽查", "region": "330106"}
COMMITMENT = {"public_source": "双色球第2026075期", "public_value_due_at": "2026-07-02T21:15:00+08:00"}
VALUE = {
    "public_value": "03111722283109",
    "public_value_at": "2026-07-02T21:15:00+08:00",
    "evidence": "https://www.cwl.gov.cn/",
}


async def county(world: World, size: int = 6) -> None:
    """Institutions with a site each, one without; four inspectors."""
    for number in range(1, size + 1):
        id = UUID(int=number)
        await world.tell(registered(id, name=f"杭州西湖区{number}号培训学校有限公司", uscc=f"91330106MA{number:08d}"))
        if number < size:
            site = approved(UUID(int=100 + number)).model_dump() | {"institution_id": id}
            await world.tell(SiteApprovedV1(**site))
    for person in ("cheng", "lu", "qian", "sun"):
        await world.tell(granted(person, "inspector"))
    await world.tell(granted("wang", "grid-officer"))


def problem(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:mingjing:problem:")


async def drawn(world: World, first: Caller, second: Caller) -> str:
    """Frozen and committed to by one, drawn by the other."""
    frozen = await first.send("POST", "/draws", json=PLAN)
    assert frozen.status_code == 201, frozen.text
    path = f"/draws/{frozen.json()['draw_id']}"
    assert (await first.send("POST", f"{path}/commitment", json=COMMITMENT)).status_code == 200
    world.time.now = datetime(2026, 7, 3, 2, tzinfo=UTC)
    return path


async def public(world: World, path: str, **params: Any) -> httpx.Response:
    return await world.client.get(f"/inspection/v1/public{path}", params=params)


async def test_a_draw_is_verified_from_the_public_notice_alone(world: World, tmp_path: Path) -> None:
    await county(world)
    first, second = world.caller("inspector", "cheng"), world.caller("inspector", "lu")
    stated = {"institution_id": str(UUID(int=2)), "kind": "KIN"}
    assert (await first.send("POST", "/interests", json=stated)).status_code == 201
    path = await drawn(world, first, second)
    committed = (await public(world, f"{path}/notice")).json()
    assert "seed" not in committed
    assert "杭州" not in json.dumps(committed["population"], ensure_ascii=False), "names stay closed"
    assert (len(committed["population"]["institutions"]), committed["left_out"]) == (5, 1)
    assert len(committed["population"]["conflicts"]) == 1
    assert lots.verify(committed) == []

    first, second = world.caller("inspector", "cheng"), world.caller("inspector", "lu")
    named = await first.get(f"{path}/population")
    assert [one["why"] for one in named["left_out"]] == ["no-approved-site"]
    codes = sorted([one["code"], one["weight"]] for one in named["candidates"])
    assert codes == committed["population"]["institutions"], "an official finds each by name"
    assert not (await actions(first, path))["draw-lots"]["available"]
    alone = await first.send("POST", f"{path}/lots", json=VALUE)
    assert (alone.status_code, problem(alone)) == (403, "other-person-must")
    early = await second.send("POST", f"{path}/lots", json=VALUE | {"public_value_at": "2026-07-02T21:00:00+08:00"})
    assert (early.status_code, problem(early)) == (422, "public-value-too-early")
    key = UUID(int=900)
    done = await second.send("POST", f"{path}/lots", key=key, json=VALUE)
    assert done.status_code == 200, done.text
    again = await second.send("POST", f"{path}/lots", key=key, json=VALUE)
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    assert "drawn" not in (await public(world, f"{path}/notice")).json(), "not public yet"
    assert (await second.send("POST", f"{path}/publication")).status_code == 200

    whole = (await public(world, f"{path}/notice")).json()
    assert lots.verify(whole, committed) == []
    assert len(whole["drawn"]) == 1
    (task,) = (await second.get("/tasks"))["items"]
    (opened,) = whole["opened"]
    assert (task["kind"], task["state"], task["institution_id"]) == ("DOUBLE_RANDOM", "ASSIGNED", opened["id"])
    assert len({task["officer"], *task["colleagues"]}) == 2
    assert "wang" not in json.dumps(whole, ensure_ascii=False)
    assert not (await world.replayed()).differences

    good, earlier, bad = (tmp_path / f"{name}.json" for name in ("good", "earlier", "bad"))
    good.write_text(json.dumps(whole), encoding="utf-8")
    earlier.write_text(json.dumps(committed), encoding="utf-8")
    whole["population"]["institutions"][0][1] += 1
    bad.write_text(json.dumps(whole), encoding="utf-8")
    run = CliRunner()
    said = run.invoke(inspection, ["draw", "verify", str(good), "--earlier", str(earlier)])
    assert said.exit_code == 0, said.output
    wrong = run.invoke(inspection, ["draw", "verify", str(bad)])
    assert (wrong.exit_code, "名单与摘要不符" in wrong.output) == (1, True)
    file = await public(world, "/draw.py")
    assert "def drawn(" in file.text
    assert file.text.startswith("#!/usr/bin/env python3")


async def test_a_draw_is_not_repeated_silently(world: World) -> None:
    await county(world)
    first, second = world.caller("inspector", "cheng"), world.caller("inspector", "lu")
    path = await drawn(world, first, second)
    first, second = world.caller("inspector", "cheng"), world.caller("inspector", "lu")
    assert problem(await first.send("POST", "/draws", json=PLAN)) == "draw-stands"
    assert (await second.send("POST", f"{path}/lots", json=VALUE)).status_code == 200
    assert problem(await first.send("POST", f"{path}/annulment", json={"reason": " "})) == "annulment-without-reason"
    assert problem(await second.send("POST", f"{path}/annulment", json={"reason": "不合意"})) == "other-person-must"
    annulled = await first.send("POST", f"{path}/annulment", json={"reason": "名单遗漏一家机构"})
    assert annulled.status_code == 200
    second.position = first.position
    (task,) = (await second.get("/tasks"))["items"]
    assert (task["state"], task["note"]) == ("CANCELLED", "名单遗漏一家机构")
    second_try = await first.send("POST", "/draws", json=PLAN)
    assert (second_try.status_code, second_try.json()["draw_id"]) == (201, path.rpartition("/")[2])
    listed = (await first.get("/draws"))["items"]
    assert [(one["attempt"], one["state"]) for one in listed] == [(2, "FROZEN"), (1, "ANNULLED")]
    shown = (await public(world, "/draws")).json()["items"]
    assert [(one["attempt"], one["annulled_because"]) for one in shown] == [(1, "名单遗漏一家机构")]
    old = (await public(world, f"{path}/notice", attempt=1)).json()
    assert old["annulled_because"] == "名单遗漏一家机构"
    assert (await public(world, f"{path}/notice")).status_code == 404, "frozen, and not public yet"
    salts = {code for code, _ in old["population"]["institutions"]}
    new = (await first.get(f"{path}/notice"))["population"]["institutions"]
    assert not salts & {code for code, _ in new}, "each attempt has codes of its own"


async def test_an_interest_is_withdrawn_with_a_reason_and_nobody_draws_elsewhere(world: World) -> None:
    await county(world, 3)
    wang, planner = world.caller("grid-officer", "wang"), world.caller("inspector", "cheng")
    assert (await wang.send("POST", "/interests", json={"institution_id": str(MUDUO), "kind": "INTEREST"})).is_success
    planner.position = wang.position
    (one,) = (await planner.get("/interests"))["items"]
    assert (one["officer"], one["kind"]) == ("wang", "INTEREST")
    over = {"officer": "wang", "institution_id": str(MUDUO), "reason": ""}
    assert problem(await planner.send("POST", "/interests/withdrawals", json=over)) == "withdrawal-without-reason"
    assert (await planner.send("POST", "/interests/withdrawals", json=over | {"reason": "已离职满三年"})).is_success
    assert (await planner.get("/interests"))["items"] == []
    elsewhere = world.caller("inspector", "zhao", region="330108")
    assert (await elsewhere.send("POST", "/draws", json=PLAN)).status_code == 403
    assert problem(await planner.send("POST", "/draws", json=PLAN | {"category": "sport"})) == "population-empty"
