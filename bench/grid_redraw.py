"""Redraw the grids (X16): 300,000 sites of 120,000 institutions are looked up anew, and all of them move.

From the first look to the record of the run, lists caught up. Raw limit: as many facts about institutions of which
nothing is known yet, so that no stream is read and nothing is looked up; lists not waited for.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from figure import Figure
from mingjing_inspection.codec import GRID_VERSIONS, PREMISES_KNOWN
from mingjing_inspection.domain.grid_version_facts import ApproveGrids, Area, DraftGrids, ProposeGrids
from mingjing_inspection.domain.premises import Names, NoteInstitution, NoteSite, Site
from mingjing_inspection.domain.site_place import PlaceSite, Source
from mingjing_inspection.service import SERVICE
from mingjing_inspection.settings import InspectionSettings
from mingjing_kernel.clock import shanghai_date, system_clock
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from point_to_grid import points_in_the_county, surveyed
from registry_scale import ISSUER, quieten
from stage import Options, stage

NAME = "grid-redraw"
USES = {"events"}
SITES = 300_000
SITES_A_INSTITUTION = (2, 3)
A_TRANSACTION = 1_000
TIMES = 10
CAUGHT_UP_SECONDS_MAX = 600.0
AT = datetime(2026, 7, 1, tzinfo=UTC)
PARTS = {"http", "projections"}


@dataclass(frozen=True, slots=True)
class _Place:
    institution: int
    site: int
    longitude_e7: int
    latitude_e7: int


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many sites there are."""
    with stage(options) as here, tempfile.TemporaryDirectory(prefix="mingjing-bench-keys-") as keys:
        async with here.database("bench_redraw") as url:
            await migrate(SERVICE, url, say=lambda _: None)
            settings = InspectionSettings(postgres_url=url, issuer_url=ISSUER, data_dir=Path(keys))
            for name in ("sealing", "index"):
                make_key_file(settings.key_file(name))
            quieten()
            host = Host(SERVICE, settings, parts=PARTS)
            async with host.running():
                return await _measured(host, options)


async def _measured(host: Host, options: Options) -> Figure:
    places = list(_places(options.events or SITES))
    areas = surveyed(TIMES)
    await _fill(host, places, options)
    await _put_in_force(host, areas)
    await host.runner.wait_for(await host.log.head(), CAUGHT_UP_SECONDS_MAX)
    duty, before = host.duties["grid-redrawing"], await host.log.head()
    began = time.perf_counter()
    said = await duty.do(shanghai_date(system_clock()))
    await host.runner.wait_for(await host.log.head(), CAUGHT_UP_SECONDS_MAX)
    seconds = time.perf_counter() - began
    facts = await host.log.head() - before
    bare = await _bare(host, facts)
    return Figure(
        name=NAME, value=seconds, unit="s", raw=bare, raw_is="s for as many bare facts",
        details={"sites": len(places), "facts": facts, "sites_per_second": round(len(places) / seconds), "said": said},
    )  # fmt: skip


def _places(sites: int) -> Iterator[_Place]:
    longitudes, latitudes = points_in_the_county(sites)
    institution = left = 0
    for site, (longitude, latitude) in enumerate(zip(longitudes.tolist(), latitudes.tolist(), strict=True), start=1):
        if not left:
            institution += 1
            left = SITES_A_INSTITUTION[institution % 2]
        left -= 1
        yield _Place(institution, site, longitude, latitude)


async def _fill(host: Host, places: list[_Place], options: Options) -> None:
    """Institutions with sites that were placed before any grid was in force."""
    works, done = _known(places), 0
    while chunk := list(islice(works, A_TRANSACTION)):
        _require(await host.log.handle_many(chunk))
        done += len(chunk)
        options.progress(done, len(places) * 2)


def _known(places: list[_Place]) -> Iterator[Work]:
    last = 0
    for place in places:
        id = UUID(int=place.institution)
        if place.institution != last:
            last = place.institution
            names = Names(full_name=f"机构{last}")
            yield _work(id, NoteInstitution(names=names, region="330106", department="d", category="art", noted_at=AT))
        site = Site(site_id=UUID(int=place.site), address=f"{place.site}号", division="330106109", grid="")
        yield _work(id, NoteSite(site=site, noted_at=AT), place.site)
        yield _work(id, _placed(place), place.site)


def _placed(place: _Place) -> PlaceSite:
    return PlaceSite(
        site_id=UUID(int=place.site),
        longitude_e7=place.longitude_e7,
        latitude_e7=place.latitude_e7,
        accuracy_metres=5,
        source=Source.FORM,
        grid="",
        version_id=None,
        visit_id=None,
        placed_at=AT,
    )


def _work(id: UUID, command: Any, *more: int) -> Work:
    command_id = derived_id("bench", id, type(command).__name__, *more)
    return Work(PREMISES_KNOWN, id, command, Envelope(command_id=command_id, actor="bench"))


async def _put_in_force(host: Host, areas: dict[str, Area]) -> None:
    id, now = derived_id("bench-grids"), system_clock()
    commands = (
        DraftGrids(
            county="330106", department="education", name="bench", coordinates="WGS-84", digest="",
            areas=tuple(areas.values()), aside=(), drafted_at=now,
        ),
        ProposeGrids(problems=0, proposed_at=now),
        ApproveGrids(effective_on=shanghai_date(now), today=shanghai_date(now), approved_at=now),
    )  # fmt: skip
    for number, command in enumerate(commands):
        envelope = Envelope(command_id=derived_id(id, number), actor=f"bench-{number}")
        await host.log.handle(GRID_VERSIONS, id, command, envelope)


async def _bare(host: Host, facts: int) -> float:
    """So many facts that nobody decides on and no stream is read for."""
    name = NoteInstitution(names=Names(full_name="raw"), region="330106", department="d", category="", noted_at=AT)
    began = time.perf_counter()
    for at in range(0, facts, A_TRANSACTION):
        ids = [derived_id("raw", number) for number in range(at, min(at + A_TRANSACTION, facts))]
        _require(await host.log.handle_many([_work(id, name) for id in ids]))
    return time.perf_counter() - began


def _require(results: list[Any]) -> None:
    for result in results:
        if not isinstance(result, Outcome):
            raise result
