"""Where an identity provider answers: its discovery document (OpenID Connect Discovery 1.0), fetched and remembered.

The one rule: an address that it names is used only if nobody on the way could have changed it or can listen there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.keys import DOCUMENT_BYTES_MAX, safe_address
from mingjing_kernel.identity.refusals import IssuerUnreachable

PATH = "/.well-known/openid-configuration"
FRESH = timedelta(hours=1)


class Discovery:
    """One provider's document, for a caller of its addresses."""

    def __init__(self, client: httpx.AsyncClient, issuer: str, now: Clock) -> None:
        self._client = client
        self._issuer = issuer.rstrip("/")
        self._now = now
        self._lock = asyncio.Lock()
        self._document: Mapping[str, Any] = {}
        self._until: datetime | None = None

    async def address(self, name: str) -> str:
        """The address called ``token_endpoint`` or the like; empty where the provider has none.

        Raises ``IssuerUnreachable`` while the document is not to be had.
        """
        found = (await self.document()).get(name)
        try:
            return safe_address(str(found)) if found else ""
        except ValueError as unsafe:
            raise IssuerUnreachable(reason=f"{name}: {unsafe}"[:200]) from unsafe

    async def document(self) -> Mapping[str, Any]:
        """All of it. An old one is better than none while the provider is away."""
        async with self._lock:
            if self._until is None or self._now() >= self._until:
                try:
                    self._document, self._until = await self._read(), self._now() + FRESH
                except (httpx.HTTPError, ValueError) as failure:
                    if not self._document:
                        raise IssuerUnreachable(reason=f"{type(failure).__name__}: {failure}"[:200]) from failure
            return self._document

    async def _read(self) -> Mapping[str, Any]:
        answer = await self._client.get(safe_address(self._issuer + PATH), follow_redirects=False)
        answer.raise_for_status()
        if len(answer.content) > DOCUMENT_BYTES_MAX:
            raise ValueError("the discovery document is too long")
        read = json.loads(answer.content)
        if not isinstance(read, dict) or str(read.get("issuer", "")).rstrip("/") != self._issuer:
            raise ValueError("the discovery document names another issuer")
        return read
