"""Deadlines of funds (期限): every clock of this service in one plan. How the list is kept is the kernel's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingjing_funds.projections.alert_deadlines import ALERT_DEADLINES
from mingjing_funds.projections.family_deadlines import FAMILY_DEADLINES
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.deadlines import DeadlinePlan
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, Row

DEADLINES = DeadlinePlan((*FAMILY_DEADLINES, *ALERT_DEADLINES))


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a clock."""
    return DEADLINES.keys(fact)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The clock after the fact."""
    return DEADLINES.fold(key, row, fact)


DEADLINES_READ = DEADLINES.model(METADATA, keys, fold)
