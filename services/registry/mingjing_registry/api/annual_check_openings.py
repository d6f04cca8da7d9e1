"""Opening the annual check of a year for all institutions of a department at once 批量开展年检.

One rule: each institution is a command of its own with its own answer; one that cannot be opened stops no other, and
sending the request again opens nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_registry.acts import OPEN_CHECK
from mingjing_registry.api.annual_check import YEAR
from mingjing_registry.api.grounds import CHECKING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.annual_check import OpenAnnualCheck
from mingjing_registry.projections.institutions import checkable

BATCH_MAX = 1_000
"""Institutions of one request; ``next`` names where the following one goes on."""
Came: TypeAlias = Literal["opened", "already-open", "refused"]


class OpeningsBody(BaseModel):
    """Whose institutions, and by when their reports are due."""

    department: str = Field(min_length=1, max_length=100)
    region: str = Field(default="", pattern=r"^[0-9]{0,15}$", description="Beginning of the division code")
    due_on: date
    after: UUID | None = Field(default=None, description="``next`` of the answer before")


class Opening(BaseModel):
    """What became of one institution."""

    institution_id: UUID
    name: str
    came: Came
    why_not: Problem | None = None


class Openings(BaseModel):
    """What became of each; an empty list says that the department has no licensed institution here."""

    items: list[Opening]
    opened: int
    already_open: int
    refused: int
    next: UUID | None = Field(description="There are more: send the request again with this as ``after``")
    position: int = Field(description="Position in the log after it")


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(prefix="/annual-checks/{year}", tags=["annual check 年检"])

    @router.post("/openings", summary="批量开展年检 open the annual check for a department's institutions")
    async def open_checks(
        body: OpeningsBody,
        response: Response,
        year: int = YEAR,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Openings:
        """Of those that ever had a licence and have not ended, within the caller's grants."""
        await kit.up_to_date()
        statement = checkable(scope, department=body.department, region=body.region, after=body.after)
        async with kit.connection() as connection:
            rows = (await connection.execute(statement.limit(BATCH_MAX + 1))).all()
        if not rows:  # none there, or none of hers: whoever may open none is told so
            region = body.region or kit.settings.county_code
            scope.require(OPEN_CHECK, Dimensions(body.department, region, UNDIVIDED))
        due = rows[:BATCH_MAX]
        command = OpenAnnualCheck(year=year, due_on=body.due_on, on=day_of(kit, written))
        works = [Work(INSTITUTIONS, row.institution_id, command, _envelope(written, row.institution_id)) for row in due]
        results = await kit.log.handle_many(works)
        items = [_opening(row, result) for row, result in zip(due, results, strict=True)]
        position = max((one.position for one in results if isinstance(one, Outcome)), default=await kit.log.head())
        response.headers["Mingjing-Position"] = str(position)
        return _openings(items, due[-1].institution_id if len(rows) > BATCH_MAX else None, position)

    return router


def _opening(row: Any, result: object) -> Opening:
    found = Opening(institution_id=row.institution_id, name=row.name, came="opened")
    match result:
        case Outcome(events=events):
            return found if events else found.model_copy(update={"came": "already-open"})
        case Refusal():
            return found.model_copy(update={"came": "refused", "why_not": problem_of(result)})
        case Exception():
            raise result
        case _:
            raise AssertionError(f"neither outcome nor exception: {result!r}")


def _openings(items: Sequence[Opening], following: UUID | None, position: int) -> Openings:
    counts = {came: sum(one.came == came for one in items) for came in ("opened", "already-open", "refused")}
    return Openings(
        items=list(items),
        opened=counts["opened"],
        already_open=counts["already-open"],
        refused=counts["refused"],
        next=following,
        position=position,
    )


def _envelope(written: Envelope, institution_id: UUID) -> Envelope:
    command_id = derived_id("open-annual-check", written.command_id, institution_id)
    return msgspec.structs.replace(
        grounded(written, governed_by=CHECKING), command_id=command_id, expected_version=None
    )
