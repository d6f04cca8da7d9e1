"""Where sites stand: a surveyed position goes before a stated grid, and open tasks move with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mingjing_inspection.domain.premises import (
    PREMISES,
    NoteSite,
    NoteSiteClosed,
    Premises,
    Site,
    SiteNotApproved,
    SiteNoted,
)
from mingjing_inspection.domain.site_place import (
    Looked,
    PlaceImpossible,
    PlaceSite,
    ResolveSites,
    SiteGrid,
    SitePlaced,
    SitesResolved,
    Source,
)
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.task_facts import (
    AcceptTask,
    Cause,
    PlanTask,
    SubmitTask,
    TaskAccepted,
    TaskKind,
    TaskPlanned,
)
from mingjing_inspection.domain.task_move import MoveTask, TaskMoved
from mingjing_inspection.domain.task_refusals import SiteUnknown, TaskAlreadySubmitted
from mingjing_inspection.domain.visit import Outcome
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
SITE_ID, VERSION, INSTITUTION = UUID(int=3), UUID(int=9), UUID(int=1)
STATED, FOUND, LATER = "330106109003004", "330106109001001", "330106109001002"
SITE = Site(site_id=SITE_ID, address="莲花街1号", division="330106109", grid=STATED)
NOTED = SiteNoted(site=SITE, noted_at=AT)
WHERE = {"longitude_e7": 1_201_500_000, "latitude_e7": 302_700_000}
PLACE = PlaceSite(
    site_id=SITE_ID, **WHERE, accuracy_metres=5, source=Source.FORM, grid=FOUND, version_id=VERSION, visit_id=None,
    placed_at=AT,
)  # fmt: skip
PLACED = SitePlaced(
    site_id=SITE_ID, **WHERE, accuracy_metres=5, source=Source.FORM, grid=FOUND, version_id=VERSION, visit_id=None,
    placed_at=AT,
)  # fmt: skip


@pytest.fixture
def premises() -> Spec[Any, Any, Any]:
    return Spec(PREMISES)


def grid_after(*facts: Any) -> str:
    site = PREMISES.fold(facts).site(SITE_ID)
    assert site is not None
    return site.grid


def test_a_position_goes_before_the_stated_grid_and_is_said_once(premises: Spec[Any, Any, Any]) -> None:
    premises.given(NOTED).when(PLACE).then(PLACED)
    premises.given(NOTED, PLACED).when(PLACE).then()
    assert (grid_after(NOTED), grid_after(NOTED, PLACED)) == (STATED, FOUND)
    premises.when(PLACE).then_refused(SiteNotApproved)
    premises.given(NOTED).when(replace(PLACE, longitude_e7=300_000_000)).then_refused(PlaceImpossible)


def test_what_the_registry_says_again_does_not_move_a_placed_site(premises: Spec[Any, Any, Any]) -> None:
    premises.given(NOTED, PLACED).when(NoteSite(site=SITE, noted_at=AT)).then()
    other = SiteNoted(site=replace(SITE, grid=LATER), noted_at=AT)
    assert grid_after(NOTED, PLACED, other) == FOUND
    moved_away = SiteNoted(site=replace(SITE, address="文三路2号"), noted_at=AT)
    assert grid_after(NOTED, PLACED, moved_away) == STATED, "another address has to be placed anew"


def test_a_redraw_moves_what_lies_elsewhere_and_not_what_was_placed_meanwhile(premises: Spec[Any, Any, Any]) -> None:
    def resolve(grid: str, **where: int) -> ResolveSites:
        looked = Looked(site_id=SITE_ID, grid=grid, **(WHERE | where))
        return ResolveSites(version_id=VERSION, sites=(looked,), resolved_at=AT)

    placed = premises.given(NOTED, PLACED)
    moved = SitesResolved(version_id=VERSION, sites=(SiteGrid(site_id=SITE_ID, grid=LATER),), resolved_at=AT)
    placed.when(resolve(LATER)).then(moved)
    placed.when(resolve(FOUND)).then()
    placed.when(resolve(LATER, latitude_e7=302_700_001)).then()
    premises.given(NOTED).when(resolve(LATER)).then()
    outside = SitesResolved(version_id=VERSION, sites=(SiteGrid(site_id=SITE_ID, grid=""),), resolved_at=AT)
    placed.when(resolve("")).then(outside)
    assert (grid_after(NOTED, PLACED, moved), grid_after(NOTED, PLACED, outside)) == (LATER, STATED)


def test_a_site_that_closed_is_forgotten_with_its_place(premises: Spec[Any, Any, Any]) -> None:
    state: Premises = PREMISES.fold((NOTED, PLACED))
    closed = PREMISES.fold(PREMISES.decide(NoteSiteClosed(site_id=SITE_ID, reason="停办", noted_at=AT), state), state)
    assert (closed.sites, dict(closed.places)) == ((), {})
    assert PREMISES.fold([NOTED], closed).site(SITE_ID) == SITE


PLANNED = TaskPlanned(
    kind=TaskKind.ROUTINE, institution_id=INSTITUTION, site_id=SITE_ID, region=STATED, department="education",
    category="art", due_at=AT + timedelta(days=1), planned_at=AT, cause=Cause(reason="例行"),
)  # fmt: skip
ACCEPTED = TaskAccepted(institution_id=INSTITUTION, officer="甲", accepted_at=AT)


def moved(officer: str, taken_from: str) -> TaskMoved:
    return TaskMoved(
        institution_id=INSTITUTION, region=FOUND, officer=officer, taken_from=taken_from, version_id=VERSION,
        moved_at=AT,
    )  # fmt: skip


def move(officer: str) -> MoveTask:
    return MoveTask(region=FOUND, officer=officer, version_id=VERSION, moved_at=AT)


def test_an_open_task_moves_to_the_new_grid_and_its_officer() -> None:
    task = Spec(TASK)
    task.given(PLANNED).when(move("乙")).then(moved("乙", ""))
    task.given(PLANNED, ACCEPTED).when(move("乙")).then(moved("乙", "甲"))
    task.given(PLANNED, ACCEPTED).when(move("甲")).then(moved("甲", ""))
    task.given(PLANNED, ACCEPTED).when(move("")).then(moved("", ""))
    again = AcceptTask(officer="乙", accepted_at=AT)
    task.given(PLANNED, ACCEPTED, moved("乙", "甲")).when(again).then(
        TaskAccepted(institution_id=INSTITUTION, officer="乙", accepted_at=AT)
    )


def test_a_submitted_task_stays_with_who_made_the_visit() -> None:
    submit = SubmitTask(visit_id=UUID(int=5), outcome=Outcome.NO_ISSUE, officer="甲", submitted_at=AT)
    submitted = TASK.decide(submit, TASK.fold((PLANNED,)))
    Spec(TASK).given(PLANNED, *submitted).when(move("乙")).then_refused(TaskAlreadySubmitted)
    nowhere = PlanTask(
        kind=TaskKind.ROUTINE, institution_id=None, site_id=None, region="330106", department="education",
        category="art", due_at=AT + timedelta(days=1), planned_at=AT, cause=Cause(reason="例行"), why_no_site="x",
    )  # fmt: skip
    Spec(TASK).given(*TASK.decide(nowhere, TASK.initial)).when(move("乙")).then_refused(SiteUnknown)
