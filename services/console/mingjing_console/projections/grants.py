"""Grants (授权): who may do what from when until when, by whom it was given, and whether it was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Select, Table, Text, Uuid, func, select

from mingjing_console.projections.people import PEOPLE_READ, READERS
from mingjing_console.projections.schema import METADATA
from mingjing_kernel.access.facts import GrantGiven, GrantTaken
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

grants_table = Table(
    "grants",
    METADATA,
    Column("grant_id", Uuid, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True)),
    Column("manner", Text, nullable=False),
    Column("delegated_from", Uuid),
    Column("given_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("taken_reason", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True)),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a grant."""
    if isinstance(fact.event, GrantGiven | GrantTaken):
        yield (fact.event.grant_id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case GrantGiven() as event:
            return {
                "grant_id": key[0],
                "person": event.person,
                "role": event.role,
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "organisation": event.organisation,
                "valid_from": event.valid_from,
                "valid_until": event.valid_until,
                "manner": event.manner,
                "delegated_from": event.delegated_from,
                "given_by": event.given_by,
                "reason": event.reason,
                "legal_basis": event.legal_basis,
                "given_at": event.given_at,
                "taken_by": "",
                "taken_reason": "",
                "taken_at": None,
            }
        case GrantTaken() as event if row is not None:
            return {**row, "taken_by": event.taken_by, "taken_reason": event.reason, "taken_at": event.taken_at}
        case _:
            return row


GRANTS_READ = ReadModel(name="grants", table=grants_table, nouns=("person",), keys=keys, fold=fold, history=True)


def grants_in(
    scope: Scope, *, person: str | None = None, role: str | None = None, at: int | None = None
) -> Select[Any]:
    """The grants that a caller may see, with the holder's name, as they stood after position ``at``."""
    grants, people = GRANTS_READ.at(at), PEOPLE_READ.at(at)
    rows = grants.c
    statement = (
        select(*(rows[name] for name in GRANTS_READ.columns), func.coalesce(people.c.name, "").label("name"))
        .outerjoin_from(grants, people, people.c.person == rows.person)
        .where(scope.where(roles=READERS, department=rows.department, region=rows.region, category=rows.category))
    )
    if person is not None:
        statement = statement.where(rows.person == person)
    if role is not None:
        statement = statement.where(rows.role == role)
    return statement


def one_grant(grant_id: UUID) -> Select[Any]:
    """One grant, whoever may see it: for deciding who may take it back; its caller shows nothing of it."""
    return select(grants_table).where(grants_table.c.grant_id == grant_id)
