"""A list of others is believed as it comes, but for one that is older, or would end more than half unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain import mirror as m
from mingjing_registry.domain.blacklist_refusals import FeedOlder, ListShrunken

DAY = date(2026, 7, 1)
TAKE = m.TakeSource(
    mirrored_list="dishonesty",
    source="市场监管",
    stated_on=DAY,
    is_complete=True,
    entries=10,
    known=10,
    ended=0,
    on=DAY,
)


def taken(command: m.TakeSource) -> m.SourceTaken:
    """What is on record of it."""
    return m.SourceTaken(
        mirrored_list="dishonesty",
        source="市场监管",
        stated_on=DAY,
        is_complete=command.is_complete,
        entries=command.entries,
        ended=command.ended,
        on=DAY,
    )


@pytest.mark.parametrize(
    ("entries", "known", "ended", "is_believed"),
    [(10, 10, 0, True), (5, 10, 5, True), (4, 10, 6, False), (0, 10, 10, False), (0, 1, 1, False), (0, 0, 0, True)],
)
def test_a_list_that_ends_more_than_half_needs_somebody_who_looked(
    entries: int, known: int, ended: int, is_believed: bool
) -> None:
    command = replace(TAKE, entries=entries, known=known, ended=ended)
    if is_believed:
        Spec(m.MIRROR_SOURCE).when(command).then(taken(command))
    else:
        Spec(m.MIRROR_SOURCE).when(command).then_refused(ListShrunken)
    confirmed = replace(command, is_confirmed=True)
    Spec(m.MIRROR_SOURCE).when(confirmed).then(taken(confirmed))


def test_an_older_list_is_refused_whatever_somebody_confirms() -> None:
    older = replace(TAKE, stated_on=date(2026, 6, 30), is_confirmed=True)
    Spec(m.MIRROR_SOURCE).given(taken(TAKE)).when(older).then_refused(FeedOlder)
