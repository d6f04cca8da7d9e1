"""What a track has to do with others over HTTP (并案、关联、现场核查、调取台账): a complaint, a task, the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Depends, Response

from mingjing_inspection import acts_tracks as acts
from mingjing_inspection.api import track_bodies as b
from mingjing_inspection.api.complaint import ComplaintItem
from mingjing_inspection.api.complaint import standing as complaint_standing
from mingjing_inspection.api.complaint_track_access import done, standing
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow
from mingjing_inspection.api.track_steps import allowed, taken
from mingjing_inspection.codec import PREMISES_KNOWN, TASKS
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.domain.track_handling_commands import AskLedgerExtract
from mingjing_inspection.domain.track_terms import Stage
from mingjing_inspection.intake.track_opening import opening, track_id
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome, Work

NO_SITE = "no-approved-site"


def make_router(kit: Kit) -> Router:
    """Below one complaint, and below one track."""
    router = Router(tags=["complaint-track 投诉办理"])
    _splitting(router, kit)
    _likening(router, kit)
    _checking(router, kit)
    _asking(router, kit)
    return router


def _splitting(router: Router, kit: Kit) -> None:
    @router.put(
        "/complaints/{complaint_id}/tracks/{track}", status_code=201, summary="分流 handle it as one more thing"
    )
    async def split(
        complaint_id: UUID,
        track: Track,
        body: b.SplitBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """One message may be a dispute and a report; each has a life of its own (Order 20, art. 7)."""
        item = await complaint_standing(kit, complaint_id, scope)
        allow(scope, acts.OPEN_TRACK, item)
        row = _row(item)
        command = await opening(kit.log, row, track, kit.now(), by=written.actor, reason=body.reason)
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(TRACKS, track_id(complaint_id, track), command, grounds))


def _row(item: ComplaintItem) -> dict[str, Any]:
    tracks = [one.value for one in item.tracks]
    return item.model_dump() | {"wanted": tracks, "opened": {}, "closed_as": ""}


def _likening(router: Router, kit: Kit) -> None:
    @router.post("/complaint-tracks/{track_id}/links", summary="关联 link it with another one")
    async def link_track(
        track_id: UUID,
        body: b.LinkBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Each goes on by itself; of both the caller has to see."""
        item = await standing(kit, track_id, scope)
        await standing(kit, body.other, scope)
        command = c.LinkTrack(**body.model_dump(), by=written.actor, at=kit.now())
        return await done(kit, item, acts.LINK_TRACK, command, scope, grounded(written, body.reason), response)

    @router.post("/complaint-tracks/{track_id}/merging", summary="并案 handle it with another one")
    async def merge_track(
        track_id: UUID,
        body: b.MergerBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Into an open one of the same kind that the caller sees; parted again it has the clocks that it had."""
        item = await standing(kit, track_id, scope)
        other = (await standing(kit, body.into, scope)).known
        is_open = other.stage is not Stage.CLOSED and other.merged_into is None and body.into != track_id
        command = c.MergeTrack(
            into=body.into,
            into_kind=other.kind,
            into_is_open=is_open,
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        return await done(kit, item, acts.MERGE_TRACK, command, scope, grounded(written, body.reason), response)


def _checking(router: Router, kit: Kit) -> None:
    @router.post("/complaint-tracks/{track_id}/on-site-check", summary="现场核查 send somebody to look")
    async def order_check(
        track_id: UUID,
        body: b.CheckBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A task of inspection is planned with it: at the institution's site, or for the department to find one. The
        task says what to look at, and not who said so."""
        taking = await taken(kit, track_id, scope, written)
        allowed(taking, acts.ORDER_CHECK, scope)
        grounds = grounded(written, body.reason)
        task_id = derived_id("check-of-track", written.command_id)
        command = c.OrderOnSiteCheck(task_id=task_id, reason=body.reason, by=written.actor, at=taking.at)
        task = await _task(kit, taking.known, body, taking.at)
        planned = derived_id("plan-check-of-track", written.command_id)
        circumstances = Envelope(
            command_id=planned,
            actor=written.actor,
            department=written.department,
            region=written.region,
            reason=body.reason,
            legal_basis=written.legal_basis,
            causation=f"complaint-track-{track_id}",
            digest=planned.bytes * 2,
        )
        works = [Work(TRACKS, track_id, command, grounds), Work(TASKS, task_id, task, circumstances)]
        result, other = await kit.log.handle_many(works)
        for one in (result, other):
            if not isinstance(one, Outcome):
                raise one
        assert isinstance(result, Outcome)
        return accepted(response, result)


async def _task(kit: Kit, known: Known, body: b.CheckBody, at: Any) -> PlanTask:
    premises: Premises | None = None
    if known.institution_id is not None:
        premises = (await kit.log.state(PREMISES_KNOWN, known.institution_id))[0]
    site = premises.sites[0] if premises and premises.sites else None
    return PlanTask(
        kind=TaskKind.SPECIAL,
        institution_id=known.institution_id,
        site_id=site.site_id if site else None,
        region=site.region if site else known.region,
        department=known.handler or known.department,
        category=known.category,
        due_at=at + timedelta(days=body.days),
        planned_at=at,
        cause=Cause(reason=body.reason, rule="complaint-check"),
        why_no_site="" if site else NO_SITE,
    )


def _asking(router: Router, kit: Kit) -> None:
    @router.post("/complaint-tracks/{track_id}/ledger-extract", summary="调取资金台账 ask funds for the ledger (X21)")
    async def ask_ledger(
        track_id: UUID,
        body: b.ExtractBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The purpose is on record here and there; the answer comes as a fact of this track."""
        item = await standing(kit, track_id, scope)
        command = AskLedgerExtract(
            request_id=derived_id("ledger-extract", written.command_id),
            contract_id=body.contract_id,
            purpose=body.purpose,
            by=written.actor,
            at=kit.now(),
        )
        return await done(kit, item, acts.ASK_LEDGER, command, scope, grounded(written, body.purpose), response)
