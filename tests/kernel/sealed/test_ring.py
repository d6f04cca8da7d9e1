"""The key ring on PostgreSQL: keys are made once, rewrapped without opening anything, and shredded with the fact."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from kernel.policy.test_versions import approve, propose
from kernel.sealed.test_unsealer import review, unseal
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OtherPersonMust
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.log.database import make_engine
from mingjing_kernel.log.envelope import Aggregate, CommandIdReused
from mingjing_kernel.log.schema import create_log, role_of
from mingjing_kernel.policy import POLICY
from mingjing_kernel.sealed.keyfile import key_id
from mingjing_kernel.sealed.marks import create_subject_marks
from mingjing_kernel.sealed.opening import REPEATED_WITHIN, Vault, Why, subject_id
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.refusals import (
    BulkUnsealing,
    KeyEncryptionKeyMissing,
    OpenedLongAgo,
    PurposeMissing,
    SealBroken,
    SealedValueErased,
    SubjectUnknown,
)
from mingjing_kernel.sealed.ring import (
    CACHE_KEYS_MAX,
    CACHE_SECONDS_MAX,
    SUBJECTS_MAX,
    KeyEncryptionKeys,
    KeyRing,
    create_subject_keys,
    subject_keys,
)
from mingjing_kernel.sealed.streams import SEALING
from mingjing_kernel.sealed.subject import SUBJECT, EraseSubject, LiftHold, PlaceHold, SealedFieldsOpened, SubjectErased
from mingjing_kernel.sealed.unsealer import UNSEALER

AT = datetime(2026, 3, 1, tzinfo=UTC)
KEK, NEWER = b"k" * 32, b"n" * 32
STREAM = "complaint-01900000-0000-7000-8000-000000000001"
CAPACITY = 10_000
SILENT = Why(purpose=Purpose.CALL_BACK, explanation=" ")
WHY = Why(purpose=Purpose.CALL_BACK, explanation="case 7")


class Time:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


def prepare(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        role = role_of("sealing")
        keys, marks = create_subject_keys("sealing", role), create_subject_marks("sealing", role)
        for statement in [*create_log("sealing"), *keys, *marks]:
            connection.execute(statement)


@pytest.fixture
def url(databases) -> Iterator[str]:
    made = databases.prepared("sealing", prepare)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    made = make_engine(url, "sealing")
    yield made
    await made.dispose()


@pytest.fixture
def time() -> Time:
    return Time()


def ring_of(engine: AsyncEngine, time: Time, kek: bytes = KEK, *older: bytes, algorithm="aes-256-gcm") -> KeyRing:
    return KeyRing(engine.begin, KeyEncryptionKeys(kek, older), time, algorithm)


def envelope(number: int) -> Envelope:
    return Envelope(command_id=UUID(int=number), actor="p-1")


async def stored(engine: AsyncEngine) -> list:
    async with engine.connect() as connection:
        return list((await connection.execute(select(subject_keys).order_by(subject_keys.c.subject))).all())


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
async def test_a_key_is_made_once_and_found_by_every_process(engine, time, algorithm) -> None:
    rings = [ring_of(engine, time, algorithm=algorithm) for _ in range(4)]
    keys = await asyncio.gather(*(ring.key_for("person-1") for ring in rings))
    assert len(set(keys)) == 1
    (row,) = await stored(engine)
    assert row.algorithm == algorithm
    assert keys[0]._key not in row.wrapped


async def test_many_keys_are_loaded_at_once_and_missing_ones_are_told(engine, time) -> None:
    ring = ring_of(engine, time)
    subjects = [f"person-{number}" for number in range(SUBJECTS_MAX)]
    made = await ring.keys_for(subjects, make=True)
    assert len(made) == SUBJECTS_MAX
    found = await ring_of(engine, time).keys_for(["person-1", "stranger", "person-1"])
    assert dict(found) == {"person-1": made["person-1"]}
    with pytest.raises(ValueError, match="limit"):
        await ring.keys_for([*subjects, "one-more"])
    assert CACHE_KEYS_MAX == CAPACITY


async def test_a_wrong_or_missing_key_encryption_key_is_named(engine, time) -> None:
    await ring_of(engine, time).key_for("person-1")
    with pytest.raises(KeyEncryptionKeyMissing) as refused:
        await ring_of(engine, time, NEWER).key_for("person-1")
    assert key_id(KEK) in str(refused.value)


async def test_a_row_moved_to_another_subject_does_not_unwrap(engine, time) -> None:
    await ring_of(engine, time).key_for("person-1")
    async with engine.begin() as connection:
        await connection.execute(subject_keys.update().values(subject="person-2"))
    with pytest.raises(SealBroken):
        await ring_of(engine, time).key_for("person-2")


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
async def test_a_new_key_encryption_key_takes_over_without_touching_what_is_sealed(engine, time, algorithm) -> None:
    before = await ring_of(engine, time, algorithm=algorithm).keys_for(["person-1", "person-2"], make=True)
    assert await ring_of(engine, time, NEWER, KEK).rewrap() == 2
    assert await ring_of(engine, time, NEWER, KEK).rewrap() == 0
    assert {row.kek_id for row in await stored(engine)} == {key_id(NEWER)}
    assert dict(await ring_of(engine, time, NEWER).keys_for(before)) == dict(before)


@pytest_asyncio.fixture
async def log(url: str, time: Time) -> AsyncIterator[Log]:
    made = Log(url, "sealing", SEALING, time)
    await made.start()
    yield made
    await made.stop()


async def test_opening_is_a_fact_before_the_value_is_in_anybodys_hands(log, engine, time) -> None:
    ring = ring_of(engine, time)
    vault = Vault(log, ring, time)
    key = await ring.key_for("person-1")
    fields = {
        "reporter": key.seal("张三", stream=STREAM, field="reporter"),
        "phone": key.seal("19900001234", stream=STREAM, field="phone"),
    }
    why = Why(purpose=Purpose.CALL_BACK, explanation="案件 2026-7")
    opened = await vault.open(fields, stream=STREAM, why=why, envelope=envelope(1))
    assert opened == {"reporter": "张三", "phone": "19900001234"}
    (fact,) = await log.history(SUBJECT, subject_id("person-1"))
    assert fact.event == SealedFieldsOpened(
        subject="person-1",
        stream=STREAM,
        fields=("phone", "reporter"),
        purpose="call-back",
        explanation="案件 2026-7",
        unsealing_id=derived_id("unsealing", UUID(int=1)),
        at=AT,
    )
    assert fact.meta.actor == "p-1"
    again = await vault.open(fields, stream=STREAM, why=why, envelope=envelope(1))
    assert again == opened
    assert [fact.type for fact in await log.read(0, 9)] == [
        "kernel.unsealing-granted.v1",
        "kernel.sealed-fields-opened.v2",
    ]


async def test_a_repeated_request_is_answered_again_for_a_while_and_then_must_be_asked_anew(log, engine, time) -> None:
    ring = ring_of(engine, time)
    vault = Vault(log, ring, time)
    fields = {"reporter": (await ring.key_for("person-1")).seal("张三", stream=STREAM, field="reporter")}
    same = Envelope(command_id=UUID(int=1), actor="p-1", digest=b"the same bytes".ljust(32))
    await vault.open(fields, stream=STREAM, why=WHY, envelope=same)
    time.now += REPEATED_WITHIN
    assert await vault.open(fields, stream=STREAM, why=WHY, envelope=same) == {"reporter": "张三"}
    for later, refusal in ((timedelta(seconds=1), OpenedLongAgo), (timedelta(days=1), CommandIdReused)):
        time.now += later
        with pytest.raises(refusal):
            await vault.open(fields, stream=STREAM, why=WHY, envelope=same)
    assert await vault.open(fields, stream=STREAM, why=WHY, envelope=envelope(2)) == {"reporter": "张三"}
    assert len(await log.history(SUBJECT, subject_id("person-1"))) == 2


async def test_the_hours_limit_does_not_start_afresh_at_midnight(log, engine, time) -> None:
    vault = Vault(log, ring_of(engine, time), time)
    time.now = datetime(2026, 3, 1, 15, 50, tzinfo=UTC)  # ten minutes before midnight in China
    for number in range(10):
        await vault.count_search("phone", WHY, envelope(number))
    time.now += timedelta(minutes=20)
    with pytest.raises(BulkUnsealing):
        await vault.count_search("phone", WHY, envelope(10))
    time.now += timedelta(minutes=40)
    await vault.count_search("phone", WHY, envelope(11))


async def test_without_a_purpose_nothing_is_opened(log, engine, time) -> None:
    ring = ring_of(engine, time)
    sealed = (await ring.key_for("person-1")).seal("张三", stream=STREAM, field="reporter")
    with pytest.raises(PurposeMissing):
        await Vault(log, ring, time).open(
            {"reporter": sealed},
            stream=STREAM,
            why=SILENT,
            envelope=envelope(1),
        )
    assert await log.head() == 0


async def test_erasing_shreds_the_key_and_says_so_in_the_log(log, engine, time) -> None:
    ring = ring_of(engine, time)
    vault = Vault(log, ring, time)
    sealed = (await ring.key_for("person-1")).seal("张三", stream=STREAM, field="reporter")
    outcome = await vault.erase("person-1", envelope(1))
    assert outcome.events == (SubjectErased(subject="person-1", at=AT),)
    assert await stored(engine) == []
    with pytest.raises(SealedValueErased):
        await vault.open({"reporter": sealed}, stream=STREAM, why=WHY, envelope=envelope(2))
    newer = await ring.key_for("person-1")
    assert newer.key_id != sealed.key_id
    with pytest.raises(SealedValueErased):
        await vault.open({"reporter": sealed}, stream=STREAM, why=WHY, envelope=envelope(3))
    again = await vault.erase("person-1", envelope(1))
    assert again.repeated
    assert (await ring.key_for("person-1")).key_id == newer.key_id  # a repeated request does not shred the new key


HOLD: Any = {"hold_id": UUID(int=7), "subject": "person-1", "reason": "r", "by": "x", "at": AT}
SECOND_STEPS: dict[str, tuple[Aggregate, list[Any], Any]] = {
    "approving": (POLICY, [propose()], approve()),
    "reviewing": (UNSEALER, [unseal(1)], review(1)),
    "reviewing an alarm": (UNSEALER, [unseal(1, an_hour=0)], review(1)),
    "erasing": (
        SUBJECT,
        [PlaceHold(case="c", **HOLD), LiftHold(**HOLD)],
        EraseSubject(subject="person-1", at=AT),
    ),
}


@pytest.mark.parametrize("step", SECOND_STEPS)
@pytest.mark.parametrize(
    ("first", "second"),
    [(("a", ""), ("a", "")), (("a", "b"), ("b", "")), (("b", ""), ("a", "b")), (("a", "b"), ("c", "a"))],
)
async def test_a_second_step_takes_another_person_whoever_stands_in_for_whom(log, step, first, second) -> None:
    """The sides are (who acts, in whose place)."""
    aggregate, commands, then = SECOND_STEPS[step]
    for number, command in enumerate(commands, 1):
        before = Envelope(command_id=UUID(int=number), actor=first[0], on_behalf_of=first[1])
        await log.handle(aggregate, UUID(int=5), command, before)
    same = Envelope(command_id=UUID(int=8), actor=second[0], on_behalf_of=second[1])
    with pytest.raises(OtherPersonMust):
        await log.handle(aggregate, UUID(int=5), then, same)
    assert (await log.handle(aggregate, UUID(int=5), then, Envelope(command_id=UUID(int=9), actor="d"))).events


async def test_who_is_unknown_is_not_erased(log, engine, time) -> None:
    with pytest.raises(SubjectUnknown):
        await Vault(log, ring_of(engine, time), time).erase("person-1", envelope(1))
    assert await log.head() == 0


async def test_nobody_opens_with_a_copy_that_outlived_the_erasure(log, engine, time) -> None:
    ring, other = ring_of(engine, time), ring_of(engine, time)
    sealed = (await other.key_for("person-1")).seal("张三", stream=STREAM, field="reporter")
    await Vault(log, ring, time).erase("person-1", envelope(1))
    with pytest.raises(SealedValueErased):
        await Vault(log, other, time).open({"reporter": sealed}, stream=STREAM, why=WHY, envelope=envelope(2))


async def test_a_copy_in_another_process_dies_soon(log, engine, time) -> None:
    ring, other = ring_of(engine, time), ring_of(engine, time)
    await ring.key_for("person-1")
    await other.key_for("person-1")
    await Vault(log, ring, time).erase("person-1", envelope(1))
    assert await ring.keys_for(["person-1"]) == {}
    time.now += timedelta(seconds=CACHE_SECONDS_MAX)
    assert await other.keys_for(["person-1"]) == {}
