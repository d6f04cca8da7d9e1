"""Contracts by the number that is printed on them (按合同编号查找): what a family can read out, nobody types an id."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mingjing_funds.api.acting import RecordNotFound
from mingjing_funds.projections.contract_numbers import FOUND_MAX, known_as, meant_by
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

ASKED_AT_MOST = "60/minute"


class NumberBody(BaseModel):
    """A whole number, and whose: each institution counts its own contracts, mostly from 1."""

    contract_no: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    institution_id: UUID


class ContractNamed(BaseModel):
    """A contract as the one who handles a dispute about it recognizes it; no family."""

    model_config = ConfigDict(from_attributes=True)

    contract_id: UUID
    contract_no: str
    course: str
    state: str
    price_fen: int
    starts_on: date
    ends_on: date
    institution_id: UUID | None
    institution_name: str


class ContractsMeant(BaseModel):
    """None where it has no contract with this number, several where it gave it twice."""

    items: list[ContractNamed] = Field(max_length=FOUND_MAX)


def make_router(kit: Kit) -> Router:
    """By number, and by id to see the number."""
    router = Router(prefix="/contract-numbers", tags=["contract 培训合同"])
    limit = [Depends(kit.throttled(ASKED_AT_MOST))]

    @router.post("/look", summary="按合同编号查找 which contract a number means", dependencies=limit)
    async def contract_meant(body: NumberBody, scope: Scope = Depends(kit.scope)) -> ContractsMeant:
        """For whoever handles complaints in the region; the family is not shown."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            wanted = meant_by(scope, body.contract_no, body.institution_id).limit(FOUND_MAX)
            rows = (await connection.execute(wanted)).mappings()
            return ContractsMeant(items=[ContractNamed(**row) for row in rows])

    @router.get("/{contract_id}", summary="合同编号 the number of a contract")
    async def contract_number(contract_id: UUID, scope: Scope = Depends(kit.scope)) -> ContractNamed:
        """Not found where there is none in the caller's region."""
        async with kit.connection() as connection:
            row = (await connection.execute(known_as(scope, contract_id))).mappings().one_or_none()
        if row is None:
            raise RecordNotFound
        return ContractNamed(**row)

    return router
