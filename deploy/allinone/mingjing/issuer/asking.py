"""What is asked of the issuer: forms, and the checks of a request to sign in.

The one rule: nobody is sent anywhere before the client and its exact address are known; after that every answer, also
a refusal, goes to the client (RFC 6749 4.1.2.1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from mingjing.issuer.people import ACTING_PEOPLE, PEOPLE, DemoPerson
from mingjing.issuer.refusals import PersonUnknown, SignInRequestInvalid, TokenRequestInvalid
from mingjing.issuer.sign_ins import Asked
from mingjing.issuer.tokens import TOKEN_SECONDS, TOKEN_SECONDS_MAX

BODY_BYTES_MAX = 16 * 1024
FIELDS_MAX = 40
ORGANISATION_LENGTH_MAX = 100
TEXT_LENGTH_MAX = 500
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


async def fields(request: Request) -> Mapping[str, Any]:
    """A request's fields, as a form (RFC 6749) or as JSON; none may stand there twice."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise HTTPException(413)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            read = json.loads(body)
        except (ValueError, RecursionError) as malformed:
            raise TokenRequestInvalid(reason="the body is not JSON") from malformed
        if not isinstance(read, dict):
            raise TokenRequestInvalid(reason="the body is not a JSON object")
        return read
    return _once(body.decode("utf-8", "replace"))


def query(request: Request) -> Mapping[str, Any]:
    """The same of an address."""
    return _once(request.url.query)


def _once(text: str) -> Mapping[str, Any]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError as many:
        raise TokenRequestInvalid(reason="there are too many fields") from many
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TokenRequestInvalid(reason="a field stands there twice")
    return found


def person_of(asked: Mapping[str, Any], key: str) -> DemoPerson:
    """The demo person of this name, for one organisation if the request says so."""
    person = PEOPLE.get(key)
    if person is None:
        raise PersonUnknown(person=key[:80], people=", ".join(PEOPLE))
    organisation = str(asked.get("organisation", ""))
    if len(organisation) > ORGANISATION_LENGTH_MAX:
        raise TokenRequestInvalid(reason="organisation is too long")
    if not organisation:
        return person
    acting = person.acting_for(organisation)
    return ACTING_PEOPLE.get(acting.key, acting)


def seconds_of(asked: Mapping[str, Any]) -> int:
    """How long the token is to live."""
    text = str(asked.get("seconds", TOKEN_SECONDS))
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:9]) <= TOKEN_SECONDS_MAX:
        raise TokenRequestInvalid(reason=f"seconds must be between 1 and {TOKEN_SECONDS_MAX}")
    return int(text)


def address_of(asked: Mapping[str, Any], clients: Mapping[str, tuple[str, ...]]) -> str:
    """Where the answer goes: exactly as it was registered. Raises ``SignInRequestInvalid``."""
    client, address = str(asked.get("client_id", "")), str(asked.get("redirect_uri", ""))
    if client not in clients:
        raise SignInRequestInvalid(reason="no such client")
    if address not in clients[client]:
        raise SignInRequestInvalid(reason="redirect_uri is not registered for this client")
    return address


def wrong_with(asked: Mapping[str, Any]) -> tuple[str, str] | None:
    """What the client is told about its request (error, description); None when it can be answered."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type", "response_type must be code"
    if any(not 0 < len(str(asked.get(name, ""))) <= TEXT_LENGTH_MAX for name in ("state", "nonce")):
        return "invalid_request", "state and nonce are needed"
    if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(str(asked.get("code_challenge", ""))):
        return "invalid_request", "PKCE is needed: code_challenge with code_challenge_method=S256"
    if "openid" not in str(asked.get("scope", ""))[:TEXT_LENGTH_MAX].split():
        return "invalid_scope", "scope must hold openid"
    if asked.get("prompt") == "none":
        return "login_required", "a person has to be chosen"
    return None


def asked_of(asked: Mapping[str, Any]) -> Asked:
    """The request, once it is known to be right."""
    return Asked(
        client_id=str(asked["client_id"]),
        redirect_uri=str(asked["redirect_uri"]),
        challenge=str(asked["code_challenge"]),
        nonce=str(asked["nonce"]),
        scope=str(asked["scope"]),
    )


def with_query(address: str, **more: str) -> str:
    """The address with fields added; what it has stays."""
    glue = "&" if urlsplit(address).query else "?"
    return address + glue + urlencode({name: value for name, value in more.items() if value})


def is_own_form(request: Request) -> bool:
    """Whether our own page sent the form: nobody is signed in as somebody by a page elsewhere."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
