"""Reconciliation breaks (对账差异): the queue of what does not agree, since when, and how each came to its end.

Keeps history, so that the queue of any past day can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Select, Table, Text, Uuid, and_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain import custody_break as b
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.schema import METADATA, scope_columns, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

breaks_table = Table(
    "breaks",
    METADATA,
    Column("break_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("account_number", Text, nullable=False),
    Column("institution_name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("other_account_id", Uuid, nullable=True),
    Column("lines", JSONB, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("opened_on", Date, nullable=False),
    Column("ended_on", Date, nullable=True),
    Column("ended_how", Text, nullable=False),
    Column("resolved_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("evidence", Text, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a break."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The break through its life; opened again, it starts anew."""
    event = fact.event
    match event:
        case b.BreakOpened():
            ended = {"ended_on": None, "ended_how": "", "resolved_by": "", "reason": "", "evidence": ""}
            return {"break_id": key[0], **_said(event), "opened_on": event.seen_on, **ended}
        case b.BreakChanged() if row is not None:
            return {**row, **_said(event)}
        case b.BreakRighted() if row is not None:
            return {**row, "state": "righted", "ended_on": event.righted_on, "ended_how": event.how.value}
        case b.BreakResolved() if row is not None:
            how = {"ended_on": event.resolved_on, "ended_how": event.disposal.value, "resolved_by": event.by}
            return {**row, "state": "resolved", **how, "reason": event.reason, "evidence": event.evidence}
        case _:
            return row


def _said(event: b.BreakOpened | b.BreakChanged) -> Row:
    found, whose = event.found, event.whose
    return {
        "department": whose.department,
        "region": whose.region,
        "category": whose.category,
        "account_id": found.account_id,
        "account_number": whose.account_number,
        "institution_name": whose.institution_name,
        "kind": found.kind.value,
        "day": found.day,
        "amount_fen": found.amount_fen,
        "number": found.number,
        "flow": found.flow,
        "other_account_id": found.other_account_id,
        "lines": [
            {
                "side": line.side.value,
                "reference": line.reference,
                "amount_fen": line.amount_fen,
                "day": line.day.isoformat(),
            }
            for line in found.lines
        ],
        "state": "open",
    }


BREAKS_READ = ReadModel(name="breaks", table=breaks_table, nouns=("break",), keys=keys, fold=fold, history=True)


def breaks_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The breaks that a caller may see, now or as they stood after a position of the log. The other account, into which
    money went or whose it is, is told to whoever may see that account, too.
    """
    rows = BREAKS_READ.at(position)
    others = ACCOUNTS_READ.at(position).alias("others")
    told = and_(others.c.account_id == rows.c.other_account_id, visible(scope, others))
    columns = {name: rows.c[name] for name in BREAKS_READ.columns}
    columns["other_account_id"] = others.c.account_id.label("other_account_id")
    return select(*columns.values()).outerjoin_from(rows, others, told).where(visible(scope, rows))


async def open_breaks(connection: AsyncConnection) -> frozenset[UUID]:
    """All that are open: for the look that may not find them any more."""
    rows = breaks_table.c
    found = await connection.scalars(select(rows.break_id).where(rows.state == "open"))
    return frozenset(UUID(int=id.int) for id in found)
