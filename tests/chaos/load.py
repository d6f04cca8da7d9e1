"""Load: many callers at once, each of whom repeats what was not answered with the same id and the same bytes.

The one rule: only an answer of success counts as acknowledged, and everything acknowledged is written down with what
was promised. 503 and a broken connection mean "send again"; anything else that is no success is a defect.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from mingjing_kernel.identifiers import derived_id

ANSWER_SECONDS_MAX = 45.0
"""The server itself waits 30 s for its log before it says that it is away."""
AGAIN_SECONDS_MAX = 120.0
"""Of one command, over all its repetitions."""
_AGAIN_SECONDS = 0.1
HANG_UP_SHARE = 0.1
"""Of the requests: the caller hangs up before the answer can have come, and asks again."""
_HANG_UP_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a caller was promised."""

    service: str
    command_id: UUID
    position: int
    version: int
    path: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """One line of a bank's file that was acknowledged."""

    account_id: UUID
    flow: str
    amount_fen: int


@dataclass
class Ledger:
    """Everything that was promised to callers, and what should not have been answered."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    repeated: int = 0
    """Answers that said: this was carried out before. They prove that an answer had been lost."""
    tries: int = 0
    slowest: tuple[float, str] = (0.0, "")
    """The longest time to one answer or to the news that there is none, and of which request."""


class Caller:
    """Speaks to every service as any demo person, and does not give up."""

    def __init__(self, urls: Mapping[str, str], ledger: Ledger) -> None:
        self.ledger = ledger
        self._urls = urls
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS_MAX, trust_env=False, limits=limits)
        self._tokens: dict[str, str] = {}
        self._positions: dict[str, int] = {}
        self._chance = random.Random(derived_id("hang up").int)

    def move(self, urls: Mapping[str, str]) -> None:
        """The services answer elsewhere from now on."""
        self._urls = urls

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def command(
        self, who: str, service: str, path: str, body: Any = None, *, key: UUID, sees: int | None = None
    ) -> dict[str, Any]:
        """POST until it is answered; what was promised goes into the ledger. ``sees``: the version it is meant for."""
        answer = await self._until_answered(who, service, "POST", path, key=key, sees=sees, json=body)
        told: dict[str, Any] = answer.json()
        if "version" in told:
            promised = Acknowledged(service, key, told["position"], told["version"], path)
            self.ledger.acknowledged.append(promised)
            self.ledger.repeated += bool(told["repeated"])
        return told

    async def file(self, who: str, service: str, path: str, content: bytes, *, key: UUID) -> dict[str, Any]:
        """The same for a file."""
        answer = await self._until_answered(who, service, "POST", path, key=key, content=content)
        told: dict[str, Any] = answer.json()
        return told

    async def put(self, who: str, service: str, path: str, body: Any, *, not_yet: int) -> dict[str, Any]:
        """PUT until it is answered; ``not_yet`` is the status while a fact is still on its way from elsewhere."""
        answer = await self._until_answered(who, service, "PUT", path, json=body, not_yet=not_yet)
        told: dict[str, Any] = answer.json()
        return told

    async def see(self, who: str, service: str, path: str) -> dict[str, Any]:
        """GET what includes everything that this caller was promised by the service."""
        answer = await self._until_answered(who, service, "GET", path)
        told: dict[str, Any] = answer.json()
        return told

    async def _until_answered(
        self,
        who: str,
        service: str,
        method: str,
        path: str,
        *,
        key: UUID | None = None,
        sees: int | None = None,
        not_yet: int = 503,
        **body: Any,
    ) -> httpx.Response:
        deadline = time.monotonic() + AGAIN_SECONDS_MAX
        while True:
            self.ledger.tries += 1
            began, patience = time.monotonic(), self._patience()
            with contextlib.suppress(httpx.TransportError, TimeoutError):
                headers = await self._headers(who, service, method, key, sees)
                if "content" in body:
                    headers["Content-Type"] = "application/octet-stream"
                url = f"{self._urls[service]}/{service}/v1{path}"
                answer = await self._client.request(method, url, headers=headers, timeout=patience, **body)
                self.ledger.slowest = max(self.ledger.slowest, (time.monotonic() - began, f"{method} {service}{path}"))
                if answer.is_success:
                    position = answer.headers.get("Mingjing-Position", "0")
                    self._positions[service] = max(self._positions.get(service, 0), int(position))
                    return answer
                if answer.status_code == 401:
                    self._tokens.pop(who, None)
                elif answer.status_code not in (503, not_yet):
                    self._complain(f"{method} {service}{path}: {answer.status_code} {answer.text[:400]}")
            self.ledger.slowest = max(self.ledger.slowest, (time.monotonic() - began, f"{method} {service}{path}"))
            if time.monotonic() - began > ANSWER_SECONDS_MAX:
                self._complain(f"{method} {service}{path}: the service took it and never answered")
            if time.monotonic() > deadline:
                self._complain(f"{method} {service}{path}: no answer within {AGAIN_SECONDS_MAX:g} s")
            await asyncio.sleep(_AGAIN_SECONDS)

    def _patience(self) -> httpx.Timeout:
        hangs_up = self._chance.random() < HANG_UP_SHARE
        return httpx.Timeout(ANSWER_SECONDS_MAX, read=_HANG_UP_SECONDS if hangs_up else ANSWER_SECONDS_MAX)

    def _complain(self, defect: str) -> None:
        self.ledger.defects.append(defect)
        raise AssertionError(defect)

    async def _headers(self, who: str, service: str, method: str, key: UUID | None, sees: int | None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {await self._token(who)}"}
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        if sees is not None:
            headers["If-Match"] = f'"{sees}"'
        if method == "GET":
            headers["Mingjing-Position"] = str(self._positions.get(service, 0))
        return headers

    async def _token(self, who: str) -> str:
        if who not in self._tokens:
            form = {"grant_type": "client_credentials", "client_id": who}
            answer = await self._client.post(f"{self._urls['issuer']}/token", data=form)
            if answer.status_code != 200:
                raise httpx.ConnectError(f"the issuer answers {answer.status_code}")
            self._tokens[who] = answer.json()["access_token"]
        return self._tokens[who]


Story = Callable[[Caller, random.Random, int], Awaitable[None]]


class Load:
    """Callers who tell story after story until told to rest. ``rest`` returns when all have their answers."""

    def __init__(self, caller: Caller, stories: Mapping[Story, int], seed: int) -> None:
        """``stories``: how many callers tell which."""
        self.caller = caller
        self.told = 0
        self._stories = stories
        self._seed = seed
        self._numbers = 0
        self._resting = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Load:
        self._resting.clear()
        tellers = [story for story, callers in self._stories.items() for _ in range(callers)]
        self._tasks = [asyncio.create_task(self._tell(story)) for story in tellers]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.rest()

    async def rest(self) -> None:
        """Let every story that began come to its end. Raises what a caller met."""
        self._resting.set()
        tasks, self._tasks = self._tasks, []
        await asyncio.gather(*tasks)

    async def _tell(self, story: Story) -> None:
        while True:  # each tells one story at least
            self._numbers += 1
            number = self._numbers
            await story(self.caller, random.Random(derived_id("story", self._seed, number).int), number)
            self.told += 1
            if self._resting.is_set():
                return
