"""Two toy services: ``source`` counts and tells, ``target`` hears and keeps a tally. Small enough to reason about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

import asyncpg

from mingjing_contracts import Contract
from mingjing_kernel.broker.message import Message
from mingjing_kernel.broker.schema import create_broker_tables
from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.log import Aggregate, Envelope, Log, Recorded, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import create_log
from mingjing_kernel.refusal import Refusal

COUNTER_ID = UUID(int=1)
TALLY_ID = UUID(int=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    amount: int
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whispered:
    """Private to the source: never published."""

    amount: int


def _count(command: Any, state: int) -> list[Any]:
    return [Whispered(amount=command.amount) if command.secret else Added(amount=command.amount)]


COUNTER = Aggregate(
    noun="counter",
    decider=Decider(initial=0, decide=_count, evolve=lambda state, event: state + event.amount),
    codec=Codec({"source.added.v1": Added, "source.whispered.v1": Whispered}),
)


class AddedV1(Contract):
    """The source added something."""

    subject: ClassVar[str] = "source.evt.counter.added.v1"
    amount: int


def added(fact: Recorded[Added]) -> AddedV1:
    return AddedV1(amount=fact.event.amount)


OUTBOUND = {Added: added}


class TooMuch(Refusal):
    """A tally takes at most 1000 at once."""

    sentence = "{amount} is more than 1000."
    remedy = "Send less."


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyGrew:
    amount: int


@dataclass(frozen=True, slots=True)
class Tally:
    total: int = 0
    amounts: tuple[int, ...] = ()


def _record(command: Record, state: Tally) -> list[TallyGrew]:
    if command.amount > 1000:
        raise TooMuch(amount=command.amount)
    return [TallyGrew(amount=command.amount)]


def _grew(state: Tally, event: TallyGrew) -> Tally:
    return replace(state, total=state.total + event.amount, amounts=(*state.amounts, event.amount))


TALLY = Aggregate(
    noun="tally",
    decider=Decider(initial=Tally(), decide=_record, evolve=_grew),
    codec=Codec({"target.tally-grew.v1": TallyGrew}),
)


@dataclass
class Services:
    """What the target's composition root hands to its reactions; here: a switch that breaks them for a while."""

    log: Log | None = None
    trouble: Exception | None = None
    tried: int = 0


def tally(message: Message[AddedV1], services: Services) -> list[Work]:
    """Put what the source added onto the tally."""
    services.tried += 1
    if services.trouble is not None and message.contract.amount == 13:
        raise services.trouble
    return [Work(TALLY, TALLY_ID, Record(amount=message.contract.amount), message.envelope("tally"))]


INBOUND = {AddedV1: tally}


async def make_schema(url: str, *schemas: str) -> None:
    """Logs and broker tables, as the services' migrations make them."""
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        for schema in schemas:
            for statement in (*create_log(schema), *create_broker_tables(schema)):
                await connection.execute(statement)
    finally:
        await connection.close()


async def add(log: Log, *amounts: int, secret: bool = False, key: str = "") -> None:
    """Let the source add; the same ``key`` and amounts are the same commands."""
    head = await log.head()
    works = [
        Work(
            COUNTER,
            COUNTER_ID,
            Add(amount=amount, secret=secret),
            Envelope(command_id=derived_id("add", key or head, number), actor="test"),
        )
        for number, amount in enumerate(amounts)
    ]
    await log.handle_many(works)


def written(reason: str = "", *, actor: str = "admin", key: str = "") -> Envelope:
    """The circumstances of a person's act; with the same ``key`` it is the same request again."""
    command_id = derived_id("written", key) if key else new_id()
    return Envelope(command_id=command_id, actor=actor, reason=reason, digest=sha256(key.encode()).digest())


class LookedV1(Contract):
    """The source asks to double whatever the tally holds."""

    subject: ClassVar[str] = "source.evt.counter.looked.v1"


async def double(message: Message[LookedV1], services: Services) -> list[Work]:
    """A reaction that looks at the log: it must see what the messages before it did."""
    assert services.log is not None
    state, _ = await services.log.state(TALLY, TALLY_ID)
    return [Work(TALLY, TALLY_ID, Record(amount=state.total), message.envelope("double"))]
