"""Work orders from the first ring to the closing, and found again: nine requests each, by operators and an inspector.

Taken, classified, given to a department, signed for, answered, called back, closed, then searched for by its number
among all that are stored. ``--preload`` complaints lie there before. Callers come in a spike: a tenth of them for the
first fifth of the time, then all. Raw limit: as many events by ``INSERT … SELECT unnest``, without a rule or a list.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

import funds_stage
import wire
from figure import Figure, milliseconds, percentile
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complaint import Attribution, Channel, Intake, MatchedBy, TakeComplaint, Track
from mingjing_inspection.intake.track_opening import track_id
from mingjing_inspection.service import SERVICE
from mingjing_inspection.settings import InspectionSettings
from mingjing_kernel.clock import system_clock
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from registry_scale import quieten
from stage import Options, stage
from wire import Answer, Wire

NAME = "complaint-lifecycle"
USES = {"callers", "preload", "seconds", "fsync_delay_ms"}
CALLERS, SECONDS = 24, 20.0
REGION, DEPARTMENT = "330106", "market-regulation"
RATE = "100000000/second"
ISSUER = "http://127.0.0.1:1/issuer"
KEY = ECKey.generate_key("P-256", parameters={"kid": "bench", "use": "sig", "alg": "ES256"})
TEXT = "孩子在该机构报名书法班，剩余二十节课，机构一直推脱不给安排上课，请帮忙协调。"
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("operator", "classification", {"order_kind": "HELP", "matter": "FEES"}),
    ("operator", "routing", {}),
    ("inspector", "signing", {}),
    ("inspector", "handling", {}),
    ("inspector", "reply", {"text": "机构已安排上课。", "is_substantiated": True}),
    ("caller-back", "call-back", {"satisfaction": "SATISFIED"}),
    ("caller-back", "closure", {"conclusion": "已安排上课"}),
)
ROLES = {"operator": "hotline-operator", "inspector": "inspector", "caller-back": "hotline-operator"}
REQUESTS = len(STEPS) + 2


async def run(options: Options) -> Figure:
    """Measure; ``--callers`` is how many work at once when all have come."""
    callers, seconds = options.callers or CALLERS, options.seconds or SECONDS
    with stage(options) as here:
        async with here.database("bench_complaints") as url, hotline(url) as host:
            await preload(host, options.preload)
            head = await host.log.head()
            async with wire.serving(host.app(), with_lifespan=False) as port:
                found = await wire.from_outside(__file__, port, told(callers=callers, seconds=seconds))
            events = await host.log.head() - head
            await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
        async with here.database("bench_complaints_raw") as url:
            began = time.perf_counter()
            await funds_stage.bare_inserts(url, events)
            raw = time.perf_counter() - began
    assert not found["wrong"], found["wrong"][:3]
    return Figure(
        name=NAME, value=found["lifecycles"] / found["took"], unit="lifecycles/s", raw=found["lifecycles"] / raw,
        raw_is="unnest of as many events",
        details={
            "lifecycles": found["lifecycles"], "stored_before": options.preload, "errors": 0,
            "requests_per_s": round(found["requests"] / found["took"]), "request_p50_ms": found["request_p50_ms"],
            "request_p95_ms": found["request_p95_ms"], "events": events, "search_p95_ms": found["search_p95_ms"],
        },
    )  # fmt: skip


def told(**more: Any) -> dict[str, Any]:
    """What the callers are told: who they are, and how long."""
    return {"tokens": {who: _token(who, role) for who, role in ROLES.items()}, **more}


async def work(port: int, given: dict[str, Any]) -> dict[str, Any]:
    """The spike, in the callers' process."""
    desk, callers, seconds = Desk(port, given["tokens"]), given["callers"], given["seconds"]
    began, early = time.perf_counter(), max(callers // 10, 1)

    async def caller(wait: float) -> None:
        await asyncio.sleep(wait)
        line = await Wire.to(port)
        while time.perf_counter() < began + seconds:
            await desk.lifecycle(line)
        line.close()

    await asyncio.gather(*(caller(0.0 if at < early else seconds / 5) for at in range(callers)))
    return desk.told() | {"took": time.perf_counter() - began}


class Desk:
    """Whoever takes, handles and closes; each round is one complaint."""

    def __init__(self, port: int, tokens: dict[str, str]) -> None:
        self.port = port
        self._tokens = tokens
        self.lifecycles: list[float] = []
        self.requests: list[float] = []
        self.searches: list[float] = []
        self.wrong: list[str] = []

    async def lifecycle(self, line: Wire) -> None:
        """One complaint from the first ring until it is found again. Each asks for what it has written itself."""
        began, position = time.perf_counter(), 0
        number = f"GD{new_id().hex[-16:]}"
        body = {
            "number": number, "channel": "SUPERVISION_PHONE", "received_at": system_clock().isoformat(),
            "declared": "求助", "title": "不安排上课", "text": TEXT, "tracks": ["WORK_ORDER"],
            "complainant": {"name": "张小满", "phone": "19900000000"},
        }  # fmt: skip
        taken = await self._ask(line, "POST", "operator", "/complaints", body, 0)
        if taken.status >= 300:
            return
        path = f"/complaint-tracks/{track_id(UUID(json.loads(taken.body)['complaint_id']), Track.WORK_ORDER)}"
        position = taken.position
        for who, step, said in STEPS:
            position = (await self._ask(line, "POST", who, f"{path}/{step}", said, position)).position or position
        asked = time.perf_counter()
        found = await self._ask(line, "GET", "operator", f"/complaints?number={number}", None, position)
        self.searches.append(time.perf_counter() - asked)
        if found.status != 200 or [one["number"] for one in json.loads(found.body)["items"]] != [number]:
            self.wrong.append(f"not found again: {number} {found.body[:200].decode()}")
        self.lifecycles.append(time.perf_counter() - began)

    async def _ask(self, line: Wire, method: str, who: str, path: str, body: Any, position: int) -> Answer:
        sent = b"" if body is None else json.dumps(body).encode()
        began = time.perf_counter()
        answer = await line.ask(
            method, f"/inspection/v1{path}", self._tokens[who], sent, Content_Type="application/json",
            Idempotency_Key=str(new_id()), Mingjing_Position=str(position),
        )  # fmt: skip
        self.requests.append(time.perf_counter() - began)
        if answer.status >= 300:
            self.wrong.append(f"{method} {path}: {answer.status} {answer.body[:300].decode()}")
        return answer

    def told(self) -> dict[str, Any]:
        """What the callers saw."""
        requests, searches = sorted(self.requests), sorted(self.searches)
        return {
            "lifecycles": len(self.lifecycles), "requests": len(requests), "wrong": self.wrong,
            "request_p50_ms": milliseconds(percentile(requests, 0.5)),
            "request_p95_ms": milliseconds(percentile(requests, 0.95)),
            "request_p99_ms": milliseconds(percentile(requests, 0.99)),
            "search_p95_ms": milliseconds(percentile(searches, 0.95)),
        }  # fmt: skip


async def preload(host: Host, complaints: int) -> None:
    """So many complaints that lie there before."""
    works = (_taken(number) for number in range(complaints))
    async for _ in host.log.handle_stream(works, 1_000):
        pass
    await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS * 4)


