"""Training contracts (合同): terms, state, payment; and charges that break a rule (F08). Both keep history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.domain.carrying import ContractMoved
from mingjing_funds.domain.family import NOBODY, Family, FamilyCorrected, FamilyNamed
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.lessons_used import LESSONS_USED
from mingjing_funds.projections.schema import METADATA, scope_columns, visible
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

contracts_table = Table(
    "contracts",
    METADATA,
    Column("contract_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("contract_no", Text, nullable=False, index=True),
    Column("account_id", Uuid, nullable=True, index=True),
    Column("vendor_code", Text, nullable=False),
    Column("pupil", Text, nullable=False, index=True),
    Column("guardian", Text, nullable=False, index=True),
    Column("course", Text, nullable=False),
    Column("lessons", Integer, nullable=False),
    Column("gift_lessons", Integer, nullable=False),
    Column("price_fen", BigInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    Column("is_model_text", Boolean, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("paid_on", Date, nullable=True),
    Column("refunded_fen", BigInteger, nullable=False),
    Column("transferred_fen", BigInteger, nullable=False),
    Column("released_fen", BigInteger, nullable=False),
    Column("last_on", Date, nullable=False),
)
"""``pupil`` and ``guardian`` are subjects, empty where nobody is named; ``last_on``: the last day on which anything was
agreed, paid or asked back."""
scope_index(contracts_table)

findings_table = Table(
    "charging_findings",
    METADATA,
    Column("contract_id", Uuid, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("account_id", Uuid, nullable=True),
    Column("found", BigInteger, nullable=False),
    Column("allowed", BigInteger, nullable=False),
    Column("policy_version", Text, nullable=False),
)


_UNTOUCHED = frozenset(
    {
        c.LessonReported,
        c.LessonSetAside,
        c.ChargingRuleBroken,
        c.ContractDrafted,
        lesson.LessonTimed,
        lesson.ConfirmationAsked,
        lesson.ConfirmationCodeIssued,
        lesson.ConfirmationEnded,
        lesson.LessonSettled,
        lesson.AlterationDecided,
        order.ClausesAgreed,
        refund.RefundPayable,
        refund.RefundOverdue,
        refund.RefundStayed,
        refund.RefundResumed,
    }
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a contract; what changes neither its money nor its state does not touch it."""
    if type(fact.event) not in _UNTOUCHED:
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The contract after a fact; a confirmed lesson changes it only when it is the last."""
    event = fact.event
    if isinstance(event, c.ContractSigned):
        return _signed(key, event)
    if row is None:
        return None
    match event:
        case c.ContractPaid():
            paid = {"paid_fen": event.amount_fen, "paid_on": event.paid_on, "state": "paid"}
            return {**row, **paid, **_on(row, event.paid_on)}
        case c.LessonConfirmed() if event.used == row["lessons"] and row["state"] in ("paid", "expired"):
            return {**row, "state": "completed"}
        case c.RefundRequested():
            return {**row, "state": "refunding", **_on(row, shanghai_date(event.requested_at))}
        case c.RefundAnswered():
            state = {"state": "paid"} if event.answer == "refused" else {}
            return {**row, **state, **_on(row, event.answered_on)}
        case c.RefundPaid():
            refunded = {"refunded_fen": row["refunded_fen"] + event.amount_fen, "state": "refunded"}
            return {**row, **refunded, **_on(row, event.paid_on)}
        case FamilyNamed() | FamilyCorrected():
            return {**row, **_named(event.family)}
        case ContractMoved():
            return {**row, "account_id": event.new_id}
        case _:
            return {**row, **_lived(row, event)}


def _lived(row: Row, event: Any) -> Row:
    """What its further life changes."""
    match event:
        case order.TransferredIn():
            paid = {"paid_fen": event.amount_fen, "paid_on": event.transferred_on, "state": "paid"}
            return {**paid, **_on(row, event.transferred_on)}
        case order.TransferredOut():
            moved = row["transferred_fen"] + event.amount_fen
            return {"transferred_fen": moved, "state": "transferred", **_on(row, event.transferred_on)}
        case order.ShareReleased() | order.ShareTakenBack():
            return {"released_fen": event.released_fen}
        case order.ContractExpired() if row["state"] == "paid":
            return {"state": "expired"}
        case lesson.LessonTakenBack() if row["state"] == "completed":
            return {"state": "paid"}
        case _:
            return _refunding(row, event)


def _refunding(row: Row, event: Any) -> Row:
    """What the further steps of a refund change."""
    match event:
        case refund.CoolingOffObjected() | refund.RefundTakenToMediation():
            return {"state": "disputed"}
        case refund.MediationEnded() | refund.RefundGranted():
            return {"state": "refunding" if event.amount_fen else "paid"}
        case refund.RefundReturned():
            owed_again = {"refunded_fen": row["refunded_fen"] - event.amount_fen, "state": "refunding"}
            return {**owed_again, **_on(row, event.returned_on)}
        case refund.RefundPutForReview() if event.review.kind is refund.RefundKind.COOLING_OFF:
            return {"state": "cooling-off"}
        case refund.RefundClosed() if event.end is not refund.RefundEnd.PAID:
            return {"state": "paid"}
        case _:
            return {}


def _signed(key: Key, event: c.ContractSigned) -> Row:
    terms = event.terms
    return {
        "contract_id": key[0],
        "department": terms.department,
        "region": terms.region,
        "category": terms.category,
        "contract_no": terms.contract_no,
        "account_id": terms.account_id,
        "vendor_code": terms.vendor_code,
        **_named(event.family or NOBODY),
        "course": terms.course,
        "lessons": terms.lessons,
        "gift_lessons": terms.gift_lessons,
        "price_fen": terms.price_fen,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "signed_at": terms.signed_at,
        "is_model_text": terms.is_model_text,
        "policy_version": event.policy_version,
        "state": "signed",
        "paid_fen": 0,
        "paid_on": None,
        "refunded_fen": 0,
        "transferred_fen": 0,
        "released_fen": 0,
        "last_on": shanghai_date(terms.signed_at),
    }


def _named(family: Family) -> Row:
    """Whom it names: by subject, which says nothing of them."""
    people = {"pupil": family.pupil, "guardian": family.guardian}
    return {member: person.subject if person else "" for member, person in people.items()}


def _on(row: Row, day: date) -> Row:
    return {"last_on": max(row["last_on"], day)}


def finding_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a contract and rule."""
    if isinstance(fact.event, c.ChargingRuleBroken):
        yield (fact.id, fact.event.rule)


