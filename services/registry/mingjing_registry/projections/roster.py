"""Roster 平台名录: what the national platform says, beside our register, and where the two differ.

One rule: the platform's word and ours stay in tables of their own and are compared when somebody asks, so a difference
is there as soon as either side speaks, and nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, array

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.roster import DifferenceNoted, RosterEntryGone, RosterEntryStated
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA, scope_columns

roster_table = Table(
    "roster",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    *scope_columns(),
    Column("licence_number", Text, nullable=False),
    Column("expires_on", Date),
    Column("legal_representative", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("licence_state", Text, nullable=False),
    Column("is_stated", Boolean, nullable=False, index=True),
    Column("stated_on", Date),
    Column("note_kind", Text, nullable=False),
    Column("note_text", Text, nullable=False),
    Column("note_reference", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("noted_on", Date),
    Column("noted_differences", JSONB, nullable=False),
)

STATUS = {
    "正常": "licensed", "有效": "licensed", "在办": "licensed", "暂停": "suspended", "暂扣": "suspended",
    "停业": "suspended", "注销": "cancelled", "已注销": "cancelled", "吊销": "revoked", "已吊销": "revoked",
    "过期": "expired", "到期": "expired",
}  # fmt: skip
"""What the platform's words mean here; a word that is not among them is shown and not compared."""
EXPECTED_THERE = ("licensed", "suspended", "expired")
"""Who never had a licence, or gave it up, need not stand on the platform."""
_SILENT: Row = {
    "name": "",
    "uscc": "",
    "department": "",
    "region": "",
    "category": "",
    "licence_number": "",
    "expires_on": None,
    "legal_representative": "",
    "status": "",
    "licence_state": "",
    "is_stated": False,
    "stated_on": None,
    "note_kind": "",
    "note_text": "",
    "note_reference": "",
    "noted_by": "",
    "noted_on": None,
    "noted_differences": [],
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution of which the platform, or a note, speaks."""
    yield (fact.event.institution_id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    before = {"institution_id": key[0]} | (row or _SILENT)
    match fact.event:
        case RosterEntryStated(entry=entry) as event:
            return before | {
                "name": entry.name,
                "uscc": entry.uscc,
                "department": event.department,
                "region": event.region,
                "category": entry.categories[0] if entry.categories else "",
                "licence_number": entry.licence_number,
                "expires_on": entry.expires_on,
                "legal_representative": entry.legal_representative,
                "status": entry.status,
                "licence_state": STATUS.get(entry.status, ""),
                "is_stated": True,
                "stated_on": event.stated_on,
            }
        case RosterEntryGone(stated_on=stated_on):
            return before | {"is_stated": False, "stated_on": stated_on}
        case DifferenceNoted() as noted:
            return before | {
                "note_kind": noted.kind,
                "note_text": noted.text,
                "note_reference": noted.reference,
                "noted_by": fact.meta.actor,
                "noted_on": noted.on,
                "noted_differences": list(noted.differences),
            }
        case _:
            return row


ROSTER_READ = ReadModel(name="roster", table=roster_table, nouns=("roster-entry",), keys=keys, fold=fold, history=True)


def differences_in(
    scope: Scope, *, kind: str = "", is_noted: bool | None = None, agreeing: bool = False, at: int | None = None
) -> Select[Any]:
    """Where the platform and the register differ, as both stood after position ``at``; ``agreeing`` adds the rest."""
    ours, theirs = INSTITUTIONS_READ.at(at).alias("ours"), ROSTER_READ.at(at).alias("theirs")
    both = ours.join(theirs, ours.c.institution_id == theirs.c.institution_id, full=True)
    found = select(*_columns(ours.c, theirs.c)).select_from(both).subquery("compared")
    rows = found.c
    statement = select(found).where(
        rows.name != "",
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )
    if not agreeing:
        statement = statement.where(rows.kind != "agrees")
    if kind:
        statement = statement.where(rows.kind == kind)
    return statement if is_noted is None else statement.where(rows.is_noted.is_(is_noted))


def counted(scope: Scope) -> Select[Any]:
    """How many agree, are missing here or there, differ; and of how many of these a note says why."""
    rows = differences_in(scope, agreeing=True).subquery("counted").c
    return select(rows.kind, func.count(), func.count().filter(rows.is_noted)).group_by(rows.kind)


def stated_in(scope: Scope, region: str) -> Select[Any]:
    """Whom the platform names within a region."""
    rows = ROSTER_READ.table.c
    return select(rows.institution_id, rows.uscc, rows.name).where(
        rows.is_stated,
        rows.region.startswith(region, autoescape=True),
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )


def _columns(ours: Any, theirs: Any) -> list[ColumnElement[Any]]:
    is_there = func.coalesce(theirs.is_stated, False)
    is_here = _is_here(ours)
    fields = array([_differs(name, ours, theirs) for name in _COMPARED])
    differing = func.array_remove(fields, null())
    is_expected = and_(is_here, ours.licence_state.in_(EXPECTED_THERE))
    kind = case(
        (and_(is_there, ~is_here), "missing-here"),
        (and_(~is_there, is_expected), "missing-there"),
        (and_(is_there, is_here, func.cardinality(differing) > 0), "differs"),
        else_="agrees",
    )
    differences = case(
        (kind == "differs", func.to_jsonb(differing)),
        (kind == "agrees", literal([], JSONB)),
        else_=func.jsonb_build_array(kind),
    )
    either = ("name", "uscc", "department", "region", "category")
    silent = func.coalesce(theirs.noted_differences, literal([], JSONB))
    return [
        func.coalesce(ours.institution_id, theirs.institution_id).label("institution_id"),
        *(case((is_here, ours[name]), else_=theirs[name]).label(name) for name in either),
        kind.label("kind"),
        differences.label("differences"),
        *(ours[name].label(f"our_{name}") for name in _COMPARED),
        *(theirs[name].label(f"their_{name}") for name in ("status", *_COMPARED)),
        theirs.stated_on.label("stated_on"),
        *(theirs[name].label(name) for name in ("note_kind", "note_text", "note_reference", "noted_by", "noted_on")),
        and_(kind != "agrees", silent == differences).label("is_noted"),
    ]


_COMPARED = ("name", "licence_number", "expires_on", "legal_representative", "licence_state")


def _is_here(ours: Any) -> ColumnElement[bool]:
    """In the register; funds may have spoken of an account before anybody registered its owner."""
    return and_(ours.institution_id.is_not(None), ours.name != "")


def _differs(name: str, ours: Any, theirs: Any) -> ColumnElement[Any]:
    """``field=ours|theirs`` where the platform says something and it is not what we say; else NULL."""
    here, there = ours[name], theirs[name]
    says = there.is_not(None) if name == "expires_on" else there != ""
    told = func.concat(name, "=", here, "|", there)
    return case((and_(says, or_(here.is_(None), here != there)), told), else_=null())
