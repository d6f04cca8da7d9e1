"""Division codes over HTTP: what a code means on a day, and what stands for it when it was replaced."""

from __future__ import annotations

from datetime import date

from fastapi import Depends, Path, Query
from pydantic import BaseModel, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.domain.division import successors_of
from mingjing_registry.domain.licence_refusals import DivisionUnknown
from mingjing_registry.sources.divisions import validities


class DivisionItem(BaseModel):
    """One code, and its successors on the day."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None = Field(description="The last day; null while it is in use")
    is_valid: bool
    successors: list[str] = Field(description="The codes that stand for it on the day; itself while it is in use")


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(prefix="/divisions", tags=["division 行政区划"])

    @router.get("/{code}", summary="行政区划代码 one division code")
    async def one_division(
        code: str = Path(pattern=r"^[0-9]{6}$"),
        on: date | None = Query(default=None, description="The day; today without one"),
        _scope: Scope = Depends(kit.scope),
    ) -> DivisionItem:
        """A code that was replaced is understood, and answered with its successors."""
        table, day = validities(), on or shanghai_date(kit.now())
        line = table.get(code)
        if line is None:
            raise DivisionUnknown(code=code)
        return DivisionItem(
            code=code,
            name=line.name,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            is_valid=line.is_valid(day),
            successors=list(successors_of(code, day, table)),
        )

    return router
