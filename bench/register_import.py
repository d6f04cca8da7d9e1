"""Import of a register of 20,000 rows with all checks: from the file's bytes to the last fact on disk.

Raw limit: reading the same file by calamine alone, and ``INSERT … SELECT unnest`` of as many events, 1,000 a commit,
without a check, a decision or a hash.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
from python_calamine import CalamineWorkbook

import deposits
import register_file
from figure import Figure
from mingjing_kernel.clock import shanghai_date, system_clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from mingjing_registry.intake.importing import Imported, import_file
from mingjing_registry.service import SERVICE
from mingjing_registry.settings import RegistrySettings
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import parse
from stage import Options, stage

NAME = "import"
USES = {"events", "fsync_delay_ms"}
ROWS = 20_000


async def run(options: Options) -> Figure:
    """Measure. ``--events`` is how many rows the file has."""
    rows = options.events or ROWS
    content = register_file.make(rows)
    with stage(options) as here, tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place:
        async with here.database("bench_import") as url:
            found = await _imported(url, content, Path(place))
            assert found["kept_aside"] == rows // register_file.FAULTY_EVERY, "a row was lost"
            assert found["taken"] == rows - found["kept_aside"], "a row was lost"
        async with here.database("bench_import_raw") as url:
            raw = await _raw(url, content, found["events"])
    return Figure(
        name=NAME, value=found["seconds"], unit="s", raw=raw, raw_is="calamine and unnest of as many events",
        details={"rows": rows, "rows_a_second": int(rows / found["seconds"]), **found},
    )  # fmt: skip


async def _imported(url: str, content: bytes, place: Path) -> dict[str, Any]:
    await migrate(SERVICE, url, say=lambda _: None)
    settings = RegistrySettings(postgres_url=url, data_dir=place)
    make_key_file(settings.key_file("sealing"))
    host = Host(SERVICE, settings, parts={"http", "projections"})
    county = division(settings.county_code)
    async with host.running():
        began = time.perf_counter()
        parsed = await asyncio.to_thread(parse, content, county)
        read = time.perf_counter()
        done = await _import(host, parsed, county)
        ended = time.perf_counter()
        await host.runner.wait_for(await host.log.head(), 600.0)
        shown = time.perf_counter()
        counts = done.recorded.counts
        return {
            "seconds": round(ended - began, 2),
            "reading_seconds": round(read - began, 2),
            "visible_after_seconds": round(shown - began, 2),
            "events": await host.log.head(),
            "taken": counts.taken,
            "kept_aside": counts.kept_aside,
        }


async def _import(host: Host, parsed: Any, county: Any) -> Imported:
    envelope = Envelope(command_id=new_id(), actor="bench", department="education", region=county.code)
    on = shanghai_date(system_clock())
    return await import_file(
        host, parsed, name="白名单.xlsx", register="education", division=county, envelope=envelope, on=on
    )


async def _raw(url: str, content: bytes, events: int) -> float:
    """Seconds for the same file and as many events, with nothing in between."""
    connection = await asyncpg.connect(asyncpg_url(url))
    await deposits.make_raw_table(connection)
    statement = await connection.prepare(
        "INSERT INTO raw (stream, version, type, data, meta) "
        "SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::bytea[], $5::bytea[])"
    )
    began = time.perf_counter()
    book = CalamineWorkbook.from_object(io.BytesIO(content))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    for first in range(0, events, 1_000):
        many = range(first, min(first + 1_000, events))
        streams, versions = [f"raw-{at:08d}" for at in many], [1] * len(many)
        types, data, meta = ["bench.row.v1"] * len(many), [b"x" * 500] * len(many), [b"x" * 110] * len(many)
        await statement.fetch(streams, versions, types, data, meta)
    took = time.perf_counter() - began
    await connection.close()
    return took
