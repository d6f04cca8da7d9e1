"""Whitelist 白名单: who is on it, since when, and who left it, when and why. Never edited: a plain fold of entries and
exits, which the institution decides itself.

One rule: that somebody left it for a blacklisting is told as long as the listing is in force, and not after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    case,
    false,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import EVERYONE, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, page_index
from mingjing_registry.domain import licence
from mingjing_registry.domain.annual_check import AnnualCheckRecorded
from mingjing_registry.domain.blacklisted import InstitutionBlacklisted, InstitutionCleared
from mingjing_registry.domain.institution import InstitutionAmended
from mingjing_registry.domain.whitelist import (
    BLACKLIST_ENDED,
    RECTIFYING,
    Standing,
    WhitelistEntered,
    WhitelistLeft,
)
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
    Column("rectifying", Boolean, nullable=False),
    Column("listings", Integer, nullable=False),
    Column("movements", JSONB, nullable=False),
)
page_index(whitelist_table, "name", "institution_id")
_FOLLOWED = (
    WhitelistEntered,
    WhitelistLeft,
    InstitutionBlacklisted,
    InstitutionCleared,
    InstitutionAmended,
    AnnualCheckRecorded,
    licence.LicenceRecorded,
    licence.LicenceRenewed,
    licence.LicenceSuspended,
    licence.LicenceRevoked,
    licence.LicenceCancelled,
    licence.LicenceExpired,
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution that was ever listed."""
    if isinstance(fact.event, _FOLLOWED):
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
        "rectifying": False,
        "listings": row["listings"] if row else 0,
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
                "rectifying": event.reason in RECTIFYING,
                "movements": [*row["movements"], moved],
            }
        case InstitutionBlacklisted():
            return {"listings": row["listings"] + 1}
        case InstitutionCleared():
            return _cleared(row, row["listings"] - 1)
        case InstitutionAmended(particulars=particulars):
            return {
                "name": particulars.name,
                "region": particulars.region,
                "category": particulars.categories[0].value if particulars.categories else "",
                "department": particulars.departments[0] if particulars.departments else "",
            }
        case AnnualCheckRecorded(result=result):
            return {} if result == "fail" else {"rectifying": False}
        case licence.LicenceRecorded(terms=terms, standing="licensed"):
            return {"licence_number": terms.number, "expires_on": terms.expires_on}
        case licence.LicenceRecorded(terms=terms):
            return {"licence_number": terms.number, "expires_on": terms.expires_on, "rectifying": False}
        case licence.LicenceRenewed(expires_on=expires_on):
            return {"expires_on": expires_on}
        case _:
            return {"rectifying": False}


def _cleared(row: Row, listings: int) -> Row:
    """Without the last listing nothing tells of it any more: neither the reason nor the movements."""
    if listings > 0:
        return {"listings": listings}
    return {"listings": 0, **untold_row(row)}


def untold_row(row: Mapping[str, Any]) -> Row:
    """The same entries and exits, without why for those that a blacklisting caused."""
    movements = [move | {"reason": _untold(move["reason"])} for move in row["movements"]]
    return {"reason": _untold(row["reason"]), "movements": movements}


def _untold(reason: str) -> str:
    return BLACKLIST_ENDED if reason == Standing.BLACKLISTED else reason


WHITELIST_READ = ReadModel(
    name="whitelist", table=whitelist_table, nouns=("institution",), keys=keys, fold=fold, history=True
)


def whitelist_in(
    scope: Scope, *, is_listed: bool | None = True, rectifying: bool | None = None, at: int | None = None
) -> Select[Any]:
    """The list as it stood after position ``at``; with ``is_listed=False`` those who left it. The law publishes it.

    ``is_told`` says whether a blacklisting that was a reason then is still in force, and may be told of.
    """
    rows, live = WHITELIST_READ.at(at).c, whitelist_table.alias("live").c
    listed_now = select(live.listings > 0).where(live.institution_id == rows.institution_id).scalar_subquery()
    is_told = func.coalesce(listed_now, false())
    hushed = case((and_(~is_told, rows.reason == Standing.BLACKLISTED.value), BLACKLIST_ENDED), else_=rows.reason)
    shown = [hushed.label("reason") if name == "reason" else rows[name] for name in WHITELIST_READ.columns]
    statement = select(*shown, is_told.label("is_told")).where(
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category)
    )
    if rectifying is not None:
        statement = statement.where(rows.rectifying.is_(rectifying))
    return statement if is_listed is None else statement.where(rows.is_listed.is_(is_listed))


def changed_at(scope: Scope) -> Select[Any]:
    """The position of the last fact that changed the list: what names its state to whoever has a copy."""
    rows = WHITELIST_READ.table.c
    return select(func.max(rows.from_position)).where(
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category)
    )
