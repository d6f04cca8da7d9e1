"""Groups of complaints on a real database: whom X8 brings together, whom it leaves alone, how many it counts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, literal, select, true

from inspection.conftest import NOW, World
from inspection.samples import MUDUO
from inspection.test_complaint_tracks import Office
from mingjing_inspection.domain.complaint_group import MEMBERS_MAX
from mingjing_inspection.intake.group_duty import NAME
from mingjing_inspection.projections.complaint_groups import groups_table
from mingjing_inspection.projections.complaint_tracks import tracks_table

ELSEWHERE = literal(UUID(int=0x99))
BEFORE = literal(NOW - timedelta(days=2))


async def disputes(office: Office, *numbers: int, **changed: Any) -> list[str]:
    """Of as many people."""
    found = []
    for number in numbers:
        person = {"name": f"李{number}号", "phone": f"1990000{number:04d}"}
        found.append(str((await office.take(number, **{"complainant": person} | changed))["DISPUTE"]["track_id"]))
    return found


async def looked(office: Office) -> str:
    """What X8 says that it did."""
    world = office.world
    await world.caught_up()
    await world.host.duties[NAME].look()
    await caught_up(office)
    return str(world.host.duties[NAME].readiness()["looked"])


async def caught_up(office: Office) -> None:
    await office.world.caught_up()
    office.router.position = str(await office.world.host.log.head())


async def groups(office: Office, **asked: Any) -> list[dict[str, Any]]:
    """Latest first."""
    found: list[dict[str, Any]] = (await office.router.get("/complaint-groups", **asked))["items"]
    return found


async def copied(world: World, table: Any, times: int, **changed: Any) -> None:
    """So many rows more of a list, like its first one but for what is said; the log knows nothing of them."""
    drawn = {column.name: func.gen_random_uuid() for column in table.primary_key} | changed
    one = select(table).limit(1).subquery()
    rows = select(*(drawn.get(column.name, one.c[column.name]) for column in table.c)).select_from(
        one.join(func.generate_series(1, times).table_valued("time"), true())
    )
    async with world.host.engine.begin() as connection:
        await connection.execute(insert(table).from_select([column.name for column in table.c], rows))


async def test_thousands_who_wrote_before_keep_nobody_from_being_a_group_today(world: World) -> None:
    office = Office(world)
    await disputes(office, 1, 2, 3)
    theirs = {"institution_id": ELSEWHERE, "complaint_id": func.gen_random_uuid(), "received_at": BEFORE}
    await copied(world, tracks_table, 5_000, **theirs)
    await looked(office)
    (group,) = await groups(office)
    assert (group["institution_id"], group["people"]) == (str(MUDUO), 3)


async def test_thousands_of_older_groups_hide_none_that_one_more_may_join(world: World) -> None:
    office = Office(world)
    await disputes(office, 1, 2, 3)
    await looked(office)
    await copied(world, groups_table, 5_000, institution_id=ELSEWHERE, formed_at=BEFORE)
    await disputes(office, 4)
    await looked(office)
    (group,) = await groups(office, institution_id=MUDUO)
    assert (group["disputes"], group["people"]) == (4, 4)


async def test_the_largest_collapse_has_a_group_and_who_is_left_out_is_said(world: World) -> None:
    office = Office(world)
    mine = await disputes(office, 1, 2, 3)
    later = literal(NOW)
    await copied(world, tracks_table, MEMBERS_MAX, complaint_id=func.gen_random_uuid(), received_at=later)
    said = await looked(office)
    (group,) = await groups(office)
    assert (group["disputes"], group["people"]) == (MEMBERS_MAX, 3)
    assert set(mine) <= set(group["members"]), "one of each person first"
    assert "3 disputes about 1 institutions left out: a group holds 2000" in said
    assert "3 disputes about 1 institutions left out" in await looked(office)
    assert len(await groups(office)) == 1


async def members(office: Office, group_id: str) -> set[str]:
    """Of one group, as it stands."""
    return set((await office.router.get(f"/complaint-groups/{group_id}"))["members"])


async def act(office: Office, group: dict[str, Any], path: str, **body: Any) -> None:
    """Done by an official."""
    answer = await office.router.send("POST", f"/complaint-groups/{group['group_id']}/{path}", json=body)
    assert answer.status_code == 200, answer.text


async def test_of_two_groups_the_later_one_takes_in_who_is_in_neither_and_left_neither(world: World) -> None:
    office = Office(world)
    one, two, three = await disputes(office, 1, 2, 3)
    await looked(office)
    (first,) = await groups(office)
    await act(office, first, "members/leaving", track_id=one, reason="另有仲裁")
    world.later(minutes=1)
    four, five = await disputes(office, 4, 5)
    second = {"group_id": str(UUID(int=5))}
    body = {"members": [four, five], "people": 2, "reason": "另一校区"}
    await caught_up(office)
    formed = await office.router.send("PUT", f"/complaint-groups/{second['group_id']}", json=body)
    assert formed.status_code == 201, formed.text
    (six,) = await disputes(office, 6)
    await looked(office)
    assert await members(office, first["group_id"]) == {two, three}
    assert await members(office, second["group_id"]) == {four, five, six}
    assert (await world.replayed()).differences == 0


async def test_a_group_formed_by_hand_takes_in_who_was_looked_at_before(world: World) -> None:
    office = Office(world)
    one, two = await disputes(office, 1, 2)
    nobody = str((await office.take(3, complainant=None))["DISPUTE"]["track_id"])
    await looked(office)
    assert await groups(office) == [], "two persons and a paper are no crowd"
    body = {"members": [one, two], "people": 2, "reason": "同一校区"}
    formed = await office.router.send("PUT", f"/complaint-groups/{UUID(int=5)}", json=body)
    assert formed.status_code == 201, formed.text
    await looked(office)
    assert await members(office, str(UUID(int=5))) == {one, two, nobody}
    assert (await world.replayed()).differences == 0


async def test_who_was_in_a_group_that_a_person_dissolved_is_put_in_none_again(world: World) -> None:
    office = Office(world)
    await disputes(office, 1, 2, 3)
    await looked(office)
    (first,) = await groups(office)
    await act(office, first, "members/leaving", track_id=first["members"][0], reason="另有仲裁")
    await act(office, first, "dissolution", reason="分别处理")
    await looked(office)
    new = await disputes(office, 4, 5)
    await looked(office)
    assert [one["is_over"] for one in await groups(office)] == [True], "two who are new are no crowd"
    new += await disputes(office, 6)
    await looked(office)
    (again,) = await groups(office, is_open=True)
    assert (set(again["members"]), again["people"]) == (set(new), 3)
    assert (await world.replayed()).differences == 0


async def test_people_are_counted_as_they_stand_whoever_joins_or_leaves(world: World) -> None:
    office = Office(world)
    one, _two, three = await disputes(office, 1, 2, 3)
    await looked(office)
    (group,) = await groups(office)
    once_more = (await office.take(9, complainant={"name": "李1号", "phone": "19900000001"}))["DISPUTE"]["track_id"]
    nobody = (await office.take(10, complainant=None))["DISPUTE"]["track_id"]
    await caught_up(office)
    expected = [
        ("members", once_more, 3),  # she is in it already
        ("members", nobody, 3),  # nobody that could be told from another
        ("members/leaving", one, 3),
        ("members/leaving", once_more, 2),
        ("members", one, 3),
        ("members/leaving", three, 2),
        ("members/leaving", nobody, 2),
    ]
    for path, track_id, people in expected:
        await act(office, group, path, track_id=track_id, reason="核对")
        assert (await office.router.get(f"/complaint-groups/{group['group_id']}"))["people"] == people, (path, people)
    async with world.host.connection() as connection:
        left = await connection.scalar(select(groups_table.c.left))
    assert set(left) == {once_more, three, nobody}, "who came back is out of it no more"
    assert (await world.replayed()).differences == 0


async def test_a_group_counts_who_wrote_long_ago_and_who_joins_today(world: World) -> None:
    office = Office(world)
    await disputes(office, 1, 2, 3)
    await looked(office)
    world.later(days=8)
    office = Office(world)
    await disputes(office, 4, received_at="2026-07-09T01:00:00+00:00")
    await looked(office)
    (group,) = await groups(office)
    assert (group["disputes"], group["people"]) == (4, 4)


async def test_two_officers_who_remove_her_two_complaints_at_once_remove_her(world: World) -> None:
    office = Office(world)
    (one,) = await disputes(office, 1)
    two = (await office.take(9, complainant={"name": "李1号", "phone": "19900000001"}))["DISPUTE"]["track_id"]
    await disputes(office, 2, 3)
    await looked(office)
    (group,) = await groups(office)
    assert (group["disputes"], group["people"]) == (4, 3)
    leaving = [{"track_id": track_id, "reason": "另有仲裁"} for track_id in (one, two)]
    await asyncio.gather(*(act(office, group, "members/leaving", **body) for body in leaving))
    await caught_up(office)
    (after,) = await groups(office)
    assert (after["disputes"], after["people"]) == (2, 2)
