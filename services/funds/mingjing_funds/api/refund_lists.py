"""Refund lists (退费名册): when an institution has stopped for good, the department pays families directly.

One rule: the shares are reckoned from the books, drawn up by one official and approved by another; approving grants
every family its share in the same transaction.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_funds import acts
from mingjing_funds.api.acting import RecordNotFound, because, require_account
from mingjing_funds.api.models import RefundListItem
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CONTRACTS, REFUND_LISTS
from mingjing_funds.domain import refund_list as rl
from mingjing_funds.domain.refund import GrantRefund
from mingjing_funds.policy.family_rules import REFUNDS
from mingjing_funds.projections.balances import balances_on
from mingjing_funds.projections.refund_lists import claims_of, refund_lists_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.policy import in_force

LIST_COLUMNS = (
    Column("institution_name", "机构名称", "Institution"),
    Column("state", "状态", "State"),
    Column("families", "户数", "Families", "integer"),
    Column("available_fen", "账户余额", "Balance", "yuan"),
    Column("owed_fen", "应退总额", "Owed", "yuan"),
    Column("total_fen", "本次退付", "Paid now", "yuan"),
)


class NewRefundList(BaseModel):
    """Of which account, and why: the claims and the balance are in the books."""

    list_id: UUID
    account_id: UUID
    reason: Words = Field(min_length=1, max_length=1_000)


class ListApproval(BaseModel):
    """What the list comes to, as the approver saw it."""

    total_fen: int = Field(ge=0)


class ListWithdrawal(BaseModel):
    """Why it is taken back."""

    reason: Words = Field(min_length=1, max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Drawing up, approving, withdrawing."""
    router = Router(prefix="/refund-lists", tags=["refund 退费"])
    _list(router, kit)
    _draw(router, kit)
    _decide(router, kit)
    return router


def _list(router: Router, kit: Kit) -> None:
    @router.get("", summary="Refund lists, now or as of a moment")
    async def refund_lists(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Page[RefundListItem]:
        statement = refund_lists_in(scope, await position_of(kit, as_of))
        order = (statement.selected_columns.list_id,)
        listing = Listing(name="refund-lists", statement=statement, keys=order, columns=LIST_COLUMNS)
        return await answer_list(listing, asked, kit.connection, RefundListItem)  # type: ignore[return-value]


def _draw(router: Router, kit: Kit) -> None:
    @router.post("", status_code=201, summary="编制退费名册 draw up the list of an account")
    async def draw(
        body: NewRefundList,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Everything that the account holds, by largest remainder among all that it owes."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            await require_account(connection, scope, body.account_id, acts.DRAW_REFUND_LIST)
            balances = await balances_on(connection, scope, shanghai_date(kit.now()))
            claims = await claims_of(connection, body.account_id)
        held = next((one.closing_fen for one in balances if one.account_id == body.account_id), 0)
        command = rl.DrawList(
            account_id=body.account_id,
            available_fen=held,
            claims=claims,
            reason=body.reason,
            drawn_by=written.actor,
            drawn_at=kit.now(),
        )
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(REFUND_LISTS, body.list_id, command, why))


def _decide(router: Router, kit: Kit) -> None:
    @router.post("/{list_id}/approval", summary="批准退费名册 approve it: every family is granted its share")
    async def approve(
        list_id: UUID,
        body: ListApproval,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another official than the one who drew it up. All of it, or none."""
        drawn = await _drawn(kit, scope, list_id, acts.APPROVE_REFUND_LIST)
        on = shanghai_date(kit.now())
        command = rl.ApproveList(
            total_fen=body.total_fen, approved_by=written.actor, approved_at=kit.now(), approved_on=on
        )
        days = (await in_force(kit.log, REFUNDS, on))["pay"]
        works = [Work(REFUND_LISTS, list_id, command, written)]
        for share in drawn.shares:
            if share.share_fen:
                works.append(
                    _grant(
                        list_id,
                        share,
                        written,
                        GrantRefund(
                            refund_no=f"QT-{list_id}",
                            list_id=list_id,
                            owed_fen=share.owed_fen,
                            amount_fen=share.share_fen,
                            pay_days=days,
                            granted_on=on,
                        ),
                    )
                )
        results = await kit.log.handle_many(works, settle=_all_or_none)
        first = results[0]
        if not isinstance(first, Outcome):
            raise first
        return accepted(response, first)

    @router.post("/{list_id}/withdrawal", summary="撤回退费名册 take it back")
    async def withdraw(
        list_id: UUID,
        body: ListWithdrawal,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        await _drawn(kit, scope, list_id, acts.WITHDRAW_REFUND_LIST)
        command = rl.WithdrawList(reason=body.reason, withdrawn_by=written.actor, withdrawn_at=kit.now())
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(REFUND_LISTS, list_id, command, why))


def _grant(list_id: UUID, share: rl.FamilyShare, written: Envelope, command: GrantRefund) -> Work:
    id = derived_id("refund-list", str(list_id), str(share.contract_id))
    return Work(CONTRACTS, share.contract_id, command, replace(written, command_id=id, expected_version=None))


async def _all_or_none(_connection: object, results: list[Result]) -> None:
    """A list of which one family's share is refused is not approved: it was drawn up from books that have moved on."""
    for result in results:
        if not isinstance(result, Outcome):
            raise result


async def _drawn(kit: Kit, scope: Scope, list_id: UUID, act: Act) -> rl.ListDrawn:
    """The list, where the caller may do this to its account."""
    state, _ = await kit.log.state(REFUND_LISTS, list_id)
    if not isinstance(state, rl.RefundList):
        raise RecordNotFound
    async with kit.connection() as connection:
        await require_account(connection, scope, state.drawn.account_id, act)
    drawn: rl.ListDrawn = state.drawn
    return drawn
