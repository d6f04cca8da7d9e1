"""The identity provider as the console sees it: code flow with PKCE, refresh, sign-out (OpenID Connect Core 1.0).

The one rule: what comes back is believed only if it answers what this browser asked: state, nonce, code verifier,
issuer and audience all have to fit. The client of httpx and the reader of tokens are those of the services.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from mingjing_console.refusals import SignInFailed, SignInNotSet
from mingjing_console.settings import ConsoleSettings
from mingjing_kernel.clock import Clock
from mingjing_kernel.identity import PublishedKeys, TokenRefused
from mingjing_kernel.identity.client import Client
from mingjing_kernel.identity.discovery import Discovery
from mingjing_kernel.identity.refusals import IssuerUnreachable
from mingjing_kernel.identity.signed import signed_claims

CALLBACK_PATH = "/sign-in/callback"
LIFETIME_SECONDS = 300
"""Of a token whose provider does not say how long it lives."""
LIFETIME_SECONDS_MAX = 86_400
RANDOM_BYTES = 32
ANSWER_BYTES_MAX = 256 * 1024
TEXT_LENGTH_MAX = 200
SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt to sign in, until the browser comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Entry:
        """Three secrets that nobody can guess."""
        return cls(*(secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What the provider gave for one person."""

    access: str
    until: datetime
    refresh: str = ""
    identity: str = ""
    """The ID token, kept for signing out."""
    subject: str = ""
    name: str = ""
    provider_session: str = ""
    """``sid``."""


