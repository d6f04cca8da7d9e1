"""The visitor's session: the token of the identity provider in a cookie that no script and no other site can use.

One rule: the console believes nothing that the cookie says; each service checks the token itself.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import Response

from mingjing_kernel.http import Kit

COOKIE = "mingjing_session"
BODY_BYTES_MAX = 2_000
TOKEN_LENGTH_MAX = 3_800
"""A cookie holds 4 KB; a token that is larger belongs into a session store."""


def token_of(request: Request) -> str:
    """The visitor's token; empty for the public."""
    return request.cookies.get(COOKIE, "")


def name_of(token: str) -> str:
    """The name to greet with. Unchecked, and used for nothing else."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(claims.get("name") or claims.get("sub") or "")
    except (IndexError, ValueError, binascii.Error, AttributeError):
        return ""


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


async def demo_people(kit: Kit) -> list[dict[str, Any]]:
    """Who can be chosen at a development issuer; nobody elsewhere."""
    try:
        answer = await kit.client.get(f"{kit.settings.issuer_url}/people")
        found = answer.json() if answer.is_success else []
    except (httpx.HTTPError, ValueError):
        return []
    return found if isinstance(found, list) else []


async def demo_token(kit: Kit, person: str) -> str:
    """A token for a demo person; empty when there is none."""
    form = {"grant_type": "client_credentials", "client_id": person}
    try:
        answer = await kit.client.post(f"{kit.settings.issuer_url}/token", data=form)
        return str(answer.json()["access_token"]) if answer.is_success else ""
    except (httpx.HTTPError, ValueError, KeyError):
        return ""


def remember(response: Response, token: str, *, is_secure: bool) -> None:
    """Keep the token until the browser closes."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_secure, path="/")


def forget(response: Response) -> None:
    """Sign out."""
    response.delete_cookie(COOKIE, path="/")
