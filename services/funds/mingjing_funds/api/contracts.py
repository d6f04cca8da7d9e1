"""Contracts: sign, be paid, report lessons, refund; and the list of charges that break a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from mingjing_funds import acts
from mingjing_funds.api.acting import (
    RecordNotFound,
    because,
    contract_seen,
    require,
    require_account,
    require_contract,
)
from mingjing_funds.api.lesson_times import LessonTimes
from mingjing_funds.api.models import ContractItem, FindingItem
from mingjing_funds.api.numbers import charging_numbers, review
from mingjing_funds.api.people import Words, family_said, item_of, sign_named, with_masks
from mingjing_funds.api.signing import ContractTerms, blocked_at, charge_of, terms_of
from mingjing_funds.api.with_account import record_payment, require_open
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.charging_checks import Asked as AskedCharge
from mingjing_funds.domain.contract_rules import hindrance
from mingjing_funds.domain.refund import RefundKind
from mingjing_funds.intake.lesson_hours import teaching_times
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.intake.naming import Naming, house
from mingjing_funds.policy import charging_limits
from mingjing_funds.policy.family_rules import CHARGING, REFUNDS
from mingjing_funds.projections.accounts import accounts_in
from mingjing_funds.projections.contracts import contracts_in, findings_in
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
    page_of,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.limits import FEN_MAX, NAME_CHARACTERS_MAX, NUMBER_CHARACTERS_MAX, WORDS_CHARACTERS_MAX
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.policy import in_force
from mingjing_kernel.sealed.keys import Keys

CONTRACT_COLUMNS = (
    Column("contract_no", "合同编号", "Contract"),
    Column("institution_name", "机构名称", "Institution"),
    Column("pupil_masked", "学员", "Pupil"),
    Column("guardian_masked", "监护人", "Guardian"),
    Column("guardian_phone_masked", "监护人手机", "Guardian's telephone"),
    Column("course", "课程", "Course"),
    Column("lessons", "课时数", "Lessons", "integer"),
    Column("used", "已消课时", "Used", "integer"),
    Column("price_fen", "合同金额", "Price", "yuan"),
    Column("paid_fen", "已缴", "Paid", "yuan"),
    Column("earned_fen", "已消金额", "Earned", "yuan"),
    Column("refunded_fen", "已退", "Refunded", "yuan"),
    Column("state", "状态", "State"),
)
FINDING_COLUMNS = (
    Column("contract_no", "合同编号", "Contract"),
    Column("institution_name", "机构名称", "Institution"),
    Column("rule", "规则", "Rule"),
    Column("found", "实际", "Found", "integer"),
    Column("allowed", "上限", "Allowed", "integer"),
    Column("policy_version", "政策版本", "Policy version"),
)


class NewContract(ContractTerms):
    """A contract to sign. The caller chooses ``contract_id``, so that a repeated request cannot sign twice."""

    contract_id: UUID
    replaces: UUID | None = Field(
        default=None, description="换课、转班：the pupil's contract whose remaining money pays this one by a transfer"
    )


class NewPayment(BaseModel):
    """The price was paid into the custody account."""

    payment_no: str = Field(min_length=1, max_length=NUMBER_CHARACTERS_MAX)
    amount_fen: int = Field(ge=1, le=FEN_MAX)
    paid_at: Moment
    method: Words = Field(max_length=NAME_CHARACTERS_MAX)


class NewLesson(LessonTimes):
    """A lesson and where it stands."""

    lesson_no: str = Field(min_length=1, max_length=NUMBER_CHARACTERS_MAX)
    held_on: date
    units: int = Field(default=1, ge=1, le=20)
    is_gift: bool = False
    standing: c.LessonStanding
    how: Words = Field(default="", max_length=WORDS_CHARACTERS_MAX)
    confirmed_at: Moment | None = None
    content: str = Field(
        default="",
        max_length=500,
        description="What the sender compares it by; kept as a keyed digest, and never shown",
    )


class NewRefund(BaseModel):
    """A family asks for money back."""

    refund_no: str = Field(min_length=1, max_length=NUMBER_CHARACTERS_MAX)
    amount_fen: int = Field(ge=1, le=FEN_MAX)
    reason: Words = Field(max_length=WORDS_CHARACTERS_MAX)
    kind: RefundKind = RefundKind.ORDINARY
    had_before: bool = Field(default=False, description="The pupil had the same service before: no cooling-off")


class RefundAnswer(BaseModel):
    """The institution's answer."""

    answer: Literal["agreed", "auto-agreed", "refused"]


