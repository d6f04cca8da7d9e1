"""Refund lists (退费名册): when an institution has stopped for good, the department pays families directly.

One rule: the shares are reckoned from the books, drawn up by one official and approved by another; approving grants
every family its share in the same transaction.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Query, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds import acts
from mingjing_funds.api.acting import RecordNotFound, account_seen, because, require_account
from mingjing_funds.api.models import RefundListItem
from mingjing_funds.api.people import Words
from mingjing_funds.codec import ACCOUNTS, CONTRACTS, REFUND_LISTS
from mingjing_funds.domain import refund_list as rl
from mingjing_funds.domain.account import Direction, ExpectMoney
from mingjing_funds.domain.account_state import Account, Active, Closing, Held
from mingjing_funds.domain.contract import Contract, Paid
from mingjing_funds.domain.expecting import free_fen
from mingjing_funds.domain.refund import GrantRefund, InstructRefund
from mingjing_funds.domain.settlement import OpenRefundList, RefundListOpen, RequireFree, SettleRefundList
from mingjing_funds.policy.family_rules import REFUNDS
from mingjing_funds.projections.refund_lists import claims_of, open_list_of, promised_beside, refund_lists_in
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
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.policy import in_force

SHARES_MAX = 2_000
"""Shares on one page."""
STATES_MAX = 1_000
"""Contracts looked at in one query."""
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
    instead_of: UUID | None = Field(
        default=None, description="The open list of the same account that this one takes the place of: it is withdrawn"
    )


class ShareItem(BaseModel):
    """What one contract is owed, and what its family gets now."""

    contract_id: UUID
    contract_no: str
    owed_fen: int
    share_fen: int


class SharesPage(BaseModel):
    """Some of a list's shares, and the sums of the whole list: that is what is approved."""

    list_id: UUID
    families: int
    owed_fen: int
    total_fen: int
    items: list[ShareItem]
    next: int | None = Field(description="``after`` of the next page")


class ListApproval(BaseModel):
    """What the list comes to, as the approver saw it."""

    total_fen: int = Field(ge=0, le=FEN_MAX)


