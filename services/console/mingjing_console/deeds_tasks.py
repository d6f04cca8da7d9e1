"""Deeds on inspection tasks: what each form asks, and where it is sent. Visits are reported on officers' own page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import WHY, Deed, day, one_of, text, yes
from mingjing_console.words import TASK_KIND

BY_HAND: Final = ("SPECIAL", "UNANNOUNCED", "RECHECK", "ROUTINE", "URGENT")
"""Kinds that one person plans for one site; the others come from campaigns, draws and operations."""
PLAN: Final = Deed(
    path="",
    method="PUT",
    asks=(
        one_of("target", "教学点", "Site", {}),
        one_of("kind", "类型", "Kind", {name: TASK_KIND[name] for name in BY_HAND}),
        day("due_on", "期限（当日截止）", "Due, by the end of the day"),
        WHY,
    ),
)
TASK: Mapping[str, Deed] = MappingProxyType(
    {
        "locate-task": Deed(
            path="/site",
            asks=(text("institution_id", "机构编号", "Institution id"), text("site_id", "教学点编号", "Site id")),
        ),
        "assign-task": Deed(
            path="/assignment",
            asks=(
                text("officer", "承办人登录账号", "Account of the officer"),
                Asked(
                    name="colleagues",
                    zh="同行人员登录账号（每行一个）",
                    en="Accounts of who goes along, one a line",
                    kind="lines",
                    required=False,
                ),
            ),
        ),
        "accept-task": Deed(path="/acceptance"),
        "start-task": Deed(path="/start"),
        "decline-task": Deed(path="/refusal", asks=(WHY,)),
        "hand-over-task": Deed(path="/hand-over", asks=(text("to", "移交给（登录账号）", "To, account"), WHY)),
        "review-task": Deed(
            path="/review",
            asks=(
                yes("is_sound", "报告合格（不合格须重新检查）", "The report is sound; if not, it is made again"),
                text("remark", "审核意见", "Remark", "long", required=False),
            ),
        ),
        "close-task": Deed(path="/closure", asks=(text("conclusion", "结论", "Conclusion", "long"),)),
        "cancel-task": Deed(path="/cancellation", asks=(WHY,)),
    }
)
