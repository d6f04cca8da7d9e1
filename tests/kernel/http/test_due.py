"""Until when an act is wanted stands beside it, and says aloud that the day has passed."""

from __future__ import annotations

from datetime import date

from mingjing_kernel.http.actions import AvailableAction, due

LAST = date(2026, 7, 3)
WITHDRAW = AvailableAction(act="withdraw-listing", zh="撤销列入", en="withdraw the listing", available=True)
PUBLISH = AvailableAction(act="publish-listing", zh="公布", en="publish the listing", available=False)


def test_only_what_a_clock_waits_for_has_a_last_day_and_is_overdue_the_day_after() -> None:
    on_time = due([WITHDRAW, PUBLISH], {"withdraw-listing": LAST}, LAST)
    assert [(one.due_on, one.is_overdue) for one in on_time] == [(LAST, False), (None, False)]
    late, _ = due([WITHDRAW, PUBLISH], {"withdraw-listing": LAST}, date(2026, 7, 4))
    assert (late.available, late.due_on, late.is_overdue) == (True, LAST, True)
