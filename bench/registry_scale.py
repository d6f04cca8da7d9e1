"""Lists and searches of a nation's registry: 120,000 institutions, 300,000 sites, 2,000,000 staff; HTTP in process.

The value is the worst 95th percentile of all of them; each of them stands in the details as p50/p95/p99. Raw limit: 51
whole rows of institutions along their key, asked of PostgreSQL by one bare statement, by turns with the lists.
"""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import httpx
import structlog
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

import nation
from figure import Figure, milliseconds, percentile
from mingjing_kernel.clock import system_clock
from mingjing_kernel.http.page import write_cursor
from mingjing_kernel.identity import Role, StaticKeys
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from mingjing_registry.service import SERVICE
from mingjing_registry.settings import RegistrySettings
from nation import Known
from stage import Options, stage

NAME = "registry-scale"
USES = {"events", "seconds"}
SECONDS = 60.0
TIMES_MIN = 5
ISSUER = "http://127.0.0.1:1/issuer"
RATE = "100000000/second"
NATION, PROVINCE, COUNTY = "*", "33", "330106"
LEDGER = "ledger"
"""Counts of everything, told beside the lists."""
COMMON = "培训学校"
"""Half of all names have it."""
_KEY = ECKey.generate_key("P-256", {"kid": "bench", "use": "sig", "alg": "ES256"})
KEYS = KeySet([_KEY])
Ask: TypeAlias = tuple[str, dict[str, Any]]
Make: TypeAlias = Callable[[Known], Ask]


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of request: who asks (a region; empty for the public), and what, about an institution drawn anew."""

    region: str
    make: Make


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many institutions there are, sites and staff in proportion."""
    with stage(options) as here:
        async with here.database("bench_registry") as url:
            await migrate(SERVICE, url, say=lambda _: None)
            known = await nation.fill(url, options.events or nation.INSTITUTIONS, options.progress)
            members = await nation.staff(url, known)
            await nation.settle(url)
            return await measured(url, known, members, options.seconds or SECONDS)


async def measured(url: str, known: Sequence[Known], members: int, seconds: float) -> Figure:
    """Over a filled database."""
    async with serving(url) as client:
        raw = await asyncpg.connect(asyncpg_url(url))
        try:
            took = await _by_turns(client, raw, known, seconds)
        finally:
            await raw.close()
    bare = took.pop("raw")
    worst = max((name for name in took if not name.endswith(LEDGER)), key=lambda name: percentile(took[name], 0.95))
    return Figure(
        name=NAME, value=milliseconds(percentile(took[worst], 0.95)), unit="ms p95",
        raw=milliseconds(percentile(bare, 0.95)), raw_is="51 rows by one bare statement",
        details={
            "worst": worst, "institutions": len(known), "staff": members,
            **{name: "/".join(f"{each * 1_000:.1f}" for each in _spread(values)) for name, values in took.items()},
        },
    )  # fmt: skip


def _spread(values: list[float]) -> tuple[float, float, float]:
    return percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0.99)


async def _by_turns(
    client: httpx.AsyncClient, raw: Any, known: Sequence[Known], seconds: float
) -> dict[str, list[float]]:
    """Sorted seconds of every kind of request; each is asked once a round, about somebody within its reach."""
    bare = await raw.prepare(f'SELECT * FROM "{read_schema_of(SERVICE.name)}".institutions '
                             "WHERE institution_id > $1 ORDER BY institution_id LIMIT 51")  # fmt: skip
    draw, questions, tokens = random.Random(7), _questions(), {region: token(region) for region in _REGIONS}
    reach = {region: [one for one in known if one.region.startswith(region.strip("*"))] or known for region in _REGIONS}
    took: dict[str, list[float]] = {name: [] for name in ("raw", *questions)}
    until, rounds = time.perf_counter() + seconds, 0
    while time.perf_counter() < until or rounds < TIMES_MIN:
        rounds += 1
        began = time.perf_counter()
        await bare.fetch(UUID(int=draw.getrandbits(128)))
        took["raw"].append(time.perf_counter() - began)
        for name, question in questions.items():
            path, params = question.make(draw.choice(reach[question.region]))
            headers = headers_of(tokens[question.region], draw)
            began = time.perf_counter()
            answer = await client.get(f"/registry/v1{path}", params=params, headers=headers)
            took[name].append(time.perf_counter() - began)
            if answer.status_code != 200:
                raise RuntimeError(f"{name}: {answer.status_code} {answer.text}")
    return {name: sorted(values) for name, values in took.items()}


