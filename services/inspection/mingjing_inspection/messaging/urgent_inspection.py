"""Reaction X1: a RED fund alert sends somebody to every approved site of the institution.

One rule: ids are derived from the alert and the site, so that the reaction happens once however often the alert is
heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_kernel.identifiers import derived_id

ON_SITE_MAX = timedelta(hours=24)
"""A RED alert is answered on site within this time (product default)."""

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


def urgent_inspections(alert: RedAlert, premises: Premises) -> list[tuple[UUID, PlanTask]]:
    """The tasks that a RED alert calls for, each with its id: one a site, or one without a site that says why."""
    if alert.institution_id is None or not premises.sites:
        nowhere = _task(alert, premises, None, premises.region or alert.region, why_no_site=_why(alert, premises))
        return [(derived_id("urgent-inspection", alert.alert_id), nowhere)]
    return [
        (
            derived_id("urgent-inspection", alert.alert_id, site.site_id),
            _task(alert, premises, site.site_id, site.region),
        )
        for site in premises.sites
    ]


def _task(alert: RedAlert, premises: Premises, site_id: UUID | None, region: str, why_no_site: str = "") -> PlanTask:
    return PlanTask(
        kind=TaskKind.URGENT,
        institution_id=alert.institution_id,
        site_id=site_id,
        region=region,
        department=premises.department or alert.department,
        category=premises.category,
        due_at=alert.raised_at + ON_SITE_MAX,
        planned_at=alert.raised_at,
        cause=alert.cause,
        why_no_site=why_no_site,
    )


def _why(alert: RedAlert, premises: Premises) -> str:
    if alert.institution_id is None:
        return HOLDER_UNKNOWN
    return NO_APPROVED_SITE if premises.names else INSTITUTION_UNKNOWN
