"""Visits of a finding and of what was ordered because of it: none is taken back too early, and none stays for ever."""

from __future__ import annotations

from uuid import UUID

from inspection.conftest import World
from inspection.test_findings import Office
from inspection.test_rectifications import fed_back, hazard, reacted, reported, took
from mingjing_inspection.codec import FINDINGS
from mingjing_inspection.intake.rectified_visits import rectified_reactions
from mingjing_inspection.projections.reactions import RECHECKED


async def test_a_finding_that_is_fed_back_again_keeps_its_visit_though_a_recheck_before_is_answered_late(
    world: World,
) -> None:
    office = Office(world)
    finding, proposed = await hazard(world, office, order=False)
    await took(office.dispatcher, proposed, "declining", reason="无需责令")
    await fed_back(world, finding)
    looks = office.checker
    looks.position = str(await world.host.log.head())
    await took(looks, finding, "recheck", is_passed=False, note="仍堵塞")
    id = UUID(finding.removeprefix("/findings/"))
    failed = f"{FINDINGS.stream(id)}:{(await world.host.log.state(FINDINGS, id))[1]}"
    office.dispatcher.position = looks.position
    await took(office.dispatcher, finding, "dispatch", department="education", reason="返工")
    handler = world.caller("inspector", "handles", department="education")
    handler.position = office.dispatcher.position
    await took(handler, finding, "handling")
    await fed_back(world, finding)
    row = {"reaction": RECHECKED, "source_id": id, "occasion": failed}
    steps, note = await rectified_reactions(world.host)[RECHECKED](row)  # as after an upgrade, or a long pause
    assert (steps, note.why) == ([], "no-recheck-open")
    office.dispatcher.position = str(await world.host.log.head())
    states = [one["state"] for one in (await office.dispatcher.get("/tasks"))["items"]]
    assert sorted(states) == ["CANCELLED", "PLANNED"]


async def test_the_visit_of_a_finding_that_its_rectification_counted_on_is_taken_back_with_it(world: World) -> None:
    office = Office(world)
    finding, path = await hazard(world, office)
    await fed_back(world, finding)
    await reported(world, path, office.dispatcher)
    looks = office.checker
    looks.position = office.dispatcher.position
    await took(looks, finding, "recheck", is_passed=True, note="已清理，属实")
    await reacted(world, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert (task["rule"], task["state"]) == ("RECHECK", "PLANNED"), "the rectification counts on it"
    await took(world.caller("inspector", "looks"), path, "recheck", is_passed=True, note="已到位")
    await reacted(world, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert (task["state"], task["note"]) == ("CANCELLED", "案卷已核查，无需再上门")
    assert (await world.replayed()).differences == 0
