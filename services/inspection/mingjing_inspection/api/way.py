"""The round of a day over HTTP (今日路线): the caller's own tasks in the order of the way; nobody else's are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from mingjing_inspection.domain.route import STOPS_MAX, Leg, Place, Stop, round_of
from mingjing_inspection.projections.rounds import round_in
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal

Latitude = Annotated[int | None, Query(ge=-900_000_000, le=900_000_000, description="Where the round begins, × 10⁷")]
Longitude = Annotated[int | None, Query(ge=-1_800_000_000, le=1_800_000_000)]


class WayStop(BaseModel):
    """A stop. ``is_placed`` false: nobody knows where it is, so it stands at the end."""

    number: int
    task_id: UUID
    institution_id: UUID
    site_id: UUID
    address: str
    kind: str
    state: str
    due_at: datetime
    metres: int | None = Field(description="From the stop before, along a straight line")
    is_placed: bool


class Way(BaseModel):
    """All of them. Positions are those of the sites; of the last visit, where nobody has placed a site."""

    stops: list[WayStop]
    metres: int
    unplaced: int
    left_out: int = Field(description=f"Tasks beyond the first {STOPS_MAX} by due date")


def make_router(kit: Kit) -> Router:
    """One address."""
    router = Router(tags=["task 检查任务"])

    @router.get("/round/way", summary="今日路线 the caller's own tasks in the order of the way")
    async def round_way(
        latitude_e7: Latitude = None, longitude_e7: Longitude = None, caller: Principal = Depends(kit.caller)
    ) -> Way:
        """Nearest insertion over the sites' positions; the most pressing tasks, as many as a day holds."""
        async with kit.connection() as connection:
            found = await connection.execute(round_in(caller.scope, caller.subject))
            rows = found.mappings().all()
        start = None
        if latitude_e7 is not None and longitude_e7 is not None:
            start = Place(latitude_e7=latitude_e7, longitude_e7=longitude_e7)
        tasks = {UUID(bytes=row["task_id"].bytes): row for row in rows[:STOPS_MAX]}
        legs = round_of([Stop(task_id=id, place=_place(row)) for id, row in tasks.items()], start)
        return Way(
            stops=[_stop(number, leg, tasks[leg.task_id]) for number, leg in enumerate(legs, 1)],
            metres=sum(leg.metres or 0 for leg in legs),
            unplaced=sum(not leg.is_placed for leg in legs),
            left_out=len(rows) - len(tasks),
        )

    return router


def _place(row: Any) -> Place | None:
    if row["latitude_e7"] is None or row["longitude_e7"] is None:
        return None
    return Place(latitude_e7=row["latitude_e7"], longitude_e7=row["longitude_e7"])


def _stop(number: int, leg: Leg, row: Any) -> WayStop:
    shown = {name: row[name] for name in ("institution_id", "site_id", "address", "kind", "state", "due_at")}
    return WayStop(number=number, task_id=leg.task_id, metres=leg.metres, is_placed=leg.is_placed, **shown)
