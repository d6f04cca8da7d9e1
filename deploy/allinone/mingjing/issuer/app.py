"""The development issuer: OIDC discovery, keys, and a token for whichever demo person one asks for.

The one rule: it never leaves this machine. It knows no passwords, so it refuses to be made for an address that others
can reach, and refuses every caller that is not on the loopback interface (by address and by Host header, so that a
web page elsewhere cannot reach it through a name of its own).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mingjing.issuer.key import signing_key
from mingjing.issuer.people import PEOPLE, DemoPerson
from mingjing.issuer.refusals import CallerNotLocal, NotOnLoopback, PersonUnknown, TokenRequestInvalid
from mingjing_kernel.clock import Clock, system_clock
from mingjing_kernel.http.problem import answer
from mingjing_kernel.identity.keys import is_loopback
from mingjing_kernel.refusal import Refusal

TOKEN_SECONDS = 8 * 3600
TOKEN_SECONDS_MAX = 24 * 3600
BODY_BYTES_MAX = 4096
ORGANISATION_LENGTH_MAX = 100
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def make_issuer(url: str, directory: Path, *, audience: str = "mingjing", now: Clock = system_clock) -> Starlette:
    """The issuer as an ASGI application, to run alone or to be mounted where ``url`` points.

    ``url`` is what stands in ``iss``. The key lies in ``directory``. Raises ``NotOnLoopback``, ``IssuerKeyUnreadable``.
    """
    issuer = _Issuer(url.rstrip("/"), directory, audience, now)
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", issuer.discovery),
            Route("/jwks", issuer.jwks),
            Route("/people", issuer.people),
            Route("/token", issuer.token, methods=["POST"]),
        ],
        exception_handlers={Refusal: _refused},
    )
    app.add_middleware(_OnlyThisMachine)
    return app


class _Issuer:
    def __init__(self, url: str, directory: Path, audience: str, now: Clock) -> None:
        if not is_loopback(urlsplit(url).hostname or ""):
            raise NotOnLoopback(where=url)
        self._url = url
        self._audience = audience
        self._now = now
        self._key = signing_key(directory)

    async def discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self._url,
                "jwks_uri": f"{self._url}/jwks",
                "token_endpoint": f"{self._url}/token",
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": ["none"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
            }
        )

    async def jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def people(self, _: Request) -> Response:
        """Who can be chosen, for a sign-in page."""
        return JSONResponse(
            [
                {"key": person.key, "title": person.title, **person.claims()}
                for person in PEOPLE.values()
                if person.grants  # the installer signs in nowhere
            ]
        )

    async def token(self, request: Request) -> Response:
        asked = await _fields(request)
        person = _person(asked)
        seconds = _seconds(asked)
        issued_at = int(self._now().timestamp())
        claims = {
            "iss": self._url,
            "aud": self._audience,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + seconds,
            **person.claims(),
        }
        token = jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key, algorithms=["ES256"])
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": seconds}, headers=_NO_STORE)


class _OnlyThisMachine:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            client = request.client.host if request.client else ""
            host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
            if not (is_loopback(client) and is_loopback(host)):
                await answer(CallerNotLocal(), request)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _fields(request: Request) -> Mapping[str, Any]:
    """The token request, as a form (RFC 6749) or as JSON."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise HTTPException(413)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            read = json.loads(body)
        except ValueError as malformed:
            raise TokenRequestInvalid(reason="the body is not JSON") from malformed
        if not isinstance(read, dict):
            raise TokenRequestInvalid(reason="the body is not a JSON object")
        return read
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _person(asked: Mapping[str, Any]) -> DemoPerson:
    if asked.get("grant_type", "client_credentials") != "client_credentials":
        raise TokenRequestInvalid(reason="only grant_type=client_credentials is known")
    key = str(asked.get("client_id", ""))
    person = PEOPLE.get(key)
    if person is None:
        raise PersonUnknown(person=key[:80], people=", ".join(PEOPLE))
    organisation = str(asked.get("organisation", ""))
    if len(organisation) > ORGANISATION_LENGTH_MAX:
        raise TokenRequestInvalid(reason="organisation is too long")
    return person.acting_for(organisation) if organisation else person


def _seconds(asked: Mapping[str, Any]) -> int:
    text = str(asked.get("seconds", TOKEN_SECONDS))
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:9]) <= TOKEN_SECONDS_MAX:
        raise TokenRequestInvalid(reason=f"seconds must be between 1 and {TOKEN_SECONDS_MAX}")
    return int(text)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return answer(refusal, request)
