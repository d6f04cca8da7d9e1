"""Officers who come back to the network at once: 20 offline visits each, a third of the uploads twice, some broken.
Each visit is for a task of its own, planned, assigned and taken on before, as on their devices.

Of the broken uploads half were cut off by the network (they are sent again, whole) and half are whole bytes that are no
report (they are kept aside). Every officer has a connection of his own and sends one part after the other. What is
counted is each upload, from its first byte to its answer, after its commit. Afterwards the log itself is asked: every
visit stands once, with the bytes that its device holds, and has ended its task once; every bad part lies aside once;
every receipt is there once.

Raw limit: the same bytes, taken and hashed by a bare FastAPI route under the same granian over as many connections.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

import wire
from figure import Figure, milliseconds, percentile
from mingjing_inspection.codec import PREMISES_KNOWN, TASKS
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.domain.premises import Names, NoteInstitution, NoteSite, Site
from mingjing_inspection.domain.task_facts import AcceptTask, Cause, PlanTask, TaskKind
from mingjing_inspection.domain.task_steps import AssignTask
from mingjing_inspection.service import SERVICE
from mingjing_inspection.settings import InspectionSettings
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.clock import system_clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from stage import Options, stage
from wire import Wire

NAME = "offline-sync"
USES = {"callers", "fsync_delay_ms"}
OFFICERS, VISITS = 500, 20
TASK = 500
"""Of an officer's own numbers the first of her tasks."""
WORKS_MAX = 600
DUPLICATE, BROKEN = 0.30, 0.05
GRID = "330106109001001"
RATE = "100000000/second"
ISSUER = "http://127.0.0.1:1/issuer"
KEY = ECKey.generate_key("P-256", parameters={"kid": "bench", "use": "sig", "alg": "ES256"})


async def run(options: Options) -> Figure:
    """Measure; ``--callers`` is how many officers there are."""
    officers = options.callers or OFFICERS
    plans = [_plan(number, random.Random(number)) for number in range(officers)]
    raw = await _raw(plans)
    with stage(options) as here, tempfile.TemporaryDirectory() as place:
        async with here.database("bench_offline") as url:
            await migrate(SERVICE, url, say=lambda _: None)
            host = _hosted(url, Path(place))
            async with host.running():
                await _premises(host, plans)
                await _tasks(host, plans)
                async with wire.serving(host.app(), with_lifespan=False) as port:
                    found = await _sent(port, plans)
                checked = await _checked(host, plans)
    return Figure(
        name=NAME, value=found["count"] / found["took"], unit="uploads/s", raw=raw["count"] / raw["took"],
        raw_is="bare FastAPI that hashes the bytes",
        details={
            "officers": officers, "visits": officers * VISITS, "p50_ms": found["p50_ms"], "p95_ms": found["p95_ms"],
            "p99_ms": found["p99_ms"], "raw_p95_ms": raw["p95_ms"], **checked,
        },
    )  # fmt: skip


def _plan(number: int, draw: random.Random) -> dict[str, Any]:
    """What one officer's device holds, and in which order it is sent: (part, how) with how one of whole, cut."""
    parts = {str(_id(number, n)): _report(number, n) for n in range(VISITS)}
    sends = [[part, "whole"] for part in parts]
    sends += [[part, "whole"] for part in parts if draw.random() < DUPLICATE]
    broken = max(1, round(VISITS * BROKEN))
    cut = draw.sample(sorted(parts), broken) if number % 2 else []
    bad = [] if number % 2 else [str(_id(number, VISITS + n)) for n in range(broken)]
    sends += [[part, "cut"] for part in cut] + [[part, "whole"] for part in bad]
    draw.shuffle(sends)
    parts |= {part: '{"institution_id": "' + part for part in bad}
    return {
        "officer": f"officer-{number:04}",
        "bundle": str(_id(number, 900)),
        "parts": parts,
        "sends": sends,
        "bad": bad,
    }


def _id(number: int, n: int) -> UUID:
    return UUID(int=(number + 1) * 1_000 + n)