def _taken(number: int) -> Work:
    at = system_clock() - timedelta(days=90)
    command = TakeComplaint(
        intake=Intake(
            number=f"OLD{number:09d}", channel=Channel.HOTLINE_12345, received_at=at, declared="咨询", title="咨询",
            text=TEXT, respondent="", place="", is_anonymous=True,
        ),
        tracks=(Track.WORK_ORDER,), within_remit=True,
        attribution=Attribution(institution_id=None, by=MatchedBy.UNMATCHED, evidence=""), region=REGION,
        department=DEPARTMENT, category="", taken_by="bench", taken_at=at,
    )  # fmt: skip
    envelope = Envelope(command_id=new_id(), actor="bench", department=DEPARTMENT, region=REGION, expected_version=0)
    return Work(COMPLAINTS, derived_id("bench-complaint", number), command, envelope)


@asynccontextmanager
async def hotline(url: str) -> AsyncIterator[Host]:
    """Inspection at work, in this process."""
    quieten()
    await migrate(SERVICE, url, say=lambda _: None)
    with tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place:
        settings = InspectionSettings(
            postgres_url=url, issuer_url=ISSUER, data_dir=Path(place), rate_caller=RATE, rate_address=RATE,
            token_grants="all",
        )  # fmt: skip
        for name in ("sealing", "index"):
            make_key_file(settings.key_file(name))
        host = Host(SERVICE, settings, parts={"http", "projections"}, keys=StaticKeys(KeySet([KEY])))
        async with host.running():
            yield host


def _token(who: str, role: str) -> str:
    now = int(system_clock().timestamp())
    claims = {
        "iss": ISSUER, "aud": "mingjing", "sub": who, "iat": now, "nbf": now, "exp": now + 3600, "kind": "person",
        "department": DEPARTMENT, "region": REGION,
        "grants": [{"role": role, "department": "*", "region": REGION, "category": "*"}],
    }  # fmt: skip
    return str(jwt.encode({"alg": "ES256", "kid": "bench"}, claims, KEY, algorithms=["ES256"]))


if __name__ == "__main__":
    wire.call(work)
