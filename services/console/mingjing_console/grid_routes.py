"""The address of the grid map."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.acting import signed_in
from mingjing_console.called import all_called
from mingjing_console.pages import grids as shown
from mingjing_console.pages import lead_heat
from mingjing_console.pages.shell import page
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN = "inspection"
VERSIONS = 20
POSTS = 100
CODE_DIGITS_MAX = 15


def make_grid_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()

    @router.get(shown.PATH)
    async def grid_map(request: Request) -> Response:
        """The grids in force on a day, or those of a version with what is wrong with them."""
        gateway = signed_in(kit, request)
        asked = _asked(request)
        on: dict[str, str | int] = {"on": asked["on"]} if asked["on"] else {}
        place: dict[str, str | int] = {"region": asked["region"]} if asked["region"] else {}
        version = f"/grid-versions/{asked['version']}/features"
        found = await asyncio.gather(
            gateway.get(OWN, version) if asked["version"] else gateway.get(OWN, "/grids", on | place),
            gateway.get(OWN, "/grid-versions", {"limit": VERSIONS}),
            gateway.get(OWN, "/grid-posts", {"limit": POSTS, "code": asked["region"], **on}),
            gateway.get(OWN, "/lead-heat", place | _then(asked["on"], shanghai_date(kit.now()))),
        )
        (posts,) = await all_called(kit, [found[2]], "person", with_account=True)
        seen = shown.Seen(shown=found[0], versions=found[1], posts=posts, heat=lead_heat.of(found[3]))
        return page(shown.TITLE, shown.grid_map(asked, seen), person=session.name_of(request), is_wide=True)

    return router


def _then(on: str, today: date) -> dict[str, str | int]:
    """Leads as they stood on a past day; as they stand now on this day, or on one to come."""
    return {"as_of": on} if on and date.fromisoformat(on) < today else {}


def _asked(request: Request) -> dict[str, str]:
    """What was filled in, as far as it is what was asked for."""
    given = {name: request.query_params.get(name, "").strip() for name in ("on", "region", "version")}
    digits = given["region"] if given["region"].isascii() and given["region"].isdigit() else ""
    return {
        "on": _read(date.fromisoformat, given["on"]),
        "region": digits[:CODE_DIGITS_MAX],
        "version": _read(UUID, given["version"]),
    }


def _read(read: Callable[[str], object], given: str) -> str:
    """The same in its one spelling; empty for what is none."""
    try:
        return str(read(given)) if given else ""
    except ValueError:
        return ""
