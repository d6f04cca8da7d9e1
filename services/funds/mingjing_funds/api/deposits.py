"""Risk deposits (风险保证金): file, note what came, assess what must be there, draw for families, give back, end.

One rule: what must be there, and what families are still owed, is counted here; the caller says neither.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds import acts_deposit as acts
from mingjing_funds.api.acting import RecordNotFound, seen
from mingjing_funds.api.people import Words
from mingjing_funds.codec import DEPOSITS
from mingjing_funds.domain import deposit as d
from mingjing_funds.domain.account import Holder
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.charging import months_after
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.taking import caught_up
from mingjing_funds.policy.supervision import RISK_DEPOSIT
from mingjing_funds.projections.deposits import deposits_in, deposits_table, movements_in
from mingjing_funds.projections.liabilities import fees_since, unconsumed_of
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
from mingjing_kernel.identity import Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force

DEPOSIT_COLUMNS = (
    Column("institution_name", "机构名称", "Institution"),
    Column("number", "账号", "Account number"),
    Column("bank", "银行", "Bank"),
    Column("balance_fen", "保证金余额", "Balance", "yuan"),
    Column("required_fen", "应缴额", "Required", "yuan"),
    Column("assessed_on", "核定日期", "Assessed", "date"),
    Column("filed_on", "登记日期", "Filed", "date"),
    Column("released_on", "解除日期", "Released", "date"),
)
MOVEMENT_COLUMNS = (
    Column("moved_on", "日期", "Date", "date"),
    Column("institution_name", "机构名称", "Institution"),
    Column("account_number", "账号", "Account number"),
    Column("flow", "流水号", "Flow"),
    Column("purpose", "用途", "Purpose"),
    Column("amount_fen", "金额", "Amount", "yuan"),
    Column("balance_fen", "余额", "Balance", "yuan"),
    Column("reason", "原因", "Reason"),
)


class DepositItem(BaseModel):
    """A risk deposit: what is there and what must be there."""

    model_config = ConfigDict(from_attributes=True)

    deposit_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str
    category: str
    bank: str
    account_name: str
    number: str
    agreement_no: str
    filed_on: date
    balance_fen: int
    required_fen: int
    assessed_on: date | None
    policy_version: str = Field(description="By which numbers the minimum was assessed")
    released_on: date | None


class DepositMovement(BaseModel):
    """Money that came into a deposit (positive) or left it (negative)."""

    model_config = ConfigDict(from_attributes=True)

    deposit_id: UUID
    institution_name: str
    account_number: str
    flow: str
    amount_fen: int
    purpose: str
    reason: str
    moved_on: date
    balance_fen: int


class NewDeposit(BaseModel):
    """The deposit account is open. The caller chooses ``deposit_id``, so that a repeated request files it once."""

    deposit_id: UUID
    institution_id: UUID | None = None
    institution_name: str = Field(min_length=1, max_length=200)
    uscc: str = Field(default="", max_length=18)
    bank: str = Field(min_length=1, max_length=100)
    account_name: str = Field(min_length=1, max_length=200)
    department: str = Field(max_length=100)
    region: str = Field(pattern=r"^\d{6,12}$")
    category: str = Field(default="", max_length=100)
    number: str = Field(pattern=r"^\d{4,34}$")
    agreement_no: str = Field(min_length=1, max_length=100)
    filed_on: date


class MoneyIn(BaseModel):
    """Money came in, as the bank says; ``flow`` is the bank's number of it."""

    flow: str = Field(min_length=1, max_length=100)
    amount_fen: int = Field(ge=1, le=10**15)
    is_interest: bool = False
    moved_on: date


class MoneyOut(BaseModel):
    """Money left: for families, or back to the institution."""

    flow: str = Field(min_length=1, max_length=100)
    amount_fen: int = Field(ge=1, le=10**15)
    reason: Words = Field(min_length=1, max_length=500)
    moved_on: date


class EndOfDeposit(BaseModel):
    """Whether the competent department agrees."""

    department_consents: bool


