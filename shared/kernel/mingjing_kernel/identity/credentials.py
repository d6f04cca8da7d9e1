"""A service's own token: client credentials (RFC 6749 §4.4) at the issuer, renewed before it ends.

The one rule: a service is a caller like any other; what it may read it may read because its token says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.client import Client
from mingjing_kernel.identity.discovery import Discovery

RENEW_BEFORE = timedelta(seconds=60)
LIFETIME_SECONDS = 300
"""Of a token whose issuer does not say how long it lives."""


class ServiceCredentials:
    """``headers()`` for calls to other services."""

    def __init__(self, client: httpx.AsyncClient, settings: Any, now: Clock) -> None:
        self._client = client
        self._audience = settings.audience
        self._discovery = Discovery(client, settings.issuer_url, now)
        self._who = Client(settings.client_id, settings.client_secret, settings.client_jwk_file)
        self._now = now
        self._lock = asyncio.Lock()
        self._token = ""
        self._until: datetime | None = None

    async def headers(self) -> Mapping[str, str]:
        """Raises ``httpx.HTTPError``, ``IssuerUnreachable`` while the issuer is away, ``ClientKeyUnreadable``."""
        async with self._lock:
            if self._until is None or self._now() >= self._until:
                await self._renew()
        return {"Authorization": f"Bearer {self._token}"}

    async def _renew(self) -> None:
        address = await self._discovery.address("token_endpoint")
        fields = {"grant_type": "client_credentials", "audience": self._audience}
        answer = await self._who.post(self._client, address, fields, await self._discovery.document(), self._now)
        answer.raise_for_status()
        token = answer.json()
        self._token = str(token["access_token"])
        lifetime = timedelta(seconds=int(token.get("expires_in", LIFETIME_SECONDS)))
        # A token that lives less than two minutes is renewed at half its time, not at every request.
        self._until = self._now() + max(lifetime - RENEW_BEFORE, lifetime / 2)
