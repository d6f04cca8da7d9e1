"""Reduction and conversion 压减、转型: what became of the institutions of a base day.

One rule: the base is asked of the base day, the present of today, each also of whose it was: a department whose
institution was converted to another's keeps it in its base as a count, and sees its row no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Numeric,
    Select,
    Subquery,
    Text,
    and_,
    case,
    column,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on

from mingjing_kernel.identity import Scope
from mingjing_registry.acts_ledger import LEDGER_READERS
from mingjing_registry.domain.ledger_line import SUBJECT_KINDS, Ending, Kind
from mingjing_registry.projections.ledger import LEDGER_READ
from mingjing_registry.projections.ledger_figures import STOPPED

PER_TEN_THOUSAND = 10_000
Asked: TypeAlias = Literal["subject", "non-subject", "all"]
_PERIOD = (
    column("begun_on", Date),
    column("until", Date),
    column("kind", Text),
    column("department", Text),
    column("category", Text),
)


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
    lines = _sorted(scope, base_on, kind, digits, region, at).c
    # In all there is one answer, also where nothing is to be counted.
    area = lines.area if digits else literal("").label("area")
    counted = select(area, *(one.label(name) for name, one in _movements(lines, base_on).items()))
    sums = (counted.group_by(lines.area) if digits else counted).subquery("counted").c
    rates = {
        "reduction_bp": _rate(sums.base - sums.now, sums.base),
        "stopped_bp": _rate(sums.stopped, sums.now),
        "non_profit_bp": _rate(sums.non_profit, sums.now),
    }
    both = select(*sums, *(rate.label(name) for name, rate in rates.items())).subquery("reduction")
    return select(*both.c).where(or_(both.c.base > 0, both.c.now > 0) if digits else true())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Then:
    """What the base day asks of a line."""

    was_there: ColumnElement[bool]
    kind: ColumnElement[Any]
    department: ColumnElement[Any]
    category: ColumnElement[Any]


def _sorted(scope: Scope, base_on: date, kind: Asked, digits: int, region: str, at: int | None) -> Subquery:
    """Each line that the reader may count, with whether it is of the base, and whether it is of those now."""
    lines = LEDGER_READ.at(at).alias("line")
    rows: Any = lines.c
    earlier = _earlier(at, base_on)
    then = _then(rows, earlier.c, base_on)
    mine = scope.where(roles=LEDGER_READERS, department=rows.department, region=rows.region, category=rows.category)
    was_mine = scope.where(roles=LEDGER_READERS, department=then.department, region=rows.region, category=then.category)
    is_one = _is_of_kind(rows.kind, kind)
    base = and_(then.was_there, _is_of_kind(then.kind, kind), was_mine)
    kept = ("is_there", "begun_on", "ended_how", "licence_state", "operation_state", "nature", "for_profit_until")
    area = func.left(rows.region, digits) if digits else literal("")
    return (
        select(
            area.label("area"),
            *(rows[name] for name in kept),
            func.coalesce(base, false()).label("is_base"),
            and_(rows.is_there, is_one, mine).label("is_now"),
        )
        .select_from(lines.outerjoin(earlier, earlier.c.institution_id == rows.institution_id))
        .where(or_(mine, was_mine), rows.region.startswith(region, autoescape=True) if region else true())
        .subquery("sorted")
    )


def _earlier(at: int | None, base_on: date) -> Subquery:
    """What those were on the base day that were something else, or ended and were licensed anew, since."""
    lines: FromClause = LEDGER_READ.at(at).alias("changed")
    rows: Any = lines.c
    period = func.jsonb_to_recordset(rows.periods).table_valued(*_PERIOD).render_derived("period", with_types=True)
    begun = func.coalesce(period.c.begun_on, rows.begun_on)
    return (
        select(rows.institution_id, period.c.kind, period.c.department, period.c.category)
        .select_from(lines.join(period, true()))
        .where(rows.periods != literal([], rows.periods.type), begun <= base_on, period.c.until > base_on)
        .ext(distinct_on(rows.institution_id))
        .order_by(rows.institution_id, period.c.until)
        .subquery("earlier")
    )


def _then(rows: Any, earlier: Any, base_on: date) -> _Then:
    was = earlier.kind.is_not(None)
    present = and_(rows.begun_on <= base_on, or_(rows.ended_on.is_(None), rows.ended_on > base_on))
    return _Then(
        was_there=or_(was, present),
        kind=func.coalesce(earlier.kind, rows.kind),
        department=func.coalesce(earlier.department, rows.department),
        category=func.coalesce(earlier.category, rows.category),
    )


def _movements(rows: Any, base_on: date) -> dict[str, ColumnElement[Any]]:
    base, now = rows.is_base, rows.is_now
    came = and_(now, not_(base))
    return {
        "base": _count(base),
        **{how.value: _count(and_(base, ~rows.is_there, rows.ended_how == how.value)) for how in Ending},
        "converted": _count(and_(base, rows.is_there, ~now)),
        "new": _count(and_(came, rows.begun_on > base_on)),
        "converted_in": _count(and_(came, rows.begun_on <= base_on)),
        "undated": _count(and_(came, rows.begun_on.is_(None))),
        "now": _count(now),
        "expired": _count(and_(now, rows.licence_state == "expired")),
        "stopped": _count(and_(now, rows.operation_state.in_(STOPPED))),
        "to_non_profit": _count(and_(base, rows.for_profit_until > base_on)),
        "non_profit": _count(and_(now, rows.nature == "non_profit")),
        "for_profit": _count(and_(now, rows.nature == "for_profit")),
    }


def _is_of_kind(stated: ColumnElement[Any], kind: Asked) -> ColumnElement[bool]:
    match kind:
        case "all":
            return true()
        case "subject":
            return stated.in_([one.value for one in SUBJECT_KINDS])
        case "non-subject":
            return stated == Kind.NON_SUBJECT.value


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count().filter(condition)


def _rate(part: ColumnElement[Any], whole: ColumnElement[Any]) -> ColumnElement[Any]:
    """In ten-thousandths, rounded; nothing where there is no whole."""
    share = func.round((part * PER_TEN_THOUSAND).cast(Numeric) / whole).cast(Integer)
    return case((whole > 0, share))
