"""Routing of complaints as data: changed by two persons, previewed, several versions at once by the day of receipt."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inspection.conftest import World
from inspection.test_complaint_tracks import MARKET, Office, refused, shown, step
from mingjing_inspection.domain.complaint_routing import COMPLAINT_MATRIX_V1
from mingjing_inspection.domain.dispatching import Ground, suggested
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.intake.complaint_routes import whose
from mingjing_inspection.policy.complaint_routing_rules import DEPARTMENTS, ROUTING_RULE
from mingjing_kernel.policy import Policy

VERSION = UUID(int=77)
EDUCATION = [department for department, _, _ in DEPARTMENTS].index("education")
PROPOSAL: dict[str, Any] = {
    "numbers": {"fees": EDUCATION},
    "region": "330106",
    "effective_on": "2026-07-02",
    "legal_basis": "区权责清单（2026年版）",
    "reason": "收费投诉改由教育部门牵头",
}
DAY = date(2026, 7, 1)
places = st.sampled_from(["", "330106", "330106109", "330106109001001"])
categories = st.sampled_from(["", "subject", "art", "sport", "technology", "other", "unheard-of"])


async def proposed(world: World, **changed: Any) -> str:
    path = f"/policies/{ROUTING_RULE.name}/versions/{VERSION}"
    answer = await world.caller("approver", "first").send("PUT", path, json=PROPOSAL | changed)
    assert answer.status_code < 300, answer.text
    return path


async def test_a_line_is_changed_by_two_persons_and_what_was_received_before_falls_under_its_own(world: World) -> None:
    office = Office(world)
    before = (await office.take(1))["DISPUTE"]
    world.later(days=1)
    office = Office(world)
    after = (await office.take(2, received_at="2026-07-02T01:00:00+00:00"))["DISPUTE"]
    path = await proposed(world)
    first = world.caller("approver", "first")
    assert (await first.send("POST", f"{path}/approval")).status_code == 403, "the proposer does not approve"
    asked = await office.router.get(f"/complaint-tracks/{after['track_id']}/suggestion", matter="FEES")
    assert asked["department"] == MARKET, "a proposal does not count"
    assert (await world.caller("approver", "second").send("POST", f"{path}/approval")).status_code == 201
    old = await office.router.get(f"/complaint-tracks/{before['track_id']}/suggestion", matter="FEES")
    new = await office.router.get(f"/complaint-tracks/{after['track_id']}/suggestion", matter="FEES")
    assert (old["department"], old["matrix"]) == (MARKET, "complaint-matrix/1")
    assert (new["department"], new["matrix"], new["legal_basis"]) == (
        "education", f"complaint-matrix/1+{VERSION}", "区权责清单（2026年版）",
    )  # fmt: skip
    await step(office.router, before, "routing", matter="FEES")
    await step(office.router, after, "routing", matter="FEES")
    office.operator.position = office.router.position
    assert (await shown(office.operator, before))["handler_department"] == MARKET
    assert (await shown(office.operator, after))["handler_department"] == "education"
    other = (await office.take(3, received_at="2026-07-02T01:00:00+00:00"))["DISPUTE"]
    assert (await refused(office.router, other, "routing", matter="FEES", department=MARKET))[0] == 422
    assert (await world.replayed()).differences == 0


async def test_what_a_proposal_would_change_is_seen_before_it_is_approved(world: World) -> None:
    office = Office(world)
    await office.take(1, tracks=["WORK_ORDER"])
    world.later(days=1)
    office = Office(world)
    later = "2026-07-02T01:00:00+00:00"
    orders = [(await office.take(at, received_at=later, tracks=["WORK_ORDER"]))["WORK_ORDER"] for at in (2, 3)]
    await step(office.operator, orders[0], "classification", order_kind="COMPLAINT", matter="FEES")
    await proposed(world)
    operator = world.caller("hotline-operator", "operator")
    operator.position = str(await world.host.log.head())
    seen = await operator.get(f"/complaint-routing/versions/{VERSION}")
    assert (seen["rule"], seen["is_approved"], seen["reason"]) == ("complaint-routing", False, PROPOSAL["reason"])
    assert {(one["matter"], one["before"], one["after"]) for one in seen["changes"]} == {("FEES", MARKET, "education")}
    assert len(seen["changes"]) == 5, "of every category"
    assert seen["waiting"] == [{"matter": "FEES", "before": MARKET, "after": "education", "tracks": 1}]
    assert (seen["undecided"], seen["is_cut"]) == (2, False)
    elsewhere = world.caller("hotline-operator", "elsewhere", region="330108")
    unseen = await elsewhere.get(f"/complaint-routing/versions/{VERSION}")
    assert (unseen["waiting"], unseen["undecided"]) == ([], 0), "waiting tracks are the caller's own"
    missing = await operator.get(f"/complaint-routing/versions/{UUID(int=1)}")
    assert missing["status"] == 404


async def test_the_table_is_told_for_a_day_and_a_place(world: World) -> None:
    path = await proposed(world, category="art")
    second = world.caller("approver", "second")
    assert (await second.send("POST", f"{path}/approval")).status_code == 201
    reader = world.caller("inspector", "reader")
    reader.position = second.position

    async def fees(**asked: str) -> dict[str, str]:
        items = (await reader.get("/complaint-routing", **asked))["items"]
        return {one["category"]: one["department"] for one in items if one["matter"] == "FEES"}

    assert set((await fees(on="2026-07-01")).values()) == {MARKET}
    assert (await fees(on="2026-07-02"))["art"] == "education"
    assert (await fees(on="2026-07-02"))["sport"] == MARKET
    assert (await fees(on="2026-07-02", category="art", region="330108")) == {"art": MARKET}
    school = [one for one in (await reader.get("/complaint-routing"))["items"] if one["matter"] == "SCHOOL"]
    assert {one["department_zh"] for one in school} == {"教育督导"}


@given(st.sampled_from(Matter), places, categories, st.booleans())
def test_where_nobody_decided_the_released_table_counts(
    matter: Matter, region: str, category: str, is_looked_at: bool
) -> None:
    said = whose((Policy(), Policy()), matter, DAY, region, category, is_looked_at=is_looked_at)
    assert said == suggested(matter, region, category, is_seen_on_site=is_looked_at, matrix=COMPLAINT_MATRIX_V1)
    assert (said.department == "") == (said.ground is Ground.GRID_FIRST)