class ListWithdrawal(BaseModel):
    """Why it is taken back."""

    reason: Words = Field(min_length=1, max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Drawing up, approving, withdrawing."""
    router = Router(prefix="/refund-lists", tags=["refund 退费"])
    _list(router, kit)
    _shares(router, kit)
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


def _shares(router: Router, kit: Kit) -> None:
    @router.get("/{list_id}/shares", summary="名册明细 whose share is how much, in pages")
    async def refund_list_shares(
        list_id: UUID,
        scope: Scope = Depends(kit.scope),
        after: int = Query(default=0, ge=0, le=rl.CLAIMS_MAX, description="How many were shown before"),
        limit: int = Query(default=500, ge=1, le=SHARES_MAX),
    ) -> SharesPage:
        """In the order in which it was drawn up; a list of many thousand families is one list, and one decision."""
        state, _ = await kit.log.state(REFUND_LISTS, list_id)
        if not isinstance(state, rl.RefundList):
            raise RecordNotFound
        async with kit.connection() as connection:
            await account_seen(connection, scope, state.drawn.account_id)
        shown = state.shares[after : after + limit]
        return SharesPage(
            list_id=list_id,
            families=len(state.shares),
            owed_fen=sum(share.owed_fen for share in state.shares),
            total_fen=state.total_fen,
            items=[ShareItem.model_validate(share, from_attributes=True) for share in shown],
            next=after + limit if after + limit < len(state.shares) else None,
        )


def _draw(router: Router, kit: Kit) -> None:
    @router.post("", status_code=201, summary="编制退费名册 draw up the list of an account")
    async def draw(
        body: NewRefundList,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What is free in the account, by largest remainder among all that it owes: not what was promised to families
        already, is on its way out, or is frozen. Another open list of the account is named, or it stands in the way.
        """
        await kit.up_to_date()
        async with kit.connection() as connection:
            await require_account(connection, scope, body.account_id, acts.DRAW_REFUND_LIST)
            account, _ = await kit.log.state(ACCOUNTS, body.account_id)
            free = await _free_fen(kit, connection, body.account_id, account)
            claims = await claims_of(connection, body.account_id)
            other = await open_list_of(connection, body.account_id, body.list_id)
        if other is not None and other != body.instead_of:
            raise RefundListOpen(list_id=other)
        command = rl.DrawList(
            account_id=body.account_id,
            available_fen=free,
            claims=claims,
            reason=body.reason,
            drawn_by=written.actor,
            drawn_at=kit.now(),
        )
        why = because(written, body.reason)
        works = [Work(REFUND_LISTS, body.list_id, command, why)]
        if isinstance(account, Active | Held | Closing):
            opens = OpenRefundList(list_id=body.list_id, instead_of=body.instead_of, on=shanghai_date(kit.now()))
            works += _works(ACCOUNTS, body.account_id, why, (opens,))
        if other is not None:
            merged = f"并入名册{body.list_id}：{body.reason}"
            withdraw = rl.WithdrawList(reason=merged, withdrawn_by=written.actor, withdrawn_at=kit.now())
            works += _works(REFUND_LISTS, other, why, (withdraw,))
        return accepted(response, await _together(kit, works))


def _decide(router: Router, kit: Kit) -> None:
    @router.post("/{list_id}/approval", summary="批准退费名册 approve it: every family is granted its share")
    async def approve(
        list_id: UUID,
        body: ListApproval,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another official than the one who drew it up. All of it, or none: every family is granted its share, and
        the payments go out with the next batch.
        """
        listed = await _listed(kit, scope, list_id, acts.APPROVE_REFUND_LIST)
        drawn = listed.drawn
        on = shanghai_date(kit.now())
        command = rl.ApproveList(
            total_fen=body.total_fen, approved_by=written.actor, approved_at=kit.now(), approved_on=on
        )
        free, over = RequireFree(available_fen=listed.total_fen, on=on), SettleRefundList(list_id=list_id, on=on)
        works = [Work(REFUND_LISTS, list_id, command, written)]
        if not listed.is_approved:
            works += _works(ACCOUNTS, drawn.account_id, written, (free, over))
            works += await _payments(kit, list_id, listed, written, on)
        return accepted(response, await _together(kit, works))

    @router.post("/{list_id}/withdrawal", summary="撤回退费名册 take it back")
    async def withdraw(
        list_id: UUID,
        body: ListWithdrawal,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        listed = await _listed(kit, scope, list_id, acts.WITHDRAW_REFUND_LIST)
        command = rl.WithdrawList(reason=body.reason, withdrawn_by=written.actor, withdrawn_at=kit.now())
        why = because(written, body.reason)
        works = [Work(REFUND_LISTS, list_id, command, why)]
        account, _ = await kit.log.state(ACCOUNTS, listed.drawn.account_id)
        if isinstance(account, Active | Held | Closing):
            over = SettleRefundList(list_id=list_id, on=shanghai_date(kit.now()))
            works += _works(ACCOUNTS, listed.drawn.account_id, why, (over,))
        return accepted(response, await _together(kit, works))


async def _together(kit: Kit, works: list[Work]) -> Outcome:
    """All of them, or none; what the first of them came to."""
    first = (await kit.log.handle_many(works, settle=_all_or_none))[0]
    if not isinstance(first, Outcome):
        raise first
    return first


async def _free_fen(kit: Kit, connection: AsyncConnection, account_id: UUID, account: Account) -> int:
    """Of the account's own stream and of its families' refunds; nothing where it is not open."""
    if not isinstance(account, Active | Held | Closing):
        return 0
    ordered = frozenset(account.ledger.expected)
    beside = await promised_beside(connection, account_id, ordered)
    return max(free_fen(account, shanghai_date(kit.now())) - beside, 0)


async def _payments(kit: Kit, list_id: UUID, listed: rl.RefundList, written: Envelope, on: date) -> list[Work]:
    """Each family is granted its share, and the bank is told to pay it, the way its payment came."""
    account_id = listed.drawn.account_id
    account, _ = await kit.log.state(ACCOUNTS, account_id)
    if not isinstance(account, Active | Held | Closing):
        raise RecordNotFound
    days = (await in_force(kit.log, REFUNDS, on, account.holder.region, account.holder.category))["pay"]
    shares = [share for share in listed.shares if share.share_fen]
    works: list[Work] = []
    for at in range(0, len(shares), STATES_MAX):
        some = shares[at : at + STATES_MAX]
        contracts = await kit.log.states(CONTRACTS, [share.contract_id for share in some])
        for share in some:
            contract = contracts[share.contract_id]
            works += _paid_out(kit, list_id, account_id, share, contract, (written, on, days))
    return works


def _paid_out(
    kit: Kit,
    list_id: UUID,
    account_id: UUID,
    share: rl.FamilyShare,
    contract: Contract,
    how: tuple[Envelope, date, int],
) -> list[Work]:
    written, on, days = how
    refund_no, number = f"QT-{list_id}", f"QT{derived_id('refund-list-payment', list_id, share.contract_id).hex}"
    grant = GrantRefund(
        refund_no=refund_no,
        list_id=list_id,
        owed_fen=share.owed_fen,
        amount_fen=share.share_fen,
        pay_days=days,
        granted_on=on,
    )
    instruct = InstructRefund(
        refund_no=refund_no,
        instruction_no=number,
        payment_no=contract.payment_no if isinstance(contract, Paid) else "",
        instructed_on=on,
    )
    expect = ExpectMoney(
        direction=Direction.REFUND,
        number=number,
        amount_fen=share.share_fen,
        due_on=on,
        ordered_at=kit.now(),
        returns=instruct.payment_no,
        contract_id=share.contract_id,
    )
    return [
        *_works(CONTRACTS, share.contract_id, written, (grant, instruct)),
        *_works(ACCOUNTS, account_id, written, (expect,), number),
    ]


def _works(
    aggregate: Aggregate, id: UUID, written: Envelope, commands: tuple[object, ...], number: str = ""
) -> list[Work]:
    """Each under an id of its own that follows from the approval's: the same request again is the same commands."""
    return [
        Work(
            aggregate,
            id,
            command,
            replace(
                written,
                command_id=derived_id("refund-list", written.command_id, id, type(command).__name__, number),
                expected_version=None,
            ),
        )
        for command in commands
    ]


async def _all_or_none(_connection: object, results: list[Result]) -> None:
    """A list of which one family's share is refused is not approved: it was drawn up from books that have moved on."""
    for result in results:
        if not isinstance(result, Outcome):
            raise result


async def _listed(kit: Kit, scope: Scope, list_id: UUID, act: Act) -> rl.RefundList:
    """The list, where the caller may do this to its account."""
    state, _ = await kit.log.state(REFUND_LISTS, list_id)
    if not isinstance(state, rl.RefundList):
        raise RecordNotFound
    async with kit.connection() as connection:
        await require_account(connection, scope, state.drawn.account_id, act)
    return state