def fold_finding(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """What was found."""
    event = fact.event
    if not isinstance(event, c.ChargingRuleBroken):
        return row
    return {
        "contract_id": key[0],
        "rule": key[1],
        "account_id": event.account_id,
        "found": event.found,
        "allowed": event.allowed,
        "policy_version": event.policy_version,
    }


CONTRACTS_READ = ReadModel(
    name="contracts", table=contracts_table, nouns=("contract",), keys=keys, fold=fold, history=True
)
FINDINGS = ReadModel(
    name="charging_findings",
    table=findings_table,
    nouns=("contract",),
    keys=finding_keys,
    fold=fold_finding,
    history=True,
)


def contracts_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The contracts that a caller may see, now or as they stood; an account's scope comes before its own."""
    contracts, lessons, accounts = (read.at(position) for read in (CONTRACTS_READ, LESSONS_USED, ACCOUNTS_READ))
    rows, used, whose = contracts.c, lessons.c, accounts.c
    seen = visible(scope, accounts) | (rows.account_id.is_(None) & visible(scope, contracts))
    return (
        select(
            *(rows[name] for name in CONTRACTS_READ.columns),
            *(used[name] for name in ("used", "earned_fen", "set_aside")),
            *(whose[name] for name in ("institution_id", "institution_name")),
        )
        .join_from(contracts, lessons, used.contract_id == rows.contract_id)
        .outerjoin(accounts, whose.account_id == rows.account_id)
        .where(seen)
    )


def findings_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """Charges that break a rule, on contracts that a caller may see, now or as they stood."""
    findings, mine = FINDINGS.at(position), contracts_in(scope, position).subquery("mine")
    return select(
        *(findings.c[name] for name in FINDINGS.columns), mine.c.contract_no, mine.c.institution_name
    ).join_from(findings, mine, mine.c.contract_id == findings.c.contract_id)


def contracts_with(account_id: UUID, after: UUID | None, limit: int) -> Select[Any]:
    """Ids of the contracts that an account keeps, in their order. The caller may act on the account."""
    rows = contracts_table.c
    wanted = select(rows.contract_id).where(rows.account_id == account_id)
    if after is not None:
        wanted = wanted.where(rows.contract_id > after)
    return wanted.order_by(rows.contract_id).limit(limit)


async def has_contracts(connection: AsyncConnection, account_id: UUID) -> bool:
    """Whether any contract is with an account. The caller may see the account."""
    rows = contracts_table.c
    found = await connection.execute(select(rows.contract_id).where(rows.account_id == account_id).limit(1))
    return found.first() is not None
