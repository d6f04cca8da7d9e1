"""Asking the services, on behalf of whoever looks at the page.

One rule: the console has no rights of its own. Every question carries the visitor's token, or none; what comes back
is what that person may see. A service that does not answer leaves a gap on the page that says so, never an error page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from mingjing_kernel.http import Kit
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identifiers import new_id

SECONDS_MAX = 5.0
FILE_SECONDS_MAX = 90.0
PAGE_ROWS = 500
PAGES_MAX = 20
"""Of one list on one screen: 10,000 rows; what is beyond is said, not shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said: ``body`` when ``status`` is 200, the problem document when a question is wrong (422);
    ``status`` 0 when it did not answer.
    """

    status: int
    body: Any = None

    @property
    def is_there(self) -> bool:
        """Whether there is something to show."""
        return self.status == httpx.codes.OK

    @property
    def is_success(self) -> bool:
        """Whether a write was carried out."""
        return httpx.codes.is_success(self.status)

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

    async def get(
        self,
        service: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        position: int = 0,
        seconds: float = SECONDS_MAX,
    ) -> Answer:
        """One answer, not older than ``position``. Never raises for a service that is away or refuses."""
        headers = self._headers() | ({POSITION_HEADER: str(position)} if position else {})
        address = self._address(service, path)
        try:
            answer = await self.kit.client.get(address, params=dict(params or {}), headers=headers, timeout=seconds)
        except httpx.HTTPError:
            return Answer(0)
        if (
            answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        ):  # what was asked for is wrong, and the answer says how
            return Answer(answer.status_code, _document(answer))
        if not answer.is_success:
            return Answer(answer.status_code)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return Answer(answer.status_code, answer.json() if is_json else answer.text)

    async def send(
        self,
        service: str,
        method: str,
        path: str,
        body: Mapping[str, Any],
        reason: str = "",
        *,
        legal_basis: str = "",
        key: str = "",
        seconds: float = SECONDS_MAX,
    ) -> Answer:
        """One write, with the reason and the legal basis that stand beside it in the log; a refusal comes back with its
        problem document.

        ``key`` is the form's own: sent twice it is done once. Never raises for a service that is away.
        """
        headers = self._headers() | {"Idempotency-Key": key or str(new_id())}
        said = {"Mingjing-Reason": reason, "Mingjing-Legal-Basis": legal_basis}
        headers |= {name: quote(words, safe="") for name, words in said.items() if words}
        address = self._address(service, path)
        try:
            answer = await self.kit.client.request(method, address, json=dict(body), headers=headers, timeout=seconds)
            return Answer(answer.status_code, answer.json() if answer.content else None)
        except (httpx.HTTPError, ValueError):
            return Answer(0)

    async def upload(
        self, service: str, path: str, content: bytes, params: Mapping[str, str], *, method: str = "POST", key: str = ""
    ) -> Answer:
        """A file as the body of one write, with the form's own key. Never raises for a service that is away."""
        headers = self._headers() | {
            "Idempotency-Key": key or str(new_id()),
            "Content-Type": "application/octet-stream",
        }
        try:
            answer = await self.kit.client.request(
                method,
                self._address(service, path),
                params=dict(params),
                content=content,
                headers=headers,
                timeout=FILE_SECONDS_MAX,
            )
            return Answer(answer.status_code, answer.json())
        except (httpx.HTTPError, ValueError):
            return Answer(0)

    async def attach(
        self, service: str, path: str, fields: Mapping[str, str], name: str, content: bytes, *, key: str
    ) -> Answer:
        """A form with one file, word for word. Never raises for a service that is away."""
        headers = self._headers() | {"Idempotency-Key": key}
        files = {name: (name, content, "application/octet-stream")}
        address = self._address(service, path)
        try:
            answer = await self.kit.client.post(
                address, data=dict(fields), files=files, headers=headers, timeout=FILE_SECONDS_MAX
            )
            return Answer(answer.status_code, answer.json())
        except (httpx.HTTPError, ValueError):
            return Answer(0)

    async def file(self, service: str, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """A file that a service makes: ``body`` is its bytes."""
        try:
            answer = await self.kit.client.get(
                self._address(service, path),
                params=dict(params or {}),
                headers=self._headers(),
                timeout=FILE_SECONDS_MAX,
            )
        except httpx.HTTPError:
            return Answer(0)
        return Answer(answer.status_code, answer.content if answer.is_success else None)

    async def passed(
        self, service: str, method: str, path: str, content: bytes, headers: Mapping[str, str], seconds: float
    ) -> httpx.Response:
        """A device's own request, word for word. Raises ``httpx.HTTPError`` for a service that is away."""
        key = {"Idempotency-Key": str(new_id())} if method == "PATCH" else {}
        return await self.kit.client.request(
            method,
            self._address(service, path),
            content=content,
            headers={**headers, **key, **self._headers()},
            timeout=seconds,
        )

    def _address(self, service: str, path: str) -> str:
        return f"{self.kit.settings.peer_url(service)}/{service}/v1{path}"

    def _headers(self) -> dict[str, str]:
        headers = {"X-Forwarded-For": self.address} if self.address else {}
        return headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    async def every(
        self, service: str, path: str, params: Mapping[str, str | int] | None = None, *, position: int = 0
    ) -> Answer:
        """All rows of a list, page by page, up to ``PAGES_MAX`` pages; ``body["next"]`` says that there are more."""
        asked: dict[str, str | int] = {"limit": PAGE_ROWS, **(params or {})}
        rows: list[dict[str, Any]] = []
        for _ in range(PAGES_MAX):
            answer = await self.get(service, path, asked, position=position)
            if not answer.is_there:
                return answer
            rows += answer.items
            if not answer.body["next"]:
                return Answer(answer.status, {"items": rows, "next": None})
            asked["after"] = answer.body["next"]
        return Answer(httpx.codes.OK, {"items": rows, "next": asked["after"]})


def _document(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
