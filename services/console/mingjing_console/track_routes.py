"""The addresses of complaints being handled, as inspection says them.

One rule: who complained is asked for in the body of a request and shown on an answer that is not kept anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from htpy import a, p, section
from starlette.responses import Response

from mingjing_console import session
from mingjing_console.act_routes import sent
from mingjing_console.acting import FOREIGN, fields_of, signed_in
from mingjing_console.called import all_called
from mingjing_console.deeds import Deed
from mingjing_console.gateway import Answer, Gateway
from mingjing_console.page_parts import PDF, ROWS, asked_of, file_of, page_of, position_of
from mingjing_console.pages import alike, track, tracks
from mingjing_console.pages.deed_forms import refusal, sent_to
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, page
from mingjing_console.track_contracts import named
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router

OWN: Final = "inspection"
OTHERS: Final = 20
NOTHING: Final = Answer(0)
_AGAIN: Final = ("重新提交", "Send again")
_REFUSED: Final = ("未能办理", "Not carried out")


def make_track_pages(kit: Kit) -> Router:
    """For whoever has signed in."""
    router = Router()
    _listing(router, kit)
    _one(router, kit)
    _alike(router, kit)
    _calling(router, kit)
    _handing(router, kit)
    return router


def _listing(router: Router, kit: Kit) -> None:
    @router.get(tracks.PATH)
    async def work_list(request: Request) -> Response:
        """What is due first stands first."""
        gateway = signed_in(kit, request)
        asked = asked_of(request, "view", "track", "stage", "number", "search", "institution_id")
        asked["view"] = asked["view"] if asked["view"] in tracks.VIEWS else next(iter(tracks.VIEWS))
        found = await gateway.get(OWN, "/complaint-tracks", _wanted(request, asked), position=position_of(request))
        return page_of(request, tracks.TITLE, tracks.listed(asked, found, kit.now().isoformat()), found)


def _wanted(request: Request, asked: Mapping[str, str]) -> dict[str, str | int]:
    after = request.query_params.get("after", "")[:2_000]
    looks: dict[str, str | int] = {name: asked[name] for name in ("number", "search") if asked[name]}
    of = looks or dict(tracks.ASKED_OF[asked["view"]])
    of |= {name: asked[name] for name in ("track", "stage", "institution_id") if asked[name]}
    return of | {"limit": ROWS} | ({"after": after} if after else {})


def _one(router: Router, kit: Kit) -> None:
    @router.get(f"{tracks.PATH}/{{track_id}}")
    async def one(request: Request, track_id: UUID) -> Response:
        gateway = signed_in(kit, request)
        at = position_of(request)
        row = await gateway.get(OWN, f"/complaint-tracks/{track_id}", position=at)
        if not row.is_there:
            # Whoever has just sent it back does not see it any more: that is no failure.
            told = section[p[both(*track.GONE)], p[a(href=tracks.PATH)[both("返回", "Back")]]]
            is_gone = row.status == 404 and at > 0
            return page_of(request, tracks.TITLE, told if is_gone else trouble(row), row)
        seen = await _gathered(gateway, f"/complaint-tracks/{track_id}", row.body, kit.now().isoformat())
        row, timeline = await all_called(kit, [row, seen.timeline], "handled_by", "by", with_account=True)
        seen = replace(seen, timeline=timeline)
        return page_of(request, (row.body["number"], "Complaint"), track.one(row.body, seen), row)

    @router.get(f"{tracks.PATH}/{{track_id}}/agreement")
    async def agreement(request: Request, track_id: UUID) -> Response:
        """As the service prints it."""
        gateway = signed_in(kit, request)
        found = await gateway.file(OWN, f"/complaint-tracks/{track_id}/agreement")
        return file_of(request, found, ("调解书", "Agreement"), PDF, f"agreement-{track_id}.pdf")


async def _gathered(gateway: Gateway, path: str, row: Mapping[str, Any], now: str) -> track.Seen:
    found = await asyncio.gather(
        *(gateway.get(OWN, f"{path}/{what}") for what in ("available-actions", "message", "timeline", "suggestion")),
        gateway.get(OWN, f"{path}/reply-texts"),
        gateway.get(OWN, "/complaint-tracks", {"complaint_id": str(row["complaint_id"]), "limit": OTHERS}),
        named(gateway, row["contract_id"]),
    )
    return track.Seen(
        may=found[0],
        message=found[1],
        timeline=found[2],
        suggestion=found[3],
        texts=found[4],
        siblings=found[5],
        contract=found[6],
        now=now,
    )


def _alike(router: Router, kit: Kit) -> None:
    @router.get(f"{tracks.PATH}/{{track_id}}/alike")
    async def likely(request: Request, track_id: UUID) -> Response:
        """What else may be the same matter: by its words, and by its institution."""
        gateway = signed_in(kit, request)
        path = f"/complaint-tracks/{track_id}"
        row, said = await asyncio.gather(gateway.get(OWN, path), gateway.get(OWN, f"{path}/message"))
        if not row.is_there:
            return page_of(request, alike.TITLE, trouble(row), row)
        repeats, others = await asyncio.gather(
            _repeats(gateway, row.body, said), _same_institution(gateway, row.body["institution_id"])
        )
        return page_of(request, alike.TITLE, alike.listed(row.body, repeats, others), row)

    @router.get(f"{tracks.PATH}/{{track_id}}/alike/{{complaint_id}}")
    async def beside(request: Request, track_id: UUID, complaint_id: UUID) -> Response:
        """Both, side by side; the other one's track is the one of the same kind, if it has one."""
        gateway = signed_in(kit, request)
        path = f"/complaint-tracks/{track_id}"
        row, rows = await asyncio.gather(
            gateway.get(OWN, path),
            gateway.get(OWN, "/complaint-tracks", {"complaint_id": str(complaint_id), "limit": OTHERS}),
        )
        if not row.is_there or not rows.items:
            missing = row if not row.is_there else Answer(404)
            return page_of(request, alike.TITLE, trouble(missing), missing)
        other = next((one for one in rows.items if one["track"] == row.body["track"]), rows.items[0])
        first, second, may = await asyncio.gather(
            gateway.get(OWN, f"{path}/message"),
            gateway.get(OWN, f"/complaint-tracks/{other['track_id']}/message"),
            gateway.get(OWN, f"{path}/available-actions"),
        )
        content = alike.beside(row.body, other, (first, second), may, kit.now().isoformat())
        return page_of(request, alike.TITLE, content, row)


