"""Parts that wait or lie aside, checklist versions, bundles, closed doors: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain.bundle import BUNDLE, DeclareBundle, Declared, Part, PartKind
from mingjing_inspection.domain.bundle_refusals import (
    BundleDeclaredOtherwise,
    ManifestMistaken,
    OwnPart,
    PartNotForcible,
    PartSettled,
    PartsTooMany,
    PartUnknown,
)
from mingjing_inspection.domain.checklist import PATROL_V1, Item, Severity
from mingjing_inspection.domain.checklist_refusals import (
    ChecklistBackdated,
    ChecklistVersionTaken,
    ChecklistWithdrawnAlready,
    ItemsMistaken,
)
from mingjing_inspection.domain.checklist_versions import (
    VERSIONS,
    ApproveChecklist,
    ProposeChecklist,
    Source,
    WithdrawChecklist,
)
from mingjing_inspection.domain.closed_door import CLOSED_DOOR, Look, NoteClosedDoor, TeachingHours
from mingjing_inspection.domain.visit import Doubt, Outcome
from mingjing_inspection.domain.visit_part import (
    PARTS_KEPT_MAX,
    VISIT_PART,
    DismissPart,
    HoldPart,
    KeepPartAside,
    KeptPart,
    PartStage,
    TakePart,
    Waiting,
    Why,
    check_forcing,
)
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)  # a Wednesday, 18:00 in China
VISIT_ID, PART_ID = UUID(int=41), UUID(int=42)
KEPT = KeptPart(
    part_id=PART_ID,
    kind=PartKind.CORRECTION,
    bundle_id=UUID(int=1),
    officer="officer-1",
    department="education",
    region="330106",
    sha256="a" * 64,
    content=b"{}",
    clock_skew_seconds=0,
    received_at=AT,
)
WHY = Why(code="photo-missing", zh="缺少照片。", en="A photo is missing.")
HOLD = HoldPart(part=KEPT, waits_for=Waiting(visit_version=2))
ASIDE = KeepPartAside(part=KEPT, why=WHY, is_contested=False)
TAKE = TakePart(part_id=PART_ID, sha256="a" * 64, by="inspector-1", reason="补录", is_forced=True, at=AT)
DISMISS = DismissPart(part_id=PART_ID, sha256="a" * 64, by="inspector-1", reason="重复", at=AT)


def test_what_is_sent_again_lies_there_once() -> None:
    held = Spec(VISIT_PART).given(*VISIT_PART.decide(HOLD, VISIT_PART.initial))
    held.when(HOLD).then()
    assert VISIT_PART.fold(held.history).known[(PART_ID, "a" * 64)].stage is PartStage.HELD
    # What it waited for came, and then it was refused: it lies aside now.
    aside = held.given(*VISIT_PART.decide(ASIDE, VISIT_PART.fold(held.history)))
    assert VISIT_PART.fold(aside.history).known[(PART_ID, "a" * 64)].stage is PartStage.ASIDE
    aside.when(ASIDE).then()


def test_two_contents_under_one_id_are_two_and_there_is_a_limit() -> None:
    state = VISIT_PART.initial
    for n in range(PARTS_KEPT_MAX):
        for event in VISIT_PART.decide(replace(ASIDE, part=replace(KEPT, sha256=f"{n:064x}")), state):
            state = VISIT_PART.evolve(state, event)
    assert len(state.undecided()) == PARTS_KEPT_MAX
    with pytest.raises(PartsTooMany):
        VISIT_PART.decide(ASIDE, state)


def test_whoever_sent_it_does_not_settle_it_and_what_is_settled_stays_so() -> None:
    lying = Spec(VISIT_PART).given(*VISIT_PART.decide(ASIDE, VISIT_PART.initial))
    lying.when(replace(TAKE, by="officer-1")).then_refused(OwnPart)
    lying.when(replace(DISMISS, by="officer-1")).then_refused(OwnPart)
    taken = lying.given(*VISIT_PART.decide(TAKE, VISIT_PART.fold(lying.history)))
    taken.when(TAKE).then()
    taken.when(DISMISS).then_refused(PartSettled)
    Spec(VISIT_PART).when(TAKE).then_refused(PartUnknown)
    unreadable = replace(ASIDE, why=replace(WHY, code="part-unreadable"))
    with pytest.raises(PartNotForcible):
        check_forcing(VISIT_PART.fold(VISIT_PART.decide(unreadable, VISIT_PART.initial)), TAKE)


ITEM = Item(code="C09", title_zh="消防", title_en="Fire", legal_basis="教监管厅函〔2022〕9号", severity=Severity.RED)
PROPOSE = ProposeChecklist(
    version="patrol-2026",
    effective_from=date(2026, 9, 1),
    items=(ITEM,),
    source=Source(name="清单.xlsx", sha256="e" * 64),
    reason="秋季专项",
    by="approver-1",
    at=AT,
    on=date(2026, 7, 1),
)
APPROVE = ApproveChecklist(version="patrol-2026", by="approver-2", at=AT, on=date(2026, 7, 2))


def test_a_version_is_in_force_from_its_day_and_never_before_it_was_approved() -> None:
    state = VERSIONS.fold(VERSIONS.decide(PROPOSE, VERSIONS.initial))
    assert state.checklist("patrol-2026") is None
    state = VERSIONS.evolve(state, VERSIONS.decide(APPROVE, state)[0])
    assert [state.on(date(2026, month, 1)).version for month in (8, 9)] == ["patrol-v1", "patrol-2026"]
    assert state.on(date(2000, 1, 1)) == PATROL_V1
    late = replace(APPROVE, on=date(2026, 10, 1))
    proposed = VERSIONS.fold(VERSIONS.decide(PROPOSE, VERSIONS.initial))
    assert VERSIONS.decide(late, proposed)[0].in_force_from == date(2026, 10, 1)  # type: ignore[union-attr]


def test_a_version_never_changes() -> None:
    proposed = Spec(VERSIONS).given(*VERSIONS.decide(PROPOSE, VERSIONS.initial))
    proposed.when(PROPOSE).then()
    proposed.when(replace(PROPOSE, items=(replace(ITEM, code="C10"),))).then_refused(ChecklistVersionTaken)
    Spec(VERSIONS).when(replace(PROPOSE, version="patrol-v1")).then_refused(ChecklistVersionTaken)
    Spec(VERSIONS).when(replace(PROPOSE, effective_from=date(2026, 6, 30))).then_refused(ChecklistBackdated)
    for items in ((), (ITEM, ITEM), (replace(ITEM, code="C16"),), (replace(ITEM, legal_basis=" "),)):
        Spec(VERSIONS).when(replace(PROPOSE, items=items)).then_refused(ItemsMistaken)
    withdrawn = proposed.given(
        *VERSIONS.decide(
            WithdrawChecklist(version="patrol-2026", reason="有误", by="approver-1", at=AT),
            VERSIONS.fold(proposed.history),
        )
    )
    withdrawn.when(APPROVE).then_refused(ChecklistWithdrawnAlready)


REPORT = Part(part_id=VISIT_ID, visit_id=VISIT_ID, kind=PartKind.REPORT, sha256="a" * 64, size_bytes=10)
DECLARE = DeclareBundle(officer="officer-1", device="phone", parts=(REPORT,), device_sent_at=AT, received_at=AT)


def test_a_manifest_stands_as_it_was_declared() -> None:
    declared = Spec(BUNDLE).given(*BUNDLE.decide(DECLARE, BUNDLE.initial))
    declared.when(replace(DECLARE, device_sent_at=AT + timedelta(hours=1))).then()
    declared.when(replace(DECLARE, parts=(replace(REPORT, size_bytes=11),))).then_refused(BundleDeclaredOtherwise)
    state = BUNDLE.fold(declared.history)
    assert isinstance(state, Declared)
    assert state.part(VISIT_ID) == REPORT


@pytest.mark.parametrize(
    "part",
    [
        replace(REPORT, part_id=PART_ID),
        replace(REPORT, kind=PartKind.CORRECTION),
        replace(REPORT, sha256="A" * 64),
        replace(REPORT, size_bytes=64 * 1024 + 1),
    ],
)
def test_a_manifest_by_which_nothing_can_be_sent_is_refused(part: Part) -> None:
    Spec(BUNDLE).when(replace(DECLARE, parts=(part,))).then_refused(ManifestMistaken)


def look(number: int, outcome: Outcome = Outcome.DOOR_CLOSED, **more: object) -> Look:
    visited_at = AT + timedelta(days=7 * number)
    base = {"visit_id": UUID(int=number), "outcome": outcome, "visited_at": visited_at, "is_working_day": True}
    return Look(**base | more)  # type: ignore[arg-type]


def noted(*looks: Look, at: int = 2) -> list[tuple[int, int]]:
    command = NoteClosedDoor(
        institution_id=UUID(int=1),
        department="education",
        region="330106",
        category="art",
        visit_id=UUID(int=at),
        looks=looks,
        hours=TeachingHours(),
        noted_at=AT,
    )
    return [
        (one.first_visit_id.int, one.second_visit_id.int) for one in CLOSED_DOOR.decide(command, CLOSED_DOOR.initial)
    ]


def test_two_closed_doors_running_are_a_fact_and_what_lies_between_parts_them() -> None:
    assert noted(look(1), look(2)) == [(1, 2)]
    assert noted(look(1), look(2, Outcome.NO_ISSUE)) == []
    assert noted(look(0), look(1, Outcome.NOT_FOUND), look(2)) == []
    morning = {"visited_at": AT - timedelta(hours=9)}
    assert noted(look(1, **morning), look(2)) == []
    assert noted(look(1, doubts=frozenset({Doubt.CLOCK_AHEAD})), look(2)) == []
    assert noted(look(1), look(2), look(3)) == [(1, 2), (2, 3)]
    at_once = {"visited_at": look(1).visited_at + timedelta(minutes=1)}
    assert noted(look(1), look(2, **at_once)) == [], "a second tap is no second look"


def test_a_holiday_has_the_hours_of_a_weekend_and_a_worked_weekend_day_those_of_a_weekday() -> None:
    morning = [{"visited_at": AT - timedelta(hours=9) + timedelta(days=7 * n)} for n in (1, 2)]
    holiday = [look(n + 1, is_working_day=False, **one) for n, one in enumerate(morning)]
    assert noted(*holiday) == [(1, 2)]
    assert noted(holiday[0], look(2, **morning[1])) == [], "the second was a school day"


@given(st.permutations([1, 2, 3, 4]))
def test_in_whatever_order_reports_arrive_each_pair_is_noted_once(order: list[int]) -> None:
    state, pairs, here = CLOSED_DOOR.initial, [], set[int]()
    for number in order:
        here.add(number)
        command = NoteClosedDoor(
            institution_id=UUID(int=1),
            department="education",
            region="330106",
            category="art",
            visit_id=UUID(int=number),
            looks=[look(n) for n in sorted(here)],
            hours=TeachingHours(),
            noted_at=AT,
        )
        for event in CLOSED_DOOR.decide(command, state):
            state = CLOSED_DOOR.evolve(state, event)
            pairs.append((event.first_visit_id.int, event.second_visit_id.int))
    assert len(pairs) == len(set(pairs))
    assert {(1, 2), (2, 3), (3, 4)} <= set(pairs)
