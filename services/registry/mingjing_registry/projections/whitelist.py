"""Whitelist 白名单: who is on it, since when, and who left it, when and why. Never edited: a plain fold of entries and
exits, which the institution decides itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, Date, Select, Table, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import EVERYONE, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.institution import InstitutionAmended, WhitelistEntered, WhitelistLeft
from mingjing_registry.domain.licence import LicenceRecorded, LicenceRenewed
from mingjing_registry.projections.schema import METADATA, scope_columns

whitelist_table = Table(
    "whitelist",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("uscc", Text, nullable=False, index=True),
    *scope_columns(),
    Column("licence_number", Text, nullable=False),
    Column("expires_on", Date),
    Column("custody_bank", Text, nullable=False),
    Column("custody_account_name", Text, nullable=False),
    Column("is_listed", Boolean, nullable=False, index=True),
    Column("entered_on", Date, nullable=False),
    Column("left_on", Date),
    Column("reason", Text, nullable=False),
    Column("movements", JSONB, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution that was ever listed."""
    if isinstance(fact.event, WhitelistEntered | WhitelistLeft | InstitutionAmended | LicenceRecorded | LicenceRenewed):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact; an institution that was never listed has none."""
    if isinstance(fact.event, WhitelistEntered):
        return _entered(key, row, fact.event)
    return None if row is None else row | _changed(row, fact.event)


def _entered(key: Key, row: Row | None, event: WhitelistEntered) -> Row:
    moved = {"on": event.on.isoformat(), "listed": True, "reason": event.reason.value}
    return {
        "institution_id": key[0],
        "name": event.name,
        "uscc": event.uscc,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "licence_number": event.licence_number,
        "expires_on": event.expires_on,
        "custody_bank": event.custody_bank,
        "custody_account_name": event.custody_account_name,
        "is_listed": True,
        "entered_on": event.on,
        "left_on": None,
        "reason": event.reason.value,
        "movements": [*(row["movements"] if row else []), moved],
    }


def _changed(row: Row, event: object) -> Row:
    match event:
        case WhitelistLeft():
            moved = {"on": event.on.isoformat(), "listed": False, "reason": event.reason.value}
            return {
                "is_listed": False,
                "left_on": event.on,
                "reason": event.reason.value,
                "movements": [*row["movements"], moved],
            }
        case InstitutionAmended(particulars=particulars):
            return {
                "name": particulars.name,
                "region": particulars.region,
                "category": particulars.categories[0].value if particulars.categories else "",
                "department": particulars.departments[0] if particulars.departments else "",
            }
        case LicenceRecorded(terms=terms):
            return {"licence_number": terms.number, "expires_on": terms.expires_on}
        case LicenceRenewed(expires_on=expires_on):
            return {"expires_on": expires_on}
        case _:
            return {}


WHITELIST_READ = ReadModel(
    name="whitelist", table=whitelist_table, nouns=("institution",), keys=keys, fold=fold, history=True
)


def whitelist_in(scope: Scope, *, is_listed: bool | None = True, at: int | None = None) -> Select[Any]:
    """The list as it stood after position ``at``; with ``is_listed=False`` those who left it. The law publishes it."""
    rows = WHITELIST_READ.at(at).c
    statement = select(*(rows[name] for name in WHITELIST_READ.columns)).where(
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category)
    )
    return statement if is_listed is None else statement.where(rows.is_listed.is_(is_listed))


def changed_at(scope: Scope) -> Select[Any]:
    """The position of the last fact that changed the list: what names its state to whoever has a copy."""
    rows = WHITELIST_READ.table.c
    return select(func.max(rows.from_position)).where(
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category)
    )
