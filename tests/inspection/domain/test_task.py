from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mingjing_inspection.domain.premises import (
    PREMISES,
    InstitutionNoted,
    Names,
    NoteInstitution,
    NoteSite,
    Premises,
    Site,
    SiteNoted,
)
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.task_facts import (
    AcceptTask,
    Cause,
    CloseTask,
    Command,
    Event,
    LocateTask,
    PlanTask,
    SubmitTask,
    TaskAccepted,
    TaskClosed,
    TaskKind,
    TaskLocated,
    TaskPlanned,
    TaskPlannedWithoutSite,
    TaskSubmitted,
)
from mingjing_inspection.domain.task_refusals import (
    ConclusionMissing,
    DuePassed,
    NotYetSubmitted,
    SiteOfAnother,
    SiteUnknown,
    TaskAcceptedByAnother,
    TaskAlreadyClosed,
    TaskAlreadySubmitted,
    TaskNotPlanned,
    WhyNoSiteMissing,
)
from mingjing_inspection.domain.visit import Outcome
from mingjing_inspection.messaging.urgent_inspection import (
    HOLDER_UNKNOWN,
    INSTITUTION_UNKNOWN,
    NO_APPROVED_SITE,
    RedAlert,
    urgent_inspections,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
DUE = AT + timedelta(hours=24)
INSTITUTION, SITE, VISIT_ID, ALERT = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
CAUSE = Cause(reason="余额低于未消课负债", alert_id=ALERT, rule="F02")
PLAN = PlanTask(
    kind=TaskKind.URGENT,
    institution_id=INSTITUTION,
    site_id=SITE,
    region="330106109001001",
    department="科技局",
    category="tech",
    due_at=DUE,
    planned_at=AT,
    cause=CAUSE,
)
PLANNED = TaskPlanned(
    kind=TaskKind.URGENT,
    institution_id=INSTITUTION,
    site_id=SITE,
    region="330106109001001",
    department="科技局",
    category="tech",
    due_at=DUE,
    planned_at=AT,
    cause=CAUSE,
)
NOWHERE = TaskPlannedWithoutSite(
    kind=TaskKind.URGENT,
    institution_id=INSTITUTION,
    region="330106",
    department="教育局",
    category="",
    due_at=DUE,
    planned_at=AT,
    cause=CAUSE,
    why_no_site="没有备案教学点",
)
LOCATED = TaskLocated(institution_id=INSTITUTION, site_id=SITE, region="330106109", located_by="d", located_at=AT)
ACCEPTED = TaskAccepted(institution_id=INSTITUTION, officer="o1", accepted_at=AT)
SUBMITTED = TaskSubmitted(
    institution_id=INSTITUTION, visit_id=VISIT_ID, outcome=Outcome.DOOR_CLOSED, officer="o1", submitted_at=AT
)
CLOSED = TaskClosed(institution_id=INSTITUTION, conclusion="已转办", closed_by="leader", closed_at=AT)
LOCATE = LocateTask(institution_id=INSTITUTION, site_id=SITE, region="330106109", located_by="d", located_at=AT)
ACCEPT = AcceptTask(officer="o1", accepted_at=AT)
SUBMIT = SubmitTask(visit_id=VISIT_ID, outcome=Outcome.DOOR_CLOSED, officer="o1", submitted_at=AT)
CLOSE = CloseTask(conclusion="已转办", closed_by="leader", closed_at=AT)


def test_a_task_runs_from_plan_to_close() -> None:
    Spec(TASK).when(PLAN).then(PLANNED)
    Spec(TASK).given(PLANNED).when(ACCEPT).then(ACCEPTED)
    Spec(TASK).given(PLANNED, ACCEPTED).when(SUBMIT).then(SUBMITTED)
    Spec(TASK).given(PLANNED, ACCEPTED, SUBMITTED).when(CLOSE).then(CLOSED)


def test_a_task_without_a_site_says_why_and_waits_to_be_located() -> None:
    nowhere = replace(PLAN, site_id=None, region="330106", department="教育局", category="")
    Spec(TASK).when(replace(nowhere, why_no_site="没有备案教学点")).then(NOWHERE)
    Spec(TASK).when(nowhere).then_refused(WhyNoSiteMissing)
    Spec(TASK).given(NOWHERE).when(LOCATE).then(LOCATED)
    Spec(TASK).given(NOWHERE, LOCATED).when(ACCEPT).then(ACCEPTED)


def test_a_visit_made_without_pressing_accept_still_counts() -> None:
    Spec(TASK).given(PLANNED).when(SUBMIT).then(SUBMITTED)


@pytest.mark.parametrize(
    ("history", "command"),
    [
        ((PLANNED,), PLAN),
        ((PLANNED,), LOCATE),
        ((PLANNED, ACCEPTED), ACCEPT),
        ((PLANNED, SUBMITTED), SUBMIT),
        ((PLANNED, SUBMITTED, CLOSED), CLOSE),
        ((PLANNED, SUBMITTED, CLOSED), SUBMIT),
        ((PLANNED, SUBMITTED, CLOSED), PLAN),
    ],
)
def test_a_repeated_step_changes_nothing(history: tuple[Event, ...], command: Command) -> None:
    Spec(TASK).given(*history).when(command).then()


@pytest.mark.parametrize(
    ("history", "command", "reason"),
    [
        ((), replace(PLAN, due_at=AT), DuePassed),
        ((), ACCEPT, TaskNotPlanned),
        ((NOWHERE,), ACCEPT, SiteUnknown),
        ((NOWHERE,), SUBMIT, SiteUnknown),
        ((NOWHERE,), replace(LOCATE, institution_id=UUID(int=99)), SiteOfAnother),
        ((PLANNED, ACCEPTED), replace(ACCEPT, officer="o2"), TaskAcceptedByAnother),
        ((PLANNED, SUBMITTED), ACCEPT, TaskAlreadySubmitted),
        ((PLANNED, SUBMITTED), replace(SUBMIT, visit_id=UUID(int=8)), TaskAlreadySubmitted),
        ((PLANNED, SUBMITTED, CLOSED), ACCEPT, TaskAlreadyClosed),
        ((PLANNED, ACCEPTED), CLOSE, NotYetSubmitted),
        ((PLANNED, SUBMITTED), replace(CLOSE, conclusion=" "), ConclusionMissing),
    ],
)
def test_a_step_out_of_order_is_refused(history: tuple[Event, ...], command: Command, reason: type[Refusal]) -> None:
    Spec(TASK).given(*history).when(command).then_refused(reason)


NAMES = Names(full_name="杭州木铎轩书画培训有限公司")
RED = RedAlert(
    alert_id=ALERT, institution_id=INSTITUTION, cause=CAUSE, raised_at=AT, region="330106", department="教育局"
)


def premises(*sites: Site) -> Premises:
    return Premises(names=NAMES, region="330106", department="文旅局", category="art", sites=sites)


def test_a_red_alert_sends_somebody_to_every_site_once() -> None:
    here = Site(site_id=SITE, address="莲花街", division="330106109", grid="330106109001001")
    there = Site(site_id=UUID(int=7), address="文三路", division="330106008")
    tasks = urgent_inspections(RED, premises(here, there), DAY)
    assert [command.region for _, command in tasks] == ["330106109001001", "330106008"]
    assert len({task_id for task_id, _ in tasks}) == 2
    assert tasks == urgent_inspections(RED, premises(here, there), DAY)
    assert all(command.department == "文旅局" and command.due_at == DUE for _, command in tasks)


def test_a_red_alert_without_a_known_site_goes_to_the_department_with_the_reason() -> None:
    ((_, known),) = urgent_inspections(RED, premises(), DAY)
    assert (known.site_id, known.department, known.why_no_site) == (None, "文旅局", NO_APPROVED_SITE)
    ((_, unknown),) = urgent_inspections(RED, Premises(), DAY)
    assert (unknown.region, unknown.department, unknown.why_no_site) == ("330106", "教育局", INSTITUTION_UNKNOWN)
    ((_, nobody),) = urgent_inspections(replace(RED, institution_id=None), Premises(), DAY)
    assert (nobody.institution_id, nobody.why_no_site) == (None, HOLDER_UNKNOWN)


def test_premises_note_what_is_new_and_nothing_twice() -> None:
    note = NoteInstitution(names=NAMES, region="330106", department="文旅局", category="art", noted_at=AT)
    noted = InstitutionNoted(names=NAMES, region="330106", department="文旅局", category="art", noted_at=AT)
    site = Site(site_id=SITE, address="莲花街", division="330106109")
    moved = replace(site, address="莲花街2号")
    Spec(PREMISES).when(note).then(noted)
    Spec(PREMISES).given(noted).when(note).then()
    Spec(PREMISES).given(noted).when(NoteSite(site=site, noted_at=AT)).then(SiteNoted(site=site, noted_at=AT))
    given = Spec(PREMISES).given(SiteNoted(site=site, noted_at=AT))
    given.when(NoteSite(site=site, noted_at=AT)).then()
    given.when(NoteSite(site=moved, noted_at=AT)).then(SiteNoted(site=moved, noted_at=AT))
    assert PREMISES.fold([SiteNoted(site=site, noted_at=AT), SiteNoted(site=moved, noted_at=AT)]).sites == (moved,)
