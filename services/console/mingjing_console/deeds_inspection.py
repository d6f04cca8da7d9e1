"""Deeds on findings, rectifications and joint operations: what each form asks, and where it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import BASIS, WHY, Deed, day, one_of, text, yes
from mingjing_console.inspection_words import MEMBER, RATING, URGENCY

_NOTE: Final = text("note", "情况说明", "Note", "long")
_PHOTOS: Final = Asked(
    name="photos", zh="照片 SHA-256（每行一个）", en="SHA-256 of photos, one a line", kind="lines", required=False
)
_TO: Final = (
    one_of("department", "承办部门（不填按派遣矩阵）", "Department; empty: by the table", MEMBER, required=False),
    one_of("urgency", "紧急程度", "Urgency", URGENCY, required=False),
    text("reason", "理由", "Reason", "long", required=False),
)
FINDING: Mapping[str, Deed] = MappingProxyType(
    {
        "verify-finding": Deed(path="/verification", asks=(_NOTE, yes("is_on_site", "已现场核实", "Seen on the spot"))),
        "write-off-finding": Deed(path="/write-off", asks=(WHY,)),
        "dispatch-finding": Deed(path="/dispatch", asks=_TO),
        "allot-finding": Deed(path="/allotment", asks=_TO),
        "start-handling": Deed(path="/handling"),
        "return-finding": Deed(
            path="/return", asks=(WHY, one_of("suggested_department", "建议承办部门", "Whose it is", MEMBER))
        ),
        "extend-finding": Deed(path="/extension", asks=(WHY,)),
        "feed-back-finding": Deed(
            path="/feedback", asks=(text("measures", "处置情况", "What was done", "long"), _PHOTOS)
        ),
        "recheck-finding": Deed(path="/recheck", asks=(yes("is_passed", "核查通过", "Put right"), _NOTE)),
        "close-finding": Deed(
            path="/closure",
            asks=(text("conclusion", "结论", "Conclusion", "long"), one_of("rating", "综合评价", "Rating", RATING)),
        ),
        "reopen-finding": Deed(path="/reopening", asks=(WHY,)),
        "list-finding": Deed(path="/listing", asks=(WHY,)),
    }
)
RECTIFICATION: Mapping[str, Deed] = MappingProxyType(
    {
        "order-rectification": Deed(
            path="/order",
            asks=(
                Asked(name="requirements", zh="整改事项（每行一项）", en="To put right, one a line", kind="lines"),
                BASIS,
                day("deadline", "期限（不填按策略）", "Deadline; empty: by policy", required=False),
            ),
        ),
        "decline-rectification": Deed(path="/declining", asks=(WHY,)),
        "decide-recruiting-pause": Deed(
            path="/recruiting-pause", asks=(yes("is_paused", "暂停招生", "Recruiting is paused"), WHY, BASIS)
        ),
        "serve-rectification": Deed(
            path="/service",
            asks=(day("served_on", "送达日期", "Served on"), text("manner", "送达方式", "How it was served")),
        ),
        "self-report-rectification": Deed(
            path="/self-report",
            asks=(
                text("measures", "整改情况", "What was put right", "long"),
                Asked(name="photos", zh="照片 SHA-256（每行一个）", en="SHA-256 of photos, one a line", kind="lines"),
            ),
        ),
        "recheck-rectification": Deed(path="/recheck", asks=(yes("is_passed", "整改到位", "Put right"), _NOTE)),
    }
)
_WHO: Final = text("officer", "承办人登录账号", "Account of the officer")
TASK: Mapping[str, Deed] = MappingProxyType(
    {
        "locate-task": Deed(
            path="/site",
            asks=(text("institution_id", "机构编号", "Institution, id"), text("site_id", "教学点编号", "Site, id")),
        ),
        "assign-task": Deed(
            path="/assignment",
            asks=(
                _WHO,
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
                yes("is_sound", "报告属实、完整", "The report is sound"),
                text("remark", "审核意见", "Remark", "long", required=False),
            ),
        ),
        "close-task": Deed(path="/closure", asks=(text("conclusion", "办结结论", "Conclusion", "long"),)),
        "cancel-task": Deed(path="/cancellation", asks=(WHY,)),
    }
)
OVERDUE: Mapping[str, Deed] = MappingProxyType(
    {
        "acknowledge-overdue": Deed(
            path="/acknowledgement", asks=(text("note", "怎样办理（可不填）", "What is done", "long", required=False),)
        )
    }
)
OPERATION: Mapping[str, Deed] = MappingProxyType(
    {
        "answer-operation": Deed(
            path="/answers",
            asks=(
                one_of("department", "本部门", "Own department", MEMBER),
                yes("takes_part", "参加", "Takes part"),
                text("reason", "理由（不参加时）", "Reason, where it does not", "long", required=False),
            ),
        ),
        "launch-operation": Deed(path="/launch"),
        "conclude-operation": Deed(path="/conclusion", asks=(text("reason", "结论", "Conclusion", "long"),)),
        "cancel-operation": Deed(path="/cancellation", asks=(WHY,)),
    }
)
