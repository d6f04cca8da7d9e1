"""A funds service at work for the benchmarks: real log, real lists, and accounts and contracts to write on."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg

import deposits
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.intake.numbered import contract_id
from mingjing_funds.intake.plan import account_id
from mingjing_funds.intake.works import made
from mingjing_funds.policy import charging_limits
from mingjing_funds.service import SERVICE
from mingjing_funds.settings import FundsSettings
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.loop import run
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from registry_scale import ISSUER, KEYS, RATE, quieten

REGION, DEPARTMENT, BANK = "330106", "education", "湖畔商业银行"
OPENED, DAY = date(2025, 12, 31), date(2026, 7, 1)
BATCH = 2_000
LESSON_FEN = 75_00
LISTS_SECONDS = 900.0


@asynccontextmanager
async def funds(url: str, *, apart: bool = False) -> AsyncIterator[Host]:
    """The service over a fresh database; ``apart``: its lists are folded in a process of their own, as on one box."""
    quieten()
    await migrate(SERVICE, url, say=lambda _: None)
    with tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place:
        settings = _settings(url, place)
        for name in ("sealing", "index"):
            make_key_file(settings.key_file(name))
        parts = {"http"} if apart else {"http", "projections"}
        async with _folding(url, place) if apart else nullcontext():
            host = Host(SERVICE, settings, parts=parts, keys=StaticKeys(KEYS))
            async with host.running():
                yield host


def _settings(url: str, place: str) -> FundsSettings:
    return FundsSettings(
        postgres_url=url,
        issuer_url=ISSUER,
        data_dir=Path(place),
        rate_caller=RATE,
        rate_address=RATE,
        token_grants="all",
    )


@asynccontextmanager
async def _folding(url: str, place: str) -> AsyncIterator[None]:
    """This file as a program of its own; nothing is lost when it is ended within a page."""
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, url, place)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _fold(url: str, place: str) -> None:
    async with Host(SERVICE, _settings(url, place), parts={"projections"}, keys=StaticKeys(KEYS)).running():
        await asyncio.Event().wait()


def number_of(account: int) -> str:
    """Its bank number."""
    return f"62990000{account:011d}"


def contract_no_of(contract: int) -> str:
    """Its number."""
    return f"HT2026{contract:08d}"


def opened(account: int) -> Work:
    """An account with money in it."""
    holder = a.Holder(
        institution_id=None, institution_name=f"第{account}培训学校", uscc="", bank=BANK, account_name="",
        department=DEPARTMENT, region=REGION, category="",
    )  # fmt: skip
    command = a.TakeOverAccount(
        holder=holder,
        agreement=a.SignAgreement(agreement_no="", minimum_fen=8_000_00, signed_on=OPENED),
        activation=a.ActivateAccount(
            number=number_of(account), number_written="", opened_on=OPENED, opening_fen=40_000_00, opening_on=OPENED
        ),
    )
    return made(ACCOUNTS, account_id(number_of(account)), command, envelope())


def awaited(account: int, number: str, amount_fen: int) -> Work:
    """A payment announced to it."""
    command = a.ExpectMoney(direction=a.Direction.PAYMENT, number=number, amount_fen=amount_fen, due_on=DAY)
    return made(ACCOUNTS, account_id(number_of(account)), command, envelope())


def signed(contract: int, account: int, lessons: int) -> Iterable[Work]:
    """A contract that was paid for."""
    stream, paid_at = contract_id(contract_no_of(contract)), datetime(2026, 6, 20, 2, tzinfo=UTC)
    terms = c.Terms(
        contract_no=contract_no_of(contract), account_id=account_id(number_of(account)), institution_id=None,
        vendor_code="", department=DEPARTMENT, region=REGION, category="", course="书法", is_subject=False,
        lessons=lessons, gift_lessons=0, price_fen=lessons * LESSON_FEN, starts_on=date(2026, 6, 20),
        ends_on=date(2026, 9, 1), signed_at=paid_at, is_model_text=True,
    )  # fmt: skip
    record = c.RecordContract(terms=terms, limits=charging_limits.IN_FORCE, opening_used=0)
    pay = c.RecordPayment(
        payment_no=f"JF2026{contract:08d}", amount_fen=lessons * LESSON_FEN, paid_at=paid_at, paid_on=date(2026, 6, 20),
        method="", is_existing_fact=True,
    )  # fmt: skip
    return [made(CONTRACTS, stream, record, envelope()), made(CONTRACTS, stream, pay, envelope())]


async def prepare(host: Host, works: Sequence[Work]) -> None:
    """Write what has to be there first, and wait until the lists have it."""
    for first in range(0, len(works), BATCH):
        for result in await host.log.handle_many(works[first : first + BATCH]):
            if not isinstance(result, Outcome):
                raise result
    await host.runner.wait_for(await host.log.head(), LISTS_SECONDS)


def envelope() -> Envelope:
    """Somebody of this county."""
    return Envelope(command_id=new_id(), actor="bench", department=DEPARTMENT, region=REGION)


async def bare_inserts(url: str, events: int, many: int = 1_000) -> Any:
    """A coroutine function's work: as many events by ``INSERT … SELECT unnest``, without a rule, a digest or a list."""
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        await deposits.make_raw_table(connection)
        statement = await connection.prepare(
            "INSERT INTO raw (stream, version, type, data, meta) "
            "SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::bytea[], $5::bytea[])"
        )
        for first in range(0, events, many):
            some = range(first, min(first + many, events))
            streams, versions = [f"raw-{at:08d}" for at in some], [1] * len(some)
            types, data, meta = ["bench.row.v1"] * len(some), [b"x" * 400] * len(some), [b"x" * 110] * len(some)
            await statement.fetch(streams, versions, types, data, meta)
    finally:
        await connection.close()


if __name__ == "__main__":
    quieten()
    run(_fold(*sys.argv[1:]))
