"""Figures of the base ledger 台账 and of reduction and conversion 压减、转型: counted in one pass over the lines.

One rule: a figure is a count or a sum over lines that the reader may see, and says of how many of them it knows
anything; what nobody stated adds nothing and is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from mingjing_kernel.identity import Scope
from mingjing_registry.acts_ledger import LEDGER_READERS
from mingjing_registry.domain.ledger_line import SUBJECT_KINDS, Ending, Kind
from mingjing_registry.projections.ledger import LEDGER_READ
from mingjing_registry.projections.prepaid_amounts import amounts_at
from mingjing_registry.projections.staff import STAFF_READ
from mingjing_registry.projections.staff_counts import staff_counts_table

DIMENSIONS = ("area", "kind", "category", "mode", "nature", "department")
"""By which the ledger is counted, in this order; one that is not asked for is empty in every row."""
NARROWING = ("kind", "category", "mode", "nature", "department")
PER_TEN_THOUSAND = 10_000
Asked: TypeAlias = Literal["subject", "non-subject", "all"]
_STOPPED = ("paused-declared", "stopped-abnormal", "closing")
_WAITING = ("applied", "returned", "accepted")


def staff_counts(at: int | None, whose: Select[Any]) -> Subquery:
    """By institution: who is employed by the staff records, and who of them teaches. As it stands, it is kept; of a
    past day it is counted, of the institutions only whose ids ``whose`` selects.
    """
    if at is None:
        kept = staff_counts_table.c
        return select(*kept).where(kept.staff > 0).subquery("staff_counts")
    rows = STAFF_READ.at(at).alias("member").c
    return (
        select(
            rows.institution_id,
            func.count().label("staff"),
            func.count().filter(rows.work == "teacher").label("teachers"),
        )
        .where(rows.is_employed, rows.institution_id.in_(whose))
        .group_by(rows.institution_id)
        .subquery("staff_counts")
    )


def figures_in(
    scope: Scope,
    *,
    by: Sequence[str] = (),
    digits: int = 6,
    region: str = "",
    wanted: Mapping[str, str] | None = None,
    area_a_pupil: int = 300,
    at: int | None = None,
) -> Select[Any]:
    """The ledger by some of ``DIMENSIONS``, of the lines that a reader may see, after position ``at``.

    ``digits`` of the division code make an area; ``area_a_pupil`` is in hundredths of a square metre (R6).
    """
    lines = LEDGER_READ.at(at).alias("line")
    rows: Any = lines.c
    counted_here = (_seen(scope, lines), *_narrowed(rows, region, wanted))
    staff = staff_counts(at, select(rows.institution_id).where(*counted_here))
    amounts = amounts_at(at).alias("amount")
    named = _dimensions(rows, by, digits)
    measures = _measures(rows, amounts.c, staff.c, area_a_pupil)
    counted = (
        select(*named.values(), *(one.label(name) for name, one in measures.items()))
        .select_from(lines)
        .outerjoin(amounts, amounts.c.institution_id == rows.institution_id)
        .outerjoin(staff, staff.c.institution_id == rows.institution_id)
        .where(*counted_here)
        .group_by(*(named[name] for name in DIMENSIONS if name in by))
        .subquery("figures")
    )
    return select(*counted.c)


def reduction_in(
    scope: Scope,
    base_on: date,
    *,
    kind: Asked = "subject",
    digits: int = 0,
    region: str = "",
    at: int | None = None,
) -> Select[Any]:
    """What became, by position ``at``, of the institutions of a kind that were there on the base day; by area where
    ``digits`` is not 0.
    """
    lines = LEDGER_READ.at(at).alias("line")
    rows: Any = lines.c
    area = _area(rows, digits)
    measures = _movements(rows, base_on, kind)
    counted = select(area, *(one.label(name) for name, one in measures.items())).where(
        _seen(scope, lines), *_narrowed(rows, region, None)
    )
    sums = (counted.group_by(area) if digits else counted).subquery("counted").c
    rates = {
        "reduction_bp": _rate(sums.base - sums.now, sums.base),
        "stopped_bp": _rate(sums.stopped, sums.now),
        "non_profit_bp": _rate(sums.non_profit, sums.now),
    }
    both = select(*sums, *(rate.label(name) for name, rate in rates.items())).subquery("reduction")
    return select(*both.c).where(or_(both.c.base > 0, both.c.now > 0) if digits else true())


def _dimensions(rows: Any, by: Sequence[str], digits: int) -> dict[str, ColumnElement[Any]]:
    columns = {name: literal("").label(name) if name not in by else rows[name].label(name) for name in NARROWING}
    return {"area": _area(rows, digits if "area" in by else 0), **columns}


def _area(rows: Any, digits: int) -> ColumnElement[Any]:
    return (func.left(rows.region, digits) if digits else literal("")).label("area")


def _seen(scope: Scope, lines: FromClause) -> ColumnElement[bool]:
    rows: Any = lines.c
    return scope.where(roles=LEDGER_READERS, department=rows.department, region=rows.region, category=rows.category)


def _narrowed(rows: Any, region: str, wanted: Mapping[str, str] | None) -> list[ColumnElement[bool]]:
    found = [rows[name] == value for name, value in (wanted or {}).items() if value]
    return [*found, rows.region.startswith(region, autoescape=True)] if region else found


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count().filter(condition)


def _sum(column: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(column).filter(condition), 0).cast(BigInteger)


def _measures(rows: Any, amounts: Any, staff: Any, area_a_pupil: int) -> dict[str, ColumnElement[Any]]:
    there = rows.is_there
    ended = rows.ended_on.is_not(None)
    return {
        "institutions": _count(there),
        **{name: _count(there & (rows.licence_state == name)) for name in ("licensed", "suspended", "rectifying",
                                                                           "expired")},
        "operating": _count(there & (rows.operation_state == "operating")),
        "stopped": _count(there & rows.operation_state.in_(_STOPPED)),
        "applying": _count(~there & ~ended & rows.licence_state.in_(_WAITING)),
        "ended": _count(ended),
        "sites": _sum(rows.sites, there),
        "floor_area_m2": _sum(rows.floor_area_m2, there),
        "floor_area_by": _count(there & rows.floor_area_m2.is_not(None)),
        "capacity": _sum(rows.floor_area_m2 * 100 / max(area_a_pupil, 1), there),
        "staff_stated": _sum(rows.staff_stated, there),
        "staff_stated_by": _count(there & rows.staff_stated.is_not(None)),
        "staff_recorded": _sum(staff.staff, there),
        "teachers_recorded": _sum(staff.teachers, there),
        "staff_recorded_by": _count(there & staff.institution_id.is_not(None)),
        "students_stated": _sum(rows.students_stated, there),
        "students_stated_by": _count(there & rows.students_stated.is_not(None)),
        "pupils": _sum(amounts.pupils, there),
        "contracts_open": _sum(amounts.contracts_open, there),
        "unconsumed_fen": _sum(amounts.unconsumed_fen, there),
        "balance_fen": _sum(amounts.balance_fen, there),
        "prepaid_by": _count(there & amounts.institution_id.is_not(None)),
        "ended_unconsumed_fen": _sum(amounts.unconsumed_fen, ended),
    }  # fmt: skip


def _movements(rows: Any, base_on: date, kind: Asked) -> dict[str, ColumnElement[Any]]:
    begun = rows.begun_on.is_not(None)
    there_then = begun & (rows.begun_on <= base_on) & or_(rows.ended_on.is_(None), rows.ended_on > base_on)
    was, is_one = _of_kind(rows, kind, base_on), _of_kind(rows, kind, None)
    base, now = and_(there_then, was), and_(rows.is_there, is_one)
    came = and_(now, not_(func.coalesce(base, false())))
    return {
        "base": _count(base),
        **{how.value: _count(base & ~rows.is_there & (rows.ended_how == how.value)) for how in Ending},
        "converted": _count(base & rows.is_there & ~is_one),
        "new": _count(came & (rows.begun_on > base_on)),
        "converted_in": _count(came & (rows.begun_on <= base_on)),
        "undated": _count(came & ~begun),
        "now": _count(now),
        "expired": _count(now & (rows.licence_state == "expired")),
        "stopped": _count(now & rows.operation_state.in_(_STOPPED)),
        "to_non_profit": _count(base & (rows.for_profit_until > base_on)),
        "non_profit": _count(now & (rows.nature == "non_profit")),
        "for_profit": _count(now & (rows.nature == "for_profit")),
    }


def _of_kind(rows: Any, kind: Asked, on: date | None) -> ColumnElement[bool]:
    """Whether a line is of a kind, on a day or as it stands."""
    if kind == "all":
        return true()
    not_yet = and_(rows.subject_until.is_not(None), rows.subject_until > on) if on else false()
    subject = or_(rows.kind.in_([one.value for one in SUBJECT_KINDS]), not_yet)
    return subject if kind == "subject" else and_(rows.kind == Kind.NON_SUBJECT.value, not_(not_yet))


def _rate(part: ColumnElement[Any], whole: ColumnElement[Any]) -> ColumnElement[Any]:
    """In ten-thousandths, rounded; nothing where there is no whole."""
    share = func.round((part * PER_TEN_THOUSAND).cast(Numeric) / whole).cast(Integer)
    return case((whole > 0, share))
