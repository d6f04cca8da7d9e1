"""Mirrored lists 名单镜像 (B2, B3): what each source says now and said before.

One rule: who asks whether a person may be hired asks by the keyed digest of the identity number; there is no list of
numbers anywhere, and names are sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Integer, Select, Table, Text, Uuid, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain import mirror as m
from mingjing_registry.domain.dishonesty import Dishonesty
from mingjing_registry.projections.schema import METADATA

STAFF_READERS = frozenset({Role.LICENSING_OFFICER, Role.CASE_OFFICER, Role.INSPECTOR, Role.AUDITOR})
"""Who may look at the staff blacklist as a list."""

dishonesty_table = Table(
    "dishonesty_list",
    METADATA,
    Column("entry_id", Uuid, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("source_id", Text, nullable=False),
    Column("name", Text, nullable=False, index=True),
    Column("code", Text, nullable=False, index=True),
    Column("authority", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("listed_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("stated_on", Date, nullable=False),
    Column("is_live", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
barred_table = Table(
    "staff_blacklist",
    METADATA,
    Column("entry_id", Uuid, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("source_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("identity_digest", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("decision_reference", Text, nullable=False),
    Column("barred_on", Date, nullable=False),
    Column("until", Date),
    Column("stated_on", Date, nullable=False),
    Column("is_live", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an entry."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """What the source last said of it."""
    match fact.event:
        case m.DishonestyMirrored(entry=entry, stated_on=stated_on):
            said = {
                "source": entry.source,
                "source_id": entry.source_id,
                "name": entry.name,
                "code": entry.code,
                "authority": entry.authority,
                "document_number": entry.document_number,
                "reason": entry.reason,
                "listed_on": entry.listed_on,
                "ends_on": entry.ends_on,
            }
        case m.StaffBarred(entry=entry, stated_on=stated_on):
            said = {
                "source": entry.source,
                "source_id": entry.source_id,
                "subject": entry.person.name.subject,
                "identity_digest": entry.identity_digest,
                "reason": entry.reason,
                "decision_reference": entry.decision_reference,
                "barred_on": entry.barred_on,
                "until": entry.until,
            }
        case m.DishonestyEnded(stated_on=stated_on) | m.StaffBarEnded(stated_on=stated_on) if row is not None:
            return row | {"stated_on": stated_on, "is_live": False, "version": fact.version}
        case _:
            return row
    return {"entry_id": key[0], **said, "stated_on": stated_on, "is_live": True, "version": fact.version}


DISHONESTY_READ = ReadModel(
    name="dishonesty_list", table=dishonesty_table, nouns=("dishonesty-entry",), keys=keys, fold=fold, history=True
)
BARRED_READ = ReadModel(
    name="staff_blacklist", table=barred_table, nouns=("barred-person",), keys=keys, fold=fold, history=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why a person may not be hired, and until when; ``until`` empty: for good."""

    entry_id: UUID
    reason: str
    decision_reference: str
    until: date | None


async def barred(connection: AsyncConnection, identity_digest: str, on: date) -> Bar | None:
    """Whether somebody is on the staff blacklist on a day: by ``Keys(kit).index().id_number(number)``.

    Where several sources bar the same person, the bar that lasts longest counts.
    """
    rows = barred_table.c
    statement = (
        select(rows.entry_id, rows.reason, rows.decision_reference, rows.until)
        .where(rows.identity_digest == identity_digest, rows.is_live, or_(rows.until.is_(None), rows.until >= on))
        .order_by(rows.until.desc().nulls_first(), rows.entry_id)
        .limit(1)
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else Bar(**row)


async def dishonest(connection: AsyncConnection, codes: Collection[str], on: date) -> Dishonesty | None:
    """The entry in force of an institution's credit codes on a day, former ones too; of several the newest."""
    rows = dishonesty_table.c
    statement = (
        select(rows.source, rows.authority, rows.document_number, rows.listed_on)
        .where(
            rows.code.in_([code.upper() for code in codes if code]),
            rows.is_live,
            or_(rows.ends_on.is_(None), rows.ends_on >= on),
        )
        .order_by(rows.listed_on.desc(), rows.entry_id)
        .limit(1)
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else Dishonesty(**row)


async def is_mirrored(connection: AsyncConnection) -> bool:
    """Whether any dishonesty list was ever taken over: without one, nobody is known not to be on it."""
    return bool((await connection.execute(select(exists(select(dishonesty_table.c.entry_id))))).scalar_one())


def dishonesty_in(scope: Scope, *, search: str = "", is_live: bool | None = True, at: int | None = None) -> Select[Any]:
    """The market regulator's list, for officials of any department: it is published by its own authority."""
    rows = DISHONESTY_READ.at(at).c
    statement = select(*(rows[name] for name in DISHONESTY_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=UNDIVIDED, category=UNDIVIDED)
    )
    if search:
        statement = statement.where(or_(rows.name.contains(search, autoescape=True), rows.code == search.upper()))
    return statement if is_live is None else statement.where(rows.is_live.is_(is_live))


def barred_in(scope: Scope, *, is_live: bool | None = True, at: int | None = None) -> Select[Any]:
    """The staff blacklist, for those who decide on hiring or check it."""
    rows = BARRED_READ.at(at).c
    shown = [name for name in BARRED_READ.columns if name != "identity_digest"]
    statement = select(*(rows[name] for name in shown)).where(
        scope.where(roles=STAFF_READERS, department=UNDIVIDED, region=UNDIVIDED, category=UNDIVIDED)
    )
    return statement if is_live is None else statement.where(rows.is_live.is_(is_live))


def live_entries(model: ReadModel, source: str) -> Select[Any]:
    """The ids of what a source's list had until now: what a complete list does not name has ended."""
    rows = model.table.c
    return select(rows.entry_id).where(rows.source == source, rows.is_live)
