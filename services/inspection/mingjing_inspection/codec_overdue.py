"""Stored names of notices of overdue steps (催办督办告知); ``codec`` takes the aggregate into its list. Append-only."""

from __future__ import annotations

from mingjing_inspection.acts_overdue import OVERDUE_ACTS
from mingjing_inspection.domain import overdue_notice
from mingjing_inspection.domain.overdue_notice import OVERDUE_NOTICE
from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate

OVERDUE_CODEC: Codec[overdue_notice.Event] = Codec(
    {
        "inspection.overdue-told.v1": overdue_notice.OverdueTold,
        "inspection.overdue-acknowledged.v1": overdue_notice.OverdueAcknowledged,
    }
)
OVERDUE_NOTICES = Aggregate("overdue-notice", OVERDUE_NOTICE, OVERDUE_CODEC, OVERDUE_ACTS)
"""By the fact that is told and by whom it is for."""