class Provider:
    """Asks the identity provider."""

    def __init__(self, client: httpx.AsyncClient, settings: ConsoleSettings, now: Clock) -> None:
        self._client = client
        self._settings = settings
        self._now = now
        self._discovery = Discovery(client, settings.issuer_url, now)
        self._keys = PublishedKeys(settings.issuer_url, now=now, fetch=self._fetch)
        self._who = Client(settings.sign_in_client_id, settings.sign_in_client_secret, settings.sign_in_key_file)
        self._back = settings.origin + CALLBACK_PATH

    async def address(self, entry: Entry) -> str:
        """Where to send the browser. Raises ``SignInNotSet``, ``IssuerUnreachable``."""
        if not self._settings.sign_in_client_id:
            raise SignInNotSet
        digest = hashlib.sha256(entry.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._settings.sign_in_client_id,
            "redirect_uri": self._back,
            "scope": self._settings.sign_in_scopes,
            "state": entry.state,
            "nonce": entry.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return _with_query(await self._endpoint("authorization_endpoint"), asked)

    async def exchange(self, entry: Entry, answered: Mapping[str, str]) -> Tokens:
        """The tokens for the browser that came back. Raises ``SignInFailed``, ``IssuerUnreachable``."""
        if not secrets.compare_digest(answered.get("state", "").encode(), entry.state.encode()):
            raise SignInFailed(reason="the answer belongs to another attempt (state)")
        if answered.get("iss", self._settings.issuer_url).rstrip("/") != self._settings.issuer_url:
            raise SignInFailed(reason="the answer comes from another provider (iss)")
        if "code" not in answered:
            raise SignInFailed(reason=_short(answered.get("error_description") or answered.get("error")))
        fields = {
            "grant_type": "authorization_code",
            "code": answered["code"],
            "redirect_uri": self._back,
            "code_verifier": entry.verifier,
        }
        given = await self._ask("token_endpoint", fields)
        claims = await self._identity(_text(given, "id_token"), entry.nonce)
        return self._tokens(given, claims)

    async def refresh(self, before: Tokens) -> Tokens:
        """The next tokens of the same person. Raises ``SignInFailed``, ``IssuerUnreachable``."""
        given = await self._ask("token_endpoint", {"grant_type": "refresh_token", "refresh_token": before.refresh})
        claims: dict[str, Any] = {"sub": before.subject, "name": before.name, "sid": before.provider_session}
        if isinstance(given.get("id_token"), str):
            renewed = await self._identity(given["id_token"], None)
            if renewed["sub"] != before.subject:
                raise SignInFailed(reason="the provider answered for another person")
            claims |= renewed
        given = {"refresh_token": before.refresh, "id_token": before.identity, **given}
        return self._tokens(given, claims)

    async def revoke(self, tokens: Tokens) -> None:
        """Tell the provider that nobody uses the refresh token any more. Raises ``IssuerUnreachable``."""
        address = await self._discovery.address("revocation_endpoint")
        if address and tokens.refresh:
            fields = {"token": tokens.refresh, "token_type_hint": "refresh_token"}
            try:
                await self._post(address, fields)
            except httpx.HTTPError as away:
                raise IssuerUnreachable(reason=_short(away)) from away

    async def sign_out_address(self, tokens: Tokens) -> str:
        """Where the browser signs out at the provider, too; empty where the provider has no such page."""
        address = await self._discovery.address("end_session_endpoint")
        if not address:
            return ""
        asked = {"client_id": self._settings.sign_in_client_id, "post_logout_redirect_uri": f"{self._settings.origin}/"}
        return _with_query(address, asked | ({"id_token_hint": tokens.identity} if tokens.identity else {}))

    async def _ask(self, name: str, fields: Mapping[str, str]) -> dict[str, Any]:
        address = await self._endpoint(name)
        try:
            answer = await self._post(address, fields)
            given = answer.json() if len(answer.content) <= ANSWER_BYTES_MAX else None
        except (httpx.HTTPError, ValueError, RecursionError) as away:
            raise IssuerUnreachable(reason=_short(away)) from away
        if answer.status_code >= 500 or answer.status_code == 429:
            raise IssuerUnreachable(reason=f"HTTP {answer.status_code}")
        if not isinstance(given, dict) or not answer.is_success:
            said = given if isinstance(given, dict) else {}
            raise SignInFailed(reason=_short(said.get("error_description") or said.get("error")))
        return given

    async def _post(self, address: str, fields: Mapping[str, str]) -> httpx.Response:
        return await self._who.post(self._client, address, fields, await self._discovery.document(), self._now)

    async def _fetch(self, url: str) -> bytes:
        answer = await self._client.get(url, timeout=SECONDS_MAX, follow_redirects=False)
        answer.raise_for_status()
        if len(answer.content) > ANSWER_BYTES_MAX:
            raise ValueError(f"the document is longer than {ANSWER_BYTES_MAX} bytes")
        return answer.content

    async def _endpoint(self, name: str) -> str:
        address = await self._discovery.address(name)
        if not address:
            raise IssuerUnreachable(reason=f"its discovery document names no {name}")
        return address

    async def _identity(self, token: str, nonce: str | None) -> Mapping[str, Any]:
        """What the ID token says, once it is believed (OpenID Connect Core 3.1.3.7)."""
        try:
            _, claims = await signed_claims(token, self._keys)
        except TokenRefused as refused:
            raise SignInFailed(reason=_short(refused)) from refused
        client, issuer, audience = self._settings.sign_in_client_id, claims.get("iss"), claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(issuer, str) or issuer.rstrip("/") != self._settings.issuer_url:
            raise SignInFailed(reason="the ID token comes from another provider")
        if not isinstance(audiences, list) or client not in audiences or claims.get("azp", client) != client:
            raise SignInFailed(reason="the ID token was made for another client")
        if nonce is not None and claims.get("nonce") != nonce:
            raise SignInFailed(reason="the ID token belongs to another attempt (nonce)")
        expires, skew = claims.get("exp"), self._settings.clock_skew_seconds
        if isinstance(expires, bool) or not isinstance(expires, int | float):
            raise SignInFailed(reason="the ID token says no end")
        if self._now().timestamp() >= expires + skew:
            raise SignInFailed(reason="the ID token is too old")
        if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= TEXT_LENGTH_MAX:
            raise SignInFailed(reason="the ID token names nobody")
        return claims

    def _tokens(self, given: Mapping[str, Any], claims: Mapping[str, Any]) -> Tokens:
        lives = given.get("expires_in", LIFETIME_SECONDS)
        seconds = int(lives) if isinstance(lives, int | float) or str(lives).isdigit() else LIFETIME_SECONDS
        until = self._now().astimezone(UTC) + timedelta(seconds=max(0, min(seconds, LIFETIME_SECONDS_MAX)))
        return Tokens(
            access=_text(given, "access_token"),
            until=until,
            refresh=str(given.get("refresh_token") or ""),
            identity=str(given.get("id_token") or ""),
            subject=str(claims["sub"]),
            name=str(claims.get("name") or claims.get("preferred_username") or claims["sub"])[:TEXT_LENGTH_MAX],
            provider_session=str(claims.get("sid") or "")[:TEXT_LENGTH_MAX],
        )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise SignInFailed(reason=f"the provider gave no {name}")
    return value


def _short(reason: object) -> str:
    return str(reason or "the provider says no reason")[:TEXT_LENGTH_MAX]


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    glue = "&" if urlsplit(address).query else "?"
    return address + glue + urlencode(asked)
