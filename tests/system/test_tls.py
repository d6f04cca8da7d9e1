"""TLS on the links to PostgreSQL and NATS, by setting: our authority is trusted, another one is not.

HTTP's part is in ``tests/kernel/service/test_serving.py``. The embedded PostgreSQL speaks no TLS (it listens on this
machine only), so a TLS proxy stands before it, as a stunnel would: what is tested is our end of the link.
"""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg
import nats.errors
import psycopg
import pytest
from sqlalchemy import text

from mingjing.auditing import service_of
from mingjing.certificates import make_certificates
from mingjing.servers import Postgres, engines, places
from mingjing.servers.nats_users import users
from mingjing_kernel.broker.broker import Link, make_broker, make_operator
from mingjing_kernel.log import database
from mingjing_kernel.service.migrating import DatabaseUnreachable, check_migrated, migrate
from mingjing_kernel.service.serving import outgoing_tls
from mingjing_kernel.settings import ServiceSettings

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
PASSWORD = "secret1"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("ours")
    make_certificates(directory)
    return directory


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another authority with the same names."""
    directory = tmp_path_factory.mktemp("strangers")
    make_certificates(directory)
    return directory


def tls_of(directory: Path, *, shown_by: str = "") -> ssl.SSLContext:
    own = {}
    if shown_by:
        own = {"client_cert_file": directory / f"{shown_by}.pem", "client_key_file": directory / f"{shown_by}.key"}
    found = outgoing_tls(ServiceSettings(ca_file=directory / "ca.pem", **own))
    assert found is not None
    return found


# PostgreSQL


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    # Not below pytest's own directory, which every new session closes to the account that the server runs under.
    with tempfile.TemporaryDirectory(prefix="mingjing-tests-") as place, Postgres(Path(place), memory_mib=1024) as made:
        asyncio.run(migrate(service_of("funds"), made.url, say=lambda _: None, login=made.service_url("funds")))
        yield made


@asynccontextmanager
async def proxy(server: Postgres, certificates: Path, seen: list[str]) -> AsyncIterator[int]:
    """Takes TLS as PostgreSQL does, and speaks plainly to the server behind it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "postgres.pem", certificates / "postgres.key")

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while piece := await source.read(1 << 16):
                target.write(piece)
                await target.drain()
        except OSError:
            pass
        finally:
            target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await reader.readexactly(8) != SSL_REQUEST:
                seen.append("plain")
                writer.close()
                return
            writer.write(b"S")
            await writer.start_tls(context)
        except (OSError, asyncio.IncompleteReadError):
            seen.append("refused")
            writer.close()
            return
        seen.append(str(writer.get_extra_info("ssl_object").version()))
        behind = await asyncio.open_connection("127.0.0.1", urlsplit(server.loopback_url).port)
        await asyncio.gather(copy(reader, behind[1]), copy(behind[0], writer))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield int(listening.sockets[0].getsockname()[1])
    listening.close()


def over_tls(
    server: Postgres, port: int, certificates: Path, mode: str = "verify-full", host: str = "127.0.0.1"
) -> str:
    credentials = server.service_url("funds").partition("://")[2].partition("@")[0]
    root = quote(str(certificates / "ca.pem"), safe="")
    return f"postgresql://{credentials}@{host}:{port}/{server.database}?sslmode={mode}&sslrootcert={root}"


async def test_every_way_to_postgresql_takes_the_url_with_tls(server: Postgres, ours: Path) -> None:
    seen: list[str] = []
    async with proxy(server, ours, seen) as port:
        url = over_tls(server, port, ours)
        connection = await database.connect(url, "funds")
        assert await connection.fetchval("SELECT current_user") == "mingjing_funds"
        await connection.close()
        pool = await database.make_pool(url, "funds")
        assert await pool.fetchval("SELECT 1") == 1
        await pool.close()
        engine = database.make_engine(url, "funds")
        async with engine.connect() as queries:
            assert await queries.scalar(text("SELECT current_user")) == "mingjing_funds"
        await engine.dispose()
        await check_migrated(service_of("funds"), url)
    assert len(seen) >= 4
    assert set(seen) == {"TLSv1.3"}


async def test_a_database_with_anothers_certificate_gets_no_password(
    server: Postgres, ours: Path, strangers: Path
) -> None:
    seen: list[str] = []
    async with proxy(server, strangers, seen) as port:
        url = over_tls(server, port, ours)
        with pytest.raises((ssl.SSLError, asyncpg.PostgresError, OSError)):
            await database.connect(url, "funds")
        engine = database.make_engine(url, "funds")
        with pytest.raises((ssl.SSLError, asyncpg.PostgresError, OSError)):
            async with engine.connect():
                pass
        await engine.dispose()
        with pytest.raises(DatabaseUnreachable, match="certificate"):
            await check_migrated(service_of("funds"), url)
    assert set(seen) == {"refused"}


async def test_a_database_under_another_name_is_refused_too(server: Postgres, ours: Path) -> None:
    async with proxy(server, ours, []) as port:
        url = over_tls(server, port, ours, host="127.0.0.2")
        with pytest.raises(psycopg.OperationalError, match=r"127\.0\.0\.2"):
            await asyncio.to_thread(psycopg.connect, url)
        with pytest.raises((ssl.SSLError, OSError)):
            await database.connect(url, "funds")


# NATS


@asynccontextmanager
async def broker(place: Path, certificates: Path, *, verify: bool) -> AsyncIterator[str]:
    """The server with the users of the product and a certificate."""
    port = places.port_for(place / "port")
    (place / "nats.conf").write_text(
        f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{place}/store" }}\n'
        f"authorization {{ users: [\n{users(lambda _: PASSWORD)}] }}\n"
        f'tls {{ cert_file: "{certificates}/nats.pem", key_file: "{certificates}/nats.key",'
        f' ca_file: "{certificates}/ca.pem", verify: {str(verify).lower()} }}\n'
    )
    program = [engines.nats_program(), "-c", str(place / "nats.conf")]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.02)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


async def test_a_services_link_to_nats_runs_over_tls(tmp_path: Path, ours: Path) -> None:
    async with broker(tmp_path, ours, verify=True) as address:
        link = Link(
            make_broker(f"tls://funds:{PASSWORD}@{address}", "mingjing-funds", tls=tls_of(ours, shown_by="funds"))
        )
        client = await link.client()
        await client.flush()
        assert client.is_connected  # to a server that takes nothing but TLS
        await link.close()
        async with make_operator(f"nats://mingjing:{PASSWORD}@{address}", tls_of(ours, shown_by="nats"))() as js:
            assert (await js.account_info()).streams == 0


@pytest.mark.parametrize("trusted", ["strangers", "system"])
async def test_a_broker_with_anothers_certificate_is_not_talked_to(
    tmp_path: Path, ours: Path, strangers: Path, trusted: str
) -> None:
    tls = tls_of(strangers) if trusted == "strangers" else None
    async with broker(tmp_path, ours, verify=False) as address:
        with pytest.raises((ssl.SSLError, nats.errors.Error, OSError), match=r"(?i)certificate"):
            async with make_operator(f"tls://mingjing:{PASSWORD}@{address}", tls)():
                pass


async def test_a_broker_that_asks_for_certificates_takes_only_ours(tmp_path: Path, ours: Path) -> None:
    async with broker(tmp_path, ours, verify=True) as address:
        with pytest.raises((ssl.SSLError, nats.errors.Error, OSError)):
            async with make_operator(f"tls://mingjing:{PASSWORD}@{address}", tls_of(ours))() as js:
                await js.account_info()
