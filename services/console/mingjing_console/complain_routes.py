"""The addresses at which citizens complain, follow their complaints and find whom to call.

One rule: the console asks as nobody, for the citizen's own address; who has signed in complains as a citizen, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from mingjing_console.gateway import Answer, Gateway
from mingjing_console.pages import complain, follow, phones
from mingjing_console.pages.shell import page
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.throttle import client_address
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.readable import READABLE

PHOTO: Final = "/follow/photo"
PHOTO_FORM_BYTES_MAX: Final = 8 * 1024 * 1024 + 64 * 1024
"""As the service takes it: one photo, and what stands around it."""
FORM_BYTES_MAX: Final = 128 * 1024
FIELDS_MAX: Final = 40
SECRET_CHARACTERS: Final = 16
PHONES_MAX: Final = 500
_FIELDS: Final = ("respondent", "place", "text", "request", "name", "phone", "relation", "represented")
_SAID: Final = ("additions", "call-back", "reopening", "withdrawal")


def make_complain_pages(kit: Kit) -> Router:
    """Without signing in."""
    router = Router()
    _complaining(router, kit)
    _following(router, kit)
    _calling(router, kit)
    return router


def new_secret() -> str:
    """It goes out with the form, so that a second click and a lost answer show the one that opens the complaint."""
    return "".join(secrets.choice(READABLE) for _ in range(SECRET_CHARACTERS))


def _complaining(router: Router, kit: Kit) -> None:
    @router.get("/complain")
    async def ask(
        request: Request,
        institution: str = Query(default="", max_length=40),
        site: str = Query(default="", max_length=40),
    ) -> Response:
        """From the code at a door, from an institution's page, or from nowhere."""
        known = await _whom(_gateway(kit, request), institution, site)
        asked = complain.Asked(form_id=str(new_id()), secret=new_secret(), said={"identity": "CONFIDENTIAL", **known})
        return page(complain.TITLE, complain.question(asked), is_private=True)

    @router.post("/complain")
    async def take(request: Request) -> Response:
        pairs = await _sent(request)
        said = dict(pairs)
        tracks = tuple(value for name, value in pairs if name == "tracks")
        form_id = str(_id(said.get("form_id", "")) or new_id())
        asked = complain.Asked(form_id=form_id, secret=said.get("secret", ""), said=said, tracks=tracks)
        fen = _fen(asked.of("yuan"))
        if fen is None:
            return _again(asked, complain.no_sum())
        body = _body(asked, fen)
        answer = await _gateway(kit, request).send("inspection", "POST", "/public/complaints", body, key=form_id)
        if not answer.is_success:
            return _again(asked, complain.said_again(answer))
        return page(complain.TITLE, complain.done(answer.body), is_private=True)


def _following(router: Router, kit: Kit) -> None:
    @router.get("/follow")
    async def ask_key() -> Response:
        return page(follow.TITLE, follow.question(), is_private=True)

    @router.post("/follow")
    async def show(request: Request) -> Response:
        said = dict(await _sent(request))
        return await _shown(_gateway(kit, request), said)

    @router.post("/follow/by-phone")
    async def show_by_phone(request: Request) -> Response:
        """How far it got, for whoever knows the telephone; the telephone is in no address."""
        said = dict(await _sent(request))
        body = {name: said.get(name, "") for name in ("channel", "number", "phone")}
        found = await _gateway(kit, request).send("inspection", "POST", "/public/complaints/follow-by-phone", body)
        return page(follow.TITLE, follow.standing(found, "", str(new_id())), is_private=True)

    @router.post(PHOTO)
    async def show_photo(request: Request) -> Response:
        said, content = await _sent_photo(request)
        gateway = _gateway(kit, request)
        fields = {"number": said.get("number", ""), "secret": said.get("secret", "")}
        key = str(derived_id("photo", fields["number"], sha256(content).hexdigest(), said.get("addition_id", "")))
        answer = await gateway.attach("inspection", "/public/complaints/photos", fields, "photo", content, key=key)
        return await _shown(gateway, said, answer)

    @router.post("/follow/{what}")
    async def say(request: Request, what: str) -> Response:
        said = dict(await _sent(request))
        gateway = _gateway(kit, request)
        if what not in _SAID:
            return await _shown(gateway, said)
        body: dict[str, Any] = dict(said)
        if what == "call-back":
            rating = said.get("rating", "")
            more = {"is_satisfied": said.get("is_satisfied") == "true", "rating": int(rating) if _digit(rating) else 0}
            body |= more
        # A second click is the same request; another form of the same page is another one.
        key = str(derived_id("said", what, said.get("addition_id", "")))
        answer = await gateway.send("inspection", "POST", f"/public/complaints/{what}", body, key=key)
        return await _shown(gateway, said, answer)


