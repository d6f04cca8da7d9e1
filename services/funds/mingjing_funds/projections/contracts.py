"""Training contracts (合同): terms, payment, lessons used (k), what is left; and charges that break a rule (F08)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select

from mingjing_funds.domain import contract as c
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.schema import METADATA, scope_columns, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

contracts_table = Table(
    "contracts",
    METADATA,
    Column("contract_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("contract_no", Text, nullable=False, index=True),
    Column("account_id", Uuid, nullable=True, index=True),
    Column("vendor_code", Text, nullable=False),
    Column("student_masked", Text, nullable=False),
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
    Column("used", Integer, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("paid_on", Date, nullable=True),
    Column("earned_fen", BigInteger, nullable=False),
    Column("refunded_fen", BigInteger, nullable=False),
    Column("set_aside", Integer, nullable=False),
)

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


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a contract; lessons that are only reported do not touch it."""
    if not isinstance(fact.event, c.LessonReported | c.ChargingRuleBroken):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The contract after a fact."""
    event = fact.event
    if isinstance(event, c.ContractSigned):
        return _signed(key, event)
    if row is None:
        return None
    match event:
        case c.ContractPaid():
            paid = {"paid_fen": event.amount_fen, "paid_on": event.paid_on, "earned_fen": event.earned_fen}
            return {**row, **paid, "state": "paid"}
        case c.LessonConfirmed():
            earned = row["earned_fen"] + event.earned_fen
            state = "completed" if event.used == row["lessons"] and row["state"] == "paid" else row["state"]
            return {**row, "used": event.used, "earned_fen": earned, "state": state}
        case c.LessonSetAside():
            return {**row, "set_aside": row["set_aside"] + 1}
        case c.RefundRequested():
            return {**row, "state": "refunding"}
        case c.RefundAnswered() if event.answer == "refused":
            return {**row, "state": "paid"}
        case c.RefundPaid():
            return {**row, "refunded_fen": row["refunded_fen"] + event.amount_fen, "state": "refunded"}
        case _:
            return row


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
        "student_masked": terms.student_masked,
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
        "used": event.opening_used,
        "paid_fen": 0,
        "paid_on": None,
        "earned_fen": 0,
        "refunded_fen": 0,
        "set_aside": 0,
    }


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


CONTRACTS_READ = ReadModel(name="contracts", table=contracts_table, nouns=("contract",), keys=keys, fold=fold)
FINDINGS = ReadModel(
    name="charging_findings", table=findings_table, nouns=("contract",), keys=finding_keys, fold=fold_finding
)


def contracts_in(scope: Scope) -> Select[Any]:
    """The contracts that a caller may see; an account's scope stands before the contract's own."""
    rows, accounts = contracts_table.c, accounts_table.c
    seen = visible(scope, accounts_table) | (rows.account_id.is_(None) & visible(scope, contracts_table))
    return (
        select(contracts_table, accounts.institution_id, accounts.institution_name)
        .outerjoin(accounts_table, accounts.account_id == rows.account_id)
        .where(seen)
    )


def contract_after(facts: Iterable[Recorded[Any]]) -> Row | None:
    """The contract as it stood after its first facts; the list keeps no history, one contract is folded again."""
    row: Row | None = None
    for fact in facts:
        for key in keys(fact):
            row = fold(key, row, fact)
    return row


def findings_in(scope: Scope) -> Select[Any]:
    """Charges that break a rule, on contracts that a caller may see."""
    mine = contracts_in(scope).subquery("mine")
    return select(findings_table, mine.c.contract_no, mine.c.institution_name).join(
        mine, mine.c.contract_id == findings_table.c.contract_id
    )
