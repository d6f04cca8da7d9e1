"""Figures of the base ledger 台账: counted in one pass over the lines.

One rule: a figure is a count or a sum over lines that the reader may see, and says of how many of them it knows
anything; what nobody stated adds nothing and is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    func,
    literal,
    select,
)

from mingjing_kernel.identity import Scope
from mingjing_registry.acts_ledger import LEDGER_READERS
from mingjing_registry.projections.ledger import LEDGER_READ
from mingjing_registry.projections.prepaid_amounts import amounts_at
from mingjing_registry.projections.staff import STAFF_READ
from mingjing_registry.projections.staff_counts import staff_counts_table
from mingjing_registry.projections.survey_counts import surveyed

DIMENSIONS = ("area", "kind", "category", "mode", "nature", "department")
"""By which the ledger is counted, in this order; one that is not asked for is empty in every row."""
NARROWING = ("kind", "category", "mode", "nature", "department")
STOPPED = ("paused-declared", "stopped-abnormal", "closing")
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
    whose = select(rows.institution_id).where(*counted_here)
    staff, surveys = staff_counts(at, whose), surveyed(at, whose)
    amounts = amounts_at(at).alias("amount")
    named = _dimensions(rows, by, digits)
    measures = _measures(rows, amounts.c, staff.c, area_a_pupil) | _surveyed(rows, surveys.c)
    counted = (
        select(*named.values(), *(one.label(name) for name, one in measures.items()))
        .select_from(lines)
        .outerjoin(amounts, amounts.c.institution_id == rows.institution_id)
        .outerjoin(staff, staff.c.institution_id == rows.institution_id)
        .outerjoin(surveys, surveys.c.institution_id == rows.institution_id)
        .where(*counted_here)
        .group_by(*(named[name] for name in DIMENSIONS if name in by))
        .subquery("figures")
    )
    return select(*counted.c)


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
        "stopped": _count(there & rows.operation_state.in_(STOPPED)),
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


def _surveyed(rows: Any, surveys: Any) -> dict[str, ColumnElement[Any]]:
    """What schools say, beside what contracts say and never added to it."""
    return {
        "pupils_surveyed": _sum(surveys.pupils, rows.is_there),
        "pupils_surveyed_by": _count(rows.is_there & surveys.institution_id.is_not(None)),
    }
