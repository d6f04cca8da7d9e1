"""A bank that has fallen silent: what it has not told is no sign of money that went elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

from funds.domain.alerting.calm import T
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.catalogue import RULES
from mingjing_funds.domain.alerting.heard import Known, Word
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.state import UNKNOWN, WEEKS, Said, State
from mingjing_kernel.state import changed

HEARD_TO = date(2026, 5, 20)
SILENT_FOR = 40


def paid_weekly(weeks: int) -> State:
    """¥50,000 came in each week, up to the last day of which the bank has told; two families speak afterwards."""
    day = HEARD_TO + timedelta(days=SILENT_FOR)
    state = changed(UNKNOWN, is_open=True, opening_on=date(2025, 1, 1))
    for week in reversed(range(weeks)):
        state = changed(state, receipts=state.receipts.add(HEARD_TO - timedelta(days=7 * week), 50_000_00))
    return changed(state, said=tuple(Said(day, name, frozenset({Word.PRIVATE_PAYMENT})) for name in ("a", "b")))


def said_of_private_payments(state: State, is_bank_silent: bool) -> tuple[Severity | None, bool]:
    day = HEARD_TO + timedelta(days=SILENT_FOR)
    known = Known(bank_to=HEARD_TO if is_bank_silent else day, is_bank_silent=is_bank_silent, complaints_to=day)
    found = RULES["F34"].says(features(state, day, known), T)
    return found.severity, "收费骤停" in found.because.zh


def test_receipts_of_which_the_bank_has_not_told_have_not_dried_up() -> None:
    state = paid_weekly(WEEKS)
    assert said_of_private_payments(state, is_bank_silent=False) == (Severity.RED, True)
    assert said_of_private_payments(state, is_bank_silent=True) == (Severity.YELLOW, False)
