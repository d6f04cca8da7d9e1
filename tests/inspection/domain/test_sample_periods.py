"""Periods that samples were drawn of: over, and drawn from once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mingjing_inspection.domain.sample_periods import (
    SAMPLE_PERIODS,
    ClaimPeriod,
    PeriodClaimed,
    PeriodNotOver,
    SamplePeriodOverlaps,
)
from mingjing_kernel.decider import fact
from mingjing_kernel.identifiers import new_id

END = datetime(2026, 7, 1, tzinfo=UTC)
CLAIM = ClaimPeriod(
    sample_id=new_id(), department="science", region="330106", since=END - timedelta(days=30), until=END, at=END
)


def test_a_period_that_is_not_over_is_refused() -> None:
    early = replace(CLAIM, at=END - timedelta(seconds=1))
    with pytest.raises(PeriodNotOver):
        SAMPLE_PERIODS.decide(early, ())
    assert SAMPLE_PERIODS.decide(CLAIM, ()) == [fact(PeriodClaimed, CLAIM)]


def test_what_is_over_is_drawn_from_once_and_an_early_claim_silences_nobody() -> None:
    again = replace(CLAIM, sample_id=new_id(), region="330106109")
    with pytest.raises(SamplePeriodOverlaps):
        SAMPLE_PERIODS.decide(again, (fact(PeriodClaimed, CLAIM),))
    early = fact(PeriodClaimed, replace(CLAIM, at=END - timedelta(days=1)))
    assert SAMPLE_PERIODS.decide(again, (early,)) == [fact(PeriodClaimed, again)]
    assert SAMPLE_PERIODS.decide(replace(CLAIM, at=END - timedelta(days=1)), (early,)) == []
