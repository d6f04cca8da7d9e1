"""Deadlines of inspection (期限): every clock of this service in one plan. How the list is kept is the kernel's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingjing_inspection.projections.finding_deadlines import FINDING_DEADLINES
from mingjing_inspection.projections.lead_deadlines import LEAD_DEADLINES
from mingjing_inspection.projections.rectification_deadlines import RECTIFICATION_DEADLINES
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.task_deadlines import TASK_DUE
from mingjing_inspection.projections.track_deadlines import TRACK_DEADLINES
from mingjing_kernel.deadlines import DeadlinePlan
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, Row

DEADLINES = DeadlinePlan((TASK_DUE, *FINDING_DEADLINES, *RECTIFICATION_DEADLINES, *TRACK_DEADLINES, *LEAD_DEADLINES))


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a clock."""
    return DEADLINES.keys(fact)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The clock after the fact."""
    return DEADLINES.fold(key, row, fact)


DEADLINES_READ = DEADLINES.model(METADATA, keys, fold)
