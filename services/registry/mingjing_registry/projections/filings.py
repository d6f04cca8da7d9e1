"""Filings 备案: what institutions handed in, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Select, Table, Text, Uuid, select

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.filing import ItemAccepted, ItemFiled, ItemRefused, ItemWithdrawn
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA

filings_table = Table(
    "filings",
    METADATA,
    Column("filing_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("evidence_sha256", Text, nullable=False),
    Column("is_subject", Boolean, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("words", Text, nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("settled_on", Date),
    Column("position", BigInteger, nullable=False, index=True),
    Column("version", Integer, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a filing."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case ItemFiled(institution_id=institution_id, item=item, on=on):
            return {
                "filing_id": key[0],
                "institution_id": institution_id,
                "kind": item.kind,
                "title": item.title,
                "evidence_sha256": item.evidence_sha256,
                "is_subject": item.is_subject,
                "channel": item.channel.value,
                "state": "filed",
                "words": "",
                "filed_by": fact.meta.actor,
                "filed_on": on,
                "settled_by": "",
                "settled_on": None,
                **_at(fact),
            }
        case ItemAccepted(remark=words, on=on):
            return _settled(row, "accepted", words, fact) | {"settled_on": on}
        case ItemRefused(reason=words, on=on):
            return _settled(row, "refused", words, fact) | {"settled_on": on}
        case ItemWithdrawn(reason=words, on=on):
            return _settled(row, "withdrawn", words, fact) | {"settled_on": on}
        case _:
            return row


def _settled(row: Row | None, state: str, words: str, fact: Recorded[Any]) -> Row:
    return (row or {}) | {"state": state, "words": words, "settled_by": fact.meta.actor} | _at(fact)


def _at(fact: Recorded[Any]) -> Row:
    return {"position": fact.position, "version": fact.version}


FILINGS_READ = ReadModel(name="filings", table=filings_table, nouns=("filing",), keys=keys, fold=fold, history=True)


def filings_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    filing_id: UUID | None = None,
    kind: str = "",
    state: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The filings of institutions that an official may see."""
    rows, of = FILINGS_READ.at(at).alias("filing").c, INSTITUTIONS_READ.at(at).alias("filer").c
    statement = (
        select(*(rows[name] for name in FILINGS_READ.columns if name != "position"), of.name.label("institution_name"))
        .where(rows.institution_id == of.institution_id)
        .where(scope.where(roles=OFFICIALS, department=of.department, region=of.region, category=of.category))
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if filing_id is not None:
        statement = statement.where(rows.filing_id == filing_id)
    if kind:
        statement = statement.where(rows.kind == kind)
    return statement.where(rows.state == state) if state else statement
