"""The questions about money: accounts, contracts, bookings, breaks, orders, freezes, alerts and the files of funds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_funds.acts import EVALUATE_ALERTS
from mingjing_funds.acts_bank import SEND_BATCH
from mingjing_funds.domain.account import Direction
from mingjing_funds.projections import (
    accounts,
    alert_report,
    alerts,
    balances,
    breaks,
    contract_numbers,
    contracts,
    custodians,
    custody_report,
    deposits,
    entries,
    expectations,
    files,
    freezes,
    institutions,
    lessons_used,
    payment_orders,
)
from mingjing_funds.projections.evidence import alert_within
from mingjing_funds.projections.schema import METADATA as FUNDS
from mingjing_kernel.identity import Role, Scope
from scopes.family_questions import FAMILY_QUESTIONS
from scopes.question import Driven, Question, driven, listed, whole, within

LATER = date(2027, 1, 1)
MONEY = frozenset({
    Role.FUND_REGULATOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.APPROVER, Role.LICENSING_OFFICER,
})  # fmt: skip
"""Who may read about money."""
HANDLERS = frozenset({Role.MEDIATOR, Role.INSPECTOR, Role.HOTLINE_OPERATOR})
"""Who handles complaints and finds a contract by its number, without the family."""
_ABOUT = UUID(int=0xABC)
"""The institution that a dispute is about."""


def balanced(**more: Any) -> Callable[..., list[UUID]]:
    """The accounts of a day's balances."""

    def asks(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
        asked = balances.balances_on(Driven(connection), scope, LATER, position=at, **more)  # type: ignore[arg-type]
        found = driven(asked)
        return [balance.account_id for balance in found]

    return asks


def known(connection: Connection, scope: Scope, _at: int | None) -> list[UUID]:
    """Each contract asked for by its id."""
    ids = [row.contract_id for row in connection.execute(contracts.contracts_table.select())]
    asked = (connection.execute(contract_numbers.known_as(scope, one)).mappings().one_or_none() for one in ids)
    return [row["contract_id"] for row in asked if row is not None]


def sendable(connection: Connection, scope: Scope, _at: int | None) -> list[UUID]:
    """Whose orders somebody may send to a bank."""
    items = driven(payment_orders.waiting_at(Driven(connection), scope, "icbc"))  # type: ignore[arg-type]
    return [item.account_id for item in items]


def reported(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The groups of a report, where each account is a group of its own."""
    found = connection.execute(custody_report.custody_figures(scope, "bank", _on(at))).mappings()
    return [UUID(row["key"]) for row in found if row["accounts"]]


def told(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The rules of a report, where each alert is of a rule of its own."""
    period = alert_report.Period(since=date(2000, 1, 1), until=date(2100, 1, 1))
    return [UUID(row.rule) for row in connection.execute(alert_report.alert_figures(scope, period, at))]


def _on(at: int | None) -> custody_report.On:
    return custody_report.On(day=LATER, known_until=LATER, position=at)


_ACCOUNT = accounts.ACCOUNTS_READ
_HELD: dict[str, Any] = {
    "values": {"bank": "icbc"},
    "holders": {Role.BANK: lambda _: "icbc", Role.INSTITUTION: lambda row: row.id},
}
_CONTRACT = (contracts.CONTRACTS_READ, lessons_used.LESSONS_USED)

MONEY_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    **FAMILY_QUESTIONS,
    "mingjing_funds/projections/accounts.py:accounts_in": (FUNDS, (
        whole(accounts.accounts_in, "account_id", of=(_ACCOUNT,), roles=MONEY, **_HELD),
    )),
    "mingjing_funds/projections/alerts.py:alerts_in": (FUNDS, (
        whole(alerts.alerts_in, "alert_id", of=(alerts.ALERTS,), roles=MONEY),
    )),
    "mingjing_funds/projections/alerts.py:evaluations_in": (FUNDS, (
        whole(alerts.evaluations_in, "watch_id", of=(alerts.EVALUATIONS,), roles=MONEY),
    )),
    "mingjing_funds/projections/balances.py:balances_on": (FUNDS, (
        Question(asks=balanced(), of=(_ACCOUNT,), roles=MONEY),
        Question(asks=balanced(act=EVALUATE_ALERTS), of=(_ACCOUNT,), act=EVALUATE_ALERTS),
    )),
    "mingjing_funds/projections/balances.py:sums_on": (FUNDS, (
        whole(lambda scope, at: balances.sums_on(scope, LATER, LATER, at), "account_id", of=(_ACCOUNT,), roles=MONEY),
    )),
    "mingjing_funds/projections/custody_report.py:custody_accounts": (FUNDS, (
        whole(lambda scope, at: custody_report.custody_accounts(scope, _on(at)), "account_id", of=(_ACCOUNT,),
              roles=MONEY),
    )),
    "mingjing_funds/projections/custody_report.py:accounts_of": (FUNDS, (
        whole(lambda scope, at: custody_report.accounts_of(scope, _on(at), "bank", "icbc"), "account_id",
              of=(_ACCOUNT,), roles=MONEY, values={"bank": "icbc"}),
    )),
    "mingjing_funds/projections/custody_report.py:custody_figures": (FUNDS, (
        Question(asks=reported, of=(_ACCOUNT,), roles=MONEY, values={"bank": lambda row: str(row.id)}),
    )),
    "mingjing_funds/projections/alert_report.py:alert_figures": (FUNDS, (
        Question(asks=told, of=(alerts.ALERTS,), roles=MONEY, values={"rule": lambda row: str(row.id)}),
    )),
    "mingjing_funds/projections/contracts.py:contracts_in": (FUNDS, (
        whole(contracts.contracts_in, "contract_id", of=(*_CONTRACT, _ACCOUNT), roles=MONEY),
        whole(contracts.contracts_in, "contract_id", of=_CONTRACT, roles=MONEY, values={"account_id": None}),
    )),
    "mingjing_funds/projections/contract_numbers.py:numbered": (FUNDS, (
        Question(asks=listed(lambda scope, _: contract_numbers.numbered(scope), "contract_id"),
                 of=(*_CONTRACT, _ACCOUNT), roles=MONEY, across=HANDLERS, keeps_history=False),
    )),
    "mingjing_funds/projections/contract_numbers.py:meant_by": (FUNDS, (
        Question(asks=listed(lambda scope, _: contract_numbers.meant_by(scope, "HT-1", _ABOUT), "contract_id"),
                 of=(*_CONTRACT, _ACCOUNT), roles=MONEY, across=HANDLERS, keeps_history=False,
                 values={"contract_no": "HT-1", "institution_id": _ABOUT}),
    )),
    "mingjing_funds/projections/contract_numbers.py:known_as": (FUNDS, (
        Question(asks=known, of=(*_CONTRACT, _ACCOUNT), roles=MONEY, across=HANDLERS,
                 keeps_history=False),
    )),
    "mingjing_funds/projections/contracts.py:findings_in": (FUNDS, (
        whole(contracts.findings_in, "contract_id", of=(*_CONTRACT, contracts.FINDINGS, _ACCOUNT), roles=MONEY),
    )),
    "mingjing_funds/projections/entries.py:entries_in": (FUNDS, (
        whole(entries.entries_in, "account_id", of=(entries.ENTRIES, _ACCOUNT), roles=MONEY, **_HELD),
    )),
    "mingjing_funds/projections/expectations.py:expectations_in": (FUNDS, (
        whole(lambda scope, at: expectations.expectations_in(scope, Direction.REFUND, at), "account_id",
              of=(expectations.EXPECTATIONS, _ACCOUNT), roles=MONEY, values={"direction": Direction.REFUND.value}),
    )),
    "mingjing_funds/projections/files.py:deliveries_in": (FUNDS, (
        whole(files.deliveries_in, "file_id", of=(files.DELIVERIES_READ,), roles=MONEY),
    )),
    "mingjing_funds/projections/files.py:kept_aside_in": (FUNDS, (
        whole(files.kept_aside_in, "row_id", of=(files.KEPT_ASIDE,), roles=MONEY),
    )),
    "mingjing_funds/projections/breaks.py:breaks_in": (FUNDS, (
        whole(breaks.breaks_in, "break_id", of=(breaks.BREAKS_READ, _ACCOUNT), roles=MONEY),
    )),
    "mingjing_funds/projections/payment_orders.py:orders_in": (FUNDS, (
        whole(payment_orders.orders_in, "account_id", of=(payment_orders.PAYMENT_ORDERS, _ACCOUNT), roles=MONEY,
              **_HELD),
    )),
    "mingjing_funds/projections/payment_orders.py:waiting_at": (FUNDS, (
        Question(asks=sendable, of=(payment_orders.PAYMENT_ORDERS, _ACCOUNT), act=SEND_BATCH, keeps_history=False,
                 values={"bank": "icbc", "state": payment_orders.WAITING, "direction": Direction.RELEASE.value}),
    )),
    "mingjing_funds/projections/custodians.py:custodians_in": (FUNDS, (
        whole(custodians.custodians_in, "institution_id", of=(custodians.CUSTODIANS_READ, _ACCOUNT), roles=MONEY,
              **{**_HELD, "values": {"bank": "icbc", "step": "sole"}}),
    )),
    "mingjing_funds/projections/deposits.py:deposits_in": (FUNDS, (
        whole(deposits.deposits_in, "deposit_id", of=(deposits.DEPOSITS_READ,), roles=MONEY, **_HELD),
    )),
    "mingjing_funds/projections/deposits.py:movements_in": (FUNDS, (
        whole(deposits.movements_in, "deposit_id", of=(deposits.DEPOSIT_MOVEMENTS, deposits.DEPOSITS_READ),
              roles=MONEY, **{**_HELD, "values": {"bank": "icbc", "purpose": "draw"}}),
    )),
    "mingjing_funds/projections/freezes.py:freezes_in": (FUNDS, (
        whole(freezes.freezes_in, "account_id", of=(freezes.FREEZES, _ACCOUNT), roles=MONEY, **_HELD),
    )),
    "mingjing_funds/projections/institutions.py:institutions_in": (FUNDS, (
        whole(institutions.institutions_in, "institution_id", of=(institutions.INSTITUTIONS_READ,), roles=MONEY),
    )),
    "mingjing_funds/projections/evidence.py:alert_within": (FUNDS, (
        within(alert_within, "alert_id", MONEY, of=(alerts.ALERTS,)),
    )),
}  # fmt: skip
