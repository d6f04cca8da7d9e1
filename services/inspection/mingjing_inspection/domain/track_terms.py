"""Words of a complaint's tracks (投诉办理): dispute, report, work order; their stages, clocks and grounds.

One rule: a clock is reckoned once, by the numbers in force on the day when the complaint was received, and stands in
the fact that starts it; nothing that is edited later gives anybody more time.
Source of the stages: domain reference, complaint and report intake; SAMR Order 20 (2019) and Order 121 (2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

WORDS_MAX = 2_000
"""Characters of one reason, note or reply."""
TERMS_MAX = 20
"""Terms of one agreement."""
STATEMENTS_MAX = 50
LINKS_MAX = 200


DONE_THERE = frozenset({"已办结", "办结", "已结案", "结案", "已归档", "不予受理", "已终止", "已撤诉"})
"""What a channel's own state says when nothing is to be done any more (工单状态, 状态)."""


class Stage(StrEnum):
    """How far a track is; each kind of track has its own ones of these."""

    RECEIVED = "RECEIVED"
    """已接收"""
    SPLIT = "SPLIT"
    """已分流、查重"""
    TRIAGED = "TRIAGED"
    """已甄别"""
    ROUTED = "ROUTED"
    """已转办"""
    ACCEPTED = "ACCEPTED"
    """已受理"""
    NOT_ACCEPTED = "NOT_ACCEPTED"
    """不予受理"""
    MEDIATING = "MEDIATING"
    """调解中"""
    SUSPENDED_APPRAISAL = "SUSPENDED_APPRAISAL"
    """鉴定中止"""
    AGREED = "AGREED"
    """达成调解"""
    TERMINATED = "TERMINATED"
    """终止调解"""
    NOTIFIED = "NOTIFIED"
    """已告知"""
    FOLLOWED_UP = "FOLLOWED_UP"
    """已回访"""
    VERIFYING = "VERIFYING"
    """核查中"""
    FILED = "FILED"
    """建议立案"""
    NOT_FILED = "NOT_FILED"
    """不予立案"""
    INFORMED = "INFORMED"
    """已告知举报人"""
    CREATED = "CREATED"
    """已生成"""
    CLASSIFIED = "CLASSIFIED"
    """已分类"""
    DISPATCHED = "DISPATCHED"
    """已派单"""
    SIGNED = "SIGNED"
    """已签收"""
    RETURNED = "RETURNED"
    """已退单"""
    HANDLING = "HANDLING"
    """办理中"""
    EXTENDED = "EXTENDED"
    """已延期"""
    REPLIED = "REPLIED"
    """已答复"""
    CALLBACK = "CALLBACK"
    """已回访"""
    REWORK = "REWORK"
    """重新办理"""
    SUPERVISED = "SUPERVISED"
    """督办"""
    CLOSED = "CLOSED"
    """已办结"""


class TrackClock(StrEnum):
    """What runs on a track; several may run at the same time."""

    RESPOND = "RESPOND"
    """涉资金安全：首次响应"""
    ROUTE = "ROUTE"
    """转办、派单"""
    SIGN = "SIGN"
    """签收"""
    JURISDICTION = "JURISDICTION"
    """管辖争议协商"""
    ACCEPT = "ACCEPT"
    """受理并告知"""
    MEDIATE = "MEDIATE"
    """调解"""
    NOTIFY = "NOTIFY"
    """告知调解结果"""
    FOLLOW_UP = "FOLLOW_UP"
    """回访"""
    VERIFY = "VERIFY"
    """核查并决定是否立案"""
    INFORM = "INFORM"
    """告知举报人"""
    HANDLE = "HANDLE"
    """办理并答复"""
    CALL_BACK = "CALL_BACK"
    """工单回访"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One clock: until ``due_at``, with a reminder at ``remind_at``.

    Exactly one of ``working_days`` and ``hours`` says how it was counted; ``paused_days`` are working days of an
    appraisal, which do not count. ``policy`` is the version of the numbers, ``law`` the instrument that they are of.
    """

    clock: TrackClock
    started_at: datetime
    remind_at: datetime
    due_at: datetime
    policy: str
    law: str
    working_days: int | None = None
    paused_days: int = 0
    hours: int | None = None


class OrderKind(StrEnum):
    """What a caller wants of a hotline: each has its own time."""

    CONSULTATION = "CONSULTATION"
    """咨询"""
    HELP = "HELP"
    """求助"""
    COMPLAINT = "COMPLAINT"
    """诉求、意见"""


class Ground(StrEnum):
    """Why a dispute is not accepted (不予受理)."""

    OUTSIDE_REMIT = "OUTSIDE_REMIT"
    """不属于本部门职责"""
    HANDLED_ELSEWHERE = "HANDLED_ELSEWHERE"
    """法院、仲裁机构、其他部门已受理或者处理"""
    NOT_CONSUMER = "NOT_CONSUMER"
    """不是为生活消费需要，或者不能证明存在消费争议"""
    TOO_OLD = "TOO_OLD"
    """知道权益受损超过三年"""
    DATA_MISSING = "DATA_MISSING"
    """材料不齐，补正后仍不齐"""
    IDENTITY_REFUSED = "IDENTITY_REFUSED"
    """拒绝核实身份"""


class Ending(StrEnum):
    """Why mediation ends without an agreement (终止调解)."""

    NO_AGREEMENT = "NO_AGREEMENT"
    """双方不能达成一致"""
    PARTY_REFUSES = "PARTY_REFUSES"
    """一方拒绝调解或者无正当理由不参加"""
    TIME_OVER = "TIME_OVER"
    """期限届满未达成"""
    SETTLED = "SETTLED"
    """双方自行和解"""
    TAKEN_ELSEWHERE = "TAKEN_ELSEWHERE"
    """已起诉、申请仲裁"""
    FABRICATED = "FABRICATED"
    """捏造事实"""


LAWS: Mapping[str, frozenset[Ground | Ending]] = MappingProxyType(
    {
        "SAMR-20": frozenset({*Ground, *Ending} - {Ground.IDENTITY_REFUSED, Ending.FABRICATED}),
        "SAMR-121": frozenset({*Ground, *Ending}),
    }
)
"""Which grounds each instrument knows: Order 121 added two (身份核实; 虚假投诉)."""


class Side(StrEnum):
    """Whose statement."""

    COMPLAINANT = "COMPLAINANT"
    """投诉人"""
    RESPONDENT = "RESPONDENT"
    """被投诉人"""


class Satisfaction(StrEnum):
    """What the caller said when called back."""

    SATISFIED = "SATISFIED"
    """满意"""
    NEUTRAL = "NEUTRAL"
    """基本满意"""
    DISSATISFIED = "DISSATISFIED"
    """不满意"""
    UNREACHED = "UNREACHED"
    """未接通"""


class Likeness(StrEnum):
    """What two complaints have in common."""

    SAME_PERSON = "SAME_PERSON"
    """同一人反映"""
    SAME_MATTER = "SAME_MATTER"
    """同一事项"""


class Outcome(StrEnum):
    """What a track came to, once it did."""

    NONE = ""
    AGREED = "AGREED"
    TERMINATED = "TERMINATED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    WITHDRAWN = "WITHDRAWN"
    SUBSTANTIATED = "SUBSTANTIATED"
    UNSUBSTANTIATED = "UNSUBSTANTIATED"
    REPLIED = "REPLIED"
    ELSEWHERE = "ELSEWHERE"
