"""How many people complain of an institution, on a real log: numbers are told, and nobody is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import literal

from inspection.conftest import NOW, World
from inspection.samples import MUDUO, registered
from inspection.test_complaint_groups import copied
from inspection.test_complaint_tracks import Office
from mingjing_contracts.inspection import ComplainantsCountedV1
from mingjing_inspection.domain.complainant_count import ComplainantsCounted
from mingjing_inspection.intake.complainant_duty import NAME
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_inspection.projections.complainant_counts import PAPERS_MAX
from mingjing_inspection.projections.complaints import complaints_table

OTHER = UUID(int=0x99)
GONE = {"title": "木铎轩人去楼空", "text": "木铎轩人去楼空，联系不上。"}


async def told(world: World) -> list[ComplainantsCountedV1]:
    """Every count, as it is published."""
    await world.caught_up()
    await world.host.duties[NAME].look()
    facts = [fact for fact in await world.host.log.read(0, 1_000) if isinstance(fact.event, ComplainantsCounted)]
    contracts: list[Any] = [OUTBOUND[ComplainantsCounted](fact) for fact in facts]
    return contracts


def of(contract: ComplainantsCountedV1, word: str, days: int) -> tuple[int, int]:
    return next(((c.people, c.unnamed) for c in contract.counts if (c.word, c.days) == (word, days)), (0, 0))


async def test_people_are_counted_once_and_whoever_left_nothing_is_a_paper(world: World) -> None:
    office = Office(world)
    for number in (1, 2, 3):
        await office.take(number, **GONE)
    (first,) = await told(world)
    assert (first.institution_id, of(first, "", 7), of(first, "gone", 30)) == (MUDUO, (1, 0), (1, 0))
    await office.take(4, complainant={"name": "李四", "phone": "19900002222"}, **GONE)
    await office.take(5, complainant=None, **GONE)
    await office.take(6, tracks=["WORK_ORDER"], complainant={"name": "王五", "phone": "19900003333"})
    counted = await told(world)
    assert (len(counted), of(counted[-1], "", 7), of(counted[-1], "gone", 60)) == (2, (2, 1), (2, 1))
    assert len(await told(world)) == 2, "nothing changed, nothing is told"
    world.later(days=8)
    await world.host.duties[NAME].do(first.counted_on)
    last = (await told(world))[-1]
    assert (of(last, "", 7), of(last, "", 30)) == ((0, 0), (2, 1)), "a week later nobody complained this week"
    told_all = b"".join(one.to_bytes() for one in counted)
    assert not any(word.encode() in told_all for word in ("李四", "19900002222", "王小明"))
    assert (await world.replayed()).differences == 0


async def test_nobody_complains_of_whom_it_was_not_about(world: World) -> None:
    office = Office(world)
    track = (await office.take(1, **GONE))["DISPUTE"]
    assert of((await told(world))[-1], "", 7) == (1, 0)
    names = {
        "institution_id": OTHER,
        "name": "杭州另一家培训学校",
        "short_name": "另一家",
        "former_names": (),
        "uscc": "",
    }
    await world.tell(registered().model_copy(update=names))
    attribution = {"institution_id": str(OTHER), "reason": "投诉人补充"}
    moved = await office.operator.send("POST", f"/complaints/{track['complaint_id']}/attribution", json=attribution)
    assert moved.is_success, moved.text
    counts = {one.institution_id: of(one, "", 7) for one in await told(world)}
    assert counts == {MUDUO: (0, 0), OTHER: (1, 0)}


async def test_thousands_who_complain_of_another_take_nobody_from_this_ones_numbers(world: World) -> None:
    office = Office(world)
    await office.take(1, **GONE)
    await world.caught_up()
    await copied(world, complaints_table, PAPERS_MAX, institution_id=literal(OTHER), received_at=literal(NOW))
    counts = {one.institution_id: of(one, "", 7) for one in await told(world)}
    assert counts == {MUDUO: (1, 0), OTHER: (0, PAPERS_MAX)}
    await office.take(2, complainant={"name": "李四", "phone": "19900002222"}, **GONE)
    assert of((await told(world))[-1], "gone", 7) == (2, 0)
