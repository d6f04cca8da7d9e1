"""Work orders from the first ring to the closing, and found again: nine requests each, by operators and an inspector.

Taken, classified, given to a department, signed for, answered, called back, closed, then searched for by its number
among all that are stored. ``--preload`` complaints lie there before. Callers come in a spike: a tenth of them for the
first fifth of the time, then all. Raw limit: as many events by ``INSERT … SELECT unnest``, without a rule or a list.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

import funds_stage
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
            desk = Desk(host, seconds)
            took = await desk.work(callers)
            events = await host.log.head() - head
            await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
        async with here.database("bench_complaints_raw") as url:
            began = time.perf_counter()
            await funds_stage.bare_inserts(url, events)
            raw = time.perf_counter() - began
    done, latencies = len(desk.lifecycles), sorted(desk.requests)
    assert not desk.wrong, desk.wrong[:3]
    return Figure(
        name=NAME, value=done / took, unit="lifecycles/s", raw=done / raw, raw_is="unnest of as many events",
        details={
            "lifecycles": done, "stored_before": options.preload, "errors": len(desk.wrong),
            "requests_per_s": round(len(latencies) / took), "request_p50_ms": milliseconds(percentile(latencies, 0.5)),
            "request_p95_ms": milliseconds(percentile(latencies, 0.95)), "events": events,
            "search_p95_ms": milliseconds(percentile(sorted(desk.searches), 0.95)),
        },
    )  # fmt: skip


class Desk:
    """Whoever takes, handles and closes; each round is one complaint."""

    def __init__(self, host: Host, seconds: float) -> None:
        self._host = host
        self._seconds = seconds
        self._tokens = {who: _token(who, role) for who, role in ROLES.items()}
        self.lifecycles: list[float] = []
        self.requests: list[float] = []
        self.searches: list[float] = []
        self.wrong: list[str] = []

    async def work(self, callers: int) -> float:
        """The spike; returns the seconds from its beginning to the last answer."""
        transport = httpx.ASGITransport(self._host.app(), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=120) as client:
            began = time.perf_counter()
            early = max(callers // 10, 1)
            waits = [0.0 if at < early else self._seconds / 5 for at in range(callers)]
            await asyncio.gather(*(self._caller(client, wait, began + self._seconds) for wait in waits))
            return time.perf_counter() - began

    async def _caller(self, client: httpx.AsyncClient, wait: float, until: float) -> None:
        await asyncio.sleep(wait)
        while time.perf_counter() < until:
            began = time.perf_counter()
            await self.lifecycle(client)
            self.lifecycles.append(time.perf_counter() - began)

    async def lifecycle(self, client: httpx.AsyncClient) -> None:
        """One complaint from the first ring until it is found again."""
        number = f"GD{new_id().hex[-16:]}"
        body = {
            "number": number, "channel": "SUPERVISION_PHONE", "received_at": system_clock().isoformat(),
            "declared": "求助", "title": "不安排上课", "text": TEXT, "tracks": ["WORK_ORDER"],
            "complainant": {"name": "张小满", "phone": "19900000000"},
        }  # fmt: skip
        taken = await self._ask(client, "POST", "operator", "/complaints", body)
        if taken is None:
            return
        path = f"/complaint-tracks/{track_id(UUID(taken['complaint_id']), Track.WORK_ORDER)}"
        for who, step, said in STEPS:
            await self._ask(client, "POST", who, f"{path}/{step}", said)
        began = time.perf_counter()
        found = await self._ask(client, "GET", "operator", f"/complaints?number={number}", None)
        self.searches.append(time.perf_counter() - began)
        if found is None or [one["number"] for one in found["items"]] != [number]:
            self.wrong.append(f"not found again: {number} {str(found)[:200]}")

    async def _ask(self, client: httpx.AsyncClient, method: str, who: str, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._tokens[who]}", "Idempotency-Key": str(new_id())}
        headers["Mingjing-Position"] = str(await self._host.log.head())
        began = time.perf_counter()
        answer = await client.request(method, f"/inspection/v1{path}", json=body, headers=headers)
        self.requests.append(time.perf_counter() - began)
        if answer.is_success:
            return answer.json()
        self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return None


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
