"""Custody accounts: list, balances, entries, and the steps of an account's life."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from mingjing_funds import acts
from mingjing_funds.api.acting import RecordNotFound, account_seen, require, require_account, require_number
from mingjing_funds.api.models import AccountItem, BalanceItem, Balances, BalanceTotals, EntryItem
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.account_rules import hindrance
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.payment_batch import Ground
from mingjing_funds.domain.refund import OPEN
from mingjing_funds.intake import custody
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.paying import stop_running
from mingjing_funds.intake.taking import caught_up
from mingjing_funds.projections.accounts import accounts_in
from mingjing_funds.projections.balances import Balance, balances_on
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.custodians import beside_custody
from mingjing_funds.projections.entries import entries_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    day_of,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.limits import COUNT_MAX, FEN_MAX, NAME_CHARACTERS_MAX, NUMBER_CHARACTERS_MAX
from mingjing_kernel.log import Envelope

ACCOUNT_COLUMNS = (
    Column("number", "账号", "Account number"),
    Column("account_name", "账户名称", "Account name"),
    Column("bank", "托管银行", "Bank"),
    Column("institution_name", "机构名称", "Institution"),
    Column("state", "状态", "State"),
    Column("minimum_fen", "最低留存额度", "Minimum", "yuan"),
    Column("opened_on", "开户日期", "Opened", "date"),
)
ENTRY_COLUMNS = (
    Column("booked_at", "记账时间", "Booked", "moment"),
    Column("account_number", "账号", "Account number"),
    Column("institution_name", "机构名称", "Institution"),
    Column("amount_fen", "金额", "Amount", "yuan"),
    Column("balance_fen", "余额", "Balance", "yuan"),
    Column("summary", "摘要", "Summary"),
    Column("column", "归类", "Counted as"),
    Column("number", "对应单号", "Number"),
    Column("flow", "流水号", "Flow"),
)


class NewAccount(BaseModel):
    """An institution applies for a custody account."""

    account_id: UUID
    institution_id: UUID | None = None
    institution_name: str = Field(min_length=1, max_length=NAME_CHARACTERS_MAX)
    uscc: str = Field(default="", max_length=NUMBER_CHARACTERS_MAX)
    bank: str = Field(min_length=1, max_length=NAME_CHARACTERS_MAX)
    account_name: str = Field(min_length=1, max_length=NAME_CHARACTERS_MAX)
    department: str = Field(max_length=NUMBER_CHARACTERS_MAX)
    region: str = Field(max_length=NUMBER_CHARACTERS_MAX)
    category: str = Field(default="", max_length=NUMBER_CHARACTERS_MAX)


class Agreement(BaseModel):
    """The custody agreement; the minimum is the institution's own money that stays."""

    agreement_no: str = Field(max_length=NUMBER_CHARACTERS_MAX)
    minimum_fen: int = Field(ge=0, le=FEN_MAX)
    signed_on: date


class Activation(BaseModel):
    """The bank has opened the account."""

    number: str = Field(pattern=r"^\d{15,20}$")
    opened_on: date
    opening_fen: int = Field(ge=0, le=FEN_MAX)
    opening_on: date


class ClosingRequest(BaseModel):
    """The institution wants to close its account."""

    department_consents: bool
    refunds_pending: int = Field(default=0, ge=0, le=COUNT_MAX)


def make_router(kit: Kit) -> Router:
    """The addresses of accounts."""
    router = Router(prefix="/accounts", tags=["account 托管专户"])
    _lists(router, kit)
    _entries(router, kit)
    _one(router, kit)
    _opening(router, kit)
    _closing(router, kit)
    _holds(router, kit)
    return router


