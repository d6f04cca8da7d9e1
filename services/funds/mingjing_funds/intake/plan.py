"""Which commands a row of a file stands for. The one rule: one command touches one stream.

A row that names two things (a payment concerns a contract and an account) becomes two commands; each is harmless
when it comes again, so a file may be sent as often as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeAlias
from uuid import UUID

from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import vendor_code as v
from mingjing_funds.intake.lesson_hours import Held, TeachingTimes
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.intake.naming import Naming, house
from mingjing_funds.intake.numbered import Giver, Numbers, contract_id
from mingjing_funds.policy import charging_limits
from mingjing_funds.sources.account_list import AccountLine
from mingjing_funds.sources.detect import Kind
from mingjing_funds.sources.kept_aside import DateNotYetCome, NothingToRefund, VendorCodeUnknown
from mingjing_funds.sources.lessons import LessonLine, LessonWord
from mingjing_funds.sources.statement import BankLine
from mingjing_funds.sources.vendor import ContractLine, InstructionLine, PaymentLine, RefundLine, VendorCode
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.redact import redacted
from mingjing_kernel.state import State

STANDINGS = {
    LessonWord.PENDING: c.LessonStanding.PENDING,
    LessonWord.CONFIRMED: c.LessonStanding.CONFIRMED,
    LessonWord.AUTO_CONFIRMED: c.LessonStanding.AUTO_CONFIRMED,
    LessonWord.DISPUTED: c.LessonStanding.DISPUTED,
    LessonWord.CANCELLED: c.LessonStanding.CANCELLED,
    LessonWord.LEAVE: c.LessonStanding.LEAVE,
}
_REFUSED, _WAITING = "已拒绝", "待机构处理"
NUMBERS_REMEMBERED_MAX = 50_000
_SILENCE_DAYS = 7
"""Five working days are seven calendar days; holidays make it later, never earlier."""


@dataclass(frozen=True, slots=True)
class KnownInstitution:
    """What another service has said about an institution, found by its credit code."""

    id: UUID
    department: str
    region: str
    category: str
    is_subject: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What is known before the file is read: who stands behind codes, numbers and contracts."""

    delivered_on: date
    covers_to: date
    """The last day that the file reports on; lessons confirmed in it count from this day."""
    region: str = ""
    department: str = ""
    vendor_accounts: dict[str, str] = field(default_factory=dict)
    """Vendor's code to account number; empty for an institution without a custody account."""
    account_institutions: dict[UUID, KnownInstitution] = field(default_factory=dict)
    contract_accounts: dict[str, UUID | None] = field(default_factory=dict)
    """For a file of which nobody asks whose it is: the numbers that ``numbers`` does not know."""
    numbers: Numbers = field(default_factory=Numbers)
    """Which contract a number means to the sender."""
    accounts: dict[str, UUID] = field(default_factory=dict)
    """Account number to stream, for accounts that were opened here under an id of the caller's choice."""
    incomplete_days: dict[str, tuple[date, ...]] = field(default_factory=dict)
    """Bank to days whose file never came or broke off."""
    prints: LessonPrints | None = None
    """For lessons, and there it must be."""
    hours: TeachingTimes | None = None
    """For lessons: without it nobody looks at what time they were held."""

    def account_of(self, number: str) -> UUID:
        """The stream of the account with this number, known or not."""
        return self.accounts.get(number) or account_id(number)

    def contract_of(self, contract_no: str, vendor_code: str = "") -> UUID:
        """The stream of the contract with this number, known or not. Raises what ``Numbers.meant`` raises."""
        meant = self.numbers.meant(contract_no, vendor_code)
        return meant.id if meant else contract_id(contract_no)

    def contract_account(self, contract_no: str, vendor_code: str = "") -> UUID | None:
        """The account into which the contract with this number is paid, where it is known."""
        meant = self.numbers.meant(contract_no, vendor_code)
        return meant.account_id if meant else self.contract_accounts.get(contract_no)


class Step(State, frozen=True):
    """One command for one stream; ``key`` names the row's natural identity."""

    noun: Literal["account", "contract", "vendor-code"]
    id: UUID
    command: a.Command | c.Command | v.LearnCode
    row: int
    key: str
    waits_for: str = ""
    """The contract or account number that must be known for this to be carried out."""
    naming: Naming | None = None
    """Whom a contract names, in the clear: sealed, it becomes part of the command."""


Planned: TypeAlias = tuple[list[Step], list[tuple[int, Refusal]]]


