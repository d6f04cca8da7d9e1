"""Reactions X1 and X14: a RED fund alert, or a barred person on the staff, sends somebody to every approved site.

One rule: ids are derived from the occasion and the site, so that the reaction happens once however often it is heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_kernel.identifiers import derived_id

HOLDER_UNKNOWN = "holder-unknown"
"""Nobody knows yet which institution holds the account; a code, put into words where somebody reads it."""
INSTITUTION_UNKNOWN = "institution-unknown"
"""The registry has not named this institution yet."""
NO_APPROVED_SITE = "no-approved-site"
"""The registry has approved no site of this institution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedAlert:
    """What the reaction needs of an alert. ``region`` and ``department`` count where the premises say nothing."""

    alert_id: UUID
    institution_id: UUID | None
    cause: Cause
    raised_at: datetime
    region: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredStaff:
    """What it needs of a demand to dismiss somebody; ``demand`` tells one demand from the next."""

    demand: UUID
    institution_id: UUID
    cause: Cause
    demanded_at: datetime
    region: str
    department: str


def urgent_inspections(alert: RedAlert, premises: Premises, within: timedelta) -> list[tuple[UUID, PlanTask]]:
    """The tasks that a RED alert calls for, each with its id: one a site, or one without a site that says why."""
    return _tasks(
        "urgent-inspection",
        alert.alert_id,
        premises,
        _Look(
            kind=TaskKind.URGENT,
            institution_id=alert.institution_id,
            cause=alert.cause,
            since=alert.raised_at,
            within=within,
            region=alert.region,
            department=alert.department,
        ),
    )


def dismissal_inspections(barred: BarredStaff, premises: Premises, within: timedelta) -> list[tuple[UUID, PlanTask]]:
    """The tasks that a barred person on the staff calls for: does she work there still?"""
    return _tasks(
        "dismissal-inspection",
        barred.demand,
        premises,
        _Look(
            kind=TaskKind.SPECIAL,
            institution_id=barred.institution_id,
            cause=barred.cause,
            since=barred.demanded_at,
            within=within,
            region=barred.region,
            department=barred.department,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    kind: TaskKind
    institution_id: UUID | None
    cause: Cause
    since: datetime
    within: timedelta
    region: str
    department: str


def _tasks(reaction: str, occasion: UUID, premises: Premises, look: _Look) -> list[tuple[UUID, PlanTask]]:
    if look.institution_id is None or not premises.sites:
        nowhere = _task(look, premises, None, premises.region or look.region, why_no_site=_why(look, premises))
        return [(derived_id(reaction, occasion), nowhere)]
    return [
        (derived_id(reaction, occasion, site.site_id), _task(look, premises, site.site_id, site.region))
        for site in premises.sites
    ]


def _task(look: _Look, premises: Premises, site_id: UUID | None, region: str, why_no_site: str = "") -> PlanTask:
    return PlanTask(
        kind=look.kind,
        institution_id=look.institution_id,
        site_id=site_id,
        region=region,
        department=premises.department or look.department,
        category=premises.category,
        due_at=look.since + look.within,
        planned_at=look.since,
        cause=look.cause,
        why_no_site=why_no_site,
    )


def _why(look: _Look, premises: Premises) -> str:
    if look.institution_id is None:
        return HOLDER_UNKNOWN
    return NO_APPROVED_SITE if premises.names else INSTITUTION_UNKNOWN
