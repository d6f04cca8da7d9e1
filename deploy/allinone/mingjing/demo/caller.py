"""Calls to the services as the demo's named people: everything goes through the public addresses, nothing beside them.

The one rule: an answer that is not a success ends the demo with the problem's own words, unless it was asked for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import httpx

from mingjing.calling import ServiceAway
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal

SECONDS_MAX = 120.0
TRIES_MAX = 10
PAUSE_SECONDS_MAX = 5.0
"""All pauses together outlast a service's restart."""
_AGAIN = (429, 503)
_MEDIA = {
    ".csv": "text/csv",
    ".xml": "application/xml",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DemoStopped(Refusal):
    """A service refused something that the demo's story needs."""

    sentence = "The demo stopped at {step}: {reason}"
    remedy = "Look at the services' log files in the data directory; start with a new --data directory to begin anew."
    status = 500


class Caller:
    """One HTTP client for all services; knows everybody's token."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls
        self._client = httpx.AsyncClient(timeout=SECONDS_MAX, trust_env=False)
        self._tokens: dict[str, tuple[str, float]] = {}
        """By person: the token, and when to fetch the next."""

    async def __aenter__(self) -> Caller:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send_file(
        self, person: str, service: str, path: str, file: str, content: bytes, at: datetime | None = None
    ) -> Any:
        """POST one file as it was sent by its sender; the same file twice is the same request."""
        media = _MEDIA.get(PurePosixPath(file).suffix, "application/octet-stream")
        key = derived_id("demo-file", service, file, len(content), path)
        name = quote(PurePosixPath(file).name)
        glue = "&" if "?" in path else "?"
        return await self._call(
            person, service, "POST", f"{path}{glue}name={name}", key=str(key), content=content, media=media, at=at
        )

    async def post(self, person: str, service: str, path: str, body: Any, at: datetime | None = None) -> Any:
        """POST a command; its key follows from what is asked, so that the demo may be repeated."""
        key = derived_id("demo-post", service, path, body)
        return await self._call(person, service, "POST", path, key=str(key), json=body, at=at)

    async def put(self, person: str, service: str, path: str, body: Any, at: datetime | None = None) -> Any:
        """PUT with an id of our own in the path."""
        return await self._call(person, service, "PUT", path, json=body, at=at)

    async def get(self, person: str, service: str, path: str) -> Any:
        """Read."""
        return await self._call(person, service, "GET", path)

    async def health(self, service: str) -> Any:
        """How far each part of a service got."""
        for attempt in range(TRIES_MAX):
            try:
                return (await self._client.get(f"{self._urls[service]}/{service}/v1/health")).json()
            except (httpx.TransportError, ValueError) as away:
                reason = str(away) or type(away).__name__
                await _pause(attempt)
        raise ServiceAway(service=service, reason=reason)

    async def everything(self, person: str, service: str, path: str) -> list[dict[str, Any]]:
        """Every page of a list."""
        rows: list[dict[str, Any]] = []
        after = ""
        glue = "&" if "?" in path else "?"
        while True:
            page = await self.get(person, service, f"{path}{glue}limit=500{after}")
            rows += page["items"]
            if not page["next"]:
                return rows
            after = f"&after={quote(page['next'])}"

    async def attempt(self, person: str, service: str, path: str, body: Any) -> str:
        """POST something that may be refused; returns the problem's type, empty when it was carried out."""
        key = derived_id("demo-attempt", service, path, body)
        answer = await self._answer(person, service, "POST", path, key=str(key), json=body)
        return "" if answer.is_success else _type(answer)

    async def _call(self, person: str, service: str, method: str, path: str, **more: Any) -> Any:
        """The answer's document. A service that starts again is waited for: every request may be repeated."""
        answer = await self._answer(person, service, method, path, **more)
        if answer.is_success:
            return answer.json() if answer.content else None
        raise DemoStopped(step=f"{method} /{service}/v1{path}", reason=_reason(answer))

    async def _answer(self, person: str, service: str, method: str, path: str, **more: Any) -> httpx.Response:
        answer: httpx.Response | None = None
        reason = ""
        for attempt in range(TRIES_MAX):
            try:
                answer = await self._ask(person, service, method, path, **more)
            except httpx.HTTPError as away:
                answer, reason = None, str(away) or type(away).__name__
            if answer is not None and answer.status_code not in _AGAIN:
                return answer
            await _pause(attempt)
        if answer is None:
            raise ServiceAway(service=service, reason=reason)
        return answer

    async def _ask(
        self,
        person: str,
        service: str,
        method: str,
        path: str,
        *,
        key: str = "",
        json: Any = None,
        content: bytes | None = None,
        media: str = "",
        at: datetime | None = None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self._token(person)}"}
        if key:
            headers["Idempotency-Key"] = key
        if media:
            headers["Content-Type"] = media
        if at:
            headers["Mingjing-Occurred-At"] = at.isoformat()
        url = f"{self._urls[service]}/{service}/v1{path}"
        return await self._client.request(method, url, headers=headers, json=json, content=content)

    async def _token(self, person: str) -> str:
        token, until = self._tokens.get(person, ("", 0.0))
        if time.monotonic() >= until:
            form = {"grant_type": "client_credentials", "client_id": person}
            answer = await self._client.post(f"{self._urls['issuer']}/token", data=form)
            answer.raise_for_status()
            given = answer.json()
            token = str(given["access_token"])
            # A token is short, and a county's play is long.
            self._tokens[person] = (token, time.monotonic() + int(given["expires_in"]) / 2)
        return token


async def _pause(attempt: int) -> None:
    await asyncio.sleep(min(0.2 * 2**attempt, PAUSE_SECONDS_MAX))


def _type(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["type"])
    except (ValueError, KeyError):
        return f"HTTP {answer.status_code}"


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{problem.get('detail', '')} {problem.get('detail_en', '')} [{problem.get('type', '')}]"
    except ValueError:
        return f"HTTP {answer.status_code}"
