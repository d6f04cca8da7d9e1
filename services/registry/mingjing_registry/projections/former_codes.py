"""Former credit codes 曾用统一社会信用代码 of an institution: which code ended when, and whether another is due."""

from __future__ import annotations

from mingjing_kernel.projection import Row
from mingjing_registry.domain.change import ChangeApproved, ChangeKind
from mingjing_registry.domain.credit_code import CodeGiven, CodeGround


def code_after(before: Row, event: CodeGiven | ChangeApproved) -> Row:
    """What of the institution's row changes."""
    if isinstance(event, ChangeApproved):
        return {"code_state": "due"} if event.kind is ChangeKind.TO_NON_PROFIT else {}
    kept = [one for one in before["former_codes"] if one["uscc"] != event.uscc]
    ended = {"uscc": event.before, "ended_by": event.ground.value, "until": event.on.isoformat()}
    # An approved conversion waits for its own code: the correction of the old one ends no waiting.
    is_due = before["code_state"] == "due" and event.ground is not CodeGround.CONVERSION
    former = [*kept, ended] if event.before else kept
    return {"former_codes": former, "code_state": "due" if is_due else "stands"}
