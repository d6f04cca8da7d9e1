"""Campaigns (专项行动): one order sends somebody to many sites: a census, a special, unannounced, joint round.

One rule: the order says who orders what, where, until when and why; the tasks follow from it and name it. A joint one
names at least two departments, and each gets tasks of its own: nobody acts with another department's powers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingjing_inspection.domain.task_facts import TaskKind
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid

KINDS = frozenset({TaskKind.CENSUS, TaskKind.SPECIAL, TaskKind.UNANNOUNCED, TaskKind.JOINT})
JOINT_DEPARTMENTS_MIN = 2
SITES_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCampaign:
    """Send somebody to every site of a region and a category; ``sites`` is how many there are."""

    kind: TaskKind
    title: str
    region: str
    category: str
    departments: tuple[str, ...]
    department: str
    sites: int
    due_at: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrdered:
    """Somebody goes to all of them."""

    kind: TaskKind
    title: str
    region: str
    category: str
    departments: tuple[str, ...]
    department: str
    sites: int
    due_at: datetime
    reason: str
    by: str
    at: datetime


class CampaignKindImpossible(Invalid):
    """Routine visits, draws and re-checks have their own plans."""

    sentence = "A campaign is a census, a special, an unannounced or a joint round."
    remedy = "Choose one of these kinds; other tasks are planned by policy."
    field = "kind"


class DepartmentsTooFew(Invalid):
    """Joint with nobody."""

    sentence = "A joint round takes at least {minimum} departments, each named once."
    remedy = "Name the departments that take part; only a joint round names any."
    field = "departments"


class CampaignEmpty(Invalid):
    """Nowhere to go."""

    sentence = "There is no site to go to there."
    remedy = "Widen the region or the category."
    field = "region"


class CampaignTooLarge(Invalid):
    """More than one order takes."""

    sentence = "{sites} sites are there; one order takes {maximum} at most."
    remedy = "Order it town by town, or a category at a time."
    field = "region"


class CampaignDuePassed(Invalid):
    """Due before it is ordered."""

    sentence = "The campaign would be due before it is ordered."
    remedy = "Give a due time in the future."
    field = "due_at"


def _decide(command: OrderCampaign, ordered: CampaignOrdered | None) -> list[CampaignOrdered]:
    if ordered is not None:
        return []
    if command.kind not in KINDS:
        raise CampaignKindImpossible
    named = len(set(command.departments))
    is_joint = command.kind is TaskKind.JOINT
    if named < len(command.departments) or (named < JOINT_DEPARTMENTS_MIN if is_joint else named):
        raise DepartmentsTooFew(minimum=JOINT_DEPARTMENTS_MIN)
    if not command.sites:
        raise CampaignEmpty
    if command.sites > SITES_MAX:
        raise CampaignTooLarge(sites=command.sites, maximum=SITES_MAX)
    if command.due_at <= command.at:
        raise CampaignDuePassed
    return [
        CampaignOrdered(
            kind=command.kind,
            title=command.title,
            region=command.region,
            category=command.category,
            departments=command.departments,
            department=command.department,
            sites=command.sites,
            due_at=command.due_at,
            reason=command.reason,
            by=command.by,
            at=command.at,
        )
    ]


def _evolve(_ordered: CampaignOrdered | None, event: CampaignOrdered) -> CampaignOrdered:
    return event


CAMPAIGN: Decider[OrderCampaign, CampaignOrdered | None, CampaignOrdered] = Decider(None, _decide, _evolve)
