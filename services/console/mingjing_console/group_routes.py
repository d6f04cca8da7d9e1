"""The addresses of groups of complaints, and of what citizens say: to their complaints, and of institutions."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from fastapi import Request
from htpy import a, p
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.act_routes import sent
from mingjing_console.acting import FOREIGN, fields_of, key_of, signed_in
from mingjing_console.asking import Asked
from mingjing_console.deeds import WHY, Deed
from mingjing_console.gateway import Answer
from mingjing_console.page_parts import asked_of, page_of, position_of, wanted_of
from mingjing_console.pages import groups, rating_answers, voices
from mingjing_console.pages.deed_forms import Filled, refusal
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id, new_id

OWN: Final = "inspection"
GROUPED_MAX: Final = 50
"""Complaints that are shown to be grouped at once; more are taken in one by one."""
MEMBERS_SHOWN: Final = 500
_FORMING: Final = Deed(
    path="", method="PUT", asks=(Asked(name="members", zh="投诉", en="Complaints", kind="several"), groups.PEOPLE, WHY)
)


def make_group_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _listing(router, kit)
    _one(router, kit)
    _voices(router, kit)
    _ratings(router, kit)
    return router


def _listing(router: Router, kit: Kit) -> None:
    @router.get(groups.PATH)
    async def listed(request: Request) -> Response:
        gateway = signed_in(kit, request)
        asked = asked_of(request, "is_open", "institution_id")
        about, position = asked["institution_id"], position_of(request)
        found = await gateway.get(OWN, "/complaint-groups", wanted_of(request, asked), position=position)
        disputes = await gateway.get(OWN, "/complaint-tracks", _open_of(about, GROUPED_MAX)) if about else None
        new = groups.forming(about, disputes) if disputes else None
        return page_of(request, groups.TITLE, groups.listed(asked, found, disputes, new), found)

    @router.post(groups.PATH)
    async def form_group(request: Request) -> Response:
        """Of the complaints that were ticked."""
        gateway = signed_in(kit, request)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return page(groups.TITLE, refusal(FOREIGN), person=session.name_of(request), is_wide=True, status=403)
        # Of the form's own number: sent twice it is one group.
        about, group_id = (
            form.get("institution_id", "")[:40],
            derived_id("group-of-form", key_of(form) or str(new_id())),
        )
        read = {name.replace(f"{groups.MEMBER}:", "members:", 1): value for name, value in form.items()}
        answer, filled, why = await sent(gateway, f"/complaint-groups/{group_id}", _FORMING, read, OWN)
        if answer.is_success:
            return RedirectResponse(f"{groups.PATH}/{group_id}?at={answer.body['position']}", status_code=303)
        disputes = await gateway.get(OWN, "/complaint-tracks", _open_of(about, GROUPED_MAX))
        typed = {name.replace("members:", f"{groups.MEMBER}:", 1): value for name, value in filled.typed.items()}
        again = groups.forming(about, disputes, Filled(typed=typed, wrong=filled.wrong))
        content = [refusal(why), again, p[a(href=groups.PATH)[both("返回", "Back")]]]
        return page(groups.TITLE, content, person=session.name_of(request), is_wide=True, status=answer.status or 503)


def _one(router: Router, kit: Kit) -> None:
    @router.get(f"{groups.PATH}/{{group_id}}")
    async def one(request: Request, group_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        path = f"/complaint-groups/{group_id}"
        row = await gateway.get(OWN, path, position=position_of(request))
        if not row.is_there:
            return page_of(request, groups.TITLE, trouble(row), row)
        within: dict[str, str | int] = {"group_id": str(group_id), "limit": MEMBERS_SHOWN}
        members, others, may = await asyncio.gather(
            gateway.get(OWN, "/complaint-tracks", within),
            gateway.get(OWN, "/complaint-tracks", _open_of(str(row.body["institution_id"]), GROUPED_MAX)),
            gateway.get(OWN, f"{path}/available-actions"),
        )
        title = (f"群体投诉：{row.body['name']}", "Group of complaints")
        return page_of(request, title, groups.one(row.body, members, others, may, kit.now().isoformat()), row)


def _voices(router: Router, kit: Kit) -> None:
    @router.get(voices.PATH)
    async def spoken(request: Request) -> Response:
        """What waits to be read, unless something else is asked for."""
        gateway = signed_in(kit, request)
        asked = asked_of(request, "waits", "asks_reopening")
        if not request.query_params.keys() & asked.keys():
            asked["waits"] = "true"
        found = await gateway.get(OWN, "/complaint-voices", wanted_of(request, asked), position=position_of(request))
        return page_of(request, voices.TITLE, voices.listed(asked, found), found)


def _ratings(router: Router, kit: Kit) -> None:
    @router.get(rating_answers.PATH)
    async def answered(request: Request) -> Response:
        """For officials, and for the institution itself."""
        gateway = signed_in(kit, request)
        asked = asked_of(request, "institution_id")
        found = await gateway.get("funds", "/ratings", wanted_of(request, asked), position=position_of(request))
        first = found.items[0]["rating_id"] if found.items else None
        may = await gateway.get("funds", f"/ratings/{first}/available-actions") if first else Answer(0)
        return page_of(request, rating_answers.TITLE, rating_answers.listed(asked, found, may), found)


def _open_of(institution_id: str, limit: int) -> dict[str, str | int]:
    """The open disputes of one institution."""
    return {"institution_id": institution_id, "track": "DISPUTE", "is_open": "true", "limit": limit}
