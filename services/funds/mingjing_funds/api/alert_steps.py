"""What an official does about an alert (预警处置): take it on, verify, judge, plan, resolve, close.

The one rule: each step is the watch's to allow, in the words that the list of what one may do gives beforehand.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy import select

from mingjing_funds.acts import (
    ACKNOWLEDGE_ALERT,
    CLOSE_ALERT,
    JUDGE_ALERT,
    PLAN_DISPOSAL,
    RESOLVE_ALERT,
    VERIFY_ALERT,
)
from mingjing_funds.api.acting import because, seen
from mingjing_funds.api.models import CloseRequest, JudgementRequest, PlanRequest
from mingjing_funds.codec import WATCHES
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.domain.alerting.life import hindrance
from mingjing_funds.intake.hold_after_alert import propose_hold
from mingjing_funds.projections.alert_clocks import ACKNOWLEDGE, PLAN, VERIFY
from mingjing_funds.projections.alerts import alerts_table
from mingjing_funds.projections.deadlines import DEADLINES_READ
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.deadlines.plan import is_over
from mingjing_kernel.http import Accepted, AvailableActions, Kit, accepted, available_actions
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope, Outcome

_ENDS_CLOCK = {ACKNOWLEDGE: ACKNOWLEDGE_ALERT.name, VERIFY: VERIFY_ALERT.name, PLAN: PLAN_DISPOSAL.name}
"""By the clock: the step that it waits for."""
_OF_YELLOW = {VERIFY: JUDGE_ALERT.name}
"""Once somebody is at it: of RED the clock is over then, of YELLOW it waits for the judgement."""


def make_router(kit: Kit) -> Router:
    """Below ``/alerts/{alert_id}``."""
    router = Router(prefix="/alerts/{alert_id}", tags=["alert 资金预警"])
    _looking(router, kit)
    _disposing(router, kit)

    @router.get("/available-actions", summary="What may be done to it now, and until when")
    async def alert_actions(alert_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet. Who took it on does not close it."""
        await kit.up_to_date()
        watch, here = await _seen(kit, caller.scope, alert_id)
        why = partial(hindrance, alert_id=alert_id)
        found = await available_actions(kit, WATCHES, watch, caller, here, why, thing=alert_id)
        return await _with_clocks(kit, alert_id, found)

    return router


def _looking(router: Router, kit: Kit) -> None:
    @router.post("/acknowledgement", summary="Somebody takes care")
    async def acknowledge(
        alert_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = life.Acknowledge(alert_id=alert_id, **_who(kit, written))
        return await _do(kit, scope, response, ACKNOWLEDGE_ALERT, command, written)

    @router.post("/verification", summary="Somebody goes and looks")
    async def verify(
        alert_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = life.StartVerifying(alert_id=alert_id, **_who(kit, written))
        return await _do(kit, scope, response, VERIFY_ALERT, command, written)

    @router.post("/judgement", summary="What was found: it is so, or it is a false alarm")
    async def judge(
        alert_id: UUID,
        body: JudgementRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A red alert that is confirmed proposes a release hold (X2), which another official approves or does not."""
        command = life.Judge(alert_id=alert_id, **body.model_dump(), **_who(kit, written))
        outcome = await _done(kit, scope, JUDGE_ALERT, command, because(written, body.evidence))
        await propose_hold(kit, outcome, written)
        return accepted(response, outcome)


def _disposing(router: Router, kit: Kit) -> None:
    @router.post("/plan", summary="What will be done about a confirmed alert")
    async def plan(
        alert_id: UUID,
        body: PlanRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = life.PlanDisposal(alert_id=alert_id, plan=body.plan, **_who(kit, written))
        return await _do(kit, scope, response, PLAN_DISPOSAL, command, because(written, body.plan))

    @router.post("/resolution", summary="The plan was carried out and the risk is gone")
    async def resolve(
        alert_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = life.Resolve(alert_id=alert_id, **_who(kit, written))
        return await _do(kit, scope, response, RESOLVE_ALERT, command, written)

    @router.post("/closing", summary="Dealt with, and the evidence")
    async def close_alert(
        alert_id: UUID,
        body: CloseRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        command = life.Close(alert_id=alert_id, **body.model_dump(), **_who(kit, written))
        return await _do(kit, scope, response, CLOSE_ALERT, command, because(written, body.evidence))


def _who(kit: Kit, written: Envelope) -> dict[str, Any]:
    on: date = shanghai_date(kit.now())
    return {"by": written.actor, "on": on}


async def _do(kit: Kit, scope: Scope, response: Response, act: Act, command: Any, written: Envelope) -> Accepted:
    return accepted(response, await _done(kit, scope, act, command, written))


async def _done(kit: Kit, scope: Scope, act: Act, command: Any, written: Envelope) -> Outcome:
    watch, here = await _seen(kit, scope, command.alert_id, act)
    scope.require(act, here)
    return await kit.log.handle(WATCHES, watch, command, written)


async def _seen(kit: Kit, scope: Scope, alert_id: UUID, act: Act | None = None) -> tuple[UUID, Dimensions]:
    """The stream of an alert, and where it stands."""
    rows = alerts_table.c
    async with kit.connection() as connection:
        place = select(rows.department, rows.region, rows.category).where(rows.alert_id == alert_id)
        here = await seen(connection, scope, place, act)
        watch = await connection.scalar(select(rows.watch_id).where(rows.alert_id == alert_id))
    return UUID(str(watch)), here


async def _with_clocks(kit: Kit, alert_id: UUID, found: AvailableActions) -> AvailableActions:
    """Until when each step is to be taken; a clock of hours is over at its moment, not at the end of that day."""
    rows, now = DEADLINES_READ.table.c, kit.now()
    over = is_over(rows, shanghai_date(now), now)
    clocks = select(rows.rule, rows.due_on, rows.due_at, over.label("is_over")).where(
        rows.thing == str(alert_id), rows.rule.in_(_ENDS_CLOCK)
    )
    state = select(alerts_table.c.state).where(alerts_table.c.alert_id == alert_id)
    async with kit.connection() as connection:
        ends = _ENDS_CLOCK | (_OF_YELLOW if await connection.scalar(state) == life.Stage.VERIFYING else {})
        due = {ends[one.rule]: one for one in await connection.execute(clocks)}
    actions = [
        one.model_copy(update={"due_on": clock.due_on, "due_at": clock.due_at, "is_overdue": clock.is_over})
        if (clock := due.get(one.act)) is not None
        else one
        for one in found.actions
    ]
    return found.model_copy(update={"actions": actions})
