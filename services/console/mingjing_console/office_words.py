"""Chinese terms for the registry's codes on the pages of officers."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console.words import LICENCE, Words

LICENCE_STATE: Words = MappingProxyType(
    {
        **LICENCE,
        "applied": ("已提交申请", "Applied"),
        "returned": ("退回补正", "Returned"),
        "accepted": ("已受理", "Accepted"),
        "refused": ("不予许可", "Refused"),
        "rectifying": ("限期整改", "Under rectification"),
    }
)
APPLICATION: Words = MappingProxyType(
    {
        "draft": ("草稿", "Draft"),
        "submitted": ("已提交", "Submitted"),
        "returned": ("退回补正", "Returned"),
        "accepted": ("已受理", "Accepted"),
        "site-check": ("已核查", "Site checked"),
        "signed": ("经办人已签", "First signature"),
        "approved": ("准予许可", "Approved"),
        "refused": ("不予许可", "Refused"),
    }
)
OPERATION: Words = MappingProxyType(
    {
        "preparing": ("筹备", "Preparing"),
        "operating": ("正常运营", "Operating"),
        "paused-declared": ("已报备停课", "Paused as declared"),
        "stopped-abnormal": ("异常停业", "Stopped abnormally"),
        "closing": ("清算注销中", "Closing"),
        "closed": ("已关闭", "Closed"),
    }
)
SITE: Words = MappingProxyType(
    {"proposed": ("待批准", "Proposed"), "approved": ("已批准", "Approved"), "closed": ("已关闭", "Closed")}
)
STAGE: Words = MappingProxyType(
    {
        "proposed": ("已提请", "Proposed"),
        "returned": ("退回", "Returned"),
        "reviewed": ("法制审核通过", "Reviewed"),
        "noticed": ("已告知", "Noticed"),
        "listed": ("已决定列入", "Decided"),
        "consented": ("上级已同意", "Consented"),
        "published": ("已公布", "In force"),
        "repair-applied": ("已申请修复", "Repair applied for"),
        "repair-accepted": ("已受理修复", "Repair taken in"),
        "removed": ("已移出", "Removed"),
        "rejected": ("不予列入", "Rejected"),
        "dropped": ("已撤回", "Dropped"),
    }
)
LIKENESS: Words = MappingProxyType(
    {
        "open": ("待判定", "Open"),
        "same": ("是同一主体", "The same"),
        "not-same": ("不是同一主体", "Not the same"),
        "lapsed": ("已失效", "Lapsed"),
    }
)
ROW: Words = MappingProxyType(
    {"waiting": ("待补正", "Waiting"), "taken": ("已采纳", "Taken"), "dismissed": ("不予导入", "Dismissed")}
)
FORMER: Words = MappingProxyType({"revoked": ("已吊销", "Revoked"), "cancelled": ("已注销", "Cancelled")})
MODE: Words = MappingProxyType({"offline": ("线下", "Offline"), "online": ("线上", "Online")})
SCHOOL_STAGE: Words = MappingProxyType(
    {
        "preschool": ("学前", "Preschool"),
        "primary": ("小学", "Primary"),
        "junior": ("初中", "Junior"),
        "senior": ("高中", "Senior"),
    }
)
WHITE: Words = MappingProxyType({"true": ("在白名单", "Whitelisted"), "false": ("不在白名单", "Not whitelisted")})