def _lists(router: Router, kit: Kit) -> None:
    @router.get("", summary="Custody accounts, now or as of a moment")
    async def accounts(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        institution_id: UUID | None = None,
        is_beside: bool = Query(default=False, description="Open beside another one of the same licence"),
    ) -> Page[AccountItem]:
        """``is_beside``: a person changes the bank to such an account, or closes it."""
        position = await position_of(kit, as_of)
        statement = accounts_in(scope, position)
        if is_beside:
            statement = statement.where(beside_custody(statement.selected_columns, position))
        if institution_id:
            statement = statement.where(statement.selected_columns.institution_id == institution_id)
        keys = (statement.selected_columns.account_id,)
        listing = Listing(name="accounts", statement=statement, keys=keys, columns=ACCOUNT_COLUMNS)
        return await answer_list(listing, asked, kit.connection, AccountItem)  # type: ignore[return-value]

    @router.get("/balances", summary="Every account's balance at the end of a day, and the sums")
    async def balances(
        scope: Scope = Depends(kit.scope),
        day: date | None = Query(default=None, description="End of this day; the day of as_of when left out, or today"),
        as_of: AsOf | None = Depends(kit.as_of),
        institution_id: UUID | None = Query(
            default=None, description="Only this institution's accounts and their sums"
        ),
    ) -> Balances:
        """``day`` is a day of the books: what was booked for it later is counted too, unless ``as_of`` was before."""
        position = await position_of(kit, as_of)
        today = await day_of(kit, as_of)
        on = day or today
        async with kit.connection() as connection:
            found = await balances_on(
                connection, scope, on, known_until=today, position=position, institution_id=institution_id
            )
        return _answer(on, found)


def _entries(router: Router, kit: Kit) -> None:
    @router.get("/entries", summary="Bank entries, latest last, now or as of a moment")
    async def entries(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
        column: str | None = Query(default=None, description="payment, release, refund, interest, fee, suspense"),
    ) -> Page[EntryItem]:
        statement = entries_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if account_id:
            statement = statement.where(rows.account_id == account_id)
        if column:
            statement = statement.where(rows.column == column)
        keys = (rows.booked_at, rows.account_id, rows.flow)
        listing = Listing(name="entries", statement=statement, keys=keys, columns=ENTRY_COLUMNS)
        return await answer_list(listing, asked, kit.connection, EntryItem)  # type: ignore[return-value]


