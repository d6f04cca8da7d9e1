"""A log under SM3: the setting reaches the log, and a neighbour under SHA-256 witnesses it all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from mingjing_console import service as console
from mingjing_funds import service as funds
from mingjing_inspection import service as inspection
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.audit.witness import over_http
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.sealed.subject import SUBJECT, EraseSubject
from mingjing_kernel.service import Host, Service
from mingjing_kernel.service.main import _migrate
from mingjing_registry import service as registry

SERVICES = (registry.SERVICE, inspection.SERVICE, funds.SERVICE, console.SERVICE)
ORIGIN = "mingjing/inspection"


async def host_of(service: Service, url: str, directory: Path, **more: Any) -> Host:
    settings = service.settings(postgres_url=url, data_dir=directory, **more)
    await _migrate(service, settings)
    key = settings.key_file(f"{service.name}-signing")
    if not key.exists():
        make_signing_key(key)
    return Host(service, settings, parts={"http"})


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_the_setting_reaches_every_log(service: Service, postgres_url: str, tmp_path: Path) -> None:
    await host_of(service, postgres_url, tmp_path, hash_algorithm="sm3")
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute(f"SELECT hash FROM {service.name}.head").fetchone() == ("sm3",)


async def test_a_log_under_sm3_is_witnessed_by_one_under_sha256(postgres_url: str, tmp_path: Path) -> None:
    watched = await host_of(inspection.SERVICE, postgres_url, tmp_path, hash_algorithm="sm3")
    assert watched.witnessing.signer is not None
    vkey = watched.witnessing.signer.vkey
    (tmp_path / "keys" / "inspection.vkey").write_text(vkey.encode() + "\n")
    neighbour = await host_of(console.SERVICE, postgres_url, tmp_path)
    witness = neighbour.witnessing.witness
    assert witness is not None
    checkpointer = Checkpointer(watched.log, watched.witnessing.signer)  # tells no broker
    asked: list[str] = []
    transport = httpx.ASGITransport(watched.app())
    async with watched.running(), neighbour.running(), httpx.AsyncClient(transport=transport) as client:
        fetch = over_http(client, "http://inspection/inspection/v1")

        async def noting(path: str) -> bytes:
            asked.append(path)
            return await fetch(path)

        witness.sources[ORIGIN] = replace(witness.sources[ORIGIN], fetch=noting)
        for size in (3, 700, 1_100):
            await erase(watched, size)
            await checkpointer.write()
            seen = await witness.look(ORIGIN)
            assert (seen.outcome, seen.size) == ("cosigned", size), seen
    assert asked.count("/log/key") == 1
    found = verify(postgres_url, "inspection", [vkey], processes=1)
    assert (found.findings, found.hash_name, found.size, found.checkpoints) == ((), "sm3", 1_100, 3)
    assert verify(postgres_url, "console", [], processes=1).hash_name == "sha256"


async def erase(host: Host, size: int) -> None:
    """Any facts, until the log has ``size`` of them."""
    works = [
        Work(SUBJECT, new_id(), EraseSubject(subject="nobody", at=host.now()), Envelope(command_id=new_id(), actor="t"))
        for _ in range(size - await host.log.head())
    ]
    await host.log.handle_many(works)