class RefundPayment(BaseModel):
    """The bank has paid."""

    amount_fen: int = Field(ge=1, le=FEN_MAX)
    paid_on: date


def make_router(kit: Kit) -> Router:
    """The addresses of contracts."""
    router, keys = Router(prefix="/contracts", tags=["contract 培训合同"]), Keys(kit)
    _reads(router, kit, keys)
    _charges(router, kit, keys)
    _lessons(router, kit, keys)
    _refunds(router, kit)
    _refund_payments(router, kit)
    return router


def _reads(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get("", summary="Contracts, now or as of a moment")
    async def contracts(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
        contract_no: str | None = Query(default=None, max_length=80),
        state: str | None = None,
    ) -> Page[ContractItem]:
        statement = with_masks(contracts_in(scope, await position_of(kit, as_of)))
        rows = statement.selected_columns
        for column, wanted in ((rows.account_id, account_id), (rows.contract_no, contract_no), (rows.state, state)):
            if wanted is not None:
                statement = statement.where(column == wanted)
        order = (rows.contract_no, rows.contract_id)
        listing = Listing(name="contracts", statement=statement, keys=order, columns=CONTRACT_COLUMNS)
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, ContractItem)  # type: ignore[return-value]
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
        return Page[ContractItem](items=[item_of(keys, row) for row in found], next=cursor)

    @router.get("/findings", summary="Existing charges that break a charging rule (F08)")
    async def findings(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Page[FindingItem]:
        statement = findings_in(scope, await position_of(kit, as_of))
        keys = (statement.selected_columns.contract_id, statement.selected_columns.rule)
        listing = Listing(name="findings", statement=statement, keys=keys, columns=FINDING_COLUMNS)
        return await answer_list(listing, asked, kit.connection, FindingItem)  # type: ignore[return-value]

    @router.get("/{contract_id}", summary="One contract, now or as of a moment")
    async def contract(
        contract_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> ContractItem:
        statement = with_masks(contracts_in(scope, await position_of(kit, as_of)))
        wanted = statement.where(statement.selected_columns.contract_id == contract_id)
        async with kit.connection() as connection:
            row = (await connection.execute(wanted)).mappings().first()
        if row is None:
            raise RecordNotFound
        return item_of(keys, row)

    @router.get("/{contract_id}/available-actions", summary="What may be done to it now, and until when")
    async def contract_actions(contract_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            here = await contract_seen(connection, caller.scope, contract_id)
        return await available_actions(kit, CONTRACTS, contract_id, caller, here, hindrance)


def _charges(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("", status_code=201, summary="Sign a contract (P1 to P12, X11)")
    async def sign(
        body: NewContract,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The people are sealed at once, each under a key of her own; nobody reads them again without a purpose."""
        terms = terms_of(body, await _account(kit, scope, body), kit.now())
        await require_open(kit, body.account_id, body.contract_id)
        blocked = await blocked_at(kit, terms, shanghai_date(kit.now()))
        charge = charge_of(body, shanghai_date(kit.now()))
        numbers = charging_numbers(await in_force(kit.log, CHARGING, charge.charged_on, terms.region, terms.category))
        command = c.SignContract(
            terms=terms,
            limits=charging_limits.IN_FORCE,
            charging_blocked=blocked,
            asked=AskedCharge(charge=charge, numbers=numbers),
            replaces=body.replaces,
        )
        naming = Naming(
            contract_id=body.contract_id,
            contract_no=body.contract_no,
            house=house(terms),
            family=family_said(body.pupil, body.guardian),
        )
        return accepted(response, await sign_named(kit, keys, naming, command, keys.keyed(written)))

    @router.post("/{contract_id}/payment", status_code=201, summary="The price was paid")
    async def pay(
        contract_id: UUID,
        body: NewPayment,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.RECORD_PAYMENT)
        paid_on = shanghai_date(body.paid_at)
        require_come(paid_on, shanghai_date(kit.now()), "paid_at")
        contract, _ = await kit.log.state(CONTRACTS, contract_id)
        blocked = await blocked_at(kit, contract.terms, paid_on) if isinstance(contract, c.Signed | c.Paid) else ""
        said = body.model_dump()
        command = c.RecordPayment(paid_on=paid_on, is_existing_fact=False, charging_blocked=blocked, **said)
        return accepted(response, await record_payment(kit, contract_id, contract, command, written))


def _lessons(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/{contract_id}/lessons", status_code=201, summary="Report or confirm a lesson")
    async def report(
        contract_id: UUID,
        body: NewLesson,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            here = await contract_seen(connection, scope, contract_id, acts.REPORT_LESSON)
        scope.require(acts.REPORT_LESSON, here)
        today = shanghai_date(kit.now())
        if body.standing is not c.LessonStanding.SCHEDULED:
            require_come(body.held_on, today, "held_on")
        if body.confirmed_at is not None:
            require_come(shanghai_date(body.confirmed_at), today, "confirmed_at")
        content = LessonPrints(keys.index()).of_words(body.content)
        place = (str(here.region), str(here.category))
        held, times = body.held(body.lesson_no, body.held_on, place, await teaching_times(kit.log))
        said = body.model_dump(exclude={"content", *LessonTimes.model_fields})
        command = c.ReportLesson(reported_on=today, **said, content=content, held=held, times=times)
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, keys.keyed(written)))


def _refunds(router: Router, kit: Kit) -> None:
    @router.post("/{contract_id}/refunds", status_code=201, summary="Ask for a refund; never blocked")
    async def request_refund(
        contract_id: UUID,
        body: NewRefund,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            here = await contract_seen(connection, scope, contract_id, acts.REQUEST_REFUND)
        scope.require(acts.REQUEST_REFUND, here)
        today = shanghai_date(kit.now())
        numbers = await in_force(kit.log, REFUNDS, today, str(here.region), str(here.category))
        command = c.RequestRefund(
            refund_no=body.refund_no,
            amount_fen=body.amount_fen,
            reason=body.reason,
            requested_at=kit.now(),
            review=review(numbers, body.kind, today, had_before=body.had_before),
        )
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, why))

    @router.post("/{contract_id}/refunds/{refund_no}/answer", summary="Answer a refund request")
    async def answer_refund(
        contract_id: UUID,
        refund_no: str,
        body: RefundAnswer,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.ANSWER_REFUND)
        command = c.AnswerRefund(refund_no=refund_no, answer=body.answer, answered_on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, written))


def _refund_payments(router: Router, kit: Kit) -> None:
    @router.post("/{contract_id}/refunds/{refund_no}/payment", summary="The bank has paid the refund")
    async def pay_refund(
        contract_id: UUID,
        refund_no: str,
        body: RefundPayment,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.PAY_REFUND)
        require_come(body.paid_on, shanghai_date(kit.now()), "paid_on")
        command = c.PayRefund(refund_no=refund_no, amount_fen=body.amount_fen, paid_on=body.paid_on)
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, written))


async def _account(kit: Kit, scope: Scope, body: NewContract) -> Mapping[str, Any]:
    """The custody account, with what it says about the institution."""
    statement = accounts_in(scope)
    async with kit.connection() as connection:
        await require_account(connection, scope, body.account_id, acts.SIGN_CONTRACT)
        wanted = statement.where(statement.selected_columns.account_id == body.account_id)
        account = (await connection.execute(wanted)).mappings().first()
    if account is None:
        raise RecordNotFound
    require(scope, acts.SIGN_CONTRACT, region=account["region"], department=account["department"])
    return dict(account)
