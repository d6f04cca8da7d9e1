"""Asking the services, on behalf of whoever looks at the page.

One rule: the console has no rights of its own. Every question carries the visitor's token, or none; what comes back
is what that person may see. A service that does not answer leaves a gap on the page that says so, never an error page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from mingjing_kernel.http import Kit

SECONDS_MAX = 5.0
FILE_SECONDS_MAX = 90.0
PAGE_ROWS = 500
PAGES_MAX = 20
"""Of one list on one screen: 10,000 rows; what is beyond is said, not shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said: ``body`` when ``status`` is 200; ``status`` 0 when it did not answer."""

    status: int
    body: Any = None

    @property
    def is_there(self) -> bool:
        """Whether there is something to show."""
        return self.status == httpx.codes.OK

    @property
    def items(self) -> list[dict[str, Any]]:
        """The rows of a list; none where there is no answer."""
        return list(self.body["items"]) if self.is_there else []


@dataclass(frozen=True, slots=True)
class Gateway:
    """Asks one service after another for one visitor."""

    kit: Kit
    token: str = ""
    address: str = ""
    """The visitor's network address: what is limited is who asks, and that is not the console."""

    async def get(self, service: str, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """One answer. Never raises for a service that is away or refuses."""
        address = f"{self.kit.settings.peer_url(service)}/{service}/v1{path}"
        headers = {"X-Forwarded-For": self.address} if self.address else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            answer = await self.kit.client.get(address, params=dict(params or {}), headers=headers, timeout=SECONDS_MAX)
        except httpx.HTTPError:
            return Answer(0)
        if not answer.is_success:
            return Answer(answer.status_code)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return Answer(answer.status_code, answer.json() if is_json else answer.text)

    async def file(self, service: str, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """A file that a service makes: ``body`` is its bytes."""
        address = f"{self.kit.settings.peer_url(service)}/{service}/v1{path}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = await self.kit.client.get(
                address, params=dict(params or {}), headers=headers, timeout=FILE_SECONDS_MAX
            )
        except httpx.HTTPError:
            return Answer(0)
        return Answer(answer.status_code, answer.content if answer.is_success else None)

    async def every(self, service: str, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """All rows of a list, page by page, up to ``PAGES_MAX`` pages; ``body["next"]`` says that there are more."""
        asked: dict[str, str | int] = {"limit": PAGE_ROWS, **(params or {})}
        rows: list[dict[str, Any]] = []
        for _ in range(PAGES_MAX):
            answer = await self.get(service, path, asked)
            if not answer.is_there:
                return answer
            rows += answer.items
            if not answer.body["next"]:
                return Answer(answer.status, {"items": rows, "next": None})
            asked["after"] = answer.body["next"]
        return Answer(httpx.codes.OK, {"items": rows, "next": asked["after"]})
