"""Chinese terms for the codes that services answer with; the English word stands beside it on the screen.

One rule: a code that is not in the table is shown as it is, so that a new code of a service is seen and not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from mingjing_kernel.identity import Role

Words: TypeAlias = Mapping[str, tuple[str, str]]

CATEGORY: Words = MappingProxyType(
    {
        "subject": ("学科类", "Subject"),
        "art": ("艺术类", "Art"),
        "sport": ("体育类", "Sport"),
        "technology": ("科技类", "Technology"),
        "other": ("其他非学科类", "Other non-subject"),
    }
)
DEPARTMENT: Words = MappingProxyType(
    {
        "education": ("教育局", "Education"),
        "culture-tourism-sport": ("文化和广电旅游体育局", "Culture, tourism and sport"),
        "science": ("科学技术局", "Science and technology"),
        "market-regulation": ("市场监督管理局", "Market regulation"),
        "political-legal": ("政法委", "Political-legal committee"),
        "hotline": ("12345 热线", "Hotline"),
        "audit": ("审计局", "Audit"),
    }
)
ROLE: Words = MappingProxyType({role.value: (role.zh, role.value.replace("-", " ").capitalize()) for role in Role})
MANNER: Words = MappingProxyType(
    {
        "given": ("授权人", "Given by"),
        "first-administrator": ("首任管理员授权", "Given first by"),
        "delegated": ("转授人", "Delegated by"),
    }
)
LICENCE: Words = MappingProxyType(
    {
        "licensed": ("许可有效", "Licensed"),
        "rectifying": ("限期整改", "Under rectification"),
        "suspended": ("暂扣", "Suspended"),
        "expired": ("有效期届满", "Expired"),
        "cancelled": ("已注销", "Cancelled"),
        "revoked": ("已吊销", "Revoked"),
        "no-licence": ("无许可证", "No licence"),
        "applied": ("已提交申请", "Applied"),
        "returned": ("退回补正", "Returned"),
        "accepted": ("已受理", "Accepted"),
        "refused": ("不予许可", "Refused"),
    }
)
ENDED: Words = MappingProxyType(
    {
        "revoked": ("已吊销", "Revoked"),
        "cancelled": ("已注销", "Cancelled"),
        "expired": ("已到期", "Expired"),
        "replaced": ("已换发新证", "Replaced by a new licence"),
    }
)
CODE_STATE: Words = MappingProxyType(
    {
        "awaited": ("先证后照，待登记信用代码", "No code yet: to be registered after the licence"),
        "due": ("营转非，待登记新信用代码", "Converted: the new code is to come"),
    }
)
OUTCOME: Words = MappingProxyType(
    {
        "NO_ISSUE": ("未发现问题", "No issue"),
        "ISSUES": ("发现问题", "Issues"),
        "DOOR_CLOSED": ("关门", "Door closed"),
        "NOT_FOUND": ("查无此处", "Not found"),
        "REFUSED_ENTRY": ("拒绝进入", "Entry refused"),
    }
)
SEVERITY: Words = MappingProxyType({"NOTICE": ("蓝色", "Notice"), "YELLOW": ("黄色", "Yellow"), "RED": ("红色", "Red")})
TASK_STATE: Words = MappingProxyType(
    {
        "PLANNED": ("待接受", "Planned"),
        "WITHOUT_SITE": ("教学点未查明", "Site unknown"),
        "ASSIGNED": ("已分派", "Assigned"),
        "DECLINED": ("已退回", "Declined"),
        "ACCEPTED": ("已接受", "Accepted"),
        "IN_PROGRESS": ("检查中", "In progress"),
        "SUBMITTED": ("已提交", "Submitted"),
        "REVIEWED": ("已审核", "Reviewed"),
        "CLOSED": ("已办结", "Closed"),
        "CANCELLED": ("已取消", "Cancelled"),
    }
)
TASK_KIND: Words = MappingProxyType(
    {
        "URGENT": ("紧急检查", "Urgent"),
        "ROUTINE": ("日常巡查", "Routine"),
        "PEAK": ("寒暑假、节假日巡查", "Peak"),
        "CENSUS": ("全覆盖排查", "Census"),
        "DOUBLE_RANDOM": ("双随机抽查", "Double random"),
        "UNANNOUNCED": ("四不两直", "Unannounced"),
        "SPECIAL": ("专项检查", "Special"),
        "RECHECK": ("复查", "Re-check"),
        "JOINT": ("联合检查", "Joint"),
    }
)
ESCALATION: Words = MappingProxyType(
    {
        "REMINDED": ("已催办", "Reminded"),
        "OVERDUE": ("超期督办", "Overdue"),
        "LISTED": ("挂牌督办", "Listed supervision"),
    }
)
KIND: Words = MappingProxyType(
    {
        "VISIT": ("巡查", "Visit"),
        "COMPLAINT": ("投诉", "Complaint"),
        "TASK": ("检查任务", "Task"),
        "ALERT": ("资金预警", "Alert"),
        "NOTICE": ("报备", "Notice"),
        "CUSTODY": ("托管", "Custody"),
        "LICENCE": ("许可", "Licence"),
        "FINDING": ("问题案卷", "Finding"),
        "RECTIFICATION": ("限期整改", "Rectification"),
    }
)
TRACK: Words = MappingProxyType(
    {"DISPUTE": ("投诉", "Dispute"), "REPORT": ("举报", "Report"), "WORK_ORDER": ("工单", "Work order")}
)
CHANNEL: Words = MappingProxyType(
    {
        "SUPERVISION_PHONE": ("监督电话", "Supervision phone"),
        "NATIONAL_PLATFORM": ("全国平台", "National platform"),
        "WEB": ("网页扫码", "Web"),
        "SCHOOL": ("学校", "School"),
        "LETTER": ("来信来访", "Letter"),
        "MEDIA": ("媒体舆情", "Media"),
        "SUPERIOR": ("上级交办", "Superior"),
    }
)
WHY_NO_SITE: Words = MappingProxyType(
    {
        "holder-unknown": ("专户尚未对应到机构", "Nobody knows yet which institution holds the account"),
        "institution-unknown": ("机构尚未登记", "The registry has not named the institution yet"),
        "no-approved-site": ("没有已批准的教学点", "No approved site"),
    }
)
ACCOUNT_STATE: Words = MappingProxyType(
    {
        "applied": ("已申请", "Applied"),
        "agreed": ("已签协议", "Agreement signed"),
        "active": ("正常", "Active"),
        "release-hold": ("暂停拨付", "Release hold"),
        "closing": ("销户中", "Closing"),
        "closed": ("已销户", "Closed"),
    }
)
READ_KIND: Words = MappingProxyType(
    {
        "complaint": ("投诉举报", "Complaint"),
        "contract": ("培训合同", "Contract"),
        "payment": ("缴费", "Payment"),
        "refund": ("退费", "Refund"),
        "bank-entry": ("银行流水", "Bank entry"),
        "timeline": ("机构时间线", "Timeline"),
        "kept-aside": ("待补正行", "Rows kept aside"),
        "parked-message": ("搁置消息", "Parked message"),
        "read-log": ("查阅记录", "Read log"),
        "case-file": ("案件文件", "Case file"),
    }
)
READ_FORM: Words = MappingProxyType(
    {
        "item": ("单条", "One"),
        "list": ("列表", "List"),
        "csv": ("导出 CSV", "CSV"),
        "xlsx": ("导出 XLSX", "XLSX"),
        "json-file": ("导出 JSON", "JSON"),
    }
)
SERVICE: Words = MappingProxyType(
    {
        "registry": ("机构登记", "Registry"),
        "inspection": ("检查投诉", "Inspection"),
        "funds": ("资金监管", "Funds"),
    }
)


def zh(words: Words, code: str) -> str:
    """The Chinese term, or the code."""
    return words[code][0] if code in words else code


def en(words: Words, code: str) -> str:
    """The English term, or the code."""
    return words[code][1] if code in words else code
