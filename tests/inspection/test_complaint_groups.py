"""Groups of complaints on a real database: whom X8 brings together, whom it leaves alone, how many they are said to be."""

from __future__ import annotations

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
