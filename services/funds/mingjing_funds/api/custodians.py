"""Custody of licences (托管关系), and the change of bank: the new account opens, the balance moves, both books agree.

One rule: what moved and what is left is read from both banks' entries; the caller names bookings and says no balance.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_funds import acts_custody as acts
from mingjing_funds.api.accounts import Activation
from mingjing_funds.api.acting import RecordNotFound, account_seen, because, require_account, require_number
from mingjing_funds.api.carried import CarriedOver, ToCarry, carried_over, to_carry
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CUSTODIANS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.carrying_accounts import BooksMoving, CarriedMeanwhile
from mingjing_funds.intake import bank_carrying, bank_change
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.taking import caught_up
from mingjing_funds.projections.balances import Balance, balances_on
from mingjing_funds.projections.custodians import SETTLED, custodians_in
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
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Principal, Scope
from mingjing_kernel.log import Envelope, VersionConflict

PLANS_MAX = 5
"""How often a carrying is planned anew for one request."""
CUSTODIAN_COLUMNS = (
    Column("institution_name", "机构名称", "Institution"),
    Column("account_number", "账号", "Account number"),
    Column("bank", "托管银行", "Bank"),
    Column("step", "变更步骤", "Step"),
    Column("taken_on", "启用日期", "In use since", "date"),
    Column("begun_on", "变更开始", "Change begun", "date"),
    Column("amount_fen", "划转金额", "Transferred", "yuan"),
    Column("transferred_on", "划转日期", "Transferred on", "date"),
    Column("reconciled_on", "对账日期", "Reconciled on", "date"),
    Column("ended_on", "终止日期", "Ended", "date"),
)


class CustodianItem(BaseModel):
    """Which account is the one of a licence, and the change of bank that is under way or was the last."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    institution_name: str
    account_id: UUID = Field(description="Families pay into this one")
    account_number: str
    bank: str
    step: Literal["sole", "new-account-active", "transferred", "reconciled", "ended"]
    taken_on: date
    ended_on: date | None
    old_id: UUID | None = Field(description="The account that the change empties, or emptied")
    reason: str
    unconsumed_fen: int = Field(description="What the old account kept for families when the change began")
    amount_fen: int = Field(description="What was transferred")
    flow_out: str
    flow_in: str
    begun_on: date | None
    transferred_on: date | None
    reconciled_on: date | None


class NewChange(BaseModel):
    """The department consents to another bank. ``activation``: its account is opened by this, at the same moment."""

    account_id: UUID = Field(description="Applied for by this institution, its agreement signed")
    activation: Activation | None = Field(default=None, description="Leave out for an account that is open already")
    reason: Words = Field(min_length=1, max_length=500)
    department_consents: bool


class Transfer(BaseModel):
    """The bookings of the transfer at both banks; both empty where there was nothing to transfer."""

    amount_fen: int = Field(ge=0, le=10**15)
    flow_out: str = Field(default="", max_length=100)
    flow_in: str = Field(default="", max_length=100)


class Abandonment(BaseModel):
    """Why the change is given up."""

    reason: Words = Field(min_length=1, max_length=500)


def make_router(kit: Kit) -> Router:
    """``/custodians``."""
    router = Router(prefix="/custodians", tags=["custodian 托管关系"])
    _look(router, kit)
    _begin(router, kit)
    _carry(router, kit)
    _finish(router, kit)
    return router


