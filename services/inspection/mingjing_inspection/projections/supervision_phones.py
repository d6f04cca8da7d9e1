"""Published telephones (监督举报电话): which office answers for whom. Anybody may see all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Select, Table, Text, Uuid, select

from mingjing_inspection.domain.supervision_phone import PhonePublished, PhoneWithdrawn
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

supervision_phones = Table(
    "supervision_phones",
    METADATA,
    Column("phone_id", Uuid, primary_key=True),
    Column("level", Text, nullable=False),
    Column("training", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("hours", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a published number."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case PhonePublished() as event:
            line = event.line
            return {
                "phone_id": key[0],
                "level": line.level.value,
                "training": line.training.value,
                "department": line.department,
                "region": line.region,
                "office": line.office,
                "phone": line.phone,
                "hours": line.hours,
                "published_at": event.at,
            }
        case PhoneWithdrawn():
            return None
        case _:
            return row


SUPERVISION_PHONES_READ = ReadModel(
    name="supervision_phones",
    table=supervision_phones,
    nouns=("supervision-phone",),
    keys=keys,
    fold=fold,
    history=True,
)


def published_phones(*, region: str = "", at: int | None = None) -> Select[Any]:
    """Everything that is published, of a region and what lies above it if one is named."""
    rows = SUPERVISION_PHONES_READ.at(at).c
    statement = select(*(rows[name] for name in SUPERVISION_PHONES_READ.columns))
    if region:
        lengths = range(2, len(region) + 1, 2)
        above = {region[:length] for length in lengths} | {region[:length].ljust(6, "0") for length in lengths}
        statement = statement.where(rows.region.in_(above))
    return statement
