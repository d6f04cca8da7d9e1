"""The development issuer: an OpenID provider for this machine, with demo people instead of passwords.

The one rule: it never leaves this machine. It knows no passwords, so it refuses to be made for an address that others
can reach, and refuses every caller that is not on the loopback interface (by address and by Host header, so that a
web page elsewhere cannot reach it through a name of its own). In everything else it behaves as a real provider has to:
codes with PKCE for people, signed assertions for machines, short tokens, refresh tokens that change, keys that rotate.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mingjing.issuer import asking, choosing
from mingjing.issuer.clients import Clients
from mingjing.issuer.keyring import Keyring
from mingjing.issuer.people import PEOPLE
from mingjing.issuer.refusals import CallerNotLocal, ForeignForm, NotOnLoopback
from mingjing.issuer.sign_ins import SignIns
from mingjing.issuer.token_endpoint import TokenEndpoint
from mingjing.issuer.tokens import Tokens
from mingjing.keys import CONSOLE
from mingjing_kernel.clock import Clock, system_clock
from mingjing_kernel.http.problem import problem_of
from mingjing_kernel.http.shield import Shield
from mingjing_kernel.identity import NotSignedIn, TokenChecker, TokenRefused
from mingjing_kernel.identity.keys import is_loopback
from mingjing_kernel.identity.signed import signed_claims
from mingjing_kernel.refusal import Refusal

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
BEARER = "bearer "


def make_issuer(
    url: str,
    directory: Path,
    *,
    audience: str = "mingjing",
    console: str = "",
    now: Clock = system_clock,
) -> Starlette:
    """The issuer as an ASGI application, to run alone or to be mounted where ``url`` points.

    ``url`` is what stands in ``iss``. Keys lie in ``directory``. ``console`` is the address of the console, whose
    people are sent here and back. Raises ``NotOnLoopback``, ``IssuerKeyUnreadable``.
    """
    issuer = _Issuer(url.rstrip("/"), directory, audience, console.rstrip("/"), now)
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", issuer.discovery),
            Route("/jwks", issuer.jwks),
            Route("/people", issuer.people),
            Route("/authorize", issuer.authorize, methods=["GET", "POST"]),
            Route("/token", issuer.token, methods=["POST"]),
            Route("/revoke", issuer.revoke, methods=["POST"]),
            Route("/userinfo", issuer.userinfo, methods=["GET", "POST"]),
            Route("/end-session", issuer.end_session, methods=["GET", "POST"]),
            Route(choosing.STYLE_PATH, issuer.style),
        ],
        exception_handlers={Refusal: _refused},
    )
    app.add_middleware(_OnlyThisMachine)
    app.add_middleware(Shield)
    return app


class _Issuer:
    def __init__(self, url: str, directory: Path, audience: str, console: str, now: Clock) -> None:
        if not is_loopback(urlsplit(url).hostname or ""):
            raise NotOnLoopback(where=url)
        self._url = url
        self._redirects = {CONSOLE: (f"{console}/sign-in/callback",)} if console else {}
        self._returns = (f"{console}/",) if console else ()
        self._tokens = Tokens(url, audience, Keyring(directory), now)
        self._sign_ins = SignIns(now)
        clients = Clients(directory, (url, f"{url}/token", f"{url}/revoke"), now)
        self._endpoint = TokenEndpoint(self._tokens, self._sign_ins, clients, now)
        self._checker = TokenChecker(issuer=url, audience=audience, keys=self._tokens, now=now)

    async def discovery(self, _: Request) -> Response:
        url = self._url
        return JSONResponse(
            {
                "issuer": url,
                "jwks_uri": f"{url}/jwks",
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "revocation_endpoint": f"{url}/revoke",
                "userinfo_endpoint": f"{url}/userinfo",
                "end_session_endpoint": f"{url}/end-session",
                "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "claims_supported": ["sub", "name", "department", "region", "kind", "grants"],
                "authorization_response_iss_parameter_supported": True,
                "tls_client_certificate_bound_access_tokens": True,
            }
        )

    async def jwks(self, _: Request) -> Response:
        return JSONResponse(self._tokens.published())

    async def people(self, _: Request) -> Response:
        """Who can be chosen, for a program that shows them itself."""
        return JSONResponse(
            [
                {"key": person.key, "title": person.title, **person.claims()}
                for person in PEOPLE.values()
                if person.grants  # the installer signs in nowhere
            ]
        )

    async def style(self, _: Request) -> Response:
        return Response(choosing.STYLE, media_type="text/css")

    async def authorize(self, request: Request) -> Response:
        """A client sends a person here; the person is chosen; the client gets a code."""
        is_chosen = request.method == "POST"
        asked = await asking.fields(request) if is_chosen else asking.query(request)
        address = asking.address_of(asked, self._redirects)
        state = str(asked.get("state", ""))[: asking.TEXT_LENGTH_MAX]
        if (wrong := asking.wrong_with(asked)) is not None:
            error, description = wrong
            return self._back(address, state=state, error=error, error_description=description)
        if not is_chosen:
            return choosing.choosing_page(asked)
        if not asking.is_own_form(request):
            raise ForeignForm
        person = asking.person_of({}, str(asked.get("person", "")))
        if person.kind != "person":
            return self._back(address, state=state, error="access_denied", error_description="that is no person")
        return self._back(address, state=state, code=self._sign_ins.begin(person.key, asking.asked_of(asked)))

    def _back(self, address: str, **more: str) -> Response:
        return RedirectResponse(asking.with_query(address, **more, iss=self._url), 303, headers=NO_STORE)

    async def token(self, request: Request) -> Response:
        return JSONResponse(await self._endpoint.answer(request, await asking.fields(request)), headers=NO_STORE)

    async def revoke(self, request: Request) -> Response:
        """RFC 7009: what is not there is revoked, too."""
        await self._endpoint.revoke(request, await asking.fields(request))
        return Response(headers=NO_STORE)

    async def userinfo(self, request: Request) -> Response:
        said = request.headers.get("authorization", "")
        if said[: len(BEARER)].lower() != BEARER:
            raise NotSignedIn
        principal = await self._checker.principal(said[len(BEARER) :])
        found = {"sub": principal.subject, "name": principal.name, "department": principal.department}
        return JSONResponse(found | {"region": principal.region}, headers=NO_STORE)

    async def end_session(self, request: Request) -> Response:
        """OpenID Connect RP-Initiated Logout 1.0: an ID token that was signed here says which sign-in ends."""
        asked = await asking.fields(request) if request.method == "POST" else asking.query(request)
        try:
            _, claims = await signed_claims(str(asked.get("id_token_hint", "")), self._tokens)
        except TokenRefused:
            claims = {}
        self._sign_ins.end(str(claims.get("sid", "")))
        returns = str(asked.get("post_logout_redirect_uri", ""))
        if returns not in self._returns:
            return choosing.ended_page()
        state = str(asked.get("state", ""))[: asking.TEXT_LENGTH_MAX]
        return RedirectResponse(asking.with_query(returns, state=state) if state else returns, 303, headers=NO_STORE)


class _OnlyThisMachine:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            client = request.client.host if request.client else ""
            host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
            if not (is_loopback(client) and is_loopback(host)):
                await (await _refused(request, CallerNotLocal()))(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _refused(_: Request, refusal: Exception) -> Response:
    """A problem document that is also the error of RFC 6749 5.2."""
    assert isinstance(refusal, Refusal)
    problem = problem_of(refusal).model_dump(exclude_none=True)
    error = getattr(refusal, "error", "")
    oauth = {"error": error, "error_description": problem["detail_en"]} if error else {}
    headers = dict(NO_STORE)
    if "retry_after_seconds" in refusal.values:
        headers["Retry-After"] = str(refusal.values["retry_after_seconds"])
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = 'Bearer realm="mingjing"'
    media = "application/json" if error else "application/problem+json"
    return Response(json.dumps({**problem, **oauth}), refusal.status, headers, media)
