"""What a person may do with a notice of an overdue step (催办督办告知): acknowledge it, as whom it is for."""

from __future__ import annotations

from mingjing_inspection.domain.overdue_notice import AcknowledgeOverdue
from mingjing_kernel.identity import OFFICIALS, Act, Role, roles

ACKNOWLEDGE_OVERDUE = Act(
    name="acknowledge-overdue",
    zh="签收催办督办告知",
    en="acknowledge a notice of an overdue step",
    roles=(OFFICIALS - roles(Role.AUDITOR)) | roles(Role.INSTITUTION),
    asks=AcknowledgeOverdue,
)
ABOVE = roles(Role.APPROVER)
"""Who acknowledges for those of the department whom a notice names."""
OVERDUE_ACTS = (ACKNOWLEDGE_OVERDUE,)
