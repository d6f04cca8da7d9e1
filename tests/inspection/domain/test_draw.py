"""The rules of a draw: who runs it cannot steer it, and nothing of it disappears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection import draw as lots
from mingjing_inspection.domain import draw_refusals as no
from mingjing_inspection.domain.draw import PART_MAX, Annulled, WithResult, hindrance, make_draw, population_of
from mingjing_inspection.domain.draw_facts import (
    AnnulDraw,
    Candidate,
    Command,
    CommitDraw,
    Conflict,
    ConflictKind,
    DrawAnnulled,
    DrawFrozen,
    DrawLots,
    DrawPopulationAdded,
    DrawPublished,
    FreezeDraw,
    Inspector,
    Pool,
    PublishDraw,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk

DRAW = make_draw(lots)
AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
POOL = Pool(
    candidates=tuple(
        Candidate(institution_id=UUID(int=number), name=f"机构{number}", salt=f"{number:032x}", weight=1, level="WHITE")
        for number in range(1, 6)
    ),
    inspectors=tuple(Inspector(officer=f"o{number}", salt=f"{number:032x}") for number in range(3)),
    conflicts=(Conflict(officer="o0", institution_id=UUID(int=1), kind=ConflictKind.KIN),),
    select=2,
    each=2,
)
FREEZE = FreezeDraw(
    plan="2026-Q3",
    title="第三季度双随机抽查",
    authority="杭州市西湖区",
    region="330106",
    department="",
    category="",
    pool=POOL,
    policy_version="default/1",
    by="a",
    at=AT,
)
DUE = AT + timedelta(days=2)
COMMIT = CommitDraw(
    commitment=lots.commitment_to("5eed"), public_source="双色球第2026075期", public_value_due_at=DUE, by="a", at=AT
)
LOTS = DrawLots(
    seed="5eed",
    public_value="03111722283109",
    public_value_at=DUE,
    evidence="https://www.cwl.gov.cn/",
    by="b",
    at=DUE + timedelta(hours=1),
)
PUBLISH = PublishDraw(by="b", at=LOTS.at)
ANNUL = AnnulDraw(reason="名单遗漏一家机构", by="b", at=LOTS.at)


def after(*commands: Command) -> tuple[object, ...]:
    """The facts of these commands, one after another."""
    facts: list[object] = []
    for command in commands:
        facts += DRAW.decide(command, DRAW.fold(facts))
    return tuple(facts)


def refused(command: Command, *before: Command) -> Refusal:
    with pytest.raises(Refusal) as caught:
        DRAW.decide(command, DRAW.fold(after(*before)))
    return caught.value


def test_a_draw_runs_from_frozen_to_published_and_draws_what_the_algorithm_draws() -> None:
    facts = after(FREEZE, COMMIT, LOTS, PUBLISH)
    state = DRAW.fold(facts)
    assert isinstance(state, WithResult)
    assert isinstance(facts[-1], DrawPublished)
    assert len(state.result.drawn) == 2
    assert all(len(one.officers) == 2 for one in state.result.drawn)
    assert not any(one.institution_id == UUID(int=1) and "o0" in one.officers for one in state.result.drawn)
    assert after(FREEZE, COMMIT, LOTS, PUBLISH, PUBLISH) == facts


def test_a_draw_is_not_repeated_before_the_first_is_annulled_with_a_reason() -> None:
    assert type(refused(FREEZE, FREEZE)) is no.DrawStands
    assert type(refused(FREEZE, FREEZE, COMMIT, LOTS)) is no.DrawStands
    assert type(refused(replace(ANNUL, reason=" "), FREEZE)) is no.AnnulmentWithoutReason
    facts = after(FREEZE, COMMIT, ANNUL)
    state = DRAW.fold(facts)
    assert isinstance(state, Annulled)
    assert isinstance(facts[-1], DrawAnnulled)
    (again,) = DRAW.decide(FREEZE, state)
    assert again.attempt == 2


@pytest.mark.parametrize(
    ("command", "before", "reason"),
    [
        (COMMIT, (), no.DrawUnknown),
        (LOTS, (FREEZE,), no.DrawNotCommitted),
        (PUBLISH, (FREEZE, COMMIT), no.DrawNotDrawn),
        (COMMIT, (FREEZE, COMMIT), no.DrawNotFrozen),
        (LOTS, (FREEZE, COMMIT, ANNUL), no.DrawIsAnnulled),
        (replace(COMMIT, public_source=" "), (FREEZE,), no.PublicSourceMissing),
        (replace(COMMIT, public_value_due_at=AT), (FREEZE,), no.PublicValueNotLater),
        (replace(LOTS, public_value_at=DUE - timedelta(seconds=1)), (FREEZE, COMMIT), no.PublicValueTooEarly),
        (replace(LOTS, at=DUE - timedelta(seconds=1)), (FREEZE, COMMIT), no.PublicValueNotYet),
        (replace(LOTS, public_value="1\n2"), (FREEZE, COMMIT), no.PublicValueMissing),
        (replace(LOTS, evidence=""), (FREEZE, COMMIT), no.PublicValueMissing),
        (replace(LOTS, seed="0"), (FREEZE, COMMIT), no.SeedNotCommittedTo),
        (replace(FREEZE, pool=replace(POOL, candidates=())), (), no.PopulationEmpty),
        (replace(FREEZE, pool=replace(POOL, select=6)), (), no.SelectionImpossible),
        (replace(FREEZE, pool=replace(POOL, each=3)), (), no.InspectorsTooFew),
        (
            replace(FREEZE, pool=replace(POOL, candidates=(replace(POOL.candidates[0], weight=11),), select=1)),
            (),
            no.WeightImpossible,
        ),
    ],
)
def test_a_step_that_could_steer_the_draw_is_refused(
    command: Command, before: tuple[Command, ...], reason: type[Refusal]
) -> None:
    assert type(refused(command, *before)) is reason


@given(st.lists(st.sampled_from([FREEZE, COMMIT, replace(COMMIT, public_source=""), LOTS, PUBLISH, ANNUL]), max_size=9))
def test_a_screen_says_what_the_decider_does(steps: list[Command]) -> None:
    reasons = frozenset({
        no.DrawStands, no.DrawUnknown, no.DrawNotFrozen, no.DrawNotCommitted, no.DrawNotDrawn, no.DrawIsAnnulled,
    })  # fmt: skip
    walk(DRAW, hindrance, steps, reasons)


def test_a_population_that_is_too_large_for_one_fact_stands_in_several_and_draws_the_same() -> None:
    many = tuple(
        Candidate(institution_id=UUID(int=number), name=f"机构{number}", salt=f"{number:032x}", weight=1, level="WHITE")
        for number in range(1, PART_MAX * 2 + 2)
    )
    pool = replace(POOL, candidates=many, conflicts=(), select=20)
    facts = DRAW.decide(replace(FREEZE, pool=pool), DRAW.initial)
    assert [type(one).__name__ for one in facts] == [*["DrawPopulationAdded"] * 3, "DrawFrozen"]
    assert max(len(one.candidates) for one in facts if isinstance(one, DrawPopulationAdded)) == PART_MAX
    frozen = facts[-1]
    assert isinstance(frozen, DrawFrozen)
    assert (frozen.pool.candidates, frozen.candidates) == ((), len(many))
    state = DRAW.fold(facts, DRAW.initial)
    for command in (COMMIT, LOTS):
        state = DRAW.fold(DRAW.decide(command, state), state)
    assert isinstance(state, WithResult)
    assert state.frozen.pool.candidates == many
    population = population_of(pool, lots.code_of)
    assert state.frozen.population_hash == lots.hash_of(population)
    drawn = lots.drawn(population, LOTS.seed, LOTS.public_value)
    codes = {one.institution_id: lots.code_of(one.salt, str(one.institution_id), one.name) for one in many}
    assert [codes[one.institution_id] for one in state.result.drawn] == [code for code, _ in drawn]
    annulled = DRAW.fold(DRAW.decide(AnnulDraw(reason="数据有误", by="c", at=LOTS.at), state), state)
    again = DRAW.decide(replace(FREEZE, pool=pool), annulled)
    assert {one.attempt for one in again} == {2}
