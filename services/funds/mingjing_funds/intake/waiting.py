"""Which rows that were kept aside may come right now (搁置待补): what they wait for is known to their sender.

The one rule: a row that says whose it is waits for the contract of that institution. The same number of another one,
or of one beyond the sender's reach, makes it no better, and rows that can be used must not queue behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.acts import SEND_FILE
from mingjing_funds.intake.reach import May, reaches
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.files import kept_aside_table, vendor_codes_table
from mingjing_funds.sources.detect import Kind
from mingjing_funds.sources.lessons import CODE
from mingjing_kernel.identity import UNDIVIDED, Columns, Scope

RETRIES_MAX = 1_000
OF_A_CONTRACT = frozenset({Kind.PAYMENTS, Kind.REFUNDS, Kind.LESSONS})
"""Kinds whose rows are of a contract that must be there, whatever else they wait for."""
NUMBER = "合同编号"


async def come_right(connection: AsyncConnection, scope: Scope, may: May) -> Sequence[Any]:
    """Those that a sender may write for, the oldest first."""
    rows = kept_aside_table.c
    mine = scope.where_may(SEND_FILE, Columns(rows.department, rows.region, UNDIVIDED))
    is_of_contract = rows.kind.in_([kind.value for kind in OF_A_CONTRACT])
    known = or_(
        rows.waits_for.in_(select(accounts_table.c.number)), rows.waits_for.in_(select(vendor_codes_table.c.code))
    )
    wanted = (
        select(rows.row_id, rows.kind, rows.covers_to, rows.cells, rows.region, rows.department)
        .where(mine, rows.state == "waiting", rows.waits_for != "")
        .where(case((is_of_contract, _its_contract(scope, may)), else_=known))
        .order_by(rows.kept_at, rows.row)
        .limit(RETRIES_MAX)
    )
    return (await connection.execute(wanted)).all()


def _its_contract(scope: Scope, may: May) -> ColumnElement[bool]:
    """As ``Numbers.meant`` finds it: by the code, or by the account for which the code stands, or whose that is."""
    rows, contracts, accounts = kept_aside_table.c, contracts_table.c, accounts_table.c
    code, whose = func.coalesce(rows.cells[CODE].astext, ""), accounts_table.alias("whose")
    stands_for_it = exists().where(
        vendor_codes_table.c.code == code,
        whose.c.number == vendor_codes_table.c.account_number,
        whose.c.number != "",
        or_(whose.c.account_id == contracts.account_id, whose.c.institution_id == accounts.institution_id),
    )
    return (
        select(contracts.contract_id)
        .outerjoin(accounts_table, accounts.account_id == contracts.account_id)
        .where(
            contracts.contract_no.in_([rows.waits_for, rows.cells[NUMBER].astext]),
            reaches(scope, may),
            or_(code == "", contracts.vendor_code == code, stands_for_it.correlate_except(vendor_codes_table, whose)),
        )
        .correlate(kept_aside_table)
        .exists()
    )