_REGIONS = (NATION, PROVINCE, COUNTY, "")


def _questions() -> dict[str, Question]:
    """By name."""
    officials: dict[str, Make] = {
        "institutions": lambda _: ("/institutions", {}),
        "institutions_deep": lambda one: ("/institutions", {"after": write_cursor((one.name, one.id))}),
        "sites": lambda _: ("/sites", {}),
        "sites_deep": lambda one: ("/sites", {"after": write_cursor((one.address, one.id))}),
        "staff": lambda _: ("/staff", {}),
        "staff_deep": lambda one: ("/staff", {"after": write_cursor((one.id, UUID(int=0)))}),
        "staff_of_one": lambda one: ("/staff", {"institution_id": str(one.id)}),
        **_searches("/institutions"),
        LEDGER: lambda _: ("/ledger/totals", {}),
    }
    public: dict[str, Make] = {
        "whitelist": lambda _: ("/whitelist", {}),
        "whitelist_deep": lambda one: ("/whitelist", {"after": write_cursor((one.name, one.id))}),
        **_searches("/public/institutions"),
        "search_address": lambda one: ("/public/institutions", {"search": one.address[3:]}),
        "one": lambda one: (f"/public/institutions/{one.id}", {}),
    }
    places = {"nation": NATION, "province": PROVINCE, "county": COUNTY}
    asked = {f"{place}_{name}": Question(region, make) for place, region in places.items()
             for name, make in officials.items()}  # fmt: skip
    return asked | {f"public_{name}": Question("", make) for name, make in public.items()}


def _searches(path: str) -> Mapping[str, Make]:
    def searching(text: Callable[[Known], str]) -> Make:
        return lambda one: (path, {"search": text(one)})

    return {
        "search_fragment": searching(lambda one: one.fragment),
        "search_common": searching(lambda _: COMMON),
        "search_name": searching(lambda one: one.name),
        "search_former": searching(lambda one: one.former_name or one.name),
        "search_code": searching(lambda one: one.uscc),
        "search_licence": searching(lambda one: one.licence_number),
        "search_nobody": searching(lambda one: one.fragment[::-1] + "查无此人"),
    }


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The registry's own application over a filled database, and somebody who talks to it."""
    with tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place:
        settings = RegistrySettings(
            postgres_url=url, issuer_url=ISSUER, data_dir=Path(place), token_grants="all",
            trusted_proxies=("127.0.0.1",), rate_caller=RATE, rate_address=RATE,
        )  # fmt: skip
        for name in ("sealing", "index"):
            make_key_file(settings.key_file(name))
        quieten()
        host = Host(SERVICE, settings, parts={"http"}, keys=StaticKeys(KEYS))
        transport = httpx.ASGITransport(host.app())
        async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            yield client


def quieten() -> None:
    """Only what is wrong is said."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def token(region: str, role: Role = Role.LICENSING_OFFICER) -> str:
    """Somebody's of a region, a licensing officer's unless another role is named."""
    now = int(system_clock().timestamp())
    claims = {
        "iss": ISSUER, "aud": "mingjing", "sub": f"officer-{region}", "iat": now, "nbf": now, "exp": now + 3600,
        "department": "education", "region": region,
        "grants": [{"role": role.value, "department": "*", "region": region, "category": "*"}],
    }  # fmt: skip
    return str(jwt.encode({"alg": "ES256", "kid": "bench"}, claims, _KEY, algorithms=["ES256"])) if region else ""


def headers_of(said: str, draw: random.Random) -> dict[str, str]:
    """Of an official, or of a family at an address that nobody else has."""
    if said:
        return {"Authorization": f"Bearer {said}"}
    return {"X-Forwarded-For": ".".join(str(draw.randint(1, 250)) for _ in range(4))}
