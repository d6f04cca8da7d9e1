"""Pupils and guardians (学员、监护人) as data subjects: where each one's data stands and since when its retention runs.

The time runs from the end of the last contract that names her, or from the last fact about it if that is later; while a
family's money is left on one, the longer rule of open accounts applies. Whom no contract names any more (a telephone
that changed) is kept from the day on which she was replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import DateTime, FromClause, case, cast, func, or_, select, true

from mingjing_funds.domain.contract import ContractSigned
from mingjing_funds.domain.family import Family, FamilyCorrected, FamilyNamed
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.lessons_used import lessons_used_table
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.sealed.subject import LegalHoldLifted, LegalHoldPlaced, SubjectErased
from mingjing_kernel.sealed.subjects import fold_subject, named_in, new_subject, subjects_table

RECORD, WITH_BALANCE = "contract", "contract-with-balance"
"""The retention policy's names for these kinds of record."""
ZONE = "Asia/Shanghai"


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a person."""
    match fact.event:
        case ContractSigned(family=Family() as family) | FamilyCorrected(family=family):
            subjects: tuple[str, ...] = family.subjects
        case FamilyNamed() as event:
            subjects = (*event.family.subjects, *event.replaced)
        case SubjectErased() | LegalHoldPlaced() | LegalHoldLifted() as event:
            subjects = (event.subject,)
        case _:
            return
    for subject in subjects:
        yield (subject,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case ContractSigned() as event if row is None:
            terms = event.terms
            place = {"department": terms.department, "region": terms.region}
            return new_subject(key[0], stream=fact.stream, record=RECORD, begins_at=fact.occurred_at, **place)
        case ContractSigned() if row is not None:
            return named_in(row, fact.stream) | {"begins_at": max(row["begins_at"], fact.occurred_at)}
        case FamilyNamed() if row is None:
            meta = fact.meta
            place = {"department": meta.department, "region": meta.region}
            return new_subject(key[0], stream=fact.stream, record=RECORD, begins_at=fact.recorded_at, **place)
        case FamilyNamed() | FamilyCorrected() if row is not None:
            return named_in(row, fact.stream) | {"begins_at": fact.recorded_at}
        case event:
            return fold_subject(row, event)


SUBJECTS_READ = ReadModel(
    name="subjects", table=subjects_table(METADATA), nouns=("contract", "subject"), keys=keys, fold=fold
)


def _subjects() -> FromClause:
    """Each person with what her contracts say of her time: the sweep's and the rights' own selection."""
    rows, mine, lessons = SUBJECTS_READ.table.c, contracts_table.c, lessons_used_table.c
    left_fen = func.greatest(mine.paid_fen - lessons.earned_fen - mine.refunded_fen, 0)
    matters = (
        select(
            func.max(func.greatest(mine.ends_on, mine.last_on, lessons.last_on)).label("ended_on"),
            func.coalesce(func.sum(left_fen), 0).label("left_fen"),
        )
        .join_from(contracts_table, lessons_used_table, lessons.contract_id == mine.contract_id)
        .where(or_(mine.pupil == rows.subject, mine.guardian == rows.subject))
        .lateral("matters")
    )
    ended_at = func.timezone(ZONE, cast(matters.c.ended_on, DateTime))
    changed = {
        "record": case((matters.c.left_fen > 0, WITH_BALANCE), else_=rows.record).label("record"),
        "begins_at": func.greatest(rows.begins_at, ended_at, type_=DateTime(timezone=True)).label("begins_at"),
    }
    columns = (changed.get(name, rows[name]) for name in SUBJECTS_READ.columns)
    return select(*columns).join_from(SUBJECTS_READ.table, matters, true()).subquery("subjects")


SUBJECTS = _subjects()
