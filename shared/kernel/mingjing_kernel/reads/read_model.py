"""Reads as a list: one row a read, so that an auditor can ask by person, thing and day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.reads.noted import ReadsNoted

NAME = "reads"


def reads_table(metadata: MetaData) -> Table:
    """The table in the service's own metadata; made once."""
    if NAME in metadata.tables:
        return metadata.tables[NAME]
    return Table(
        NAME,
        metadata,
        Column("position", BigInteger, primary_key=True),
        Column("place", Integer, primary_key=True),
        Column("read_at", DateTime(timezone=True), nullable=False, index=True),
        Column("reader", Text, nullable=False, index=True),
        Column("department", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("form", Text, nullable=False),
        Column("ids", JSONB, nullable=False),
        Column("query", Text, nullable=False),
        Column("count", Integer, nullable=False),
        Column("fields", JSONB, nullable=False),
        Column("purpose", Text, nullable=False),
        Index("reads_ids", "ids", postgresql_using="gin"),
    )


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a read, named by the position of its event and its place in it."""
    match fact.event:
        case ReadsNoted() as event:
            for place in range(len(event.reads)):
                yield (fact.position, place)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """What was read never changes again."""
    match fact.event:
        case ReadsNoted() as event:
            read = event.reads[key[1]]
            return {
                "position": key[0],
                "place": key[1],
                "read_at": read.at,
                "reader": read.reader,
                "department": read.department,
                "region": read.region,
                "kind": read.kind,
                "form": read.form,
                "ids": list(read.ids),
                "query": read.query,
                "count": read.count,
                "fields": list(read.fields),
                "purpose": read.purpose,
            }
        case _:
            return row


def make_reads_model(metadata: MetaData) -> ReadModel:
    """For a service's ``read_models``. It keeps no history: as of a position means up to it."""
    return ReadModel(name=NAME, table=reads_table(metadata), nouns=("reads",), keys=keys, fold=fold)
