"""Chinese terms for the registry's codes on the pages of officers."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console.words import Words

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
CHECK: Words = MappingProxyType(
    {
        "due": ("待报送", "Report due"),
        "submitted": ("待初审", "To be reviewed"),
        "reviewed": ("待审定", "To be decided"),
        "decided": ("已审定", "Decided"),
    }
)
CHECK_RESULT: Words = MappingProxyType(
    {"pass": ("合格", "Pass"), "basic-pass": ("基本合格", "Basic pass"), "fail": ("不合格", "Fail")}
)
OPENING: Words = MappingProxyType(
    {
        "opened": ("已开展", "Opened"),
        "already-open": ("此前已开展", "Open before"),
        "refused": ("未能开展", "Not opened"),
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
LISTING_OVER = frozenset({"removed", "rejected", "dropped"})
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
FORMER: Words = MappingProxyType(
    {
        "revoked": ("已吊销", "Revoked"),
        "cancelled": ("已注销", "Cancelled"),
        "closed": ("已关闭", "Closed"),
        "blacklisted": ("列入黑名单", "Blacklisted"),
        "staff-blacklist": ("列入从业人员黑名单", "On the staff blacklist"),
    }
)
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
CELL: Words = MappingProxyType(
    {
        "serial": ("序号", "Number"),
        "town": ("镇街", "Town"),
        "name": ("机构名称", "Name"),
        "uscc": ("统一社会信用代码", "Credit code"),
        "licence_number": ("办学许可证号", "Licence number"),
        "issued_on": ("发证日期", "Issued"),
        "valid_from": ("有效期起", "Valid from"),
        "expires_on": ("有效期至", "Valid until"),
        "validity": ("有效期限", "Validity"),
        "nature": ("机构性质", "Nature"),
        "items": ("培训类别", "Categories"),
        "legal_representative": ("法定代表人", "Legal representative"),
        "phone": ("联系电话", "Telephone"),
        "representative_and_phone": ("负责人及电话", "Person in charge"),
        "sites": ("办学地址", "Address"),
        "more_sites": ("其他场所", "More sites"),
        "area_m2": ("建筑面积", "Floor area"),
        "custody_bank": ("托管银行", "Custody bank"),
        "custody_account": ("专户账号", "Custody account"),
        "custody_open": ("是否开户", "Account open"),
        "annual_check": ("年检结论", "Annual check"),
        "staff_count": ("从业人数", "Staff"),
        "student_count": ("在册学员", "Students"),
        "status": ("机构状态", "State"),
        "remark": ("备注", "Remark"),
        "ended_how": ("处理方式", "How it ended"),
        "ended_on": ("处理日期", "Ended on"),
        "filed_on": ("受理日期", "Filed on"),
        "matter": ("事项", "Matter"),
        "begins_on": ("开始日期", "Begins"),
        "ends_on": ("结束日期", "Ends"),
        "content": ("内容", "Content"),
        "published": ("是否公示", "Published"),
        "person": ("姓名", "Person's name"),
        "sex": ("性别", "Sex"),
        "id_number": ("身份证号", "Identity number"),
        "post": ("岗位", "Post"),
        "employment": ("专/兼职", "Full-time or part-time"),
        "teaches": ("任教科目", "Teaches"),
        "certificate": ("教师资格证号", "Teacher's certificate"),
        "ability_proof": ("其他能力证明", "Other proof of ability"),
        "from_on": ("入职时间", "Began on"),
        "left_on": ("离职时间", "Left on"),
    }
)
"""Columns of a register, as a row that is kept aside names them."""