async def _repeats(gateway: Gateway, row: Mapping[str, Any], said: Answer) -> Answer:
    if not said.is_there:
        return said
    body: dict[str, Any] = {name: said.body[name] for name in ("text", "title", "respondent", "place")}
    if row["institution_id"]:
        body["institution_id"] = row["institution_id"]
    return await gateway.send(OWN, "POST", "/complaints/suggestions", body)


async def _same_institution(gateway: Gateway, institution_id: str | None) -> Answer:
    if not institution_id:
        return NOTHING
    of: dict[str, str | int] = {"institution_id": institution_id, "is_open": "true", "limit": OTHERS}
    return await gateway.get(OWN, "/complaint-tracks", of)


def _handing(router: Router, kit: Kit) -> None:
    @router.post(f"{tracks.PATH}/{{track_id}}/secret")
    async def hand_secret(request: Request, track_id: UUID) -> Response:
        """A new secret, to be read to whoever complained; on this answer and nowhere else."""
        gateway = signed_in(kit, request)
        row = await gateway.get(OWN, f"/complaint-tracks/{track_id}")
        if not row.is_there:
            return page_of(request, track.HANDED, trouble(row), row)
        path = f"/complaints/{row.body['complaint_id']}/follow-secret"
        answer, again = await _carried_out(request, gateway, path, track.HANDING, f"{tracks.PATH}/{track_id}/secret")
        return again or page_of(request, track.HANDED, track.secret(str(track_id), answer.body), Answer(200))


async def _carried_out(
    request: Request, gateway: Gateway, path: str, deed: Deed, action: str
) -> tuple[Answer, Response | None]:
    """The service's answer to a form; the page with the form again where it is a refusal."""
    form, person = await fields_of(request), session.name_of(request)
    if not session.is_same_site(request):
        return NOTHING, page(_REFUSED, refusal(FOREIGN), person=person, is_wide=True, status=403)
    answer, filled, why = await sent(gateway, path, deed, form, OWN)
    if answer.is_success:
        return answer, None
    back = p[a(href=action.rpartition("/")[0])[both("返回", "Back")]]
    content = [refusal(why), section[sent_to(action, deed, _AGAIN, filled)], back]
    return answer, page(_REFUSED, content, person=person, is_wide=True, status=answer.status or 503)


def _calling(router: Router, kit: Kit) -> None:
    @router.post(f"{tracks.PATH}/{{track_id}}/complainant")
    async def open_complainant(request: Request, track_id: UUID) -> Response:
        """Name and telephone, for a purpose; on this answer and nowhere else."""
        gateway = signed_in(kit, request)
        path = f"/complaint-tracks/{track_id}"
        answer, again = await _carried_out(request, gateway, path, track.OPENING, f"{path}/complainant")
        if again is not None:
            return again
        row = await gateway.get(OWN, path)
        number = row.body["number"] if row.is_there else ""
        return page_of(request, track.OPENED, track.contact(str(track_id), number, answer.body), Answer(200))