@lru_cache(NUMBERS_REMEMBERED_MAX)
def account_id(number: str) -> UUID:
    """The stream of the custody account with this number."""
    return derived_id("custody-account", number)


def planned(kind: Kind, rows: Iterable[Any], directory: Directory) -> Planned:
    """The commands of all rows, in order, and the rows that cannot become one, with the reason."""
    plan = _PLANS[kind]
    steps: list[Step] = []
    aside: list[tuple[int, Refusal]] = []
    for row in rows:
        try:
            steps += plan(row, directory)
        except Refusal as reason:
            aside.append((row.row, reason))
    return steps, aside


def _account(row: AccountLine, directory: Directory) -> list[Step]:
    _require_come(row.opened_on, directory, "开户日期")
    _require_come(row.opening_on, directory, "期初余额")
    holder = a.Holder(
        institution_id=None,
        institution_name=row.institution_name,
        uscc=row.uscc,
        bank=row.bank,
        account_name=row.account_name,
        department=directory.department,
        region=directory.region,
        category="",
    )
    command = a.TakeOverAccount(
        holder=holder,
        agreement=a.SignAgreement(agreement_no="", minimum_fen=row.minimum_fen, signed_on=row.opened_on),
        activation=a.ActivateAccount(
            number=row.number,
            number_written=row.matched_from,
            opened_on=row.opened_on,
            opening_fen=row.opening_fen,
            opening_on=row.opening_on,
        ),
    )
    return [Step("account", directory.account_of(row.number), command, row.row, row.number)]


def _entry(row: BankLine, directory: Directory) -> list[Step]:
    booked_on = shanghai_date(row.booked_at)
    _require_come(booked_on, directory, "交易日期")
    command = a.BookEntry(
        bank=row.bank,
        flow=row.flow,
        account_number=row.account_number,
        booked_at=row.booked_at,
        booked_on=booked_on,
        amount_fen=row.amount_fen,
        balance_fen=row.balance_fen,
        summary=redacted(row.summary),
        reference=row.reference(),
        tail=row.tail(),
        is_reversal=row.is_reversal,
        digest=row.digest(),
        incomplete_days=directory.incomplete_days.get(row.bank, ()),
    )
    return [Step("account", directory.account_of(row.account_number), command, row.row, row.flow, row.account_number)]


def _contract(row: ContractLine, directory: Directory) -> list[Step]:
    if row.vendor_code not in directory.vendor_accounts:
        raise VendorCodeUnknown(code=row.vendor_code)
    _require_come(shanghai_date(row.signed_at), directory, "签订时间")
    number = directory.vendor_accounts[row.vendor_code]
    account = directory.account_of(number) if number else None
    known = directory.account_institutions.get(account) if account else None
    terms = c.Terms(
        contract_no=row.contract_no,
        account_id=account,
        institution_id=known.id if known else None,
        vendor_code=row.vendor_code,
        department=known.department if known else directory.department,
        region=known.region if known else directory.region,
        category=known.category if known else "",
        course=redacted(row.course),
        is_subject=known.is_subject if known else False,
        lessons=row.lessons,
        gift_lessons=row.gift_lessons,
        price_fen=row.price_fen,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        signed_at=row.signed_at,
        is_model_text=row.is_model_text,
    )
    command = c.RecordContract(terms=terms, limits=charging_limits.IN_FORCE, opening_used=row.opening_used)
    stream = directory.numbers.stream_of(row.contract_no, Giver(account, terms.institution_id, row.vendor_code))
    naming = Naming(contract_id=stream, contract_no=row.contract_no, house=house(terms), family=row.family)
    return [Step("contract", stream, command, row.row, row.contract_no, naming=naming if row.family else None)]


def _payment(row: PaymentLine, directory: Directory) -> list[Step]:
    if not row.succeeded:
        return []
    paid_on = shanghai_date(row.paid_at)
    _require_come(paid_on, directory, "缴费时间")
    pay = c.RecordPayment(
        payment_no=row.payment_no,
        amount_fen=row.amount_fen,
        paid_at=row.paid_at,
        paid_on=paid_on,
        method=redacted(row.method),
        is_existing_fact=True,
    )
    whose = directory.contract_of(row.contract_no, row.vendor_code)
    steps = [Step("contract", whose, pay, row.row, row.payment_no, row.contract_no)]
    account = directory.contract_account(row.contract_no, row.vendor_code)
    if account is not None:
        expect = _awaited(a.Direction.PAYMENT, row.payment_no, row.amount_fen, paid_on, whose)
        steps.append(Step("account", account, expect, row.row, row.payment_no))
    return steps


