"""Prepaid amounts 预收费: what each institution holds and owes by funds' last word, now and at any past position.

One rule: the past is looked up by a range index: these change every day, and most of their history is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    FromClause,
    Index,
    Integer,
    Table,
    Uuid,
    func,
    literal,
    select,
    union_all,
)

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.prepaid import PrepaidNoted
from mingjing_registry.projections.schema import METADATA

prepaid_table = Table(
    "prepaid_amounts",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("balance_fen", BigInteger, nullable=False),
    Column("unconsumed_fen", BigInteger, nullable=False),
    Column("contracts_open", Integer, nullable=False),
    Column("pupils", Integer, nullable=False),
    Column("stated_on", Date, nullable=False),
)


def keys(fact: Recorded[PrepaidNoted]) -> Iterable[Key]:
    """One row an institution."""
    yield (fact.event.institution_id,)


def fold(key: Key, row: Row | None, fact: Recorded[PrepaidNoted]) -> Row | None:
    """The last word; one about an earlier day changes nothing."""
    said = fact.event
    if row is not None and row["stated_on"] > said.stated_on:
        return row
    amounts = said.amounts
    return {
        "institution_id": key[0],
        "balance_fen": amounts.balance_fen,
        "unconsumed_fen": amounts.unconsumed_fen,
        "contracts_open": amounts.contracts_open,
        "pupils": amounts.pupils,
        "stated_on": said.stated_on,
    }


PREPAID_READ = ReadModel(
    name="prepaid_amounts", table=prepaid_table, nouns=("prepaid",), keys=keys, fold=fold, history=True
)
assert PREPAID_READ.past is not None
_PAST = PREPAID_READ.past.c
Index(
    "prepaid_amounts_history_span",
    func.int8range(_PAST.from_position, _PAST.to_position),
    postgresql_using="gist",
)


def amounts_at(position: int | None) -> FromClause:
    """The amounts as they stood after a position. The same rows as ``PREPAID_READ.at``, found by their range."""
    if position is None:
        return prepaid_table
    names = PREPAID_READ.columns
    live = select(*(prepaid_table.c[name] for name in names)).where(prepaid_table.c.from_position <= position)
    span = func.int8range(_PAST.from_position, _PAST.to_position)
    gone = select(*(_PAST[name] for name in names)).where(span.op("@>")(literal(position, BigInteger)))
    return union_all(live, gone).subquery("amounts")
