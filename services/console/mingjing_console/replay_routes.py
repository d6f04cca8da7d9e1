"""The addresses of replayed alerts and of other numbers over past days.

One rule: a page has no rights of its own; every question goes with the visitor's token.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from mingjing_console.acting import signed_in
from mingjing_console.gateway import FILE_SECONDS_MAX, Answer
from mingjing_console.page_parts import asked_of, file_of, page_of
from mingjing_console.pages import replays
from mingjing_console.pages.lookup import trouble
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN: Final = "funds"
_ASKED: Final = ("number", "value", "since", "until", "region")


def make_replay_pages(kit: Kit) -> Router:
    """For whoever has signed in; before the alerts: an address of its own, and no alert's id."""
    router = Router()

    @router.get(replays.WHAT_IF_PATH)
    async def alerts_what_if(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, *_ASKED)
        numbers = await gateway.get(OWN, "/policies")
        found: Answer | None = None
        if asked["number"] and asked["value"]:
            wanted: dict[str, str | int] = {**replays.question_of(asked)}
            found = await gateway.get(OWN, replays.WHAT_IF_PATH, wanted, seconds=FILE_SECONDS_MAX)
        return page_of(request, replays.WHAT_IF, replays.what_if(asked, numbers, found), found or numbers)

    @router.get(f"{replays.WHAT_IF_PATH}/chart")
    async def alerts_what_if_chart(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "set", "since", "until", "region")
        wanted: dict[str, str | int] = {name: said for name, said in asked.items() if said}
        found = await gateway.file(OWN, f"{replays.WHAT_IF_PATH}/chart", wanted)
        return file_of(request, found, replays.WHAT_IF, "image/svg+xml", "what-if.svg")

    @router.get("/alerts/{alert_id}/replay")
    async def alert_replayed(request: Request, alert_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        alert = await gateway.get(OWN, "/alerts", {"alert_id": str(alert_id)})
        if not alert.items:
            answer = Answer(404) if alert.is_there else alert
            return page_of(request, replays.TITLE, trouble(answer), answer)
        row, asked = alert.items[0], asked_of(request, "rule", "day")
        found = await gateway.get(OWN, "/alerts/replay", _wanted(row, asked), seconds=FILE_SECONDS_MAX)
        return page_of(request, replays.TITLE, replays.one(row, asked, found), found)

    return router


def _wanted(row: dict[str, Any], asked: dict[str, str]) -> dict[str, str | int]:
    """The alert itself; or a rule of its account on a day, of what is not said that of the alert."""
    if not asked["rule"] and not asked["day"]:
        return {"alert_id": row["alert_id"]}
    return {
        "account_id": row["account_id"],
        "rule": asked["rule"].upper() or row["rule"],
        "day": asked["day"] or row["raised_on"],
    }
