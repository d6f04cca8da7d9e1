"""The visitor of a page: who signed in, by a random id in a cookie that no script and no other site can use.

One rule: the console believes nothing that the browser says but the id; each service checks the token itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from mingjing_console.sessions import Session, SessionStore

COOKIE = "mingjing_session"
ENTRY_COOKIE = "mingjing_entry"
"""Of an attempt to sign in, sealed; until the browser comes back from the provider."""
ENTRY_SECONDS = 600
BODY_BYTES_MAX = 2_000
DEVICE_LENGTH_MAX = 200


def make_visiting(store: SessionStore, *, is_secure: bool) -> Callable[..., Awaitable[None]]:
    """The dependency of every router with pages: finds out who looks, once a request."""

    async def visiting(request: Request) -> None:
        secret = request.cookies.get(cookie_name(COOKIE, is_secure=is_secure), "")
        request.state.session = await store.find(secret) if secret else None

    return visiting


def session_of(request: Request) -> Session | None:
    """Who has signed in; None for the public."""
    found: Session | None = getattr(request.state, "session", None)
    return found


def token_of(request: Request) -> str:
    """The visitor's token; empty for the public."""
    found = session_of(request)
    return found.tokens.access if found else ""


def name_of(request: Request) -> str:
    """The name to greet with; used for nothing else."""
    found = session_of(request)
    return found.tokens.name if found else ""


def is_same_site(request: Request) -> bool:
    """Whether a form was sent by a page of ours (``Sec-Fetch-Site``, ``Origin``)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


async def field_of(request: Request, name: str) -> str:
    """One field of a small form."""
    body = await request.body()
    return dict(parse_qsl(body[:BODY_BYTES_MAX].decode("utf-8", "replace"))).get(name, "")


def device_of(request: Request) -> str:
    """What the browser says it is."""
    return request.headers.get("user-agent", "")[:DEVICE_LENGTH_MAX]


def cookie_name(name: str, *, is_secure: bool) -> str:
    """``__Host-`` says that the cookie came by TLS, from this host, for all of it (RFC 6265bis 4.1.3)."""
    return f"__Host-{name}" if is_secure else name


def set_cookie(response: Response, name: str, value: str, *, is_secure: bool, seconds: int | None = None) -> None:
    """Keep a secret in the browser; without ``seconds`` until it closes.

    The session's cookie is never sent on the way from another site (``strict``); that of an attempt has to be, when
    the provider sends the browser back (``lax``).
    """
    response.set_cookie(
        cookie_name(name, is_secure=is_secure),
        value,
        max_age=seconds,
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="lax" if name == ENTRY_COOKIE else "strict",
    )


def delete_cookie(response: Response, name: str, *, is_secure: bool) -> None:
    """Forget it."""
    response.delete_cookie(
        cookie_name(name, is_secure=is_secure), path="/", secure=is_secure, httponly=True, samesite="strict"
    )