def _one(router: Router, kit: Kit) -> None:
    @router.get("/{account_id}", summary="One account, now or as of a moment")
    async def account(
        account_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> AccountItem:
        statement = accounts_in(scope, await position_of(kit, as_of))
        wanted = statement.where(statement.selected_columns.account_id == account_id)
        async with kit.connection() as connection:
            row = (await connection.execute(wanted)).mappings().first()
        if row is None:
            raise RecordNotFound
        return AccountItem.model_validate(dict(row))

    @router.get("/{account_id}/available-actions", summary="What may be done to it now, and until when")
    async def account_actions(account_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await caught_up(kit)
        async with kit.connection() as connection:
            here = await account_seen(connection, caller.scope, account_id)
        return await available_actions(kit, ACCOUNTS, account_id, caller, here, hindrance)


def _opening(router: Router, kit: Kit) -> None:
    @router.post("", status_code=201, summary="Apply for a custody account")
    async def apply(
        body: NewAccount,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        require(scope, acts.APPLY_FOR_ACCOUNT, region=body.region, department=body.department)
        holder = a.Holder(**body.model_dump(exclude={"account_id"}))
        command = a.ApplyForAccount(holder=holder, applied_on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(ACCOUNTS, body.account_id, command, written))

    @router.post("/{account_id}/agreement", summary="Sign the custody agreement")
    async def agree(
        account_id: UUID,
        body: Agreement,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.SIGN_AGREEMENT)
        require_come(body.signed_on, shanghai_date(kit.now()), "signed_on")
        command = a.SignAgreement(**body.model_dump())
        return accepted(response, await kit.log.handle(ACCOUNTS, account_id, command, written))

    @router.post("/{account_id}/activation", summary="The bank has opened the account")
    async def activate(
        account_id: UUID,
        body: Activation,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        await caught_up(kit)
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.ACTIVATE_ACCOUNT)
            await require_number(connection, account_id, body.number)
        require_come(max(body.opened_on, body.opening_on), shanghai_date(kit.now()), "opening_on")
        command = a.ActivateAccount(number_written="", **body.model_dump())
        return accepted(response, await custody.activate(kit, account_id, command, written))


def _closing(router: Router, kit: Kit) -> None:
    @router.post("/{account_id}/closing-request", summary="Ask to close the account")
    async def request_closing(
        account_id: UUID,
        body: ClosingRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What is owed and which refunds are open is counted here; what the caller says can only add to it."""
        today = shanghai_date(kit.now())
        await caught_up(kit)
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.REQUEST_CLOSING)
        owed, pending, earned = await _owed(kit, scope, account_id, today)
        command = a.RequestClosing(
            unconsumed_fen=owed,
            refunds_pending=max(pending, body.refunds_pending),
            department_consents=body.department_consents,
            requested_on=today,
        )
        await custody.require_endable(kit, account_id, command, earned)
        return accepted(response, await kit.log.handle(ACCOUNTS, account_id, command, written))

    @router.post("/{account_id}/closing", summary="The bank has closed the account")
    async def close_account(
        account_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What is owed is counted again: since it was asked for, contracts may have been signed and paid."""
        today = shanghai_date(kit.now())
        await caught_up(kit)
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.CLOSE_ACCOUNT)
        owed, pending, earned = await _owed(kit, scope, account_id, today)
        await custody.require_carried(kit, account_id, earned)
        command = a.CloseAccount(closed_on=today, unconsumed_fen=owed, refunds_pending=pending)
        return accepted(response, await custody.close(kit, account_id, command, written))


def _holds(router: Router, kit: Kit) -> None:
    @router.post("/{account_id}/release-hold/proposal", summary="Propose that releases stop; another person decides")
    async def propose_hold(
        account_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Reason and legal basis come in the headers; nothing stops until somebody else approves it (X2)."""
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.PROPOSE_HOLD)
        command = a.ProposeHold(
            proposer=written.actor,
            reason=written.reason,
            legal_basis=written.legal_basis,
            proposed_on=shanghai_date(kit.now()),
        )
        return accepted(response, await kit.log.handle(ACCOUNTS, account_id, command, written))

    @router.post("/{account_id}/release-hold", summary="Approve the proposed stop on releases; refunds go on")
    async def hold(
        account_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Reason and legal basis come in the headers; who proposed it, or ever proposed one here, does not approve."""
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.HOLD_RELEASES)
        command = a.HoldReleases(
            approver=written.actor,
            reason=written.reason,
            legal_basis=written.legal_basis,
            held_on=shanghai_date(kit.now()),
        )
        outcome = await kit.log.handle(ACCOUNTS, account_id, command, written)
        await stop_running(kit, account_id, Ground.RELEASE_HOLD, kit.now(), written)
        return accepted(response, outcome)

    @router.post("/{account_id}/release-hold/lifting", summary="Releases may go on")
    async def lift(
        account_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, acts.LIFT_HOLD)
        command = a.LiftHold(reason=written.reason, lifted_on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(ACCOUNTS, account_id, command, written))


async def _owed(kit: Kit, scope: Scope, account_id: UUID, today: date) -> tuple[int, int, int]:
    """U of the account in fen, how many refunds are open, and what lessons have earned here."""
    async with kit.connection() as connection:
        found = await balances_on(connection, scope, today)
    mine = next((balance for balance in found if balance.account_id == account_id), None)
    owed, earned = (mine.unconsumed_fen, mine.releasable_ever_fen) if mine else (0, 0)
    return owed, await _refunds_pending(kit, account_id), earned


async def _refunds_pending(kit: Kit, account_id: UUID) -> int:
    """Refunds that were asked for and are neither paid nor refused, from the log: contracts that were ever paid."""
    rows = contracts_table.c
    paid = select(rows.contract_id).where(rows.account_id == account_id, rows.paid_on.is_not(None))
    async with kit.connection() as connection:
        ids = (await connection.scalars(paid)).all()
    states = [await kit.log.state(CONTRACTS, own(id)) for id in ids]
    return sum(
        refund.standing in OPEN
        for contract, _ in states
        if isinstance(contract, c.Paid)
        for refund in contract.refunds.values()
    )


def _answer(day: date, found: list[Balance]) -> Balances:
    def total(name: str) -> int:
        return sum(int(getattr(balance, name)) for balance in found)

    totals = BalanceTotals(
        accounts=len(found),
        received_fen=total("received_fen"),
        released_fen=total("released_fen"),
        refunded_fen=total("refunded_fen"),
        held_fen=total("closing_fen"),
        unconsumed_fen=total("unconsumed_fen"),
        interest_fen=total("interest_fen"),
        is_balanced=all(balance.is_balanced for balance in found),
    )
    return Balances(day=day, totals=totals, accounts=[BalanceItem.model_validate(each) for each in found])
