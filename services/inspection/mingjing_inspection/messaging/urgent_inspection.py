"""Reaction X1: a RED fund alert sends somebody to every approved site of the institution.

One rule: ids are derived from the alert and the site, so that the reaction happens once however often the
alert is heard.
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

INSTITUTION_UNKNOWN = "the registry has not named this institution yet"
NO_APPROVED_SITE = "the registry has approved no site of this institution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Who acts while the competent department is unknown: the lead department of the county (教育局)."""

    region: str
    department: str


def urgent_inspection(
    alert_id: UUID, institution_id: UUID, cause: Cause, premises: Premises, raised_at: datetime, fallback: Fallback
) -> list[tuple[UUID, PlanTask]]:
    """The tasks that a RED alert calls for, each with its id: one a site, or one without a site that says why.

    ``fallback`` is used where the premises say nothing.
    """
    if not premises.sites:
        why = NO_APPROVED_SITE if premises.names else INSTITUTION_UNKNOWN
        unlocated = PlanTask(
            kind=TaskKind.URGENT,
            institution_id=institution_id,
            site_id=None,
            region=premises.region or fallback.region,
            department=premises.department or fallback.department,
            category=premises.category,
            due_at=raised_at + ON_SITE_MAX,
            planned_at=raised_at,
            cause=cause,
            why_no_site=why,
        )
        return [(derived_id("urgent-inspection", alert_id), unlocated)]
    return [
        (
            derived_id("urgent-inspection", alert_id, site.site_id),
            PlanTask(
                kind=TaskKind.URGENT,
                institution_id=institution_id,
                site_id=site.site_id,
                region=site.region,
                department=premises.department or fallback.department,
                category=premises.category,
                due_at=raised_at + ON_SITE_MAX,
                planned_at=raised_at,
                cause=cause,
            ),
        )
        for site in premises.sites
    ]
