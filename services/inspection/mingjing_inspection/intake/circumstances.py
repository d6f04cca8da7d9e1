"""What a report is judged by: the site that it names, the checklist that it answers, the numbers in force.

One rule: all of it is read from the log itself in one question; a list could be behind, and a device waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from mingjing_inspection.acts import COMPANY
from mingjing_inspection.codec import CHECKLIST_VERSIONS, CHECKLISTS_ID, PREMISES_KNOWN, VISITS
from mingjing_inspection.domain.checklist_versions import Versions
from mingjing_inspection.domain.closed_door import TeachingHours
from mingjing_inspection.domain.premises import Premises, Site, SiteNotApproved
from mingjing_inspection.domain.visit import (
    Asked,
    CorrectVisit,
    Force,
    Limits,
    Observation,
    Reported,
    ReportVisit,
    Visit,
)
from mingjing_inspection.domain.visit_checks import COMPANIONS_MAX
from mingjing_inspection.intake.joint import NO_TASK, VisitTask, task_of
from mingjing_inspection.policy.joint_powers import is_own
from mingjing_inspection.policy.visits import KINDS, TEACHING_HOURS, VISIT_RULE
from mingjing_inspection.sources.report import CorrectionBody, ReportForm
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Dimensions, Scope
from mingjing_kernel.log import Log
from mingjing_kernel.policy.streams import POLICY, in_force, policy_id
from mingjing_kernel.policy.versions import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Found for one report; ``site`` is None where nobody knows it, ``asked`` where there is no such checklist."""

    visit: Visit
    premises: Premises
    site: Site | None
    limits: Limits
    asked: Asked | None
    task: VisitTask = NO_TASK

    @property
    def department(self) -> str:
        """Whose report it is: of a joint task the department that the task is for."""
        return self.task.department or self.premises.department

    @property
    def region(self) -> str:
        """The site's grid or division, else the institution's."""
        return self.site.region if self.site else self.premises.region

    @property
    def category(self) -> str:
        """What the institution teaches."""
        return self.premises.category

    @property
    def dimensions(self) -> Dimensions:
        """Whose business it is."""
        return Dimensions(self.department, self.region, self.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How a report reached us: from whom, by which clocks, in which bytes."""

    officer: str
    device_sent_at: datetime
    received_at: datetime
    content_sha256: str
    bundle_id: UUID | None = None


def report_command(form: ReportForm, found: Circumstances, came: Came, force: Force | None = None) -> ReportVisit:
    """The command that a report comes to. Raises ``SiteNotApproved``."""
    if found.site is None:
        raise SiteNotApproved
    return ReportVisit(
        institution_id=form.institution_id,
        site_id=form.site_id,
        region=found.site.region,
        department=found.department,
        category=found.premises.category,
        officer=came.officer,
        observation=form.observation.observation(),
        device_sent_at=came.device_sent_at,
        received_at=came.received_at,
        task_id=form.task_id,
        asked=found.asked,
        limits=found.limits,
        content_sha256=came.content_sha256,
        bundle_id=came.bundle_id,
        force=force,
    )


def correction_command(
    form: CorrectionBody, found: Circumstances, by: str, at: datetime, sha256: str, force: Force | None = None
) -> CorrectVisit:
    """The command that a correction comes to; ``sha256`` of the bytes that it came in."""
    return CorrectVisit(
        corrects_version=form.corrects_version,
        observation=form.observation.observation(),
        reason=form.reason,
        corrected_by=by,
        corrected_at=at,
        asked=found.asked,
        limits=found.limits,
        content_sha256=sha256,
        force=force,
    )


async def circumstances_of(
    kit: Kit,
    visit_id: UUID,
    place: tuple[UUID, UUID],
    seen: Observation,
    received_at: datetime,
    task_id: UUID | None = None,
) -> Circumstances:
    """``place`` is institution and site. By the day of the visit for the questions, of receipt for the numbers."""
    (institution_id, site_id), log = place, kit.log
    visit, premises, versions, policy = await log.states_of(
        [
            (VISITS, visit_id),
            (PREMISES_KNOWN, institution_id),
            (CHECKLIST_VERSIONS, CHECKLISTS_ID),
            (POLICY, policy_id(VISIT_RULE)),
        ]
    )
    site: Site | None = premises.site(site_id)
    region, day = site.region if site else premises.region, shanghai_date(seen.visited_at)
    numbers = policy.on(VISIT_RULE, shanghai_date(received_at), region, premises.category)
    task = await task_of(log, (visit_id, visit), task_id, place, (day, region, premises.category))
    found = Circumstances(
        visit=visit,
        premises=premises,
        site=site,
        limits=replace(limits_of(numbers, task.kind), drawn=task.drawn),
        asked=_asked(versions, seen, day, task),
        task=task,
    )
    ungranted = await _ungranted(kit, seen, found.dimensions)
    return replace(found, limits=replace(found.limits, ungranted=ungranted))


async def _ungranted(kit: Kit, seen: Observation, here: Dimensions) -> tuple[str, ...]:
    """Companions who held no grant to look there when the visit was made, even if one was taken back since."""
    if not seen.companions:
        return ()
    standing = await kit.directory.current()
    return tuple(
        one
        for one in seen.companions[: COMPANIONS_MAX + 1]
        if not Scope(standing.held_then(one, seen.visited_at)).allows(role=COMPANY, **here._asdict())
    )


def _asked(versions: Versions, seen: Observation, day: date, task: VisitTask) -> Asked | None:
    """Of a joint task the same questions; who answers which is by the department's powers."""
    checklist = versions.checklist(seen.checklist)
    if checklist is None:
        return None
    powers = task.powers
    beyond = (one.code for one in checklist.items if powers is not None and not is_own(one.code, powers))
    is_in_force = versions.on(day).version == checklist.version
    return Asked(checklist=checklist, is_in_force=is_in_force, beyond=frozenset(beyond))


async def of_report(kit: Kit, visit_id: UUID, form: ReportForm, received_at: datetime) -> Circumstances:
    """For a report as it is written."""
    seen, place = form.observation.observation(), (form.institution_id, form.site_id)
    return await circumstances_of(kit, visit_id, place, seen, received_at, form.task_id)


async def of_correction(
    kit: Kit, visit_id: UUID, visit: Reported, form: CorrectionBody, received_at: datetime
) -> Circumstances:
    """For a correction of a report that stands."""
    place, seen = (visit.institution_id, visit.site_id), form.observation.observation()
    return await circumstances_of(kit, visit_id, place, seen, received_at, visit.task_id)


async def hours_in_force(log: Log, moment: datetime, region: str, category: str) -> TeachingHours:
    """Between which a closed door says something, on the day of the visit."""
    return hours_of(await in_force(log, TEACHING_HOURS, shanghai_date(moment), region, category))


def limits_of(numbers: Numbers, kind: str = "") -> Limits:
    """By which a report is judged; ``kind`` of the task that the visit is for, empty where it is for none."""
    name = kind.lower().replace("_", "-")
    return Limits(
        clock_skew_seconds_max=numbers["clock-skew"],
        accuracy_metres_max=numbers["accuracy"],
        officers_min=numbers[f"officers-{name if name in KINDS else 'routine'}"],
        signatures_required=bool(numbers["signatures"]),
        version=numbers.version,
    )


def hours_of(numbers: Numbers) -> TeachingHours:
    """Between which a closed door says something."""
    return TeachingHours(
        weekday_begins=numbers["weekday-begins"],
        weekday_ends=numbers["weekday-ends"],
        weekend_begins=numbers["weekend-begins"],
        weekend_ends=numbers["weekend-ends"],
        apart_minutes=numbers["apart"],
        version=numbers.version,
    )