def _refund(row: RefundLine, directory: Directory) -> list[Step]:
    """Asked, answered, paid: as far as had happened by the last day that the file covers."""
    today = directory.covers_to
    asked_on = shanghai_date(row.requested_at)
    if asked_on > today:
        return []
    if row.requested_fen == 0:
        raise NothingToRefund
    stream = directory.contract_of(row.contract_no, row.vendor_code)
    ask = c.RequestRefund(
        refund_no=row.refund_no,
        amount_fen=row.requested_fen,
        reason=redacted(row.reason),
        requested_at=row.requested_at,
    )
    steps = [Step("contract", stream, ask, row.row, f"{row.refund_no}/asked", row.contract_no)]
    answered_on = row.answered_on or asked_on + timedelta(days=_SILENCE_DAYS)
    if row.state == _WAITING or answered_on > today:
        return steps
    answer: Literal["agreed", "auto-agreed", "refused"] = "agreed" if row.answered_on else "auto-agreed"
    if row.state == _REFUSED:
        answer = "refused"
    reply = c.AnswerRefund(refund_no=row.refund_no, answer=answer, answered_on=answered_on)
    steps.append(Step("contract", stream, reply, row.row, f"{row.refund_no}/answered", row.contract_no))
    account = directory.contract_account(row.contract_no, row.vendor_code)
    if account is not None and answer != "refused":
        expect = _awaited(a.Direction.REFUND, row.refund_no, row.requested_fen, answered_on, stream)
        steps.append(Step("account", account, expect, row.row, row.refund_no))
    if row.paid_on is not None and row.paid_on <= today and row.paid_fen is not None:
        paid = c.PayRefund(refund_no=row.refund_no, amount_fen=row.paid_fen, paid_on=row.paid_on)
        steps.append(Step("contract", stream, paid, row.row, f"{row.refund_no}/paid", row.contract_no))
    return steps


def _instruction(row: InstructionLine, directory: Directory) -> list[Step]:
    _require_come(row.instructed_on, directory, "指令日期")
    expect = _awaited(a.Direction.RELEASE, row.instruction_no, row.amount_fen, row.instructed_on)
    return [
        Step(
            "account", directory.account_of(row.account_number), expect, row.row, row.instruction_no, row.account_number
        )
    ]


def _lesson(row: LessonLine, directory: Directory) -> list[Step]:
    _require_come(row.held_on, directory, "上课日期")
    assert directory.prints is not None, "lessons are planned with a key at hand"
    meant = directory.numbers.meant(row.contract_no, row.vendor_code)
    held = directory.hours.of(row, meant) if directory.hours else Held()
    command = c.ReportLesson(
        lesson_no=row.lesson_no,
        held_on=row.held_on,
        units=row.units,
        is_gift=row.is_gift,
        standing=STANDINGS[row.word],
        how=redacted(row.how),
        confirmed_at=row.confirmed_at,
        content=directory.prints.of(row),
        reported_on=directory.covers_to,
        held=held.lesson,
        times=held.times,
    )
    stream = meant.id if meant else contract_id(row.contract_no)
    return [Step("contract", stream, command, row.row, row.lesson_no, row.contract_no)]


def _code(row: VendorCode, _directory: Directory) -> list[Step]:
    command = v.LearnCode(
        code=row.code,
        institution_name=row.institution_name,
        uscc=row.uscc,
        account_number=row.account_number,
    )
    return [Step("vendor-code", derived_id("vendor-code", row.code), command, row.row, row.code)]


def _require_come(day: date, directory: Directory, column: str) -> None:
    """What a file reports has happened by the day on which it was delivered."""
    if day > directory.delivered_on:
        raise DateNotYetCome(written=day, column=column)


def _awaited(
    direction: a.Direction, number: str, amount_fen: int, due_on: date, contract: UUID | None = None
) -> a.ExpectMoney:
    said = a.ExpectMoney(direction=direction, number=number, amount_fen=amount_fen, due_on=due_on)
    return replace(said, contract_id=contract)


_PLANS: dict[Kind, Callable[[Any, Directory], list[Step]]] = {
    Kind.ACCOUNT_LIST: _account,
    Kind.STATEMENT: _entry,
    Kind.VENDOR_CODES: _code,
    Kind.CONTRACTS: _contract,
    Kind.PAYMENTS: _payment,
    Kind.REFUNDS: _refund,
    Kind.INSTRUCTIONS: _instruction,
    Kind.LESSONS: _lesson,
}
