"""Pupils by school surveys 学校调查参训: how many of a school's pupils train where, as it found out (S2:253).

One rule: of each school its latest survey counts, whole, and an older one not at all. A pupil who is named in a
contract may be one of those whom a school counted: the two figures stand side by side and are never added.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Subquery, Uuid, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from mingjing_kernel.identity import Scope
from mingjing_registry.projections.schools import SURVEYS_READ, surveys_in


def surveyed(at: int | None, whose: Select[Any]) -> Subquery:
    """By institution, of those only whose ids ``whose`` selects: the pupils whom schools' latest surveys place there,
    and how many schools say so; after position ``at``.
    """
    rows = SURVEYS_READ.at(at).alias("survey").c
    latest = _latest(select(rows.school_id, rows.answers), rows)
    answers, where, pupils = _answers(latest.c.answers)
    return (
        select(
            where.label("institution_id"),
            func.sum(pupils).cast(BigInteger).label("pupils"),
            func.count(latest.c.school_id.distinct()).label("schools"),
        )
        .select_from(latest.join(answers, true()))
        .where(where.in_(whose))
        .group_by(where)
        .subquery("surveyed")
    )


def surveys_counted(scope: Scope, *, region: str = "", at: int | None = None) -> Select[Any]:
    """One row about the latest surveys that an official may see: of how many schools, how many pupils they asked, how
    many of these train, how many of these again at an institution that the register knows, and between which days.
    """
    found = surveys_in(scope, at=at)
    rows = found.selected_columns
    here = found.where(rows.region.startswith(region, autoescape=True)) if region else found
    latest = _latest(here, rows)
    answers, where, pupils = _answers(latest.c.answers)
    placed = select(func.sum(pupils)).select_from(answers).where(where.is_not(None)).scalar_subquery()

    def total(of: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.coalesce(func.sum(of), 0).cast(BigInteger)

    return select(
        func.count().label("schools"),
        total(latest.c.pupils_asked).label("pupils_asked"),
        total(latest.c.pupils_training).label("pupils_training"),
        total(placed).label("pupils_placed"),
        func.min(latest.c.held_on).label("first_held_on"),
        func.max(latest.c.held_on).label("last_held_on"),
    ).select_from(latest)


def _latest(statement: Select[Any], rows: Any) -> Subquery:
    """Of each school the survey that was held last."""
    newest_first = (rows.school_id, rows.held_on.desc(), rows.survey_id.desc())
    return statement.ext(distinct_on(rows.school_id)).order_by(*newest_first).subquery("latest_survey")


def _answers(of: ColumnElement[Any]) -> tuple[Any, ColumnElement[Any], ColumnElement[Any]]:
    """The answers of a survey as rows, the institution of each, and its pupils."""
    rows = func.jsonb_array_elements(of).table_valued(column("value", JSONB)).render_derived("answer")
    value = rows.c.value
    return rows, value["institution_id"].astext.cast(Uuid), value["pupils"].astext.cast(Integer)