def _look(router: Router, kit: Kit) -> None:
    @router.get("", summary="The account of each licence, now or as of a moment")
    async def custodians(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        is_changing: bool = False,
    ) -> Page[CustodianItem]:
        """``is_changing``: only those whose bank is being changed."""
        statement = custodians_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if is_changing:
            statement = statement.where(rows.step.not_in(SETTLED))
        listing = Listing(
            name="custodians", statement=statement, keys=(rows.institution_id,), columns=CUSTODIAN_COLUMNS
        )
        return await answer_list(listing, asked, kit.connection, CustodianItem)  # type: ignore[return-value]

    @router.get("/{institution_id}", summary="Custody of one licence, now or as of a moment")
    async def custodian(
        institution_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> CustodianItem:
        return await _found(kit, scope, institution_id, await position_of(kit, as_of))

    @router.get("/{institution_id}/available-actions", summary="Which step of a change of bank may be taken now")
    async def custodian_actions(institution_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await caught_up(kit)
        found = await _found(kit, caller.scope, institution_id)
        async with kit.connection() as connection:
            here = await account_seen(connection, caller.scope, found.account_id)
        return await available_actions(kit, CUSTODIANS, institution_id, caller, here, m.hindrance)


def _begin(router: Router, kit: Kit) -> None:
    @router.post("/{institution_id}/change", status_code=201, summary="变更托管银行 the new account opens (step 1)")
    async def begin_change(
        institution_id: UUID,
        body: NewChange,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The only way in which a second account of a licence opens. What is owed to families is counted here."""
        await caught_up(kit)
        old, before = await bank_change.standing(kit, institution_id, body.account_id)
        await _require_both(kit, scope, acts.BEGIN_BANK_CHANGE, (old, body.account_id))
        today = shanghai_date(kit.now())
        opening = body.activation
        if opening is not None:
            async with kit.connection() as connection:
                await require_number(connection, body.account_id, opening.number)
            require_come(max(opening.opened_on, opening.opening_on), today, "opening_on")
        asked_for = bank_change.Asked(
            account_id=body.account_id,
            activation=a.ActivateAccount(number_written="", **opening.model_dump()) if opening else None,
            reason=body.reason,
            department_consents=body.department_consents,
            unconsumed_fen=await _owed(kit, scope, institution_id, old, today),
            on=today,
        )
        outcome = await bank_change.begin(kit, institution_id, (old, before), asked_for, because(written, body.reason))
        return accepted(response, outcome)


def _finish(router: Router, kit: Kit) -> None:
    @router.post("/{institution_id}/transfer", summary="登记余额划转 the old bank has sent the balance (step 2)")
    async def note_transfer(
        institution_id: UUID,
        body: Transfer,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """One debit of the old account, one credit of the new one, as both banks have booked them. Where one bank has
        reversed its booking and booked it once more, the same again with the new booking.
        """
        custodian = await _changing(kit, scope, acts.NOTE_TRANSFER, institution_id)
        command = m.NoteTransfer(**body.model_dump(), on=shanghai_date(kit.now()))
        command = await bank_change.as_rebooked(kit, custodian, command)
        await bank_change.require_booked(kit, custodian, command)
        return accepted(response, await bank_change.transferred(kit, institution_id, custodian, command, written))

    @router.post("/{institution_id}/abandonment", summary="放弃变更 give it up before anything was transferred")
    async def abandon_change(
        institution_id: UUID,
        body: Abandonment,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Custody stays with the old account; the new one stands beside it until it is closed. Not once families have
        paid into it, or a contract is with it.
        """
        custodian = await _changing(kit, scope, acts.ABANDON_BANK_CHANGE, institution_id)
        today = shanghai_date(kit.now())
        holds = await bank_change.is_in_use(kit, custodian)
        command = m.AbandonChange(reason=body.reason, new_holds=holds, on=today)
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(CUSTODIANS, institution_id, command, why))

    @router.post("/{institution_id}/reconciliation", summary="变更银行对账 both books agree (step 3)")
    async def reconcile_change(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Counted here: the old account is empty, the new one has all of it, nothing is under way. Then it is closed
        (step 4) at ``/accounts/{account_id}/closing-request`` and ``/closing``.
        """
        custodian = await _changing(kit, scope, acts.RECONCILE_BANK_CHANGE, institution_id)
        command = await bank_change.counted(kit, custodian, shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(CUSTODIANS, institution_id, command, written))


def _carry(router: Router, kit: Kit) -> None:
    @router.post(
        "/{institution_id}/contracts", summary="合同随户移交 contracts follow the balance that was transferred"
    )
    async def carry_contracts(
        institution_id: UUID,
        response: Response,
        after: UUID | None = None,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> CarriedOver:
        """After the transfer, before the old account closes. So many at a time; what the old bank may still pay out
        waits, and the answer says why. Asked again, nothing goes twice; what is left in the books goes with a request
        that looks at all (without ``after``).
        """
        custodian = await _changing(kit, scope, acts.CARRY_CONTRACTS, institution_id)
        if (why := m.hindrance(m.CarryContracts, custodian)) is not None:
            raise why
        assert isinstance(custodian, m.Changing), "the hindrance asks for it"
        carried = await _carried_over(kit, scope, institution_id, custodian, after, written)
        response.headers["Mingjing-Position"] = str(carried.position)
        return carried_over(carried)

    @router.get("/{institution_id}/contracts", summary="待移交合同 what would go over now, and what waits and why")
    async def contracts_to_carry(
        institution_id: UUID, after: UUID | None = None, scope: Scope = Depends(kit.scope)
    ) -> ToCarry:
        """Nothing where no bank is being changed."""
        await caught_up(kit)
        found = await _found(kit, scope, institution_id)
        custodian: m.Custodian = (await kit.log.state(CUSTODIANS, institution_id))[0]
        if not isinstance(custodian, m.Changing) or found.account_id not in m.accounts_of(custodian):
            return to_carry(bank_carrying.Plan())
        plan = await bank_carrying.previewed(kit, custodian, shanghai_date(kit.now()), after)
        return to_carry(plan)


async def _carried_over(
    kit: Kit, scope: Scope, institution_id: UUID, custodian: m.Changing, after: UUID | None, written: Envelope
) -> bank_carrying.Carried:
    """Planned again where the books moved between look and word. Raises ``BooksMoving`` where they never rest."""
    today = shanghai_date(kit.now())
    for _ in range(PLANS_MAX):
        await caught_up(kit)  # a contract that the list has not heard of would stay behind
        balance = await _balance(kit, scope, institution_id, custodian.old_id, today)
        earned = balance.releasable_ever_fen if balance else 0
        try:
            asked = bank_carrying.Asked(on=today, earned_fen=earned, after=after)
            return await bank_carrying.carry(kit, institution_id, custodian, asked, written)
        except (CarriedMeanwhile, VersionConflict):
            continue
    raise BooksMoving(times=PLANS_MAX)


async def _found(kit: Kit, scope: Scope, institution_id: UUID, position: int | None = None) -> CustodianItem:
    statement = custodians_in(scope, position)
    wanted = statement.where(statement.selected_columns.institution_id == institution_id)
    async with kit.connection() as connection:
        row = (await connection.execute(wanted)).mappings().first()
    if row is None:
        raise RecordNotFound
    return CustodianItem.model_validate(dict(row))


async def _changing(kit: Kit, scope: Scope, act: Act, institution_id: UUID) -> m.Custodian:
    """Custody of a licence on both of whose accounts the caller may do this."""
    await caught_up(kit)
    await _require_both(kit, scope, act, (own((await _found(kit, scope, institution_id)).account_id),))
    custodian: m.Custodian = (await kit.log.state(CUSTODIANS, institution_id))[0]
    await _require_both(kit, scope, act, m.accounts_of(custodian))
    return custodian


async def _require_both(kit: Kit, scope: Scope, act: Act, accounts: tuple[UUID, ...]) -> None:
    async with kit.connection() as connection:
        for account in accounts:
            await require_account(connection, scope, account, act)


async def _owed(kit: Kit, scope: Scope, institution_id: UUID, account_id: UUID, today: date) -> int:
    balance = await _balance(kit, scope, institution_id, account_id, today)
    return balance.unconsumed_fen if balance else 0


async def _balance(kit: Kit, scope: Scope, institution_id: UUID, account_id: UUID, today: date) -> Balance | None:
    async with kit.connection() as connection:
        found = await balances_on(connection, scope, today, institution_id=institution_id)
    return next((balance for balance in found if balance.account_id == account_id), None)
