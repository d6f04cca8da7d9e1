"""Grid posts filled by a file: previewed, taken, kept aside and mended; one officer and one deputy a grid."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from inspection.conftest import World
from inspection.test_grids import FIRST, A, B, put_in_force, today
from inspection.test_plans import granted
from mingjing_inspection.domain.grid_post import (
    GRID_POST,
    FillPosts,
    Named,
    OfficerIsDeputy,
    Post,
    PostFilled,
    PostVacated,
)
from mingjing_inspection.sources.post_file import (
    NobodyNamed,
    PostDayUnreadable,
    PostHeaderUnknown,
    read_roster,
    read_row,
)

CSV = {"Content-Type": "text/csv"}


def roster(*rows: str) -> bytes:
    return "\n".join(("六月网格名册,,,", "网格编码,网格员,副网格员,起始日期", *rows)).encode("gb18030")


async def people(world: World, *names: str) -> None:
    for name in names:
        await world.tell(granted(name, "grid-officer"))


async def test_a_roster_is_looked_at_taken_and_its_wrong_rows_are_mended(world: World) -> None:
    chief, day = world.caller("inspector", "chief"), today(world)
    await people(world, "wang", "li", "zhao")
    await put_in_force(world, FIRST)
    file = roster(f"{A},wang,li,", f"{B},zhou,zhao,{day.replace('-', '/')}", "33010610900100X,wang,,")
    looked = (await chief.send("POST", f"/grid-post-previews?from_on={day}", headers=CSV, content=file)).json()
    assert [row["what"] for row in looked["rows"]] == ["fills", "kept-aside", "kept-aside"], looked
    assert looked["rows"][0]["fills"] == [{"post": "OFFICER", "person": "wang"}, {"post": "DEPUTY", "person": "li"}]
    rules = [(one["row"], one["rule"]) for one in looked["kept_aside"]]
    assert rules == [(4, "person-without-grant"), (5, "code-malformed")]
    assert (looked["without_officer"], looked["without_officer_count"]) == ([B], 1)
    assert (await chief.get("/grid-posts"))["items"] == [], "nothing of a preview is kept"
    taken = await chief.send("POST", f"/grid-post-files?from_on={day}&name=名册.csv", headers=CSV, content=file)
    assert (taken.status_code, taken.json()["filled"], len(taken.json()["kept_aside"])) == (201, 1, 2), taken.text
    again = await chief.send("POST", f"/grid-post-files?from_on={day}", headers=CSV, content=file)
    assert (again.json()["file_id"], again.json()["filled"]) == (taken.json()["file_id"], 1)
    held = {one["post"]: one["person"] for one in (await chief.get("/grid-posts", code=A))["items"]}
    assert held == {"OFFICER": "wang", "DEPUTY": "li"}
    waiting = (await chief.get("/grid-post-rows"))["items"]
    assert waiting[0]["sentence"]["zh"].startswith("zhou"), waiting
    mending = f"/grid-post-files/{taken.json()['file_id']}/rows/{waiting[0]['row']}/mending"
    wrong = await chief.send("POST", mending, json={"cells": {"officer": "zhao"}, "from_on": day})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:mingjing:problem:officer-is-deputy")
    done = await chief.send("POST", mending, json={"cells": {"officer": "wang"}, "from_on": day})
    assert done.status_code == 200, done.text
    assert len((await chief.get("/grid-post-rows"))["items"]) == 1
    (file_item,) = (await chief.get("/grid-post-files"))["items"]
    assert (file_item["rows"], file_item["filled"], file_item["kept_aside"]) == (3, 2, 1)
    assert (await chief.send("POST", mending, json={"cells": {}, "from_on": day})).status_code == 409
    officer = world.caller("grid-officer", "wang")
    assert (await officer.send("POST", f"/grid-post-files?from_on={day}", headers=CSV, content=file)).status_code == 403
    assert (await world.replayed()).differences == 0


async def test_a_row_a_post_and_the_same_post_twice(world: World) -> None:
    chief, day = world.caller("inspector", "chief"), today(world)
    await people(world, "wang", "li")
    file = f"网格编码,岗位,人员\n{A},网格员,wang\n{A},网格员,li\n{A},副网格员,li\n{A},队长,li\n".encode()
    taken = await chief.send("POST", f"/grid-post-files?from_on={day}", headers=CSV, content=file)
    found = taken.json()
    assert (found["filled"], [one["rule"] for one in found["kept_aside"]]) == (
        2,
        ["grid-twice-in-file", "post-unknown"],
    )


def decided(named: tuple[Named, ...], before: tuple[Any, ...] = (), on: str = "2026-07-01") -> list[Any]:
    state = GRID_POST.initial
    for event in before:
        state = GRID_POST.evolve(state, event)
    command = FillPosts(code=A, named=named, from_on=date.fromisoformat(on), filled_at=datetime(2026, 7, 1, tzinfo=UTC))
    return list(GRID_POST.decide(command, state))


def test_officer_and_deputy_take_each_others_place_in_one_row() -> None:
    first = (Named(post=Post.OFFICER, person="wang"), Named(post=Post.DEPUTY, person="li"))
    before = tuple(decided(first))
    swapped = (Named(post=Post.OFFICER, person="li"), Named(post=Post.DEPUTY, person="wang"))
    facts = decided(swapped, before, "2026-08-01")
    assert [type(one) for one in facts] == [PostVacated, PostVacated, PostFilled, PostFilled]
    assert decided(swapped, (*before, *facts), "2026-08-01") == [], "saying it again changes nothing"
    with pytest.raises(OfficerIsDeputy):
        decided((Named(post=Post.OFFICER, person="li"),), before, "2026-08-01")


def test_cells_that_say_no_post_no_day_or_nobody_are_refused() -> None:
    assert read_row({"code": A, "officer": "wang", "from_on": "2026年7月1日"}).from_on is not None
    with pytest.raises(PostDayUnreadable):
        read_row({"code": A, "officer": "wang", "from_on": "31/12/2026"})
    with pytest.raises(NobodyNamed):
        read_row({"code": A, "officer": "", "deputy": ""})
    with pytest.raises(PostHeaderUnknown):
        read_roster("网格编码,姓名\n1,2\n".encode())