def _report(number: int, n: int) -> str:
    seen = {
        "outcome": "NO_ISSUE",
        "checklist": PATROL_V1.version,
        "answers": [{"item": item.code, "finding": "PASS"} for item in PATROL_V1.items],
        "photos": [hashlib.sha256(f"photo {number} {n}".encode()).hexdigest()],
        "position": {"latitude_e7": 302741500, "longitude_e7": 1201551500, "accuracy_metres": 8},
        "visited_at": "2026-07-01T01:00:00+00:00",
        "note": f"第 {n} 处，正常上课",
    }
    place = {"institution_id": str(_id(number, 950)), "site_id": str(_id(number, 951))}
    return json.dumps({**place, "task_id": str(_id(number, TASK + n)), "observation": seen}, ensure_ascii=False)


def _hosted(url: str, place: Path) -> Host:
    rates: dict[str, Any] = dict.fromkeys(("rate_caller", "rate_address"), RATE)
    settings = InspectionSettings(postgres_url=url, issuer_url=ISSUER, data_dir=place, token_grants="all", **rates)
    for name in ("sealing", "index"):
        make_key_file(settings.key_file(name))
    make_signing_key(settings.key_file("inspection-signing"))
    return Host(SERVICE, settings, parts={"http", "projections"}, keys=StaticKeys(KeySet([KEY])))


async def _premises(host: Host, plans: list[dict[str, Any]]) -> None:
    """An institution with one site for each officer."""
    now, works = system_clock(), []
    for number in range(len(plans)):
        id_ = _id(number, 950)
        names = Names(full_name=f"杭州西湖区第{number}书画培训学校有限公司")
        noted = {"region": GRID[:9], "department": "culture-tourism-sport", "category": "art", "noted_at": now}
        site = Site(site_id=_id(number, 951), address="莲花街1号", division=GRID[:9], grid=GRID)
        for command in (NoteInstitution(names=names, **noted), NoteSite(site=site, noted_at=now)):  # type: ignore[arg-type]
            works.append(Work(PREMISES_KNOWN, id_, command, Envelope(command_id=new_id(), actor="bench")))
    results = await host.log.handle_many(works)
    assert all(isinstance(one, Outcome) for one in results)


async def _tasks(host: Host, plans: list[dict[str, Any]]) -> None:
    """Each visit's: planned, assigned to its officer, taken on by her."""
    now, works = system_clock(), list[Work]()
    for number, plan in enumerate(plans):
        officer, place = plan["officer"], {"institution_id": _id(number, 950), "site_id": _id(number, 951)}
        of = {"region": GRID, "department": "culture-tourism-sport", "category": "art"}
        for n in range(VISITS):
            steps = (
                PlanTask(
                    kind=TaskKind.ROUTINE, due_at=now + timedelta(days=5), planned_at=now, cause=Cause(reason="例行"),
                    **place, **of,  # type: ignore[arg-type]
                ),
                AssignTask(officer=officer, colleagues=(), assigned_by="planner", assigned_at=now),
                AcceptTask(officer=officer, accepted_at=now),
            )  # fmt: skip
            for step, actor in zip(steps, ("planner", "planner", officer), strict=True):
                works.append(Work(TASKS, _id(number, TASK + n), step, Envelope(command_id=new_id(), actor=actor)))
    for first in range(0, len(works), WORKS_MAX):
        results = await host.log.handle_many(works[first : first + WORKS_MAX])
        assert all(isinstance(one, Outcome) for one in results)


def _token(officer: str) -> str:
    now = int(system_clock().timestamp())
    claims = {
        "iss": ISSUER, "aud": "mingjing", "sub": officer, "iat": now, "nbf": now, "exp": now + 3600,
        "department": "education", "region": GRID[:9],
        "grants": [{"role": "grid-officer", "department": "*", "region": GRID[:9], "category": "*"}],
    }  # fmt: skip
    return str(jwt.encode({"alg": "ES256", "kid": "bench"}, claims, KEY, algorithms=["ES256"]))


