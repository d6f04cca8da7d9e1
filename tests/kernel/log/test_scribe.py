"""The scribe on a real PostgreSQL: order, versions, idempotency; and what befalls one caller befalls no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from kernel.log.toy import (
    ACCOUNT,
    ALICE,
    BOB,
    CAROL,
    CURDLER,
    SCHEMA,
    Deposit,
    Deposited,
    Rest,
    TooPoor,
    Withdraw,
    check_whole,
    deposit,
    envelope,
    make_schema,
    owned,
    owner,
    withdraw,
)
from mingjing_kernel.clock import system_clock
from mingjing_kernel.codec import TextUnstorable
from mingjing_kernel.log import CommandIdReused, Log, Outcome, VersionConflict, Work
from mingjing_kernel.log.batch import StreamUnreadable
from mingjing_kernel.log.envelope import OccurredImplausibly


async def tell(log: Log, work: Work) -> Outcome:
    return await log.handle(work.aggregate, work.id, work.command, work.envelope)


async def tell_all(log: Log, works: Sequence[Work]) -> list[Any]:
    """All at once, each a caller of its own."""
    return await asyncio.gather(*(tell(log, work) for work in works), return_exceptions=True)


async def test_many_callers_get_positions_without_gaps_and_versions_in_order(log: Log) -> None:
    works = [deposit(100 + number, number, UUID(int=number % 7 + 1)) for number in range(1, 701)]
    outcomes = await tell_all(log, works)
    assert sorted(outcome.position for outcome in outcomes) == list(range(1, 701))
    rows = await check_whole(log)
    assert len(rows) == 700
    for work, outcome in zip(works, outcomes, strict=True):
        row = rows[outcome.position - 1]
        assert (row["stream"], row["version"]) == (ACCOUNT.stream(work.id), outcome.version)
    state, version = await log.state(ACCOUNT, UUID(int=1))
    assert (state, version) == (sum(range(7, 701, 7)), 100)


async def test_of_callers_who_saw_the_same_version_one_goes_on(log: Log) -> None:
    await tell(log, deposit(1, 5))
    outcomes = await tell_all(log, [*(deposit(10 + n, sees=1) for n in range(10)), deposit(50, account=BOB)])
    assert [type(outcome) for outcome in outcomes].count(VersionConflict) == 9
    (won,) = [outcome for outcome in outcomes[:10] if isinstance(outcome, Outcome)]
    assert won.version == 2
    assert isinstance(outcomes[10], Outcome)
    stale = next(outcome for outcome in outcomes if type(outcome) is VersionConflict)
    assert stale.values == {"expected": 1, "actual": 2}
    await check_whole(log)


async def test_the_same_id_and_bytes_get_the_first_answer_wherever_they_arrive(log: Log, other: Log) -> None:
    together = await tell_all(log, [deposit(1, 5), deposit(1, 5), deposit(1, 5)])
    later, elsewhere = await tell(log, deposit(1, 5)), await tell(other, deposit(1, 5))
    answers = [*together, later, elsewhere]
    assert {(answer.position, answer.version, answer.events) for answer in answers} == {(1, 1, (Deposited(amount=5),))}
    assert [answer.repeated for answer in answers].count(False) == 1
    assert len(await check_whole(log)) == 1


async def test_the_same_id_with_other_bytes_is_refused_wherever_it_arrives(log: Log, other: Log) -> None:
    together = await tell_all(log, [deposit(1, 5), deposit(1, 6)])
    assert [type(answer) for answer in together] == [Outcome, CommandIdReused]
    for where in (log, other):
        with pytest.raises(CommandIdReused):
            await tell(where, deposit(1, 7))
    assert len(await check_whole(log)) == 1


async def test_the_callers_own_digest_decides_what_the_same_bytes_are(log: Log) -> None:
    for account, expected in ((ALICE, Outcome), (ALICE, Outcome), (BOB, CommandIdReused)):
        work = Work(ACCOUNT, account, Deposit(amount=5), envelope(1, digest=b"\x07" * 32))
        (answer,) = await tell_all(log, [work])
        assert type(answer) is expected
    both = await tell_all(
        log, [Work(ACCOUNT, who, Deposit(amount=1), envelope(2, digest=b"\x08" * 32)) for who in (ALICE, BOB)]
    )
    assert [type(answer) for answer in both] == [Outcome, CommandIdReused]


async def test_a_digest_of_the_wrong_length_harms_its_caller_only(log: Log) -> None:
    short = Work(ACCOUNT, BOB, Deposit(amount=5), envelope(2, digest=b"short"))
    answers = await tell_all(log, [deposit(1, 1), short, deposit(3, 3)])
    assert [type(answer) for answer in answers] == [Outcome, ValueError, Outcome]
    assert (await tell(log, deposit(3, 3))).repeated


async def test_a_repeat_of_a_repeat_beside_a_stranger_gets_its_own_events(log: Log) -> None:
    await tell(log, deposit(1, 5))
    stranger = Work(ACCOUNT, BOB, Deposit(amount=9), envelope(1))
    answers = await tell_all(log, [deposit(1, 5), stranger])
    assert answers[0].events == (Deposited(amount=5),)
    assert type(answers[1]) is CommandIdReused


async def test_refused_neighbours_leave_no_trace(log: Log) -> None:
    answers = await tell_all(log, [deposit(1, 5), withdraw(2, 9), withdraw(3, 2), withdraw(4, 4), deposit(5, 1)])
    assert [type(answer) for answer in answers] == [Outcome, TooPoor, Outcome, TooPoor, Outcome]
    assert [answer.values for answer in (answers[1], answers[3])] == [{"balance": 5}, {"balance": 3}]
    await check_whole(log)
    assert sorted(await owned(log)) == [1, 1, 1]


async def test_a_command_that_changes_nothing_is_remembered(log: Log) -> None:
    await tell(log, deposit(1, 5))
    rest = Work(ACCOUNT, ALICE, Rest(), envelope(2))
    first, again = await tell(log, rest), await tell(log, rest)
    assert (first.events, first.version, again.repeated) == ((), 1, True)
    with pytest.raises(CommandIdReused):
        await tell(log, deposit(2, 5))


async def test_later_works_see_what_earlier_ones_did(log: Log) -> None:
    results = await log.handle_many([withdraw(1, 5), deposit(2, 5), withdraw(3, 4), withdraw(4, 4)])
    assert [type(result) for result in results] == [TooPoor, Outcome, Outcome, TooPoor]
    assert await log.handle_many([]) == []


async def test_what_hangs_on_a_refused_work_is_not_written_and_its_neighbours_are(log: Log) -> None:
    works = [withdraw(1, 5), deposit(2, 7, BOB)]
    hanging, beside = await asyncio.gather(
        log.handle_many(works, hangs=True), log.handle_many([deposit(3, 4, CAROL)], hangs=True)
    )
    assert [type(one) for one in hanging] == [TooPoor, TooPoor]
    assert [type(one) for one in beside] == [Outcome]
    assert (await log.state(ACCOUNT, BOB))[1] == 0
    await tell(log, deposit(4, 9))
    first, second = await log.handle_many(works, hangs=True)  # the same ids: nothing was remembered of them
    assert (first.repeated, second.repeated) == (False, False)
    again = await log.handle_many(works, hangs=True)
    assert [one.repeated for one in again if isinstance(one, Outcome)] == [True, True]
    assert (await log.state(ACCOUNT, BOB))[0] == 7
    await check_whole(log)


async def test_what_a_settlement_writes_stands_or_falls_with_the_events(log: Log) -> None:
    connection = await owner(log)
    await connection.execute(f'CREATE TABLE "{SCHEMA}".diary (line text); GRANT INSERT ON "{SCHEMA}".diary TO PUBLIC')
    told: list[Any] = []

    async def settle(connection: Any, results: list[Any]) -> None:
        told.append([type(result) for result in results])
        await connection.execute(f"INSERT INTO \"{SCHEMA}\".diary VALUES ('settled')")

    async def fail(connection: Any) -> None:
        await connection.execute(f"INSERT INTO \"{SCHEMA}\".diary VALUES ('never')")
        raise LookupError("on purpose")

    answers = await asyncio.gather(
        log.handle_many([deposit(1), withdraw(2, 99)], settle=settle),
        log.handle_many([deposit(3)], fail),
        log.handle_many([deposit(4)]),
        log.handle_many([], settle=settle),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [list, LookupError, list, list]
    assert told[-1] == []
    assert [Outcome, TooPoor] in told
    assert [row["line"] for row in await connection.fetch(f'SELECT line FROM "{SCHEMA}".diary')] == ["settled"] * 2
    assert len(await check_whole(log)) == 2
    await connection.close()


async def test_a_settlement_that_swallows_an_error_is_not_taken_for_success(log: Log) -> None:
    async def swallow(connection: Any) -> None:
        with pytest.raises(asyncpg.UndefinedTableError):
            await connection.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await log.handle_many([deposit(1)], swallow)
    assert (await tell(log, deposit(1))).repeated is False
    assert len(await check_whole(log)) == 1


@pytest.mark.timeout(20)
async def test_a_settlement_with_a_wrong_argument_does_not_stop_the_log(log: Log) -> None:
    async def wrong(connection: Any) -> None:
        await connection.fetchval("SELECT $1::int", "not a number")

    async def elsewhere(_: Any) -> None:
        raise OSError("some file")

    answers = await asyncio.gather(
        log.handle_many([deposit(1)], wrong),
        log.handle_many([deposit(2)], elsewhere),
        tell(log, deposit(3)),
        return_exceptions=True,
    )
    assert isinstance(answers[0], asyncpg.DataError | ValueError)
    assert isinstance(answers[1], OSError)
    assert isinstance(answers[2], Outcome)


async def test_a_group_with_an_attachment_does_not_overtake_what_was_decided_before_it(log: Log) -> None:
    """It would be decided on states that are not written yet, and leave a hole in their stream's versions."""

    async def nothing(_: Any) -> None:
        return

    await tell(log, deposit(1))
    for number in range(2, 92, 3):
        flying = asyncio.create_task(tell(log, deposit(number)))
        await turns(4)
        decided = asyncio.create_task(tell(log, deposit(number + 1)))
        await turns(4)
        attached = asyncio.create_task(log.handle_many([deposit(number + 2)], nothing))
        await asyncio.gather(flying, decided, attached)
    assert len(await check_whole(log)) == 91


