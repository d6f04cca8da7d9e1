"""The questions about plans: campaigns, coverage, draws, stated interests, reactions, rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_inspection.projections import campaigns, coverage, draws, interests, reactions, rounds, supervision, tasks
from mingjing_inspection.projections.schema import METADATA as INSPECTION
from mingjing_kernel.identity import EVERYONE, OFFICIALS, Scope
from scopes.question import FILED, NOW, Question, whole

_SITES: dict[str, Any] = {
    "of": (coverage.COVERAGE_READ, supervision.SUPERVISION_READ),
    "roles": OFFICIALS,
    "values": {"site_region": lambda row: row.region, "closed_at": None},
}
_BEFORE: datetime = NOW - timedelta(days=1)


def covered(connection: Connection, scope: Scope, at: int | None) -> Iterable[UUID]:
    """The sites of the list, beside the sums of the same."""
    listed = coverage.coverage_in(scope, at=at)
    found = [row.site_id for row in connection.execute(listed)]
    sums = connection.execute(coverage.covered(scope, _BEFORE, NOW + timedelta(days=1), at=at)).all()
    assert sum(row.sites for row in sums) == len(found)
    return found


PLAN_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    "mingjing_inspection/projections/campaigns.py:campaigns_in": (INSPECTION, (
        whole(lambda scope, at: campaigns.campaigns_in(scope, at=at), "campaign_id", of=(campaigns.CAMPAIGNS_READ,),
              roles=OFFICIALS),
    )),
    "mingjing_inspection/projections/coverage.py:coverage_in": (INSPECTION, (
        whole(lambda scope, at: coverage.coverage_in(scope, at=at), "site_id", **_SITES),
    )),
    "mingjing_inspection/projections/coverage.py:covered": (INSPECTION, (Question(asks=covered, **_SITES),)),
    "mingjing_inspection/projections/draws.py:draws_in": (INSPECTION, (
        whole(lambda scope, at: draws.draws_in(scope, at=at), "draw_id", of=(draws.DRAWS_READ,), roles=OFFICIALS),
    )),
    "mingjing_inspection/projections/draws.py:public_draws": (INSPECTION, (
        whole(lambda scope, at: draws.public_draws(scope, at=at), "draw_id", of=(draws.DRAWS_READ,), roles=EVERYONE,
              values={"state": "PUBLISHED"}),
    )),
    "mingjing_inspection/projections/interests.py:interests_in": (INSPECTION, (
        whole(lambda scope, at: interests.interests_in(scope, at=at), "institution_id",
              of=(interests.INTERESTS_READ,), roles=OFFICIALS, dimensions=FILED),
    )),
    "mingjing_inspection/projections/reactions.py:reactions_in": (INSPECTION, (
        whole(lambda scope, at: reactions.reactions_in(scope, at=at), "reaction_id", of=(reactions.REACTIONS_READ,),
              roles=OFFICIALS),
    )),
    "mingjing_inspection/projections/rounds.py:round_in": (INSPECTION, (
        whole(lambda scope, _at: rounds.round_in(scope, "somebody"), "task_id",
              of=(tasks.TASKS_READ, coverage.COVERAGE_READ), roles=OFFICIALS,
              values={"officer": "somebody", "state": "ACCEPTED", "colleagues": [], "closed_at": None},
              keeps_history=False),
    )),
    "mingjing_inspection/projections/supervision.py:supervision_in": (INSPECTION, (
        whole(lambda scope, at: supervision.supervision_in(scope, at=at), "institution_id",
              of=(supervision.SUPERVISION_READ,), roles=OFFICIALS),
    )),
}  # fmt: skip
