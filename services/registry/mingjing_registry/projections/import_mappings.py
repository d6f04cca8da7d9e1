"""Import mappings 导入对照: how each sender's tables are read, as somebody confirmed it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.import_mapping import MappingConfirmed, MappingWithdrawn
from mingjing_registry.projections.schema import METADATA

SEPARATOR = "\x1f"

import_mappings_table = Table(
    "import_mappings",
    METADATA,
    Column("mapping_id", Uuid, primary_key=True),
    Column("header", Text, primary_key=True),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("labels", JSONB, nullable=False),
    Column("fields", JSONB, nullable=False),
    Column("kind", Text, nullable=False),
    Column("header_rows", Integer, nullable=False),
    Column("constants", JSONB, nullable=False),
    Column("number", Integer, nullable=False),
    Column("confirmed_by", Text, nullable=False),
    Column("confirmed_on", Date, nullable=False),
    Column("is_in_force", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a sender and header."""
    match fact.event:
        case MappingConfirmed(mapping=mapping):
            yield (fact.id, SEPARATOR.join(mapping.header))
        case MappingWithdrawn(header=header):
            yield (fact.id, SEPARATOR.join(header))
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case MappingConfirmed(mapping=mapping) as event:
            return {
                "mapping_id": key[0],
                "header": key[1],
                "department": event.department,
                "region": event.region,
                "sender": event.sender,
                "labels": list(mapping.header),
                "fields": list(mapping.fields),
                "kind": mapping.kind,
                "header_rows": mapping.header_rows,
                "constants": {constant.field: constant.text for constant in mapping.constants},
                "number": event.number,
                "confirmed_by": fact.meta.actor,
                "confirmed_on": event.on,
                "is_in_force": True,
                "reason": "",
            }
        case MappingWithdrawn(reason=reason) if row is not None:
            return row | {"is_in_force": False, "reason": reason}
        case _:
            return row


IMPORT_MAPPINGS_READ = ReadModel(
    name="import_mappings",
    table=import_mappings_table,
    nouns=("import-mapping",),
    keys=keys,
    fold=fold,
    history=True,
)


def import_mappings_in(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """The mappings that a caller may see, as they stood after position ``at``."""
    rows = IMPORT_MAPPINGS_READ.at(at).c
    return select(*(rows[name] for name in IMPORT_MAPPINGS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )
