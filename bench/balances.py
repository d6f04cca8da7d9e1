"""A whole small service for the benchmarks that need one: deposits as commands, balances as a read model, a contract.

It is composed with ``Service`` and ``Host`` like the real ones, so what is measured is what they run.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import structlog
from fastapi import Depends, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, MetaData, Table, Uuid

import deposits
from mingjing_contracts import Contract
from mingjing_kernel.broker.bulk_port import PortCommand
from mingjing_kernel.broker.schema import create_broker_tables
from mingjing_kernel.clock import system_clock
from mingjing_kernel.http import Accepted, Router, accepted
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.identity import OutsideScope, Role, Scope, StaticKeys
from mingjing_kernel.log import Aggregate, Envelope, Recorded, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import create_log, read_schema_of, role_of
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.projection.store import create_read_schema
from mingjing_kernel.sealed.ring import create_subject_keys
from mingjing_kernel.service import Host, Service
from mingjing_kernel.settings import ServiceSettings

ISSUER = "http://127.0.0.1:1/issuer"
RATE = "100000000/second"
KEY = ECKey.generate_key("P-256", parameters={"kid": "bench", "use": "sig", "alg": "ES256"})


class BenchSettings(ServiceSettings):
    """The hearer must not close gaps over HTTP here: what is measured is the broker's way."""

    bench_url: str = "http://127.0.0.1:1"
    hearer_url: str = "http://127.0.0.1:1"


class BenchDepositedV1(Contract):
    """A deposit, as another service hears of it."""

    subject: ClassVar[str] = "bench.evt.account.bench-deposited.v1"

    account_id: UUID
    amount_fen: int
    balance_fen: int
    reference: str


class NewDeposit(BaseModel):
    """A deposit, as a caller sends it."""

    amount_fen: int
    reference: str
    payer: str
    note: str


def _keys(recorded: Recorded[Any]) -> list[tuple[UUID]]:
    return [(recorded.id,)]


def _fold(key: tuple[Any, ...], row: dict[str, Any] | None, recorded: Recorded[Any]) -> dict[str, Any]:
    count = row["deposits"] if row else 0
    return {"account_id": key[0], "balance_fen": recorded.event.balance_fen, "deposits": count + 1}


def balances_model() -> ReadModel:
    """A fresh read model on a MetaData of its own."""
    table = Table(
        "balances",
        MetaData(),
        Column("account_id", Uuid, primary_key=True),
        Column("balance_fen", BigInteger, nullable=False),
        Column("deposits", BigInteger, nullable=False),
    )
    return ReadModel(name="balances", table=table, nouns=("account", "echo"), keys=_keys, fold=_fold)


def _told(recorded: Recorded[Any]) -> BenchDepositedV1:
    event = recorded.event
    return BenchDepositedV1(
        account_id=recorded.id, amount_fen=event.amount_fen, balance_fen=event.balance_fen, reference=event.reference
    )


def _router(kit: Kit) -> Router:
    router = Router(prefix="/accounts", tags=["account"])
    written = Depends(kit.written)

    @router.post("/{account_id}/deposits", status_code=201)
    async def take(account_id: UUID, body: NewDeposit, response: Response, envelope: Envelope = written) -> Accepted:
        """Take a deposit."""
        command = deposits.Deposit(**body.model_dump())
        return accepted(response, await kit.log.handle(deposits.ACCOUNT, account_id, command, envelope))

    return router


def teller() -> Service:
    """The service that takes deposits and tells of them."""
    return Service(
        name="bench",
        package="mingjing_kernel",
        title="Bench",
        aggregates=(deposits.ACCOUNT,),
        read_models=(balances_model(),),
        routers=(_router,),
        outbound={deposits.Deposited: _told},
        commands={"deposit": PortCommand(deposits.ACCOUNT, deposits.Deposit, _require_administrator)},
    )


def _require_administrator(scope: Scope, _: Any) -> None:
    if not scope.has(Role.ADMINISTRATOR):
        raise OutsideScope


def hearer() -> Service:
    """The service that hears of deposits and keeps a list of its own."""
    return Service(
        name="hearer",
        package="mingjing_kernel",
        title="Hearer",
        aggregates=(ECHO,),
        read_models=(balances_model(),),
        inbound={BenchDepositedV1: _heard},
    )


ECHO = Aggregate("echo", deposits.ACCOUNT.decider, deposits.ACCOUNT.codec)


def _heard(message: Any, _: Any) -> list[Work]:
    told = message.contract
    command = deposits.Deposit(amount_fen=told.amount_fen, reference=told.reference, payer="", note="")
    return [Work(ECHO, told.account_id, command, message.envelope("echo"))]


def make_service(url: str, service: Service) -> None:
    """Log, broker tables and empty read models of a service."""
    statements = [
        *create_log(service.name),
        *create_broker_tables(service.name),
        *create_subject_keys(service.name, role_of(service.name)),
    ]
    with psycopg.connect(asyncpg_url(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    create_read_schema(url, service.name, read_schema_of(service.name), service.read_models)


def hosted(service: Service, url: str, nats_url: str, parts: set[str]) -> Host:
    """The service, composed but not started."""
    # One caller plays all of them; the limiter counts each request all the same.
    rates = dict.fromkeys(("rate_caller", "rate_address", "rate_port_caller", "rate_port_system"), RATE)
    fast: dict[str, Any] = {**rates, "token_grants": "all"}
    settings = BenchSettings(postgres_url=url, nats_url=nats_url, issuer_url=ISSUER, **fast)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return Host(service, settings, parts=parts, keys=StaticKeys(KeySet([KEY])))


@asynccontextmanager
async def running(service: Service, url: str, nats_url: str, parts: set[str]) -> AsyncIterator[Host]:
    """The service at work in this process."""
    host = hosted(service, url, nats_url, parts)
    async with host.running():
        yield host


def token() -> str:
    """A bank's token that the service believes."""
    now = int(system_clock().timestamp())
    claims = {
        "iss": ISSUER, "aud": "mingjing", "sub": "bank-0001", "iat": now, "nbf": now, "exp": now + 3600,
        "department": "湖畔商业银行", "region": "330106",
        "grants": [{"role": "administrator", "department": "*", "region": "*", "category": "*"}],
    }  # fmt: skip
    return str(jwt.encode({"alg": "ES256", "kid": "bench"}, claims, KEY, algorithms=["ES256"]))
