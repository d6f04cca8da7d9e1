"""Import mappings and the platform's roster, given, when, then."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain import import_mapping, roster, roster_run
from mingjing_registry.domain.exchange_refusals import (
    ColumnTwice,
    FieldsMissing,
    MappingUnknown,
    RosterOutdated,
    RosterUndated,
    RosterUnknown,
)
from mingjing_registry.domain.import_mapping import ConfirmMapping, Mapping, MappingConfirmed, WithdrawMapping
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.domain.roster import DifferenceNoted, Entry, MissEntry, NoteDifference, RosterEntryStated
from mingjing_registry.domain.roster_run import Found, ReconcileRoster, RosterReconciled, RosterTaken, Taken, TakeRoster

ON, BEFORE = date(2026, 7, 1), date(2026, 6, 1)
MAPPING = Mapping(header=("全称", "代码", "说明"), fields=("name", "uscc", ""), kind="register", header_rows=1)
CONFIRM = ConfirmMapping(sender="三墩镇", department="education", region="330106", mapping=MAPPING, on=ON)
CONFIRMED = MappingConfirmed(sender="三墩镇", department="education", region="330106", mapping=MAPPING, number=1, on=ON)
ENTRY = Entry(name="甲", uscc="91330106MA00001B3D")
STATED = RosterEntryStated(
    entry=ENTRY, institution_id=UUID(int=1), department="education", region="330106", stated_on=BEFORE,
    roster_id=UUID(int=9), on=BEFORE,
)  # fmt: skip
NOTE = NoteDifference(
    kind="known", text="已知", reference="", institution_id=UUID(int=1), department="education", region="330106",
    differences=("name=甲|乙",), on=ON,
)  # fmt: skip
TAKE = TakeRoster(
    roster_id=UUID(int=9), digest="00", file_name="名录.csv", stated_on=BEFORE, is_whole=True,
    taken=Taken(rows=1, stated=1, unchanged=0, gone=0, kept_aside=0), on=BEFORE,
)  # fmt: skip
TAKEN = RosterTaken(
    roster_id=UUID(int=9),
    digest="00",
    file_name="名录.csv",
    stated_on=BEFORE,
    is_whole=True,
    taken=TAKE.taken,
    on=BEFORE,
)
FOUND = Found(agreeing=3, differing=1)


@pytest.fixture(name="mappings")
def make_mappings() -> Spec:
    return Spec(import_mapping.IMPORT_MAPPING)


@pytest.fixture(name="entry")
def make_entry() -> Spec:
    return Spec(roster.ROSTER_ENTRY)


@pytest.fixture(name="run")
def make_run() -> Spec:
    return Spec(roster_run.ROSTER)


def test_what_is_confirmed_twice_is_one_fact_and_another_reading_is_a_later_one(mappings: Spec) -> None:
    mappings.given().when(CONFIRM).then(CONFIRMED)
    mappings.given(CONFIRMED).when(CONFIRM).then()
    other = replace(MAPPING, fields=("name", "uscc", "remark"))
    mappings.given(CONFIRMED).when(replace(CONFIRM, mapping=other)).then(replace(CONFIRMED, mapping=other, number=2))


def test_a_mapping_that_cannot_tell_institutions_apart_is_refused(mappings: Spec) -> None:
    lacking = replace(MAPPING, fields=("name", "", "remark"))
    mappings.given().when(replace(CONFIRM, mapping=lacking)).then_refused(FieldsMissing)
    twice = replace(MAPPING, fields=("name", "uscc", "uscc"))
    mappings.given().when(replace(CONFIRM, mapping=twice)).then_refused(ColumnTwice)
    left_out = replace(MAPPING, fields=("", "", ""))
    mappings.given().when(replace(CONFIRM, mapping=left_out)).then(replace(CONFIRMED, mapping=left_out))


def test_a_mapping_is_withdrawn_once_and_with_a_reason(mappings: Spec) -> None:
    mappings.given().when(WithdrawMapping(header=MAPPING.header, reason="改", on=ON)).then_refused(MappingUnknown)
    mappings.given(CONFIRMED).when(WithdrawMapping(header=MAPPING.header, reason=" ", on=ON)).then_refused(
        ReasonMissing
    )


def test_an_older_roster_changes_nothing(entry: Spec) -> None:
    older = MissEntry(stated_on=date(2026, 5, 1), roster_id=UUID(int=8), on=ON)
    entry.given(STATED).when(older).then()


def test_a_note_needs_a_difference_and_words(entry: Spec) -> None:
    noted = DifferenceNoted(
        kind="known", text="已知", reference="", institution_id=UUID(int=1), department="education", region="330106",
        differences=("name=甲|乙",), on=ON,
    )  # fmt: skip
    entry.given(STATED).when(NOTE).then(noted)
    entry.given(STATED, noted).when(NOTE).then()
    entry.given(STATED).when(replace(NOTE, differences=())).then_refused(RosterUnknown)
    entry.given(STATED).when(replace(NOTE, text=" ")).then_refused(ReasonMissing)


def test_a_roster_is_taken_once_and_never_behind_a_later_one(run: Spec) -> None:
    run.given().when(TAKE).then(TAKEN)
    run.given(TAKEN).when(TAKE).then()
    run.given().when(replace(TAKE, stated_on=None)).then_refused(RosterUndated)
    older = replace(TAKE, roster_id=UUID(int=7), stated_on=date(2026, 5, 1))
    run.given(TAKEN).when(older).then_refused(RosterOutdated)


def test_a_comparison_says_why_it_did_nothing_and_is_made_once_a_day(run: Spec) -> None:
    compare = ReconcileRoster(position=7, found=FOUND, on=ON)
    nothing = RosterReconciled(stated_on=None, position=7, found=Found(), because="no-roster", on=ON)
    run.given().when(compare).then(nothing)
    done = RosterReconciled(stated_on=BEFORE, position=7, found=FOUND, because="", on=ON)
    run.given(nothing, TAKEN).when(compare).then(done)
    run.given(TAKEN, done).when(compare).then()
    late = replace(compare, on=date(2026, 8, 1))
    run.given(TAKEN).when(late).then(replace(done, because="roster-old", on=date(2026, 8, 1)))
