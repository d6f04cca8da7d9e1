"""Institutions as the registry names them, by every name they go by, and whether they may charge. Keeps history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, Date, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_funds.domain import institution as i
from mingjing_funds.projections.schema import METADATA, scope_columns, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

institutions_table = Table(
    "institutions",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("name", Text, nullable=False),
    Column("uscc", Text, nullable=False, index=True),
    Column("names", JSONB, nullable=False),
    Column("is_subject", Boolean, nullable=False),
    Column("blocked", Text, nullable=False),
    Column("blocked_since", Date, nullable=True),
    Column("decision", Text, nullable=False),
)

_UNNAMED: Row = {
    "department": "",
    "region": "",
    "category": "",
    "name": "",
    "uscc": "",
    "names": [],
    "is_subject": False,
    "blocked": "",
    "blocked_since": None,
    "decision": "",
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Who it is, and whether it may charge."""
    before = row or {"institution_id": key[0], **_UNNAMED}
    match fact.event:
        case i.InstitutionNoted() as event:
            told = event.particulars
            return {
                **before,
                "department": told.department,
                "region": told.region,
                "category": told.category,
                "name": told.name,
                "uscc": told.uscc,
                "names": list(told.names),
                "is_subject": told.is_subject,
            }
        case i.ChargingBlocked() as event:
            block = {"blocked": event.cause.value, "blocked_since": event.since, "decision": event.decision}
            return {**before, **block}
        case i.ChargingAllowed() as event:
            return {**before, "blocked": "", "blocked_since": None, "decision": event.decision}
        case _:
            return row


INSTITUTIONS_READ = ReadModel(
    name="institutions", table=institutions_table, nouns=("institution",), keys=keys, fold=fold, history=True
)


def institutions_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The institutions that a caller may see, with their block, now or as they stood after a position of the log."""
    rows = INSTITUTIONS_READ.at(position)
    return select(*(rows.c[name] for name in INSTITUTIONS_READ.columns)).where(visible(scope, rows))
