"""Enrolled pupils 合同学员: how many each institution has by funds' last word; complaints are shared by them.

One rule: an institution of which nobody stated pupils is left out of the pupils and of the complaints alike, and how
many were counted is told: a rate per 1,000 pupils is never of pupils whom nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, Date, Integer, Select, Table, Uuid, cast, func, literal, select

from mingjing_inspection.domain.dispatching import TOWN_DIGITS
from mingjing_inspection.domain.enrolment import PupilsNoted
from mingjing_inspection.domain.premises import InstitutionNoted
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

KEYS_MAX: Final = 5_000
pupils_table = Table(
    "enrolled_pupils",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("pupils", Integer),
    Column("stated_on", Date),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    match fact.event:
        case InstitutionNoted():
            yield (fact.id,)
        case PupilsNoted() as event:
            yield (event.institution_id,)
        case _:
            pass


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The last word of each; a statement about an earlier day changes nothing."""
    nothing = {"department": "", "region": "", "category": "", "pupils": None, "stated_on": None}
    before: Row = row or {"institution_id": key[0], **nothing}
    match fact.event:
        case InstitutionNoted() as event:
            return before | {"department": event.department, "region": event.region, "category": event.category}
        case PupilsNoted() as event if before["stated_on"] is None or before["stated_on"] <= event.stated_on:
            return before | {"pupils": event.pupils, "stated_on": event.stated_on}
        case _:
            return row


PUPILS_READ = ReadModel(
    name="enrolled_pupils", table=pupils_table, nouns=("premises", "enrolment"), keys=keys, fold=fold, history=True
)


def pupils_in(scope: Scope, *, by: str, region: str = "", at: int | None = None) -> Select[Any]:
    """Pupils of the institutions that a caller may see: of each one, town or category, or of all together; of how many
    institutions they are known, as it stood after position ``at``.
    """
    rows = PUPILS_READ.at(at).c
    keyed = {
        "institution": cast(rows.institution_id, rows.region.type),
        "town": func.left(rows.region, TOWN_DIGITS),
        "category": rows.category,
    }
    key = keyed.get(by, literal("")).label("key")
    sums = func.sum(rows.pupils).label("pupils"), func.count().label("institutions")
    return (
        select(key, *sums)
        .where(
            scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
            rows.region.startswith(region, autoescape=True),
            rows.pupils > 0,
        )
        .group_by(key)
        .order_by(key)
        .limit(KEYS_MAX)
    )
