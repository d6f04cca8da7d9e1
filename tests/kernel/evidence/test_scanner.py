"""The scanner's protocol against a daemon that speaks it, and against clamd itself where one is installed."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from kernel.evidence.clamd import clamd, daemon, rude
from kernel.evidence.samples import EICAR
from mingjing_kernel.evidence.facts import Verdict
from mingjing_kernel.evidence.scanner import CHUNK_BYTES, Scanned, Scanner


async def scanned(scanner: Scanner, tmp_path: Path, content: bytes) -> Scanned:
    file = tmp_path / "file"
    file.write_bytes(content)
    return await scanner.scan(file)


async def test_a_daemon_says_clean_infected_or_why_it_did_not_look(tmp_path: Path) -> None:
    async with daemon(clamd, tmp_path) as scanner:
        assert await scanned(scanner, tmp_path, b"x" * (CHUNK_BYTES + 1)) == Scanned(Verdict.CLEAN, "")
        assert await scanned(scanner, tmp_path, EICAR) == Scanned(Verdict.INFECTED, "Eicar-Test-Signature")
        large = await scanned(scanner, tmp_path, bytes(1_000_001))
        assert (large.verdict, large.is_final) == (Verdict.NOT_SCANNED, True)
        assert "size limit" in large.detail


async def test_a_daemon_over_tcp_is_asked_the_same(tmp_path: Path) -> None:
    server = await asyncio.start_server(clamd, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await scanned(Scanner(f"tcp://127.0.0.1:{port}"), tmp_path, b"x")).verdict is Verdict.CLEAN


async def test_a_scanner_that_is_away_or_hangs_up_has_not_scanned_and_is_asked_again(tmp_path: Path) -> None:
    for away in (Scanner(f"unix://{tmp_path}/nobody"), Scanner("tcp://127.0.0.1:9")):
        found = await scanned(away, tmp_path, b"x")
        assert (found.verdict, found.is_final) == (Verdict.NOT_SCANNED, False)
    async with daemon(rude, tmp_path) as scanner:
        found = await scanned(scanner, tmp_path, b"x")
        assert (found.verdict, found.is_final) == (Verdict.NOT_SCANNED, False)


async def test_no_scanner_scans_nothing_and_says_so(tmp_path: Path) -> None:
    assert await scanned(Scanner(""), tmp_path, EICAR) == Scanned(Verdict.NOT_SCANNED, "no scanner is set up")


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not installed here")
async def test_clamd_itself_finds_what_it_must(tmp_path: Path) -> None:
    """With a signature of our own: the real ones are too many to load here."""
    database = tmp_path / "database"
    database.mkdir()
    (database / "own.ndb").write_text("Eicar-Test-Signature:0:0:" + EICAR.hex() + "\n")
    socket, configuration = tmp_path / "clamd.ctl", tmp_path / "clamd.conf"
    configuration.write_text(f"Foreground yes\nLocalSocket {socket}\nDatabaseDirectory {database}\n")
    process = await asyncio.create_subprocess_exec("clamd", "-c", str(configuration))
    try:
        async with asyncio.timeout(60):
            while not socket.exists():  # noqa: ASYNC110  (a file that another program makes tells nobody)
                await asyncio.sleep(0.1)
        scanner = Scanner(f"unix://{socket}")
        assert (await scanned(scanner, tmp_path, EICAR)).verdict is Verdict.INFECTED
        assert (await scanned(scanner, tmp_path, b"x")).verdict is Verdict.CLEAN
    finally:
        process.terminate()
        await process.wait()
