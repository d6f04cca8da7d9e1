"""The keys of an identity provider (JWKS): fetched, remembered, and fetched again when they rotate.

The one rule: a caller can never make us ask the provider more often than ``REFRESH_SECONDS_MIN``, whatever key ids
it invents; and a provider that is away for a while does not throw out everybody whose key we already know.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.refusals import IssuerUnreachable

REFRESH_SECONDS_MIN = 30
"""Between two fetches, successful or not."""
FRESH_SECONDS_MAX = 3_600
"""After this the keys are fetched again even if every token finds its key: a withdrawn key must go."""
STALE_SECONDS_MAX = 86_400
"""After this, keys that could not be refreshed are no longer believed."""
FETCH_SECONDS_MAX = 5.0
DOCUMENT_BYTES_MAX = 256 * 1024
KEYS_MAX = 64

Fetch: TypeAlias = Callable[[str], Awaitable[bytes]]
_LOG = structlog.get_logger(__name__)


class KeySource(Protocol):
    """Where the checker finds the provider's public keys."""

    async def keys(self, kid: str) -> KeySet:
        """The keys, fresh enough to hold ``kid`` if the provider publishes it."""
        ...


class StaticKeys:
    """Keys that are known from the start: the all-in-one's own issuer, and tests."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    async def keys(self, kid: str) -> KeySet:
        """Always the same."""
        return self._keys


class PublishedKeys:
    """Keys found through the provider's discovery document (OpenID Connect Discovery 1.0)."""

    def __init__(self, issuer: str, *, now: Clock, fetch: Fetch | None = None) -> None:
        self._issuer = issuer.rstrip("/")
        self._now = now
        self._fetch = fetch or fetch_over_http
        self._lock = asyncio.Lock()
        self._known: KeySet | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._failure = ""

    async def keys(self, kid: str) -> KeySet:
        """The keys; refreshed when they are old or lack ``kid``, but not too often."""
        if self._is_due(kid) or (self._lock.locked() and not self._has(kid)):
            async with self._lock:  # whoever comes while they are being fetched waits for them
                if self._is_due(kid):
                    await self._refresh()
        if self._known is None or self._age() > timedelta(seconds=STALE_SECONDS_MAX):
            raise IssuerUnreachable(reason=self._failure or "no keys")
        return self._known

    def _is_due(self, kid: str) -> bool:
        if self._tried_at is not None and self._now() - self._tried_at < timedelta(seconds=REFRESH_SECONDS_MIN):
            return False
        return not self._has(kid) or self._age() > timedelta(seconds=FRESH_SECONDS_MAX)

    def _has(self, kid: str) -> bool:
        return self._known is not None and any(key.kid == kid for key in self._known)

    def _age(self) -> timedelta:
        return timedelta.max if self._fetched_at is None else self._now() - self._fetched_at

    async def _refresh(self) -> None:
        self._tried_at = self._now()
        try:
            async with asyncio.timeout(2 * FETCH_SECONDS_MAX):
                self._known = await self._read()
        except (OSError, ValueError, TimeoutError, httpx.HTTPError, JoseError) as failure:
            self._failure = f"{type(failure).__name__}: {failure}"[:200]
            _LOG.warning("issuer keys not refreshed", issuer=self._issuer, failure=self._failure)
            return
        self._fetched_at, self._failure = self._now(), ""

    async def _read(self) -> KeySet:
        discovery = _object(await self._fetch(safe_address(f"{self._issuer}/.well-known/openid-configuration")))
        if str(discovery.get("issuer", "")).rstrip("/") != self._issuer:
            raise ValueError("the discovery document names another issuer")
        published = _object(await self._fetch(safe_address(str(discovery.get("jwks_uri", "")))))
        keys = published.get("keys")
        if not isinstance(keys, list) or len(keys) > KEYS_MAX:
            raise ValueError(f"the key document must hold a list of at most {KEYS_MAX} keys")
        return KeySet.import_key_set({"keys": [key for key in keys if _is_public_signing(key)]})


def fetch_with(tls: ssl.SSLContext | None) -> Fetch:
    """``fetch_over_http`` for an issuer whose certificate an authority of our own signed."""

    async def fetch(url: str) -> bytes:
        return await fetch_over_http(url, tls)

    return fetch


async def fetch_over_http(url: str, tls: ssl.SSLContext | None = None) -> bytes:
    """Get a small document; redirects are not followed."""
    async with (
        # A proxy for the outside must not be asked for an address on this machine.
        httpx.AsyncClient(
            timeout=FETCH_SECONDS_MAX,
            follow_redirects=False,
            verify=tls or True,
            trust_env=not is_loopback(urlsplit(url).hostname or ""),
        ) as client,
        client.stream("GET", url) as answer,
    ):
        answer.raise_for_status()
        body = b""
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > DOCUMENT_BYTES_MAX:
                raise ValueError(f"the document is longer than {DOCUMENT_BYTES_MAX} bytes")
        return body


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def safe_address(url: str) -> str:
    """The address, if it is safe. Raises ``ValueError``: over plain HTTP from elsewhere anybody could answer."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return url
    raise ValueError(f"{url!r} must be https (http only on this machine)")


def _object(document: bytes) -> dict[str, Any]:
    read = json.loads(document)
    if not isinstance(read, dict):
        raise ValueError("not a JSON object")
    return read


def _is_public_signing(key: object) -> bool:
    """A symmetric key in a published set would let anybody sign."""
    return isinstance(key, dict) and key.get("kty") in ("EC", "RSA", "OKP") and key.get("use", "sig") == "sig"