async def _checked(host: Host, plans: list[dict[str, Any]]) -> dict[str, int]:
    """What the log holds against what the devices hold. Raises when anything is lost or doubled."""
    rows = await host.log.pool.fetch(
        """SELECT stream, type, convert_from(data, 'UTF8')::jsonb AS data FROM inspection.events
           WHERE type IN ('inspection.visit-reported.v2', 'inspection.part-kept-aside.v1')"""
    )
    reported: dict[str, list[str]] = {}
    aside: dict[str, int] = {}
    for row in rows:
        data, part = json.loads(row["data"]), row["stream"][-36:]
        if row["type"].startswith("inspection.visit"):
            reported.setdefault(part, []).append(data["content_sha256"])
        else:
            aside[part] = aside.get(part, 0) + 1
    bad = {part for plan in plans for part in plan["bad"]}
    held = {
        part: [hashlib.sha256(content.encode()).hexdigest()]
        for plan in plans
        for part, content in plan["parts"].items()
        if part not in bad
    }
    assert reported == held, "a visit is lost, doubled, or has other bytes"
    assert aside == dict.fromkeys(bad, 1), "a bad part is lost or doubled"
    ended = await host.log.pool.fetchval(
        "SELECT count(*) FROM inspection.events WHERE type LIKE 'inspection.task-submitted.%'"
    )
    assert ended == len(held), "a task did not end, or ended twice"
    receipts = await host.log.pool.fetchval(
        "SELECT count(*) FROM inspection.events WHERE type = 'kernel.filing-receipted.v1'"
    )
    assert receipts == len(held) + len(bad), "a receipt is missing or doubled"
    return {"lost": 0, "doubled": 0, "kept_aside": len(aside)}


async def _raw(plans: list[dict[str, Any]]) -> dict[str, Any]:
    app = FastAPI()

    @app.put("/inspection/v1/bundles/{bundle_id}", status_code=201)
    async def declared(bundle_id: str, request: Request) -> dict[str, Any]:
        return {"bundle_id": bundle_id, "size_bytes": len(await request.body())}

    @app.put("/inspection/v1/bundles/{bundle_id}/parts/{part_id}", status_code=201)
    async def taken(bundle_id: str, part_id: str, request: Request) -> dict[str, Any]:
        return {"part_id": part_id, "sha256": hashlib.sha256(await request.body()).hexdigest()}

    async with wire.serving(app) as port:
        return await _sent(port, plans)


async def _sent(port: int, plans: list[dict[str, Any]]) -> dict[str, Any]:
    return await wire.from_outside(__file__, port, [plan | {"token": _token(plan["officer"])} for plan in plans])


async def officers(port: int, plans: list[dict[str, Any]]) -> dict[str, Any]:
    """What the child process does."""
    now = asyncio.get_running_loop().time
    latencies: list[float] = []
    begun = now()
    await asyncio.gather(*(_officer(port, plan, latencies) for plan in plans))
    took = now() - begun
    latencies.sort()
    return {
        "count": len(latencies),
        "took": took,
        **{f"p{n}_ms": milliseconds(percentile(latencies, n / 100)) for n in (50, 95, 99)},
    }


async def _officer(port: int, plan: dict[str, Any], latencies: list[float]) -> None:
    line = await Wire.to(port)
    address = f"/inspection/v1/bundles/{plan['bundle']}"
    now = asyncio.get_running_loop().time

    async def put(path: str, content: bytes, media_type: str) -> int:
        begun = now()
        answer = await line.ask("PUT", path, plan["token"], content, Content_Type=media_type)
        latencies.append(now() - begun)
        return answer.status

    manifest = {
        "parts": [
            {
                "part_id": part,
                "visit_id": part,
                "kind": "REPORT",
                "sha256": hashlib.sha256(content.encode()).hexdigest(),
                "size_bytes": len(content.encode()),
            }
            for part, content in plan["parts"].items()
        ],
        "device": "bench",
        "device_sent_at": (system_clock() - timedelta(seconds=3)).isoformat(),
    }
    status = await put(address, json.dumps(manifest).encode(), "application/json")
    if status != 201:
        raise RuntimeError(f"the manifest was answered with {status}")
    for part, how in plan["sends"]:
        content = plan["parts"][part].encode()
        content = content[: len(content) // 2] if how == "cut" else content
        status = await put(f"{address}/parts/{part}", content, "application/octet-stream")
        if status not in (201, 422):
            raise RuntimeError(f"a part was answered with {status}")
    line.close()


if __name__ == "__main__":
    wire.call(officers)
