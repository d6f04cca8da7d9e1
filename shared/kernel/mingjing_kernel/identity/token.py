"""Tokens: from the bytes of an ``Authorization`` header to a ``Principal``.

The one rule: nothing in a token is believed before its signature (``signed.py``), and every reason for not believing
it has its own name (``refusals.py``). OpenID Connect Core 1.0, RFC 9068; bound tokens as RFC 8705 says.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.grant import Grant
from mingjing_kernel.identity.keys import KeySource
from mingjing_kernel.identity.refusals import (
    GrantsMalformed,
    TokenAudienceWrong,
    TokenBoundElsewhere,
    TokenExpired,
    TokenIssuerWrong,
    TokenLivesTooLong,
    TokenMalformed,
    TokenNotYetValid,
    TokenOfAnotherKind,
)
from mingjing_kernel.identity.role import Role
from mingjing_kernel.identity.scope import Principal, Session
from mingjing_kernel.identity.signed import TOKEN_LENGTH_MAX, signed_claims
from mingjing_kernel.settings import ServiceSettings

KINDS: Final = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
"""Of the header's ``typ`` (RFC 8725 3.11): a logout token or a client assertion is signed by the same keys."""
KINDS_OF_OTHERS: Final = frozenset({"id", "refresh", "offline", "logout"})
"""What some providers write into a claim ``typ`` instead."""
LIFETIME_SECONDS_MAX = 86_400
GRANTS_MAX = 64
TEXT_LENGTH_MAX = 200
REMEMBERED_MAX = 10_000
REMEMBERED_SECONDS_MAX = 60
"""A checked token is believed this long without looking again: also how long a withdrawn key lives on."""
NUMERIC_DATE_MAX = 253_402_300_799
"""The end of the year 9999: the last moment that a datetime can hold."""
_X5T = "x5t#S256"


@dataclass(frozen=True, slots=True)
class _Believed:
    until: datetime
    principal: Principal
    certificate: str
    """SHA-256 of the client certificate that the token is bound to (RFC 8705 3.1); empty when it is not."""

    def shown_with(self, certificate: str) -> Principal:
        """Who it is, if the caller showed the right certificate. Raises ``TokenBoundElsewhere``."""
        if self.certificate and self.certificate != certificate:
            raise TokenBoundElsewhere
        return self.principal


class TokenChecker:
    """Checks tokens of one issuer for one audience.

    ``lifetime_seconds_max`` refuses tokens that were made to live longer, or that are older; ``parties`` names the
    clients (``azp``, ``client_id``) whose tokens are taken, everybody's when it is empty.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: KeySource,
        now: Clock,
        skew_seconds: int = 60,
        lifetime_seconds_max: int = LIFETIME_SECONDS_MAX,
        parties: tuple[str, ...] = (),
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._audience = audience
        self._keys = keys
        self._now = now
        self._skew = timedelta(seconds=skew_seconds)
        self._lifetime = timedelta(seconds=lifetime_seconds_max)
        self._allowed = frozenset(parties)
        self._remembered: OrderedDict[bytes, _Believed] = OrderedDict()

    async def principal(self, token: str, certificate: str = "") -> Principal:
        """Who the token says the caller is. Raises ``TokenRefused`` or ``IssuerUnreachable``.

        ``certificate`` is the base64url SHA-256 of the certificate that the caller showed in TLS; empty without one.
        """
        if (known := self.recall(token, certificate)) is not None:
            return known
        if len(token) > TOKEN_LENGTH_MAX:
            raise TokenMalformed(reason=f"longer than {TOKEN_LENGTH_MAX} characters")
        believed = self._remembered[_digest(token)] = await self._check(token)
        if len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)
        return believed.shown_with(certificate)

    def recall(self, token: str, certificate: str = "") -> Principal | None:
        """The same for a token that was found good a moment ago, whose caller is no stranger; else None.

        Raises ``TokenBoundElsewhere``.
        """
        if len(token) > TOKEN_LENGTH_MAX:
            return None
        believed = self._remembered.get(_digest(token))
        return believed.shown_with(certificate) if believed is not None and self._now() < believed.until else None

    async def _check(self, token: str) -> _Believed:
        header, claims = await signed_claims(token, self._keys)
        _check_kind(header, claims)
        until = self._check_times(claims)
        self._check_parties(claims)
        return _Believed(until, _principal(claims), _bound_to(claims))

    def _check_times(self, claims: Mapping[str, Any]) -> datetime:
        now = self._now()
        expires = _moment(claims, "exp")
        begins = max((_moment(claims, name) for name in ("nbf", "iat") if name in claims), default=None)
        if now >= expires + self._skew:
            raise TokenExpired(expired=expires)
        if begins is not None and now < begins - self._skew:
            raise TokenNotYetValid(begins=begins)
        issued = _moment(claims, "iat") if "iat" in claims else begins or now
        if expires - issued > self._lifetime:
            raise TokenLivesTooLong(hours=round((expires - issued) / timedelta(hours=1)), hours_max=self._hours_max())
        return min(expires, now + timedelta(seconds=REMEMBERED_SECONDS_MAX))

    def _hours_max(self) -> str:
        return f"{self._lifetime / timedelta(hours=1):g}"

    def _check_parties(self, claims: Mapping[str, Any]) -> None:
        issuer = claims.get("iss")
        if not isinstance(issuer, str) or issuer.rstrip("/") != self._issuer:
            raise TokenIssuerWrong(issuer=str(issuer)[:TEXT_LENGTH_MAX], trusted=self._issuer)
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(audiences, list) or self._audience not in audiences:
            raise TokenAudienceWrong(audience=self._audience)
        if self._allowed and _party(claims) not in self._allowed:
            raise TokenAudienceWrong(audience=self._audience)


def make_checker(settings: ServiceSettings, keys: KeySource, now: Clock) -> TokenChecker:
    """The checker that the settings describe."""
    return TokenChecker(
        issuer=settings.issuer_url,
        audience=settings.audience,
        keys=keys,
        now=now,
        skew_seconds=settings.clock_skew_seconds,
        lifetime_seconds_max=settings.token_lifetime_seconds_max,
        parties=settings.authorized_parties,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _check_kind(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    kind, said = header.get("typ", ""), claims.get("typ", "")
    if not isinstance(kind, str) or kind.lower() not in KINDS:
        raise TokenOfAnotherKind(kind=str(kind)[:40])
    if isinstance(said, str) and said.lower() in KINDS_OF_OTHERS:
        raise TokenOfAnotherKind(kind=said[:40])


def _bound_to(claims: Mapping[str, Any]) -> str:
    confirmation = claims.get("cnf")
    if confirmation is None:
        return ""
    thumbprint = confirmation.get(_X5T) if isinstance(confirmation, dict) and len(confirmation) == 1 else None
    if not isinstance(thumbprint, str) or not thumbprint or not thumbprint.isascii():
        # Whoever ignores a proof that he does not know makes a stolen token as good as the real one.
        raise TokenMalformed(reason=f"cnf demands a proof that is not known here; known is {_X5T}")
    return thumbprint


def _party(claims: Mapping[str, Any]) -> str:
    """The client that the token was given to: ``azp`` (OpenID Connect), ``client_id`` (RFC 9068)."""
    return _text(claims, "azp") or _text(claims, "client_id")


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
        client=_party(claims),
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
