"""A joint operation: who leads, who takes part, what is shared with its origin, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain import operation_facts as o
from mingjing_inspection.domain import operation_refusals as because
from mingjing_inspection.domain.operation import (
    ITEMS_MAX,
    OPERATION,
    REFERENCES_MAX,
    Known,
    Stage,
    category_of,
    hindrance,
    region_of,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
DAY = date(2026, 7, 3)
TARGET = o.Target(
    institution_id=UUID(int=1), site_id=UUID(int=2), region="330106109001001", department="education", category="art"
)
PLAN = o.PlanOperation(
    title="暑期联合检查",
    department="education",
    members=("education", "fire-rescue", "market-regulation"),
    targets=(TARGET,),
    region="330106",
    category="art",
    held_on=DAY,
    reason="督查",
    legal_basis="",
    by="p1",
    at=AT,
    today=date(2026, 7, 1),
)
FIRE = o.AnswerOperation(department="fire-rescue", takes_part=True, reason="", by="p2", at=AT)
MARKET = o.AnswerOperation(department="market-regulation", takes_part=False, reason="另有安排", by="p3", at=AT)
LAUNCH = o.LaunchOperation(by="p1", at=AT, today=DAY)
SOURCE = o.Provenance(
    department="fire-rescue",
    visit_id=UUID(int=5),
    site_id=UUID(int=2),
    officer="f1",
    taken_at=AT,
    sha256="a" * 64,
)
POOL = o.PoolEvidence(item_id=UUID(int=7), source=SOURCE, note="", by="f1", at=AT)
REFER = o.ReferEvidence(
    item_id=UUID(int=7), department="education", visit_id=UUID(int=6), finding_id=None, by="p1", at=AT
)
CONCLUDE = o.ConcludeOperation(conclusion="已完成", remaining=0, by="p1", at=AT)
CANCEL = o.CancelOperation(reason="暴雨", by="p1", at=AT)
STEPS = (PLAN, FIRE, MARKET, replace(FIRE, takes_part=False, reason="撤回"), LAUNCH, POOL, REFER, CONCLUDE, CANCEL)
REASONS: frozenset[type[Refusal]] = frozenset({
    because.OperationUnknown, because.OperationUnderWay, because.OperationOver, because.OperationNotLaunched,
    because.AnswersAwaited, because.NobodyElse,
})  # fmt: skip


def after(*commands: Any) -> Known:
    state: Any = OPERATION.initial
    for command in commands:
        state = OPERATION.fold(OPERATION.decide(command, state), state)
    assert isinstance(state, Known)
    return state


def refused(reason: type[Refusal], state: Any, command: Any) -> None:
    with pytest.raises(reason) as caught:
        OPERATION.decide(command, state)
    assert type(caught.value) is reason


def test_who_does_not_answer_holds_it_up_and_one_department_alone_is_no_joint_inspection() -> None:
    refused(because.AnswersAwaited, after(PLAN, FIRE), LAUNCH)
    no = replace(FIRE, takes_part=False, reason="无")
    refused(because.NobodyElse, after(PLAN, no, MARKET), LAUNCH)
    assert after(PLAN, no, MARKET, FIRE, LAUNCH).taking_part == ("education", "fire-rescue")
    refused(because.NoMember, after(PLAN), replace(FIRE, department="science"))
    refused(because.NoMember, after(PLAN), replace(FIRE, department="education"))
    refused(because.OperationDayPassed, after(PLAN, FIRE, MARKET), replace(LAUNCH, today=date(2026, 7, 4)))


def test_only_who_takes_part_shares_and_takes_over_and_the_origin_goes_with_it() -> None:
    out = after(PLAN, FIRE, MARKET, LAUNCH)
    refused(because.NoMember, out, replace(POOL, source=replace(SOURCE, department="market-regulation")))
    shared = after(PLAN, FIRE, MARKET, LAUNCH, POOL)
    assert OPERATION.decide(POOL, shared) == []
    refused(because.ItemPooledOtherwise, shared, replace(POOL, source=replace(SOURCE, sha256="b" * 64)))
    refused(because.ItemUnknown, out, REFER)
    refused(because.ItemOwn, shared, replace(REFER, department="fire-rescue"))
    refused(because.NoMember, shared, replace(REFER, department="market-regulation"))
    refused(because.ReferenceNowhere, shared, replace(REFER, finding_id=UUID(int=8)))
    refused(because.ReferenceNowhere, shared, replace(REFER, visit_id=None))
    (taken,) = OPERATION.decide(REFER, shared)
    assert isinstance(taken, o.EvidenceReferred)
    assert taken.source == SOURCE
    assert OPERATION.decide(REFER, OPERATION.evolve(shared, taken)) == []


def test_everything_has_a_limit() -> None:
    out = after(PLAN, FIRE, MARKET, LAUNCH)
    items = [replace(POOL, item_id=UUID(int=1000 + number)) for number in range(ITEMS_MAX)]
    refused(because.PoolFull, after(PLAN, FIRE, MARKET, LAUNCH, *items), POOL)
    visits = [replace(REFER, visit_id=UUID(int=1000 + number)) for number in range(REFERENCES_MAX)]
    refused(because.PoolFull, after(PLAN, FIRE, MARKET, LAUNCH, POOL, *visits), REFER)
    many = tuple(replace(TARGET, site_id=UUID(int=number)) for number in range(201))
    refused(because.TargetsImpossible, OPERATION.initial, replace(PLAN, targets=many))
    refused(because.TargetsImpossible, OPERATION.initial, replace(PLAN, targets=(TARGET, TARGET)))
    assert out.stage is Stage.UNDER_WAY


def test_it_ends_when_nobody_has_to_go_and_a_second_time_changes_nothing() -> None:
    out = after(PLAN, FIRE, MARKET, LAUNCH)
    refused(because.OperationUnfinished, out, replace(CONCLUDE, remaining=1))
    ended = after(PLAN, FIRE, MARKET, LAUNCH, CONCLUDE)
    assert OPERATION.decide(CONCLUDE, ended) == []
    assert after(PLAN, FIRE, MARKET, LAUNCH, CONCLUDE, POOL).stage is Stage.CONCLUDED, (
        "shared for the cases that follow"
    )
    refused(because.OperationOver, ended, CANCEL)
    assert OPERATION.decide(CANCEL, after(PLAN, CANCEL)) == []


def test_it_stands_where_all_its_sites_are() -> None:
    assert region_of(("330106109001001", "330106109002003")) == "330106109"
    assert region_of(("330106109001001",)) == "330106109001001"
    assert region_of(("330106109", "330108001")) == "3301"
    assert region_of(("330106", "440106")) == ""
    assert (category_of(("art", "art")), category_of(("art", "sport"))) == ("art", "")


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_the_screen_says_what_the_decider_does(commands: list[Any]) -> None:
    state = walk(OPERATION, hindrance, commands, REASONS)
    if isinstance(state, Known) and state.stage in (Stage.UNDER_WAY, Stage.CONCLUDED):
        assert len(state.taking_part) >= 2
    if isinstance(state, Known):
        assert all(item.source.department in state.plan.members for item in state.pool.values())
