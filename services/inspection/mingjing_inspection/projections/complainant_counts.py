"""Complaints of the last months by institution (投诉人数): what the duty that counts people reads, and nobody else.

One rule: what is a complaint for funds is one here: within remit, about a known institution, and no mere question.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.projections.complaints import complaints_table

PAPERS_MAX: Final = 20_000
"""Complaints about one institution, and of all that are read at a time; of more about one, the latest count."""
_C = complaints_table.c


def _counts(since: datetime) -> tuple[Any, ...]:
    only_order = literal([Track.WORK_ORDER.value], JSONB)
    return (
        _C.institution_id.is_not(None),
        _C.within_remit.is_(True),
        _C.received_at >= since,
        ~_C.tracks.contained_by(only_order),
    )


def complained_of(since: datetime) -> Select[Any]:
    """The institutions that somebody complained of since then: how often, and when last; for the duty alone."""
    return (
        select(_C.institution_id, func.count().label("papers"), func.max(_C.received_at).label("last_at"))
        .where(*_counts(since))
        .group_by(_C.institution_id)
        .order_by(_C.institution_id)
    )


def papers_about(institutions: Collection[UUID], since: datetime) -> Select[Any]:
    """What was said of these institutions since then; for the duty alone."""
    columns = (
        _C.complaint_id, _C.institution_id, _C.received_at, _C.title, _C.text, _C.department, _C.region, _C.category,
    )  # fmt: skip
    order = (_C.received_at.desc(), _C.complaint_id)
    place = func.row_number().over(partition_by=_C.institution_id, order_by=order).label("place")
    ranked = select(*columns, place).where(*_counts(since), _C.institution_id.in_(institutions)).subquery().c
    return (
        select(*(ranked[column.name] for column in columns))
        .where(ranked.place <= PAPERS_MAX)
        .order_by(ranked.institution_id, ranked.place)
    )
