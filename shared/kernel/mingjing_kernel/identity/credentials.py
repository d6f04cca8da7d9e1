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

RENEW_BEFORE = timedelta(seconds=60)


class ServiceCredentials:
    """``headers()`` for calls to other services."""

    def __init__(self, client: httpx.AsyncClient, settings: Any, now: Clock) -> None:
        self._client = client
        self._settings = settings
        self._now = now
        self._lock = asyncio.Lock()
        self._token = ""
        self._until: datetime | None = None

    async def headers(self) -> Mapping[str, str]:
        """Raises ``httpx.HTTPError`` while the issuer is away."""
        async with self._lock:
            if self._until is None or self._now() >= self._until:
                await self._renew()
        return {"Authorization": f"Bearer {self._token}"}

    async def _renew(self) -> None:
        configuration = await self._get(f"{self._settings.issuer_url}/.well-known/openid-configuration")
        answer = await self._client.post(
            configuration["token_endpoint"],
            data={
                "grant_type": "client_credentials",
                "audience": self._settings.audience,
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret,
            },
        )
        answer.raise_for_status()
        token = answer.json()
        self._token = str(token["access_token"])
        self._until = self._now() + timedelta(seconds=int(token.get("expires_in", 300))) - RENEW_BEFORE

    async def _get(self, url: str) -> Any:
        answer = await self._client.get(url)
        answer.raise_for_status()
        return answer.json()
