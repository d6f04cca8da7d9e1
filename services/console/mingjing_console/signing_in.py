"""Signing in and out (登录与退出): to the identity provider and back, and the list of one's own sessions.

One rule: a form of another site changes nothing here, and nobody is sent to an address that is not ours or the
provider's. Answers that lead to another site are pages that go on by themselves: a redirect after a form would have to
be allowed by the policy of every page.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit
from uuid import UUID

import structlog
from fastapi import Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from mingjing_console import session
from mingjing_console.box import Boxes
from mingjing_console.pages import my_sessions, sign_in
from mingjing_console.pages.shell import page
from mingjing_console.provider import CALLBACK_PATH, Entry, Provider
from mingjing_console.refusals import ForeignForm, SignInFailed, SignInTooOld
from mingjing_console.sessions import SessionStore
from mingjing_console.settings import ConsoleSettings
from mingjing_kernel.http import Kit
from mingjing_kernel.http.problem import problem_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.throttle import client_address
from mingjing_kernel.identity.refusals import ClientKeyUnreadable, IssuerUnreachable, LockedOut
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keyfile import read_key
from mingjing_kernel.sealed.refusals import KeyFileUnreadable, SealBroken

HOME = "/overview"
PATH_LENGTH_MAX = 500
_PURPOSE = "console-sign-in"
_CLIENT = "console-sign-in"
_log = structlog.get_logger("mingjing.signing_in")


class SignIn:
    """What signing in needs, closed over one console."""

    def __init__(self, kit: Kit) -> None:
        settings: ConsoleSettings = kit.settings
        self.kit = kit
        self.settings = settings
        self.boxes = Boxes(
            lambda: read_key(settings.key_file("sealing", settings.sealing_key_file)), settings.sealing_algorithm
        )
        self.provider = Provider(kit.client, settings, kit.now)
        self.store = SessionStore(kit, settings, self.provider, self.boxes)
        self.visiting = session.make_visiting(self.store, is_secure=settings.is_secure)

    def address(self, request: Request) -> str:
        """The visitor's network address."""
        return client_address(request, self.settings.trusted_proxies)

    def sealed(self, entry: Entry, then: str) -> str:
        """The attempt as it lies in the browser's cookie: the server keeps nothing of it."""
        until = self.kit.now() + timedelta(seconds=session.ENTRY_SECONDS)
        content = {"state": entry.state, "nonce": entry.nonce, "verifier": entry.verifier, "then": then}
        box = self.boxes.seal({**content, "until": until.isoformat()}, _PURPOSE)
        return base64.urlsafe_b64encode(box).decode()

    def opened(self, cookie: str) -> tuple[Entry, str]:
        """Raises ``SignInTooOld``."""
        try:
            content = self.boxes.open(base64.urlsafe_b64decode(cookie.encode()), _PURPOSE)
        except (SealBroken, binascii.Error, ValueError) as broken:
            raise SignInTooOld from broken
        if self.kit.now() >= datetime.fromisoformat(content["until"]):
            raise SignInTooOld
        return Entry(content["state"], content["nonce"], content["verifier"]), own_path(content["then"])


def make_sign_in(sign: SignIn) -> Router:
    """The addresses of signing in and out, and of one's own sessions."""
    router = Router(dependencies=[Depends(sign.visiting)])
    _coming(router, sign)
    _leaving(router, sign)
    _own(router, sign)
    return router


