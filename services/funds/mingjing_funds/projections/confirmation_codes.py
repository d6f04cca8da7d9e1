"""Confirmation codes (确认码): which contract and which request a code is about. Found by its keyed digest alone.

The one rule: nothing here tells the code; whoever has it names it, and only this service's own page asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.lesson import ConfirmationCodeIssued
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

confirmation_codes_table = Table(
    "confirmation_codes",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("contract_id", Uuid, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)


class CodeFound(NamedTuple):
    """Where a code leads."""

    contract_id: UUID
    request_id: UUID


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a code."""
    if isinstance(fact.event, ConfirmationCodeIssued):
        yield (fact.event.code_digest,)


def fold(key: Key, _row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Where it leads, and until when."""
    event = fact.event
    named = {"contract_id": fact.id, "request_id": event.request_id, "expires_at": event.expires_at}
    return {"digest": key[0], **named}


CONFIRMATION_CODES = ReadModel(
    name="confirmation_codes", table=confirmation_codes_table, nouns=("contract",), keys=keys, fold=fold
)


async def code_found(connection: AsyncConnection, digest: str) -> CodeFound | None:
    """Where the code of this digest leads, if it leads anywhere."""
    rows = confirmation_codes_table.c
    wanted = select(rows.contract_id, rows.request_id).where(rows.digest == digest)
    row = (await connection.execute(wanted)).first()
    return None if row is None else CodeFound(UUID(str(row.contract_id)), UUID(str(row.request_id)))
