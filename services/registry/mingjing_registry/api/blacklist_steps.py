"""The steps of a listing over HTTP: each has an address of its own under its file, and all are carried out alike.

``from __future__ import annotations`` is left out: FastAPI must see each step's own body in the handler's signature.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Response

from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import OFFICIALS, Act, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api import blacklist_bodies as bodies
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import BLACKLISTINGS
from mingjing_registry.domain.blacklist import File, Jurisdiction
from mingjing_registry.domain.blacklist_refusals import ListingUnknown
from mingjing_registry.intake.listing import carry_out, numbers_on
from mingjing_registry.projections.list_deadlines import ANNULLED

PROCEDURE: Final = "国办发〔2020〕49号；行政处罚法第四十四条"
"""A listing follows a procedure: told, heard, decided by another."""
HEARING: Final = "行政处罚法第六十三条、第六十四条"
REPAIR: Final = "信用修复管理办法"
_COUNTY_DIGITS, _CITY_DIGITS = 6, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: where, what it says, whose act it is and which law governs it."""

    path: str
    summary: str
    act: Act
    body: type[bodies.StepBody]
    governed_by: str = PROCEDURE


STEPS: Final = (
    Step(path="legal-review", summary="法制审核 review the listing", act=acts.REVIEW_LISTING, body=bodies.ReviewBody),
    Step(path="notice", summary="送达告知书 serve the notice", act=acts.SERVE_NOTICE, body=bodies.NoticeBody),
    Step(path="statements", summary="陈述申辩 a statement", act=acts.RECORD_STATEMENT, body=bodies.StatementBody),
    Step(
        path="hearing-request",
        summary="听证申请 the party asks for a hearing",
        act=acts.REQUEST_HEARING,
        body=bodies.HearingRequestBody,
        governed_by=HEARING,
    ),
    Step(
        path="hearing",
        summary="听证 the hearing was held",
        act=acts.HOLD_HEARING,
        body=bodies.HearingBody,
        governed_by=HEARING,
    ),
    Step(path="decision", summary="决定列入 decide to list", act=acts.DECIDE_LISTING, body=bodies.DecisionBody),
    Step(path="rejection", summary="不予列入 decide against", act=acts.REJECT_LISTING, body=bodies.RejectionBody),
    Step(path="consent", summary="上级批复 the superior's reply", act=acts.CONSENT_LISTING, body=bodies.ConsentBody),
    Step(path="publication", summary="公布 publish", act=acts.PUBLISH_LISTING, body=bodies.PublicationBody),
    Step(
        path="repair-application",
        summary="信用修复申请 the party asks for repair",
        act=acts.APPLY_REPAIR,
        body=bodies.RepairApplicationBody,
        governed_by=REPAIR,
    ),
    Step(
        path="repair-acceptance",
        summary="受理信用修复 take the application in",
        act=acts.ACCEPT_REPAIR,
        body=bodies.RepairAcceptanceBody,
        governed_by=REPAIR,
    ),
    Step(
        path="repair",
        summary="准予修复 grant the repair",
        act=acts.GRANT_REPAIR,
        body=bodies.RepairBody,
        governed_by=REPAIR,
    ),
    Step(
        path="repair-refusal",
        summary="不予修复 refuse the repair",
        act=acts.REFUSE_REPAIR,
        body=bodies.RepairRefusalBody,
        governed_by=REPAIR,
    ),
    Step(
        path="annulment",
        summary="处罚撤销 its decision was annulled",
        act=acts.RECORD_ANNULMENT,
        body=bodies.AnnulmentBody,
        governed_by=ANNULLED,
    ),
    Step(
        path="annulment-retraction",
        summary="更正撤销登记 the decision stands after all",
        act=acts.RETRACT_ANNULMENT,
        body=bodies.AnnulmentRetractionBody,
        governed_by=ANNULLED,
    ),
    Step(
        path="withdrawal",
        summary="撤销列入 withdraw: penalty annulled, or an error",
        act=acts.WITHDRAW_LISTING,
        body=bodies.WithdrawalBody,
    ),
    Step(path="dropping", summary="撤回提请 drop the proposal", act=acts.DROP_PROPOSAL, body=bodies.DroppingBody),
)


def make_router(kit: Kit) -> Router:
    """Every step after the proposal."""
    router = Router(prefix="/blacklist/files/{listing_id}", tags=["blacklist 黑名单"])
    for step in STEPS:
        router.post(f"/{step.path}", summary=step.summary, name=f"listing-{step.path}")(_handler(kit, step))
    return router


async def file_of(kit: Kit, listing_id: UUID) -> File:
    """The file as it stands. Raises ``ListingUnknown``."""
    state, _ = await kit.log.state(BLACKLISTINGS, listing_id)
    if not isinstance(state, File):
        raise ListingUnknown
    return state


def here(within: Jurisdiction, act: Act) -> Dimensions:
    """Where a file stands for grants; for its consent, one level above: a county's grant does not reach there."""
    region = within.region
    if act is acts.CONSENT_LISTING:
        region = region[: _CITY_DIGITS if len(region) >= _COUNTY_DIGITS else len(region) - 2]
    return Dimensions(within.department, region, within.category)


def _handler(kit: Kit, step: Step) -> Callable[..., Any]:
    async def carry(
        listing_id: UUID,
        body: bodies.StepBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        file = await file_of(kit, listing_id)
        seen = scope.allows(role=OFFICIALS, **file.within.dimensions())
        scope.require(step.act, here(file.within, step.act), seen=seen)
        on = day_of(kit, written)
        numbers = await numbers_on(kit.log, on, file.within)
        calendar = await calendar_known(kit.log)
        at = bodies.Circumstances(on=on, numbers=numbers, days_after=calendar.after)
        reason = getattr(body, "reason", "")
        envelope = grounded(written, reason, governed_by=step.governed_by)
        return accepted(response, await carry_out(kit, listing_id, body.command(at), envelope))

    carry.__annotations__["body"] = step.body
    carry.__doc__ = step.body.__doc__
    return carry
