"""The HTTP server as callers meet it: TLS by setting, no word about what it is made of, patience with an end."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from console.browser import browser
from mingjing.certificates import make_certificates
from mingjing_kernel.http import make_app
from mingjing_kernel.service.serving import CertificateUnusable, make_client, make_server
from mingjing_kernel.settings import ServiceSettings


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def app() -> Any:
    router = APIRouter()

    @router.get("/things")
    async def things() -> list[str]:
        return ["one"]

    @router.post("/things")
    async def make(body: dict[str, int]) -> None: ...

    return make_app(title="试验 Test", version="7", package="mingjing_kernel", routers=[router])


@contextlib.asynccontextmanager
async def serving(**chosen: Any) -> AsyncIterator[str]:
    settings = ServiceSettings(http_port=free_port(), **chosen)
    server = make_server(app(), settings)
    task = asyncio.create_task(server.serve())
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", settings.http_port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.02)
        yield f"{'https' if settings.http_cert_file else 'http'}://127.0.0.1:{settings.http_port}"
    finally:
        server.stop()
        await task


async def answer_to(port: int, request: bytes) -> bytes:
    """What comes back. A server that has heard enough may hang up before all is sent, with or without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = bytearray()
    try:
        writer.write(request)
        with contextlib.suppress(OSError):  # reset, broken pipe, or not connected any more
            writer.write_eof()
            while part := await reader.read(65_536):
                said += part
    finally:
        writer.close()
        with contextlib.suppress(OSError):  # reset, broken pipe, or not connected any more
            await writer.wait_closed()
    return bytes(said)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("certificates")
    make_certificates(directory, members=("funds", "registry"))
    return directory


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another authority, which calls itself the same."""
    directory = tmp_path_factory.mktemp("strangers")
    make_certificates(directory, members=("funds", "registry"))
    return directory


def files(directory: Path, kind: str, member: str) -> dict[str, Path]:
    return {f"{kind}_cert_file": directory / f"{member}.pem", f"{kind}_key_file": directory / f"{member}.key"}


async def test_no_answer_names_the_server_not_even_one_to_nonsense() -> None:
    async with serving() as url, httpx.AsyncClient() as client:
        answer = await client.get(f"{url}/things")
        assert answer.headers.get_list("server") == ["mingjing"]
        port = int(url.rpartition(":")[2])
        for nonsense in (b"NONSENSE\r\n\r\n", b"GET /things HTTP/1.1\r\n\r\n", b"GET /" + b"x" * 300_000):
            said = await answer_to(port, nonsense)
            assert not re.search(rb"granian|hyper|python|uvicorn", said, re.IGNORECASE), said


async def test_more_headers_than_any_request_has_are_refused_with_a_status() -> None:
    async with serving() as url, httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/things", headers={f"X-{n}": "1" for n in range(70)})).status_code == 431
        assert (await client.get(f"{url}/things", headers={"X-Long": "x" * 60_000})).status_code == 431
        assert (await client.get(f"{url}/things?q={'x' * 20_000}")).status_code == 414


async def test_https_by_setting_and_only_for_who_trusts_our_authority(certificates: Path, strangers: Path) -> None:
    async with serving(**files(certificates, "http", "funds")) as url:
        async with make_client(ServiceSettings(ca_file=certificates / "ca.pem")) as client:
            answer = await client.get(f"{url}/things")
            assert answer.json() == ["one"]
            assert "max-age=" in answer.headers["strict-transport-security"]
        for other in (ServiceSettings(ca_file=strangers / "ca.pem"), ServiceSettings()):
            async with make_client(other) as client:
                with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
                    await client.get(f"{url}/things")
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await httpx.AsyncClient().get(url.replace("https", "http"))


async def test_callers_show_their_certificates_where_that_is_asked_for(certificates: Path, strangers: Path) -> None:
    asks = {**files(certificates, "http", "funds"), "http_client_ca_file": certificates / "ca.pem"}
    trusts = {"ca_file": certificates / "ca.pem"}
    async with serving(**asks) as url:
        async with make_client(ServiceSettings(**trusts, **files(certificates, "client", "registry"))) as client:
            assert (await client.get(f"{url}/things")).status_code == 200
        for own in ({}, files(strangers, "client", "registry")):
            async with make_client(ServiceSettings(**trusts, **own)) as client:
                with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectError, ssl.SSLError)):
                    await client.get(f"{url}/things")


def test_a_key_that_is_not_the_certificates_stops_the_start(certificates: Path) -> None:
    mixed = {"http_cert_file": certificates / "funds.pem", "http_key_file": certificates / "registry.key"}
    with pytest.raises(CertificateUnusable):
        make_server(app(), ServiceSettings(**mixed))


def test_what_is_there_is_never_made_again(certificates: Path) -> None:
    before = {path.name: path.read_bytes() for path in certificates.iterdir()}
    assert make_certificates(certificates, members=("funds", "registry")) == []
    assert make_certificates(certificates, members=("nats",)) == ["nats.key", "nats.pem"]
    assert all((certificates / name).read_bytes() == content for name, content in before.items())
    assert all(path.stat().st_mode & 0o077 == 0 for path in certificates.glob("*.key"))


async def test_the_documentation_pages_work_under_their_own_policy(tmp_path: Path) -> None:
    async with serving() as url, browser(tmp_path) as page:
        for path, mark in (("/docs", ".opblock-summary-path"), ("/redoc", "#operation\\\\/things, [id*='things']")):
            await page.open(url + path, 1360, 860)
            for _ in range(200):
                if await page.value(f'document.querySelectorAll("{mark}").length'):
                    break
                await asyncio.sleep(0.05)
            else:
                pytest.fail(f"{path} shows no operation: {page.complaints}")
        assert [one for one in page.complaints if "Content Security Policy" in one or "Refused" in one] == []
