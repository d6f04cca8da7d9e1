"""Alerts as they are stored: every fact of a life there and back, and what the first release wrote, read as a life."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings

from funds.domain.alerting.test_fold import ACCOUNT, AT, DAY, KNOWN, OPENED, announced, bookings, entry, heard, lesson
from funds.domain.alerting.test_life import STEPS, observe
from mingjing_funds.codec import WATCH_CODEC
from mingjing_funds.domain import account as a
from mingjing_funds.domain import alert
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as f
from mingjing_funds.domain.alerting.heard import Complained, LicenceStated, StaffCounted, Word
from mingjing_funds.domain.alerting.life import LIFE
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.sign_facts import ChangeNoted, ComplainantsNoted, Counted, GroupNoted, VisitNoted
from mingjing_funds.projections.remembered import packed, unpacked

SUBJECT = alert.Subject(
    account_id=UUID(int=1), institution_id=None, institution_name="木铎轩", department="教育局", region="330106"
)
SEEN = {
    "day": "2026-03-03",
    "balance_fen": 7_000_00,
    "in_transit_fen": 0,
    "unconsumed_fen": 5_000_00,
    "agreed_minimum_fen": 8_000_00,
    "months_open": 30,
}
TOLD = {
    "alert_id": str(UUID(int=9)),
    "subject": msgspec.to_builtins(SUBJECT),
    "rule": "F01",
    "rule_version": "F01/1",
    "threshold_fen": 8_000_00,
}
DONE = {"alert_id": str(UUID(int=9)), "on": str(DAY)}
FIRST_RELEASE: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "funds.rule-evaluated.v1",
        {name: value for name, value in TOLD.items() if name != "alert_id"} | {"severity": "YELLOW", "features": SEEN},
    ),
    ("funds.alert-raised.v1", TOLD | {"severity": "YELLOW", "features": SEEN}),
    ("funds.alert-worsened.v1", TOLD | {"severity": "RED", "features": SEEN | {"balance_fen": 1_000_00}}),
    ("funds.alert-acknowledged.v1", DONE | {"by": "王科长"}),
    ("funds.alert-closed.v1", DONE | {"by": "李科长", "disposal": "topped-up", "evidence": "回单"}),
)


def test_every_fact_of_a_life_is_stored_and_read_again() -> None:
    commands: list[f.Command] = [observe(0, Severity.YELLOW), observe(1, Severity.RED), *STEPS]
    commands.insert(2, f.Remind(clock="alert-verify-reminder", on=DAY))
    commands.insert(3, f.Escalate(clock="alert-acknowledge", on=DAY))
    cleared = [observe(0, Severity.YELLOW), observe(1, None), observe(4, None), observe(5, Severity.YELLOW)]
    kinds = set()
    for played in (commands, cleared):
        state = LIFE.initial
        for command in played:
            for event in LIFE.decide(command, state):
                assert WATCH_CODEC.decode(*WATCH_CODEC.encode(event)) == event
                state = LIFE.fold([event], state)
                kinds.add(type(event))
    assert kinds | {alert.Evaluated} == set(WATCH_CODEC.types.values())


def test_what_the_first_release_wrote_reads_as_a_life() -> None:
    read = [WATCH_CODEC.decode(name, msgspec.json.encode(stored)) for name, stored in FIRST_RELEASE]
    watch = LIFE.fold(read)
    assert isinstance(watch, f.Alert)
    assert (watch.stage, watch.severity, watch.raised_on) == (f.Stage.CLOSED, Severity.RED, date(2026, 3, 3))
    raised = read[1]
    assert isinstance(raised, f.AlertRaised)
    assert raised.said.because_en.startswith("On 2026-03-03 the custody account holds ¥7,000.00")
    assert {one.name for one in raised.said.measures} == {
        "balance_fen",
        "in_transit_fen",
        "unconsumed_fen",
        "agreed_minimum_fen",
        "months_open",
    }


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bookings)
def test_what_is_remembered_comes_back_as_it_went_in(booked: list[tuple[date, int, str]]) -> None:
    state = heard(
        OPENED,
        announced("JF1", 500_00, DAY),
        lesson(1, DAY),
        Complained(person="P1", words=frozenset({Word.GONE})),
        StaffCounted(staff=4),
        LicenceStated(granted_on=None, valid_to=DAY, annual_check="pass"),
        ComplainantsNoted(counts=(Counted(word="gone", days=30, people=2, unnamed=1),), on=DAY),
        GroupNoted(institution_id=ACCOUNT, people=3, on=DAY),
        ChangeNoted(what="address", is_approved=True, reference="1号", on=DAY),
        VisitNoted(institution_id=ACCOUNT, outcome="DOOR_CLOSED", failed=("C06",), visited_at=AT, on=DAY),
    )
    for number, (day, amount, _) in enumerate(booked):
        state = heard(entry(f"F{number}", -amount, day, a.Column.SUSPENSE), state=state)
    again = unpacked(packed(state))
    assert features(again, DAY, KNOWN) == features(state, DAY, KNOWN)
    assert packed(again) == packed(state)