def _coming(router: Router, sign: SignIn) -> None:
    is_secure, cookie = sign.settings.is_secure, session.ENTRY_COOKIE

    @router.get("/sign-in")
    async def choose(request: Request, then: str = Query(default="", max_length=PATH_LENGTH_MAX)) -> Response:
        return page(sign_in.TITLE, sign_in.begin(own_path(then)), person=session.name_of(request))

    @router.get("/sign-in/start")
    async def start(request: Request, then: str = Query(default="", max_length=PATH_LENGTH_MAX)) -> Response:
        if request.headers.get("host", "") != urlsplit(sign.settings.origin).netloc:
            # Cookies belong to the name under which the provider knows us.
            return RedirectResponse(f"{sign.settings.origin}/sign-in/start?then={quote(own_path(then))}", 303)
        entry = Entry.fresh()
        try:
            response = RedirectResponse(await sign.provider.address(entry), 303)
            session.set_cookie(
                response, cookie, sign.sealed(entry, own_path(then)), is_secure=is_secure, seconds=session.ENTRY_SECONDS
            )
        except (Refusal, KeyFileUnreadable) as refusal:
            return _refused(refusal)
        return response

    @router.get(CALLBACK_PATH)
    async def back(request: Request) -> Response:
        held = request.cookies.get(session.cookie_name(cookie, is_secure=is_secure), "")
        had = request.cookies.get(session.cookie_name(session.COOKIE, is_secure=is_secure), "")
        address = sign.address(request)
        try:
            sign.kit.gate.lockout.require_open(address, _CLIENT)
            entry, then = sign.opened(held)
            tokens = await sign.provider.exchange(entry, request.query_params)
            secret = await sign.store.begin(tokens, device=session.device_of(request), address=address, before=had)
        except (SignInFailed, SignInTooOld, IssuerUnreachable, ClientKeyUnreadable, LockedOut) as refusal:
            if isinstance(refusal, SignInFailed):
                sign.kit.gate.lockout.failed(address, _CLIENT, reason=str(refusal))
            _log.warning("sign_in.failed", address=address, reason=str(refusal))
            response = _refused(refusal)
        else:
            sign.kit.gate.lockout.succeeded(address, _CLIENT)
            response = page(sign_in.DONE, sign_in.go_on(then), then=then)
            session.set_cookie(response, session.COOKIE, secret, is_secure=is_secure)
        session.delete_cookie(response, cookie, is_secure=is_secure)
        return response


def _leaving(router: Router, sign: SignIn) -> None:
    @router.post("/sign-out")
    async def leave(request: Request) -> Response:
        if not session.is_same_site(request):
            return _refused(ForeignForm())
        found, then = session.session_of(request), "/"
        if found is not None:
            await sign.store.end(found.session_id)
            try:
                then = await sign.provider.sign_out_address(found.tokens) or "/"
            except Refusal as away:
                _log.warning("sign_out.only_here", reason=str(away))
        response = page(sign_in.LEFT, sign_in.go_on(then), then=then)
        session.delete_cookie(response, session.COOKIE, is_secure=sign.settings.is_secure)
        return response


def _own(router: Router, sign: SignIn) -> None:
    @router.get("/sessions")
    async def mine(request: Request) -> Response:
        found = session.session_of(request)
        if found is None:
            return RedirectResponse("/sign-in?then=/sessions", status_code=303)
        listed = await sign.store.of(found.tokens.subject)
        content = my_sessions.table_of(listed, found.session_id)
        return page(my_sessions.TITLE, content, person=found.tokens.name, is_wide=True)

    @router.post("/sessions/others/end")
    async def end_others(request: Request) -> Response:
        if not session.is_same_site(request):
            return _refused(ForeignForm())
        found = session.session_of(request)
        if found is not None:
            await sign.store.end_all(found.tokens.subject, but=found.session_id)
        return RedirectResponse("/sessions", status_code=303)

    @router.post("/sessions/{session_id}/end")
    async def end_one(request: Request, session_id: UUID) -> Response:
        if not session.is_same_site(request):
            return _refused(ForeignForm())
        found = session.session_of(request)
        if found is not None:
            await sign.store.end(session_id, subject=found.tokens.subject)
        return RedirectResponse("/sessions", status_code=303)


def own_path(path: str) -> str:
    """The path, if it leads to a page of ours; else the overview."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_ours else HOME


def _refused(refusal: Refusal) -> Response:
    problem = problem_of(refusal)
    retry = str(refusal.values.get("retry_after_seconds", ""))
    response = page(sign_in.TITLE, sign_in.trouble(problem), status=problem.status)
    if retry:
        response.headers["Retry-After"] = retry
    return response