def _calling(router: Router, kit: Kit) -> None:
    @router.get("/phones")
    async def whom_to_call(request: Request) -> Response:
        wanted = {"limit": PHONES_MAX}
        answer = await _gateway(kit, request).get("inspection", "/public/supervision-phones", wanted)
        return page(phones.TITLE, phones.phones(answer))

    @router.get("/phones.csv")
    async def as_csv(request: Request) -> Response:
        wanted: dict[str, str | int] = {"format": "csv"}
        answer = await _gateway(kit, request).file("inspection", "/public/supervision-phones", wanted)
        headers = {"Content-Disposition": 'attachment; filename="supervision-phones.csv"'}
        status = answer.status or 503
        return Response(answer.body or b"", status_code=status, media_type="text/csv; charset=utf-8", headers=headers)


async def _whom(gateway: Gateway, institution: str, site: str) -> dict[str, str]:
    """Whom it is about, by the code that was scanned; nothing where the code leads nowhere."""
    known: dict[str, str] = {}
    if (site_id := _id(site)) is not None:
        door = await gateway.get("registry", f"/public/sites/{site_id}")
        if door.is_there:
            institution, known = str(door.body["institution_id"]), {"place": str(door.body["address"])}
    if (institution_id := _id(institution)) is None:
        return known
    told = await gateway.get("registry", f"/public/institutions/{institution_id}")
    if not told.is_there:
        return known
    return {**known, "institution": str(institution_id), "respondent": str(told.body["name"])}


async def _shown(gateway: Gateway, said: Mapping[str, str], answer: Answer | None = None) -> Response:
    """How it stands now, below what became of her word."""
    secret = said.get("secret", "")
    key = {"number": said.get("number", ""), "secret": secret}
    found = await gateway.send("inspection", "POST", "/public/complaints/follow", key)
    told = None
    if answer is not None:
        told = follow.recorded() if answer.is_success else complain.said_again(answer)
    content = follow.standing(found, secret, str(new_id()), told)
    return page(follow.TITLE, content, is_private=True)


def _again(asked: complain.Asked, problem: Any) -> Response:
    return page(complain.TITLE, complain.question(asked, problem), is_private=True, status=422)


def _body(asked: complain.Asked, fen: int) -> dict[str, Any]:
    institution = _id(asked.of("institution"))
    more: dict[str, Any] = {"institution_id": str(institution)} if institution else {}
    return {
        "form_id": asked.form_id,
        "secret": asked.secret,
        "identity": asked.of("identity") or "CONFIDENTIAL",
        "tracks": list(asked.tracks),
        **({"claimed_fen": fen} if fen else {}),
        **{name: asked.of(name) for name in _FIELDS if asked.of(name)},
        **more,
    } | {"text": asked.of("text")}


def _fen(text: str) -> int | None:
    """0 for nothing; ``None`` where it is no sum of money."""
    plain = text.replace(",", "").replace("，", "").removesuffix("元").strip()
    if not plain:
        return 0
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation:
        return None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 <= fen <= FEN_MAX:
        return None
    return int(fen)


def _digit(text: str) -> bool:
    return len(text) == 1 and text in "0123456789"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _sent(request: Request) -> list[tuple[str, str]]:
    body = (await request.body())[:FORM_BYTES_MAX]
    try:
        return parse_qsl(body.decode("utf-8", "replace"), max_num_fields=FIELDS_MAX)
    except ValueError:
        return []


async def _sent_photo(request: Request) -> tuple[dict[str, str], bytes]:
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("photo")
            said = {name: value[:100] for name, value in form.items() if isinstance(value, str)}
            return said, await file.read() if isinstance(file, UploadFile) else b""
    except HTTPException:
        return {}, b""


def _gateway(kit: Kit, request: Request) -> Gateway:
    """Without a token: whoever has signed in complains here as a citizen, too."""
    return Gateway(kit, address=client_address(request, kit.settings.trusted_proxies))
