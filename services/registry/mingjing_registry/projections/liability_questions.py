"""Whose families' money is waited for 待清偿: who closes down, or merged into another, and still holds its licence.

Not a list for people: the duty that asks funds reads it. One rule: a row stands until the licence is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Select, Table, Uuid, or_, select

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.change import ChangeApproved, ChangeKind
from mingjing_registry.domain.liability import LiabilityAsked
from mingjing_registry.domain.licence import LicenceApproved, LicenceCancelled, LicenceRevoked
from mingjing_registry.domain.operation import OperationState, OperationStateChanged
from mingjing_registry.projections.schema import METADATA

questions_table = Table(
    "liability_questions",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("is_merger", Boolean, nullable=False),
    Column("asked_on", Date),
)


_HEARD = (OperationStateChanged, ChangeApproved, LicenceCancelled, LicenceRevoked, LicenceApproved, LiabilityAsked)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution; of what changes nothing here it hears nothing."""
    if isinstance(fact.event, _HEARD):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """There while the answer matters, with the day of the last question."""
    match fact.event:
        case OperationStateChanged(state=OperationState.CLOSING):
            return row or _asked(key)
        case OperationStateChanged(state=state) if row is not None and not row["is_merger"]:
            return row if state is OperationState.CLOSED else None
        case ChangeApproved(kind=ChangeKind.MERGER):
            return (row or _asked(key)) | {"is_merger": True}
        case LicenceCancelled() | LicenceRevoked() | LicenceApproved():
            return None
        case LiabilityAsked(on=on) if row is not None:
            return row | {"asked_on": on}
        case _:
            return row


def _asked(key: Key) -> Row:
    return {"institution_id": key[0], "is_merger": False, "asked_on": None}


QUESTIONS_READ = ReadModel(
    name="liability_questions", table=questions_table, nouns=("institution",), keys=keys, fold=fold
)


def unasked(day: date, after: UUID) -> Select[Any]:
    """Of whom nobody has asked on a day, in the order of their ids."""
    rows = questions_table.c
    return (
        select(rows.institution_id)
        .where(rows.institution_id > after, or_(rows.asked_on.is_(None), rows.asked_on < day))
        .order_by(rows.institution_id)
    )
