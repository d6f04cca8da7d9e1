"""Acts that take different people: the log refuses the fact itself, whatever way it came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.log.toy import SCHEMA, make_schema
from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identity import Act, OtherPersonMust, Role, roles
from mingjing_kernel.identity.hands import NOBODY, Separation
from mingjing_kernel.log import Aggregate, Envelope, Log, Outcome

FOLDER = UUID(int=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    paper: str
    countersigned_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    paper: str


def _evolve(state: tuple[Any, ...], event: Any) -> tuple[Any, ...]:
    return (*state, event)


PROPOSE = Act(
    name="propose-paper",
    zh="提出",
    en="propose the paper",
    roles=roles(Role.CASE_OFFICER),
    leaves=(Proposed,),
    apart_from=frozenset({"approve-paper"}),
    thing=lambda fact: fact.paper,
)
APPROVE = Act(
    name="approve-paper",
    zh="批准",
    en="approve the paper",
    roles=roles(Role.APPROVER),
    leaves=(Approved,),
    apart_from=frozenset({"propose-paper"}),
    thing=lambda fact: fact.paper,
    also=lambda fact: (fact.countersigned_by,),
)
READ = Act(name="read-paper", zh="查阅", en="read the paper", roles=roles(Role.AUDITOR), leaves=(Read,))
# The command is the fact that it leads to; the same fact again is no news.
FOLDERS = Aggregate(
    "folder",
    Decider(initial=(), decide=lambda fact, state: [] if fact in state else [fact], evolve=_evolve),
    Codec({"toy.proposed.v1": Proposed, "toy.approved.v1": Approved, "toy.read.v1": Read}),
    acts=(PROPOSE, APPROVE, READ),
)


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    await make_schema(postgres_url)
    made = Log(postgres_url, SCHEMA, [FOLDERS])
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def other(log: Log) -> AsyncIterator[Log]:
    made = Log(log.url, SCHEMA, [FOLDERS])
    await made.start()
    yield made
    await made.stop()


async def do(log: Log, number: int, actor: str, fact: Any, instead_of: str = "") -> Outcome:
    circumstances = Envelope(command_id=UUID(int=number), actor=actor, on_behalf_of=instead_of)
    return await log.handle(FOLDERS, FOLDER, fact, circumstances)


async def test_who_proposed_does_not_approve_but_a_colleague_does(log: Log) -> None:
    await do(log, 1, "song", Proposed(paper="a"))
    with pytest.raises(OtherPersonMust) as refused:
        await do(log, 2, "song", Approved(paper="a"))
    assert (refused.value.values["act"], refused.value.values["done"]) == (APPROVE, PROPOSE)
    assert (await do(log, 3, "qian", Approved(paper="a"))).version == 2


async def test_another_thing_of_the_same_stream_is_another_matter(log: Log) -> None:
    await do(log, 1, "song", Proposed(paper="a"))
    assert isinstance(await do(log, 2, "song", Approved(paper="b")), Outcome)
    with pytest.raises(OtherPersonMust):
        await do(log, 3, "song", Proposed(paper="b"))


async def test_a_repeated_act_is_still_no_news(log: Log) -> None:
    await do(log, 1, "song", Proposed(paper="a"))
    await do(log, 2, "qian", Approved(paper="a"))
    assert (await do(log, 3, "song", Approved(paper="a"))).events == ()


@pytest.mark.parametrize(
    ("proposer", "approver"),
    [(("song", "li"), ("song", "")), (("song", "li"), ("li", "")), (("li", ""), ("song", "li"))],
)
async def test_a_substitute_counts_as_both_persons(
    log: Log, proposer: tuple[str, str], approver: tuple[str, str]
) -> None:
    await do(log, 1, proposer[0], Proposed(paper="a"), proposer[1])
    with pytest.raises(OtherPersonMust):
        await do(log, 2, approver[0], Approved(paper="a"), approver[1])


async def test_who_countersigns_has_a_hand_in_it(log: Log) -> None:
    await do(log, 1, "song", Proposed(paper="a"))
    with pytest.raises(OtherPersonMust):
        await do(log, 2, "qian", Approved(paper="a", countersigned_by="song"))


async def test_a_log_that_starts_anew_knows_the_hands_from_the_facts(log: Log, other: Log) -> None:
    await do(log, 1, "song", Read(paper="a"))
    await do(log, 2, "song", Proposed(paper="a"))
    with pytest.raises(OtherPersonMust):
        await do(other, 3, "song", Approved(paper="a"))
    standing = await other.standing(FOLDERS, FOLDER)
    assert (standing.version, dict(standing.hands)) == (2, {("a", "propose-paper"): frozenset({"song"})})


async def test_of_two_acts_at_once_only_one_slips_through(log: Log, other: Log) -> None:
    """Each first one alone would be allowed; in one process and in two."""
    for number in range(20):
        paper, second = str(number), (log, other)[number % 2]
        results = await asyncio.gather(
            do(log, 100 + number, "song", Proposed(paper=paper)),
            do(second, 200 + number, "song", Approved(paper=paper)),
            return_exceptions=True,
        )
        assert sorted(type(result).__name__ for result in results) == ["OtherPersonMust", "Outcome"], results
    facts = await log.history(FOLDERS, FOLDER)
    assert len(facts) == 20


def test_a_slip_in_a_name_is_found_when_the_acts_are_declared() -> None:
    with pytest.raises(LookupError, match="aprove"):
        Separation([Act(name="close", zh="办结", en="close", roles=roles(), apart_from=frozenset({"aprove"}))])
    with pytest.raises(ValueError, match="no stored name"):
        Aggregate("folder", FOLDERS.decider, Codec({"toy.approved.v1": Approved}), acts=(PROPOSE, APPROVE))


def test_an_aggregate_that_separates_nothing_looks_at_no_fact() -> None:
    alone = Aggregate("folder", FOLDERS.decider, FOLDERS.codec, acts=(READ,))
    assert (alone.separation, alone.telling) == (None, ())
    assert FOLDERS.telling == ("toy.approved.v1", "toy.proposed.v1")


people = st.sampled_from(["song", "qian", "li"])
facts = st.one_of(st.builds(Proposed, paper=st.sampled_from("ab")), st.builds(Approved, paper=st.sampled_from("ab")))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(facts, people, people | st.just("")), max_size=12))
def test_no_sequence_of_acts_leaves_one_person_on_both_sides(tried: list[tuple[Any, str, str]]) -> None:
    separation, hands = Separation(FOLDERS.acts), NOBODY
    stood: list[tuple[Any, frozenset[str]]] = []
    for fact, actor, instead_of in tried:
        circumstances = Envelope(command_id=UUID(int=1), actor=actor, on_behalf_of=instead_of)
        mine = frozenset(filter(None, (actor, instead_of)))
        clashes = any(
            mine & theirs for before, theirs in stood if before.paper == fact.paper and type(before) is not type(fact)
        )
        try:
            hands = separation.checked([fact], circumstances, hands)
        except OtherPersonMust:
            assert clashes
        else:
            assert not clashes
            stood.append((fact, mine))
