"""The addresses of the operator's desk: the form, its suggestions, and taking the complaint.

One rule: what the operator types goes to the service in the body of a request, never into an address; nothing of it is
kept here.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from mingjing_console import session
from mingjing_console.acting import (
    FOREIGN,
    Form,
    fields_of,
    gateway_of,
    key_of,
    require_signed_in,
    words_of,
)
from mingjing_console.gateway import Answer
from mingjing_console.pages import complaint_desk as shown
from mingjing_console.pages.complaint_hints import BETWEEN, hints
from mingjing_console.pages.shell import DESK_SCRIPT_PATH, HEADERS, page
from mingjing_console.words import TRACK
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import new_id

SERVICE = "inspection"
_TYPED = ("text", "title", "respondent", "respondent_phone", "uscc", "place")
_KEPT = ("channel", "declared")
"""What the next call begins with, as the last one had it."""


def make_complaint_pages(kit: Kit) -> Router:
    """For whoever takes complaints; the service says who that is."""
    router = Router()

    @router.get("/complaints/new")
    async def empty_desk(request: Request) -> Response:
        require_signed_in(request)
        return _page(kit, request, None, _begun(kit, {}), None)

    @router.post("/complaints/new")
    async def take_or_look(request: Request) -> Response:
        """One button asks for suggestions, the other takes the complaint."""
        require_signed_in(request)
        form = await fields_of(request)
        if not session.is_same_site(request):
            return _page(kit, request, shown.refused(FOREIGN), form, None, 403)
        if form.get("do") != "take":
            return _page(kit, request, None, form, await _asked(kit, request, form))
        return await _take(kit, request, form)

    @router.post("/complaints/hints")
    async def told(request: Request) -> Response:
        """The suggestions alone, for the form's script."""
        if not session.token_of(request) or not session.is_same_site(request):
            return Response(status_code=401 if not session.token_of(request) else 403)
        form = await fields_of(request)
        content = hints(await _asked(kit, request, form), form.get("text", ""), form.get("institution", ""))
        return HTMLResponse(str(content), headers={**HEADERS, "Cache-Control": "no-store"})

    return router


async def _take(kit: Kit, request: Request, form: Form) -> Response:
    if (words := _unreadable(form)) is not None:
        return _page(kit, request, shown.refused(words), form, None, 422)
    body = _complaint(form)
    answer = await gateway_of(kit, request).send(SERVICE, "POST", "/complaints", body, key=key_of(form))
    if answer.is_success:
        again = _begun(kit, {name: form.get(name, "") for name in _KEPT})
        return _page(kit, request, shown.taken(body["number"], answer.body), again, None, 201)
    refusal = shown.refused(words_of(answer))
    return _page(kit, request, refusal, form, await _asked(kit, request, form), answer.status or 503)


async def _asked(kit: Kit, request: Request, form: Form) -> Answer | None:
    """What the service suggests; ``None`` where nothing has been typed."""
    if not any(form.get(name, "").strip() for name in _TYPED):
        return None
    body: dict[str, Any] = {name: form.get(name, "").strip() for name in _TYPED}
    if form.get("phone", "").strip():
        body["complainant"] = {"name": "", "phone": form["phone"].strip()}
    return await gateway_of(kit, request).send(SERVICE, "POST", "/complaints/suggestions", body)


def _unreadable(form: Form) -> tuple[str, str] | None:
    """Which field cannot be read, and how it is written."""
    for read, words in _READ:
        try:
            read(form)
        except (ValueError, InvalidOperation):
            return words
    return None


def _received(form: Form) -> datetime:
    return datetime.fromisoformat(form.get("received_at", "")).replace(tzinfo=SHANGHAI)


def _claimed(form: Form) -> int | None:
    said = form.get("claimed", "").replace(",", "").replace("，", "").strip()
    fen = Decimal(said) * 100 if said else None
    if fen is None:
        return None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen < 10**13:
        raise ValueError(said)
    return int(fen)


def _institution(form: Form) -> str | None:
    about = form.get("institution", "").partition(BETWEEN)[0]
    return str(UUID(about)) if about else None


def _complaint(form: Form) -> dict[str, Any]:
    """What the service is told of a form that can be read."""
    names = {"name": form.get("name", "").strip(), "phone": form.get("phone", "").strip()}
    fields = {name: form.get(name, "").strip() for name in _TYPED if name != "respondent_phone"}
    return fields | {
        "number": form.get("number", "").strip(),
        "channel": form.get("channel", ""),
        "declared": form.get("declared", ""),
        "received_at": _received(form).isoformat(),
        "claimed_fen": _claimed(form),
        "institution_id": _institution(form),
        "tracks": [code for code in TRACK if form.get(f"track.{code}") == "true"] or None,
        "complainant": names if any(names.values()) else None,
        "is_confidential": form.get("is_confidential") == "true",
        "relation": form.get("relation", "").strip(),
        "represented": form.get("represented", "").strip(),
        "origin": _origin(form),
    }


def _origin(form: Form) -> dict[str, Any] | None:
    """What the channel says of itself, if anything. Raises ``ValueError`` for a date that cannot be read."""
    said = {name.removeprefix("origin_"): form.get(name, "").strip() for name in shown.ORIGIN}
    if not any(said.values()):
        return None
    return said | {"due_on": date.fromisoformat(said["due_on"]).isoformat() if said["due_on"] else None}


_READ: Final = (
    (_received, ("受理时间无法识别，请选择日期和时刻。", "The time of receipt cannot be read: choose it.")),
    (_claimed, ("涉及金额无法识别，请以元填写，最多两位小数，例如 1280.50。",
                "The sum claimed cannot be read: write yuan with two decimals at most, such as 1280.50.")),
    (_institution, ("机构无法识别，请从提示中选择。", "The institution cannot be read: choose one of those shown.")),
    (_origin, ("来源要求的办结日期无法识别，请选择日期。", "The source's due day cannot be read.")),
)  # fmt: skip


def _begun(kit: Kit, kept: Form) -> Form:
    """An empty form: the number is made of the day and of chance, the time is now."""
    now = kit.now().astimezone(SHANGHAI)
    number = f"JD{now:%Y%m%d}{new_id().hex[-6:].upper()}"
    return {"number": number, "received_at": f"{now:%Y-%m-%dT%H:%M}", **kept}


def _page(kit: Kit, request: Request, said: Any, values: Form, answer: Answer | None, status: int = 200) -> Response:
    beside = hints(answer, values.get("text", ""), values.get("institution", ""))
    key = str(new_id()) if answer is None or status >= 400 else key_of(values) or str(new_id())
    content = [said, shown.desk(values, key, beside)]
    name = session.name_of(request)
    return page(shown.TITLE, content, person=name, is_wide=True, status=status, runs=DESK_SCRIPT_PATH)
