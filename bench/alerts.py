"""All alert rules over every institution, and one institution anew after one event.

Raw limit: the features of the same accounts without a rule, in the same run. States are folded from facts, a few
thousand of them, and looked at round and round until every institution had its turn: what is measured is looking, not
memory. The issue asks for 120,000 institutions within 60 s and 20 ms after one event.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from figure import Figure, milliseconds, percentile
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.alerting.catalogue import RULES, evaluate
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.heard import Complained, Heard, Known, LicenceStated, StaffCounted, Word
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.state import UNKNOWN, State
from mingjing_funds.policy.alert_thresholds import released, sized
from stage import Options

NAME = "alerts"
USES = {"events"}
INSTITUTIONS = 120_000
FOLDED = 500
"""So many different accounts, each with half a year behind it."""
DAYS = 120
DAY = date(2026, 6, 30)
AT = datetime(2026, 6, 30, 8, tzinfo=UTC)
KNOWN = Known(bank_to=DAY, lessons_to=DAY, complaints_to=DAY, registry_to=DAY)
HOLDER = a.Holder(
    institution_id=None,
    institution_name="木铎轩",
    uscc="",
    bank="bank",
    account_name="",
    department="education",
    region="330106",
    category="art",
)


async def run(options: Options) -> Figure:
    """Measure."""
    institutions = options.events or INSTITUTIONS
    states = [_folded(number) for number in range(min(FOLDED, institutions))]
    began = time.perf_counter()
    for number in range(institutions):
        features(states[number % len(states)], DAY, KNOWN)
    looked = time.perf_counter() - began
    began = time.perf_counter()
    fired = 0
    for number in range(institutions):
        fired += _evaluated(states[number % len(states)])
    took = time.perf_counter() - began
    one = sorted(_incremental(state, number) for number, state in enumerate(states))
    return Figure(
        name=NAME,
        value=institutions / took,
        unit="institutions/s",
        raw=institutions / looked,
        raw_is="their features, no rule",
        details={
            "institutions": institutions,
            "seconds": round(took, 1),
            "rules": len(RULES) + 1,
            "fired": fired,
            "incremental_p50_ms": milliseconds(percentile(one, 0.5)),
            "incremental_p99_ms": milliseconds(percentile(one, 0.99)),
        },
    )


def _evaluated(state: State) -> int:
    seen = features(state, DAY, KNOWN)
    found = evaluate(seen, sized(released(), seen.peak_owed_fen))
    return sum(one.severity is not None for one in found.values())


def _incremental(state: State, number: int) -> float:
    """One more booking of an account, and every rule on it."""
    began = time.perf_counter()
    _evaluated(told(state, Heard(DAY, _entry(f"new{number}", -1_000_00, DAY, a.Column.RELEASE))))
    return time.perf_counter() - began


def _folded(number: int) -> State:
    """An account with lessons, payments and releases on every second day, some complaints and a staff."""
    opened = a.AccountActivated(
        holder=HOLDER,
        number=str(number),
        number_written="",
        minimum_fen=8_000_00,
        opened_on=date(2020, 1, 1),
        opening_fen=40_000_00,
        opening_on=DAY - timedelta(days=DAYS),
    )
    licence = LicenceStated(granted_on=date(2020, 1, 1), valid_to=date(2028, 1, 1), annual_check="pass")
    facts: list[object] = [opened, licence, StaffCounted(staff=9), Complained(person="P", words=frozenset({Word.GONE}))]
    for back in range(DAYS, 0, -2):
        day = DAY - timedelta(days=back)
        flow = f"{number}-{back}"
        facts += [
            a.MoneyExpected(direction=a.Direction.PAYMENT, number=flow, amount_fen=1_800_00, due_on=day),
            _entry(f"in{flow}", 1_800_00, day, a.Column.PAYMENT, flow),
            _entry(f"out{flow}", -900_00, day, a.Column.RELEASE),
            _lesson(flow, day),
        ]
    state = UNKNOWN
    for fact in facts:
        state = told(state, Heard(DAY, fact, str(number)))
    return state


def _entry(flow: str, amount: int, day: date, column: a.Column, number: str = "") -> a.EntryBooked:
    return a.EntryBooked(
        bank="bank",
        flow=flow,
        booked_at=AT,
        booked_on=day,
        amount_fen=amount,
        balance_fen=0,
        summary="",
        reference=number,
        tail="",
        column=column,
        number=number,
        expected_fen=amount if number else 0,
        expected_on=day if number else None,
        reverses="",
        digest="",
    )


def _lesson(number: str, day: date) -> c.LessonConfirmed:
    return c.LessonConfirmed(
        account_id=UUID(int=1),
        lesson_no=number,
        held_on=day,
        units=1,
        is_gift=False,
        is_automatic=False,
        how="",
        confirmed_at=AT,
        content="",
        reported_on=day,
        used=1,
        earned_fen=75_00,
        earned_on=day,
    )