def make_router(kit: Kit) -> Router:
    """``/deposits``."""
    router = Router(prefix="/deposits", tags=["deposit 风险保证金"])
    _lists(router, kit)
    _one(router, kit)
    _filing(router, kit)
    _movements(router, kit)
    _judging(router, kit)
    return router


def _lists(router: Router, kit: Kit) -> None:
    @router.get("", summary="Risk deposits, now or as of a moment")
    async def deposits(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        institution_id: UUID | None = None,
        is_short: bool = False,
    ) -> Page[DepositItem]:
        """``is_short``: only those below what must be there (Invariant B)."""
        statement = deposits_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if institution_id:
            statement = statement.where(rows.institution_id == institution_id)
        if is_short:
            statement = statement.where(rows.balance_fen < rows.required_fen)
        listing = Listing(name="deposits", statement=statement, keys=(rows.deposit_id,), columns=DEPOSIT_COLUMNS)
        return await answer_list(listing, asked, kit.connection, DepositItem)  # type: ignore[return-value]

    @router.get("/movements", summary="What came into risk deposits and left them, now or as of a moment")
    async def movements(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        deposit_id: UUID | None = None,
    ) -> Page[DepositMovement]:
        statement = movements_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if deposit_id:
            statement = statement.where(rows.deposit_id == deposit_id)
        keys = (rows.moved_on, rows.deposit_id, rows.flow)
        listing = Listing(name="deposit-movements", statement=statement, keys=keys, columns=MOVEMENT_COLUMNS)
        return await answer_list(listing, asked, kit.connection, DepositMovement)  # type: ignore[return-value]