async def turns(count: int) -> None:
    """Let the others run that many times; less than a round trip to PostgreSQL."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_caller_who_says_new_is_believed_only_when_the_key_agrees(log: Log, other: Log) -> None:
    await tell(other, deposit(1, 5))  # ``log`` has not seen this stream
    for number in range(100, 108):
        await tell(log, deposit(number, 1, CAROL))  # … but knows where the head is
    answers = await tell_all(
        log,
        [
            Work(ACCOUNT, ALICE, Withdraw(amount=1), envelope(2, sees=0)),
            Work(ACCOUNT, ALICE, Rest(), envelope(3, sees=0)),
        ],
    )
    assert [type(answer) for answer in answers] == [VersionConflict, VersionConflict]
    assert (await tell(log, withdraw(4, 5))).version == 2
    fresh = await tell(log, Work(ACCOUNT, BOB, Deposit(amount=1), envelope(5, sees=0)))
    assert fresh.version == 1


async def test_a_mistaken_new_that_fails_teaches_the_log_nothing(log: Log, other: Log) -> None:
    await tell(other, deposit(1, 100))  # so that the stream is not in the cache of the first
    broken = Work(ACCOUNT, ALICE, Deposit(amount=1, note="x\0"), envelope(2, sees=0))
    with pytest.raises(VersionConflict):
        await tell(log, broken)
    assert (await tell(log, withdraw(3, 10))).version == 2


async def test_a_mistaken_new_that_changes_nothing_is_looked_up(log: Log, other: Log) -> None:
    await tell(other, deposit(1, 100))
    with pytest.raises(VersionConflict):
        await tell(log, Work(ACCOUNT, ALICE, Rest(), envelope(2, sees=0)))
    assert (await tell(log, withdraw(3, 10))).version == 2


async def test_a_stream_that_cannot_be_folded_fails_its_callers_and_nobody_else(log: Log) -> None:
    await curdle(log, BOB)
    for attempt in range(2):
        works = [deposit(10 + attempt, 1, ALICE), deposit(20 + attempt, 1, BOB), deposit(30 + attempt, 1, CAROL)]
        async with asyncio.timeout(10):
            answers = await tell_all(log, works)
        assert [type(answer) for answer in answers] == [Outcome, StreamUnreadable, Outcome]


async def curdle(log: Log, account: UUID) -> None:
    """Store an event whose fold fails, as an older release would meet it."""
    strange = Log(log.url, SCHEMA, [CURDLER])
    await strange.start()
    await strange.handle(CURDLER, account, None, envelope(999))
    await strange.stop()


async def test_what_happened_when_is_kept_to_the_microsecond(log: Log) -> None:
    moments = [
        datetime(2026, 3, 1, 8, 0, 0, 123_457, tzinfo=UTC),
        datetime(1901, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    for number, moment in enumerate(moments, 1):
        await tell(log, Work(ACCOUNT, ALICE, Deposit(amount=1), envelope(number, occurred_at=moment)))
    assert [fact.occurred_at for fact in await log.history(ACCOUNT, ALICE)] == moments
    await check_whole(log)
    slip = datetime(202, 3, 1, tzinfo=UTC)
    with pytest.raises(OccurredImplausibly):
        await tell(log, Work(ACCOUNT, ALICE, Deposit(amount=1), envelope(9, occurred_at=slip)))


async def test_recorded_time_never_runs_backwards(postgres_url: str) -> None:
    await make_schema(postgres_url)
    clock = iter(datetime(2026, 3, 1, tzinfo=UTC) - timedelta(seconds=step) for step in range(1000))
    log = Log(postgres_url, SCHEMA, [ACCOUNT], now=lambda: next(clock))
    await log.start()
    for number in range(1, 4):
        await tell(log, deposit(number))
    facts = await log.read(0, 10)
    assert len({fact.recorded_at for fact in facts}) == 1
    log.now = system_clock  # who asks has a clock that runs forwards
    assert await log.position_at(facts[0].recorded_at) == 3
    await log.stop()


async def test_a_text_that_no_list_could_show_is_refused(log: Log) -> None:
    with pytest.raises(TextUnstorable):
        await tell(log, Work(ACCOUNT, ALICE, Deposit(amount=1, note="a\0b"), envelope(1)))
    kept = await tell(log, Work(ACCOUNT, ALICE, Deposit(amount=1, note="\\u0000 \n\t\x1f 😀"), envelope(2)))
    assert (await log.history(ACCOUNT, ALICE))[0].event == kept.events[0]


async def test_a_log_for_reading_says_so(log: Log) -> None:
    reader = Log(log.url, SCHEMA, [ACCOUNT])
    await reader.start(writing=False)
    with pytest.raises(RuntimeError, match="reading only"):
        await tell(reader, deposit(1))
    await reader.stop()


async def test_two_processes_take_turns(log: Log, other: Log) -> None:
    works = [deposit(number, 1, UUID(int=number % 3 + 1)) for number in range(1, 301)]
    answers = await asyncio.gather(*(tell((log, other)[n % 2], work) for n, work in enumerate(works)))
    assert sorted(answer.position for answer in answers) == list(range(1, 301))
    assert len(await check_whole(log)) == 300
    assert (await other.state(ACCOUNT, UUID(int=1)))[0] == 100


@pytest.mark.timeout(60)
async def test_connections_killed_under_load_lose_and_double_nothing(log: Log) -> None:
    burglar = await owner(log)
    answers: list[Outcome] = []
    another_thirty = asyncio.Event()

    async def load(lane: int) -> None:
        for step in range(40):
            answers.append(await tell(log, deposit(lane * 1000 + step, 1, UUID(int=lane + 1))))
            if len(answers) % 30 == 0:
                another_thirty.set()

    async def kill() -> None:
        for _ in range(8):
            await another_thirty.wait()
            another_thirty.clear()
            await burglar.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 "
                "AND datname = current_database()",
                f"mingjing-{SCHEMA}",
            )

    await asyncio.gather(*(load(lane) for lane in range(20)), kill())
    assert len(answers) == 800
    await burglar.close()
    rows = await check_whole(log)
    assert len(rows) == 800
    assert sorted(answer.position for answer in answers) == list(range(1, 801))
    again = await tell(log, deposit(0, 1, UUID(int=1)))
    assert again.repeated


async def test_a_lost_reader_is_replaced(log: Log) -> None:
    """Streams are loaded by a connection of its own; losing only that one must not slow the log down for ever."""
    await tell(log, deposit(1))
    scribe = log._scribe
    reader = scribe._reader
    reader.terminate()
    for number in range(2, 12):
        await tell(log, deposit(number, 1, UUID(int=number)))
    assert scribe._reader is not reader
    assert not scribe._reader.is_closed()


async def test_stopping_writes_what_was_handed_in(postgres_url: str) -> None:
    await make_schema(postgres_url)
    log = Log(postgres_url, SCHEMA, [ACCOUNT])
    await log.start()
    waiting = [asyncio.create_task(tell(log, deposit(number))) for number in range(1, 51)]
    await asyncio.sleep(0)
    await log.stop()
    assert sorted(outcome.position for outcome in await asyncio.gather(*waiting)) == list(range(1, 51))
