"""The round (巡查路线) of the officer who asks: his own tasks, where they lead, and what is to be looked at.

One rule: what goes onto a device that may be lost is the officer's own round and nothing else: no other officer's
task, no complaint, no telephone number, no former visit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts import PATROL
from mingjing_inspection.api.checklist import ChecklistBody
from mingjing_inspection.codec import CHECKLIST_VERSIONS, CHECKLISTS_ID, PREMISES_KNOWN
from mingjing_inspection.domain.checklist import Checklist
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.task_facts import TaskKind
from mingjing_inspection.domain.visit_checks import PHOTOS_MAX, RECORDINGS_MAX
from mingjing_inspection.intake.circumstances import limits_of
from mingjing_inspection.intake.joint import powers_on
from mingjing_inspection.policy.joint_powers import is_own
from mingjing_inspection.policy.visits import VISIT_RULE
from mingjing_inspection.projections.tasks import tasks_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.policy.streams import POLICY, policy_id

TASKS_MAX = 200
"""Of one round: a day has fewer."""
UNDER_WAY = frozenset({"ASSIGNED", "ACCEPTED", "IN_PROGRESS"})
"""What an officer has still to do."""


class RoundSite(BaseModel):
    """Where to go."""

    institution_id: UUID
    site_id: UUID
    name: str
    address: str
    grid: str


class RoundTask(BaseModel):
    """What to do there."""

    task_id: UUID
    kind: str
    institution_id: UUID
    site_id: UUID
    due_at: datetime
    reason: str
    escalation: str = Field(default="", description="REMINDED, OVERDUE, LISTED: how late it is 催办督办")
    officers_min: int = Field(description="How many officers a visit for it takes 最少人数")
    signatures_required: bool = Field(description="Whether officer and institution sign 是否须双方签名")
    beyond: list[str] = Field(default=[], description="Items that another department of a joint inspection answers")


class Round(BaseModel):
    """The officer's own round. ``has_more``: only the most pressing ones are here."""

    officer: str
    tasks: list[RoundTask]
    sites: list[RoundSite]
    checklist: ChecklistBody = Field(description="The version in force today")
    photos_max: int
    recordings_max: int
    has_more: bool


def make_router(kit: Kit) -> Router:
    """For devices."""
    router = Router(tags=["round 巡查路线"])

    @router.get(
        "/round", response_model=Round, summary="本人巡查路线 the caller's own round", responses={304: {"model": None}}
    )
    async def own_round(request: Request, caller: Principal = Depends(kit.caller)) -> Response:
        """Send ``If-None-Match`` with the last ``ETag``: 304 when nothing has changed."""
        made = (await _round(kit, caller)).model_dump_json()
        tag = f'"{hashlib.sha256(made.encode()).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
        if tag in known:
            return Response(status_code=304, headers=headers)
        return Response(made, media_type="application/json", headers=headers)

    return router


async def _round(kit: Kit, caller: Principal) -> Round:
    rows = await _own_tasks(kit, caller) if caller.scope.has(PATROL) else []
    today = shanghai_date(kit.now())
    versions, policy = await kit.log.states_of([(CHECKLIST_VERSIONS, CHECKLISTS_ID), (POLICY, policy_id(VISIT_RULE))])
    shown = rows[:TASKS_MAX]
    ids = list(dict.fromkeys(UUID(int=row["institution_id"].int) for row in shown))
    known = await kit.log.states(PREMISES_KNOWN, ids) if ids else {}
    checklist, tasks = versions.on(today), []
    for row in shown:
        limits = limits_of(policy.on(VISIT_RULE, today, row["region"], row["category"]), row["kind"])
        asked = {"officers_min": limits.officers_min, "signatures_required": limits.signatures_required}
        names = ("task_id", "kind", "institution_id", "site_id", "due_at", "reason", "escalation")
        beyond = await _beyond(kit, row, checklist, today) if row["kind"] == TaskKind.JOINT.value else []
        tasks.append(RoundTask(**{name: row[name] for name in names}, **asked, beyond=beyond))
    return Round(
        officer=caller.subject,
        tasks=tasks,
        sites=_sites(shown, known),
        checklist=ChecklistBody.model_validate(checklist),
        photos_max=PHOTOS_MAX,
        recordings_max=RECORDINGS_MAX,
        has_more=len(rows) > TASKS_MAX,
    )


async def _beyond(kit: Kit, row: Mapping[str, Any], checklist: Checklist, today: date) -> list[str]:
    powers = await powers_on(kit.log, row["department"], (today, row["region"], row["category"]))
    return [one.code for one in checklist.items if not is_own(one.code, powers)]


async def _own_tasks(kit: Kit, caller: Principal) -> list[Mapping[str, Any]]:
    await kit.up_to_date()
    statement = tasks_in(caller.scope)
    rows = statement.selected_columns
    statement = statement.where(
        rows.officer == caller.subject, rows.state.in_(sorted(UNDER_WAY)), rows.site_id.is_not(None)
    )
    async with kit.connection() as connection:
        found = await connection.execute(statement.order_by(rows.due_at, rows.task_id).limit(TASKS_MAX + 1))
        return list(found.mappings().all())


def _sites(rows: list[Mapping[str, Any]], known: Mapping[UUID, Premises]) -> list[RoundSite]:
    places = dict.fromkeys((UUID(int=row["institution_id"].int), UUID(int=row["site_id"].int)) for row in rows)
    found = []
    for institution_id, site_id in places:
        premises = known[institution_id]
        site = premises.site(site_id)
        if site is not None:  # closed since: nobody is sent there any more
            name = premises.names.full_name if premises.names else ""
            found.append(
                RoundSite(
                    institution_id=institution_id, site_id=site_id, name=name, address=site.address, grid=site.region
                )
            )
    return found