def _one(router: Router, kit: Kit) -> None:
    @router.get("/{deposit_id}", summary="One risk deposit, now or as of a moment")
    async def deposit(
        deposit_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> DepositItem:
        statement = deposits_in(scope, await position_of(kit, as_of))
        wanted = statement.where(statement.selected_columns.deposit_id == deposit_id)
        async with kit.connection() as connection:
            row = (await connection.execute(wanted)).mappings().first()
        if row is None:
            raise RecordNotFound
        return DepositItem.model_validate(dict(row))

    @router.get("/{deposit_id}/available-actions", summary="What may be done to it now, and until when")
    async def deposit_actions(deposit_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await caught_up(kit)
        async with kit.connection() as connection:
            here = await _seen(connection, caller.scope, deposit_id)
        return await available_actions(kit, DEPOSITS, deposit_id, caller, here, d.hindrance)


def _filing(router: Router, kit: Kit) -> None:
    @router.post("", status_code=201, summary="The deposit account is open and filed")
    async def file_deposit(
        body: NewDeposit,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        scope.require(acts.FILE_DEPOSIT, Dimensions(body.department, body.region, body.category))
        require_come(body.filed_on, shanghai_date(kit.now()), "filed_on")
        holder = Holder(**body.model_dump(exclude={"deposit_id", "number", "agreement_no", "filed_on"}))
        command = d.FileDeposit(
            holder=holder, number=body.number, agreement_no=body.agreement_no, filed_on=body.filed_on
        )
        return accepted(response, await kit.log.handle(DEPOSITS, body.deposit_id, command, written))


def _movements(router: Router, kit: Kit) -> None:
    @router.post("/{deposit_id}/payments", status_code=201, summary="Money came into the deposit")
    async def pay_in(
        deposit_id: UUID,
        body: MoneyIn,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        purpose = d.Purpose.INTEREST if body.is_interest else d.Purpose.TOP_UP
        await _require(kit, scope, deposit_id, acts.PAY_IN_DEPOSIT)
        require_come(body.moved_on, shanghai_date(kit.now()), "moved_on")
        command = d.MoveDeposit(
            flow=body.flow, amount_fen=body.amount_fen, purpose=purpose, reason="", moved_on=body.moved_on
        )
        return accepted(response, await kit.log.handle(DEPOSITS, deposit_id, command, written))

    for path, act, purpose, summary in (
        (
            "draws",
            acts.DRAW_DEPOSIT,
            d.Purpose.DRAW,
            "Money of it goes to families, by an approver's decision",
        ),
        ("returns", acts.RETURN_DEPOSIT, d.Purpose.RETURN, "Money above what must stay goes back to the institution"),
    ):
        _out(router, kit, path, act, purpose, summary)


def _out(router: Router, kit: Kit, path: str, act: Act, purpose: d.Purpose, summary: str) -> None:
    async def pay_out(
        deposit_id: UUID,
        body: MoneyOut,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        await _require(kit, scope, deposit_id, act)
        require_come(body.moved_on, shanghai_date(kit.now()), "moved_on")
        command = d.MoveDeposit(
            flow=body.flow, amount_fen=-body.amount_fen, purpose=purpose, reason=body.reason, moved_on=body.moved_on
        )
        return accepted(response, await kit.log.handle(DEPOSITS, deposit_id, command, written))

    router.add_api_route(
        f"/{{deposit_id}}/{path}",
        pay_out,
        methods=["POST"],
        status_code=201,
        response_model=Accepted,
        name=f"deposit-{path}",
        summary=summary,
    )


def _judging(router: Router, kit: Kit) -> None:
    @router.post("/{deposit_id}/assessment", summary="Set what must be there, by today's figures and numbers in force")
    async def assess(
        deposit_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The highest of the region's floor, the fees of one charging period and a share of U (教监管函〔2021〕2号)."""
        here = await _require(kit, scope, deposit_id, acts.ASSESS_DEPOSIT)
        today = shanghai_date(kit.now())
        numbers = await in_force(kit.log, RISK_DEPOSIT, today, str(here.region), str(here.category))
        institution = await _institution(kit, deposit_id)
        async with kit.connection() as connection:
            since = months_after(today, -numbers["period"])
            fees = await fees_since(connection, institution, since) if institution else 0
            owed = await unconsumed_of(connection, institution) if institution else 0
        command = d.AssessDeposit(
            floor_fen=numbers["floor"] * 100,
            period_fees_fen=fees,
            ratio_permille=numbers["ratio"] * 10,
            unconsumed_fen=owed,
            policy_version=f"risk-deposit/{numbers.version}",
            assessed_on=today,
        )
        return accepted(response, await kit.log.handle(DEPOSITS, deposit_id, command, written))

    @router.post("/{deposit_id}/release", summary="The deposit is over: nothing is owed, and the department agrees")
    async def release_deposit(
        deposit_id: UUID,
        body: EndOfDeposit,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """What families are owed is counted here; then all of it may go back."""
        await _require(kit, scope, deposit_id, acts.RELEASE_DEPOSIT)
        institution = await _institution(kit, deposit_id)
        async with kit.connection() as connection:
            owed = await unconsumed_of(connection, institution) if institution else 0
        command = d.ReleaseDeposit(
            unconsumed_fen=owed,
            department_consents=body.department_consents,
            released_on=shanghai_date(kit.now()),
        )
        return accepted(response, await kit.log.handle(DEPOSITS, deposit_id, command, written))


async def _institution(kit: Kit, deposit_id: UUID) -> UUID | None:
    """Whose it is, as it was filed."""
    state, _ = await kit.log.state(DEPOSITS, deposit_id)
    assert isinstance(state, d.Filed)
    return own(state.holder.institution_id) if state.holder.institution_id else None


async def _require(kit: Kit, scope: Scope, deposit_id: UUID, act: Act) -> Dimensions:
    """Where the deposit stands. Raises ``RecordNotFound`` where the caller may not even see it."""
    await caught_up(kit)
    async with kit.connection() as connection:
        here = await _seen(connection, scope, deposit_id, act)
    scope.require(act, here)
    return here


async def _seen(connection: AsyncConnection, scope: Scope, deposit_id: UUID, act: Act | None = None) -> Dimensions:
    rows = deposits_table.c
    place = select(rows.department, rows.region, rows.category).where(rows.deposit_id == deposit_id)
    return await seen(connection, scope, place, act)
