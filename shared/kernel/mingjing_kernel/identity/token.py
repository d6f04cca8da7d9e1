"""Tokens: from the bytes of an ``Authorization`` header to a ``Principal``.

The one rule: nothing in a token is believed before its signature, and every reason for not believing it has its own
name (``refusals.py``). OpenID Connect Core 1.0; algorithms and checks as RFC 8725 advises.
"""

from __future__ import annotations

import hashlib
import warnings
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError, SecurityWarning

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.grant import Grant
from mingjing_kernel.identity.keys import KeySource
from mingjing_kernel.identity.refusals import (
    GrantsMalformed,
    TokenAlgorithmNotAllowed,
    TokenAudienceWrong,
    TokenExpired,
    TokenIssuerWrong,
    TokenKeyUnknown,
    TokenMalformed,
    TokenNotYetValid,
    TokenSignatureWrong,
)
from mingjing_kernel.identity.role import Role
from mingjing_kernel.identity.scope import Principal, Session

ALGORITHMS: Final = ("ES256", "RS256", "EdDSA", "Ed25519")
TOKEN_LENGTH_MAX = 16 * 1024
GRANTS_MAX = 64
TEXT_LENGTH_MAX = 200
REMEMBERED_MAX = 10_000
REMEMBERED_SECONDS_MAX = 60
"""A checked token is believed this long without looking again: also how long a withdrawn key lives on."""
NUMERIC_DATE_MAX = 253_402_300_799
"""The end of the year 9999: the last moment that a datetime can hold."""


class TokenChecker:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, *, issuer: str, audience: str, keys: KeySource, now: Clock, skew_seconds: int = 60) -> None:
        self._issuer = issuer.rstrip("/")
        self._audience = audience
        self._keys = keys
        self._now = now
        self._skew = timedelta(seconds=skew_seconds)
        self._remembered: OrderedDict[bytes, tuple[datetime, Principal]] = OrderedDict()

    async def principal(self, token: str) -> Principal:
        """Who the token says the caller is. Raises ``TokenRefused`` or ``IssuerUnreachable``."""
        if len(token) > TOKEN_LENGTH_MAX:
            raise TokenMalformed(reason=f"longer than {TOKEN_LENGTH_MAX} characters")
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        remembered = self._remembered.get(digest)
        if remembered is not None and self._now() < remembered[0]:
            return remembered[1]
        claims = await self._signed_claims(token)
        believed_until = self._check_times(claims)
        self._check_parties(claims)
        found = _principal(claims)
        self._remember(digest, believed_until, found)
        return found

    async def _signed_claims(self, token: str) -> Mapping[str, Any]:
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise TokenAlgorithmNotAllowed(algorithm=str(algorithm)[:20], accepted=", ".join(ALGORITHMS))
        if not isinstance(kid, str) or not kid:
            raise TokenMalformed(reason="the header names no key (kid)")
        keys = await self._keys.keys(kid)
        try:
            with warnings.catch_warnings():
                # RFC 9864 splits the name "EdDSA"; identity providers still use it, and our keys fix the curve.
                warnings.simplefilter("ignore", SecurityWarning)
                return jwt.decode(token, keys, algorithms=[algorithm]).claims
        except InvalidKeyIdError as unknown:
            raise TokenKeyUnknown from unknown
        except BadSignatureError as wrong:
            raise TokenSignatureWrong from wrong
        except (JoseError, ValueError) as unreadable:
            raise TokenMalformed(reason=type(unreadable).__name__) from unreadable

    def _check_times(self, claims: Mapping[str, Any]) -> datetime:
        now = self._now()
        expires = _moment(claims, "exp")
        begins = _moment(claims, "nbf") if "nbf" in claims else None
        if now >= expires + self._skew:
            raise TokenExpired(expired=expires)
        if begins is not None and now < begins - self._skew:
            raise TokenNotYetValid(begins=begins)
        return min(expires, now + timedelta(seconds=REMEMBERED_SECONDS_MAX))

    def _check_parties(self, claims: Mapping[str, Any]) -> None:
        issuer = claims.get("iss")
        if not isinstance(issuer, str) or issuer.rstrip("/") != self._issuer:
            raise TokenIssuerWrong(issuer=str(issuer)[:TEXT_LENGTH_MAX], trusted=self._issuer)
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(audiences, list) or self._audience not in audiences:
            raise TokenAudienceWrong(audience=self._audience)

    def _remember(self, digest: bytes, until: datetime, principal: Principal) -> None:
        self._remembered[digest] = (until, principal)
        if len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError) as unreadable:
        raise TokenMalformed(reason="not a signed JSON Web Token") from unreadable


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= NUMERIC_DATE_MAX:
        raise TokenMalformed(reason=f"the claim {name} must be a time in seconds")
    return datetime.fromtimestamp(value, UTC)


def _principal(claims: Mapping[str, Any]) -> Principal:
    subject = _text(claims, "sub")
    if not subject:
        raise TokenMalformed(reason="the claim sub is missing")
    listed = claims.get("grants", [])
    if not isinstance(listed, list) or len(listed) > GRANTS_MAX:
        raise GrantsMalformed(reason=f"a list of at most {GRANTS_MAX} is expected")
    return Principal(
        subject=subject,
        name=_text(claims, "name"),
        department=_text(claims, "department"),
        region=_text(claims, "region"),
        grants=tuple(_grant(item) for item in listed),
        kind="service" if claims.get("kind") == "service" else "person",
        session=_session(claims),
    )


def _session(claims: Mapping[str, Any]) -> Session:
    """Which sign-in and which client the token belongs to: ``sid``, ``jti``, ``azp`` or ``client_id``."""
    return Session(
        session_id=_text(claims, "sid"),
        token_id=_text(claims, "jti"),
        client=_text(claims, "azp") or _text(claims, "client_id"),
        issued_at=_moment(claims, "iat") if "iat" in claims else Session().issued_at,
    )


def _grant(item: object) -> Grant:
    """One bad grant spoils the token: a person who half works is harder to understand than one who is told."""
    if not isinstance(item, dict):
        raise GrantsMalformed(reason="each grant is an object")
    try:
        return Grant(
            role=Role(_text(item, "role")),
            department=item.get("department", ""),
            region=item.get("region", ""),
            category=item.get("category", ""),
            organisation=_text(item, "organisation"),
        )
    except ValueError as wrong:
        raise GrantsMalformed(reason=str(wrong)[:TEXT_LENGTH_MAX]) from wrong


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > TEXT_LENGTH_MAX or "\0" in value:
        raise TokenMalformed(reason=f"the claim {name} must be text of at most {TEXT_LENGTH_MAX} characters")
    return value
