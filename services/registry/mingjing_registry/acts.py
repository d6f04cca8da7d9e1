"""What a person may do to the things of this service, declared once: roles, titles, and what takes another person.

One rule: licensing and punishing are different people's work (L07). Whoever granted or renewed an institution's
licence, or signed first, does not suspend, reinstate or revoke it, and the other way round. Who signs first, proposes
or reviews is not who decides.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from mingjing_kernel.identity import (
    OFFICIALS,
    Act,
    Role,
    roles,
)
from mingjing_registry.domain import (
    annual_check,
    annulment,
    application,
    blacklist,
    blacklist_facts,
    change,
    credit_code,
    liability,
    licence,
    list_consumer,
    operation,
    rectification,
)
from mingjing_registry.domain.annual_check import (
    RecordAnnualCheck,
)
from mingjing_registry.domain.import_mapping import (
    ConfirmMapping,
    WithdrawMapping,
)
from mingjing_registry.domain.kept_aside import (
    DismissRow,
    SettleRow,
)
from mingjing_registry.domain.likeness import (
    JudgeLikeness,
    WithdrawJudgement,
)
from mingjing_registry.domain.record_facts import (
    RecordProfile,
)
from mingjing_registry.domain.roster import (
    NoteDifference,
)
from mingjing_registry.domain.site import ApproveSite, CloseSite, SignSite, SiteApproved, SiteSigned
from mingjing_registry.domain.site_area import SiteAreaWaived, WaiveSiteArea

LICENSING: Final = roles(Role.LICENSING_OFFICER)
PUNISHING: Final = roles(Role.APPROVER, Role.CASE_OFFICER)
"""Suspend, reinstate, revoke: after a penalty case, whose decision they cite."""

_GRANTING: Final = frozenset({"sign-licence", "approve-licence", "sign-renewal", "renew-licence"})
_PENALTY: Final = frozenset({"suspend-licence", "reinstate-licence", "revoke-licence"})


def _number(fact: change.ChangeProposed | change.ChangeApproved | change.ChangeRefused) -> Hashable:
    return fact.number


def _year(fact: annual_check.AnnualReportReviewed | annual_check.AnnualCheckRecorded) -> Hashable:
    return fact.year


def _licensing(name: str, zh: str, en: str, asks: type) -> Act:
    return Act(name=name, zh=zh, en=en, roles=LICENSING, asks=asks)


def _granting(name: str, zh: str, en: str, asks: type, leaves: type, *others: str) -> Act:
    apart = _PENALTY | set(others)
    return Act(name=name, zh=zh, en=en, roles=LICENSING, asks=asks, leaves=(leaves,), apart_from=apart)


def _penalty(name: str, zh: str, en: str, asks: type, leaves: type) -> Act:
    return Act(name=name, zh=zh, en=en, roles=PUNISHING, asks=asks, leaves=(leaves,), apart_from=_GRANTING)


REGISTER_INSTITUTION = Act(name="register-institution", zh="登记机构", en="register an institution", roles=LICENSING)
IMPORT_REGISTER = Act(name="import-register", zh="导入机构名单", en="take in a register file", roles=LICENSING)
NOTE_EXPIRY = Act(name="note-expiry", zh="登记许可到期", en="note which licences ran out", roles=OFFICIALS)

APPLY = _licensing("apply-for-licence", "申请办学许可", "apply for a licence", licence.ApplyForLicence)
RETURN = _licensing("return-application", "退回补正", "send the application back", licence.ReturnApplication)
ACCEPT = _licensing("accept-application", "受理申请", "accept the application", licence.AcceptApplication)
REFUSE = _licensing("refuse-licence", "不予许可", "refuse the licence", licence.RefuseLicence)
SIGN_LICENCE = _granting(
    "sign-licence", "拟准予许可", "sign the grant first", application.SignLicence, application.LicenceSigned
)
APPROVE = _granting(
    "approve-licence",
    "准予许可",
    "grant the licence",
    licence.ApproveLicence,
    licence.LicenceApproved,
    "sign-licence",
    "waive-rule",
)
SIGN_RENEWAL = _granting(
    "sign-renewal", "拟延续许可", "sign the renewal first", application.SignRenewal, application.RenewalSigned
)
RENEW = _granting(
    "renew-licence", "延续许可", "renew the licence", licence.RenewLicence, licence.LicenceRenewed, "sign-renewal"
)
SUSPEND = _penalty(
    "suspend-licence", "暂扣许可", "suspend the licence", licence.SuspendLicence, licence.LicenceSuspended
)
REINSTATE = _penalty(
    "reinstate-licence", "解除暂扣", "end the suspension", licence.ReinstateLicence, licence.LicenceReinstated
)
REVOKE = _penalty("revoke-licence", "吊销许可", "revoke the licence", licence.RevokeLicence, licence.LicenceRevoked)
CANCEL = _licensing("cancel-licence", "注销许可", "cancel the licence", licence.CancelLicence)
CHECK = _licensing("record-annual-check", "登记年检", "record the annual check", RecordAnnualCheck)
PROPOSE_SITE = Act(name="propose-site", zh="申报教学点", en="propose a site", roles=LICENSING)

DRAFT = _licensing("draft-application", "起草申请", "keep a draft", application.DraftApplication)
CHECK_SITE = _licensing("record-site-check", "登记现场核查", "record a site check", application.RecordSiteCheck)
WAIVE = Act(
    name="waive-rule",
    zh="豁免准入条件",
    en="waive an admission rule",
    roles=roles(Role.APPROVER),
    asks=application.WaiveRule,
    leaves=(application.RuleWaived,),
)
ORDER_RECTIFICATION = Act(
    name="order-rectification",
    zh="责令限期整改",
    en="order rectification",
    roles=LICENSING | PUNISHING,
    asks=rectification.OrderRectification,
)
END_RECTIFICATION = Act(
    name="end-rectification",
    zh="整改复查",
    en="end the rectification",
    roles=LICENSING | PUNISHING,
    asks=rectification.EndRectification,
)
RECORD_PROFILE = _licensing("record-profile", "登记办学信息", "record the profile", RecordProfile)
BEGIN_OPERATION = _licensing("begin-operation", "登记开课", "begin operation", operation.BeginOperation)
DECLARE_PAUSE = _licensing("declare-pause", "停课报备", "declare a pause", operation.DeclarePause)
CONFIRM_STOP = Act(
    name="confirm-stop",
    zh="认定异常停业",
    en="confirm an abnormal stop",
    roles=PUNISHING,
    asks=operation.ConfirmStop,
)
BEGIN_CLOSING = _licensing("begin-closing", "启动终止清算", "begin the closing", operation.BeginClosing)
COMPLETE_STEP = _licensing(
    "complete-closing-step", "登记清算步骤", "record a step of the closing", operation.CompleteClosingStep
)
CLOSE_DOWN = _licensing("close-down", "登记关闭", "close down", operation.CloseDown)
GIVE_CODE = _licensing("give-code", "登记信用代码", "record a credit code", credit_code.GiveCode)
ASK_LIABILITY = _licensing("ask-liability", "查询未消课负债", "ask what families are owed", liability.AskLiability)

INSTITUTION_ACTS = (
    APPLY, RETURN, ACCEPT, REFUSE, APPROVE, RENEW, SUSPEND, REINSTATE, REVOKE, CANCEL, CHECK, PROPOSE_SITE,
    DRAFT, CHECK_SITE, WAIVE, SIGN_LICENCE, SIGN_RENEWAL, ORDER_RECTIFICATION, END_RECTIFICATION, RECORD_PROFILE,
    BEGIN_OPERATION, DECLARE_PAUSE, CONFIRM_STOP, BEGIN_CLOSING, COMPLETE_STEP, CLOSE_DOWN, ASK_LIABILITY,
    GIVE_CODE,
)  # fmt: skip

PROPOSE_CHANGE = Act(
    name="propose-change",
    zh="申请变更",
    en="propose a change",
    roles=LICENSING,
    asks=change.ProposeChange,
    leaves=(change.ChangeProposed,),
    thing=_number,
)
APPROVE_CHANGE = Act(
    name="approve-change",
    zh="准予变更",
    en="approve the change",
    roles=LICENSING,
    asks=change.ApproveChange,
    leaves=(change.ChangeApproved,),
    apart_from=frozenset({"propose-change"}),
    thing=_number,
)
REFUSE_CHANGE = Act(
    name="refuse-change",
    zh="不予变更",
    en="refuse the change",
    roles=LICENSING,
    asks=change.RefuseChange,
    leaves=(change.ChangeRefused,),
    apart_from=frozenset({"propose-change"}),
    thing=_number,
)
CHANGE_ACTS = (PROPOSE_CHANGE, APPROVE_CHANGE, REFUSE_CHANGE)
"""About one change: who proposed it does not decide it."""

OPEN_CHECK = _licensing("open-annual-check", "开展年检", "open the annual check", annual_check.OpenAnnualCheck)
SUBMIT_REPORT = _licensing(
    "submit-annual-report", "报送年检材料", "hand in the annual report", annual_check.SubmitAnnualReport
)
REVIEW_REPORT = Act(
    name="review-annual-report",
    zh="年检初审",
    en="review the annual report",
    roles=LICENSING,
    asks=annual_check.ReviewAnnualReport,
    leaves=(annual_check.AnnualReportReviewed,),
    thing=_year,
)
DECIDE_CHECK = Act(
    name="decide-annual-check",
    zh="年检审定",
    en="decide the annual check",
    roles=LICENSING,
    asks=annual_check.DecideAnnualCheck,
    leaves=(annual_check.AnnualCheckRecorded,),
    apart_from=frozenset({"review-annual-report"}),
    thing=_year,
)
RECHECK = Act(
    name="recheck-annual-check",
    zh="年检复检",
    en="check again after a fail",
    roles=LICENSING,
    asks=annual_check.RecheckAnnualCheck,
    leaves=(annual_check.AnnualCheckRecorded,),
    apart_from=frozenset({"review-annual-report"}),
    thing=_year,
)
CHECK_ACTS = (OPEN_CHECK, SUBMIT_REPORT, REVIEW_REPORT, DECIDE_CHECK, RECHECK)
"""About the annual check of one year: who reviewed it does not decide it."""

SIGN_SITE = Act(
    name="sign-site", zh="拟批准教学点", en="sign the site's approval first",
    roles=LICENSING, asks=SignSite, leaves=(SiteSigned,),
)  # fmt: skip
WAIVE_SITE_AREA = Act(
    name="waive-site-area", zh="豁免教学点面积条件", en="waive the floor area rule of a site",
    roles=roles(Role.APPROVER), asks=WaiveSiteArea, leaves=(SiteAreaWaived,),
)  # fmt: skip
APPROVE_SITE = Act(
    name="approve-site", zh="批准教学点", en="approve the site",
    roles=LICENSING, asks=ApproveSite, leaves=(SiteApproved,), apart_from=frozenset({"sign-site", "waive-site-area"}),
)  # fmt: skip
CLOSE_SITE = _licensing("close-site", "停用教学点", "close the site", CloseSite)
SITE_ACTS = (SIGN_SITE, WAIVE_SITE_AREA, APPROVE_SITE, CLOSE_SITE)

MEND_ROW = _licensing("mend-row", "更正搁置行", "mend the row and take it", SettleRow)
RETRY_ROW = _licensing("retry-row", "重试搁置行", "try the row again as it is", SettleRow)
DISMISS_ROW = _licensing("dismiss-row", "不予导入", "dismiss the row", DismissRow)
ROW_ACTS = (MEND_ROW, RETRY_ROW, DISMISS_ROW)

LISTING_PROPOSERS: Final = roles(Role.CASE_OFFICER, Role.INSPECTOR)
_CASE: Final = roles(Role.CASE_OFFICER)
_SIGNING: Final = roles(Role.APPROVER)


def _listing(name: str, zh: str, en: str, who: frozenset[Role], asks: type, **more: Any) -> Act:
    return Act(name=name, zh=zh, en=en, roles=who, asks=asks, **more)


PROPOSE_LISTING = _listing(
    "propose-listing", "提请列入黑名单", "propose a blacklisting", LISTING_PROPOSERS, blacklist.ProposeListing,
    leaves=(blacklist_facts.BlacklistProposed,),
)  # fmt: skip
REVIEW_LISTING = _listing(
    "review-listing", "法制审核", "review the listing", roles(Role.LEGAL_REVIEWER), blacklist.ReviewListing,
    leaves=(blacklist_facts.BlacklistReviewed,), apart_from=frozenset({"propose-listing"}),
)  # fmt: skip
SERVE_NOTICE = _listing("serve-listing-notice", "送达告知书", "serve the notice", _CASE, blacklist.ServeListingNotice)
RECORD_STATEMENT = _listing("record-statement", "记录陈述申辩", "record a statement", _CASE, blacklist.RecordStatement)
REQUEST_HEARING = _listing(
    "request-hearing", "登记听证申请", "record a hearing request", _CASE, blacklist.RequestHearing
)
HOLD_HEARING = _listing(
    "hold-hearing", "登记听证", "file the hearing", roles(Role.LEGAL_REVIEWER, Role.APPROVER), blacklist.HoldHearing,
    leaves=(blacklist_facts.BlacklistHearingHeld,), apart_from=frozenset({"propose-listing"}),
)  # fmt: skip
DECIDE_LISTING = _listing(
    "decide-listing", "决定列入", "decide to list", _SIGNING, blacklist.DecideListing,
    leaves=(blacklist_facts.BlacklistListed,), apart_from=frozenset({"propose-listing", "review-listing"}),
)  # fmt: skip
REJECT_LISTING = _listing("reject-listing", "决定不予列入", "decide against listing", _SIGNING, blacklist.RejectListing)
CONSENT_LISTING = _listing(
    "consent-to-listing", "上级批复", "consent as the superior", _SIGNING, blacklist.ConsentToListing,
    leaves=(blacklist_facts.BlacklistConsented,),
    apart_from=frozenset({"propose-listing", "review-listing", "decide-listing"}),
)  # fmt: skip
PUBLISH_LISTING = _listing("publish-listing", "公布", "publish the listing", _CASE | _SIGNING, blacklist.PublishListing)
APPLY_REPAIR = _listing(
    "record-repair-application", "登记信用修复申请", "record a repair application", _CASE, blacklist.ApplyForRepair
)
ACCEPT_REPAIR = _listing(
    "accept-repair", "受理信用修复", "accept the repair application", _CASE, blacklist.AcceptRepair,
    leaves=(blacklist_facts.BlacklistRepairAccepted,),
)  # fmt: skip
GRANT_REPAIR = _listing(
    "grant-repair", "准予信用修复", "grant the repair", _SIGNING, blacklist.GrantRepair,
    leaves=(blacklist_facts.BlacklistRepaired,), apart_from=frozenset({"accept-repair"}),
)  # fmt: skip
REFUSE_REPAIR = _listing("refuse-repair", "不予信用修复", "refuse the repair", _CASE | _SIGNING, blacklist.RefuseRepair)
WITHDRAW_LISTING = _listing(
    "withdraw-listing", "撤销列入", "withdraw the listing", _SIGNING, blacklist.WithdrawListing,
    leaves=(blacklist_facts.BlacklistRemoved, blacklist_facts.BlacklistDropped),
    apart_from=frozenset({"propose-listing"}),
)  # fmt: skip
RECORD_ANNULMENT = _listing(
    "record-annulment",
    "登记处罚撤销",
    "record that its decision was annulled",
    roles(Role.CASE_OFFICER, Role.LEGAL_REVIEWER, Role.APPROVER),
    annulment.RecordAnnulment,
    leaves=(annulment.BlacklistGroundAnnulled,),
)
RETRACT_ANNULMENT = _listing(
    "retract-annulment",
    "更正撤销登记",
    "retract the annulment",
    _SIGNING,
    annulment.RetractAnnulment,
    leaves=(annulment.BlacklistAnnulmentRetracted,),
    apart_from=frozenset({"record-annulment"}),
)
DROP_PROPOSAL = _listing("drop-proposal", "撤回提请", "drop the proposal", LISTING_PROPOSERS, blacklist.DropProposal)
NOTE_LISTING_EXPIRY = Act(name="note-listing-expiry", zh="期满移出", en="note which listings ran out", roles=OFFICIALS)
BLACKLIST_ACTS = (
    PROPOSE_LISTING, REVIEW_LISTING, SERVE_NOTICE, RECORD_STATEMENT, REQUEST_HEARING, HOLD_HEARING, DECIDE_LISTING,
    REJECT_LISTING, CONSENT_LISTING, PUBLISH_LISTING, APPLY_REPAIR, ACCEPT_REPAIR, GRANT_REPAIR, REFUSE_REPAIR,
    RECORD_ANNULMENT, RETRACT_ANNULMENT, WITHDRAW_LISTING, DROP_PROPOSAL,
)  # fmt: skip

CONSUMERS_KEPT_BY: Final = roles(Role.LICENSING_OFFICER, Role.CASE_OFFICER, Role.ADMINISTRATOR)
LIST_TAKERS: Final = roles(Role.SCHOOL, Role.BANK, Role.LIST_CONSUMER)
"""Who acts on the lists for itself."""
REGISTER_CONSUMER = Act(
    name="register-list-consumer", zh="登记名单使用单位", en="register a consumer of the lists",
    roles=CONSUMERS_KEPT_BY, asks=list_consumer.RegisterConsumer,
)  # fmt: skip
ACKNOWLEDGE_LISTS = Act(
    name="acknowledge-lists", zh="确认名单变动", en="acknowledge the lists",
    roles=CONSUMERS_KEPT_BY | LIST_TAKERS,
    asks=list_consumer.AcknowledgeLists,
)  # fmt: skip
REMIND_CONSUMERS = Act(
    name="remind-list-consumers", zh="催办名单移出", en="chase the consumers of the lists",
    roles=CONSUMERS_KEPT_BY, asks=list_consumer.RemindConsumer,
)  # fmt: skip
RETIRE_CONSUMER = Act(
    name="retire-list-consumer", zh="注销名单使用单位", en="retire a consumer of the lists",
    roles=CONSUMERS_KEPT_BY, asks=list_consumer.RetireConsumer,
)  # fmt: skip
CONSUMER_ACTS = (REGISTER_CONSUMER, ACKNOWLEDGE_LISTS, REMIND_CONSUMERS, RETIRE_CONSUMER)
IMPORT_MIRROR = Act(
    name="import-mirrored-list", zh="导入外部名单", en="take over a list of others", roles=CONSUMERS_KEPT_BY
)
CHECK_STAFF = Act(
    name="check-staff-blacklist", zh="核查从业人员黑名单", en="check somebody against the staff blacklist",
    roles=roles(Role.LICENSING_OFFICER, Role.CASE_OFFICER, Role.INSPECTOR),
)  # fmt: skip
JUDGING: Final = roles(Role.LICENSING_OFFICER, Role.CASE_OFFICER, Role.APPROVER)
"""Whether a new institution is an old one: whoever licenses it, and whoever punished the old one."""

JUDGE_LIKENESS = Act(
    name="judge-likeness", zh="判定是否同一主体", en="judge whether two are the same", roles=JUDGING, asks=JudgeLikeness
)
WITHDRAW_JUDGEMENT = Act(
    name="withdraw-judgement", zh="撤回判定", en="withdraw the judgement", roles=JUDGING, asks=WithdrawJudgement
)
LIKENESS_ACTS = (JUDGE_LIKENESS, WITHDRAW_JUDGEMENT)
COMPARE = Act(name="compare-institution", zh="比对机构", en="compare with former institutions", roles=JUDGING)
CONFIRM_MAPPING = _licensing("confirm-mapping", "确认导入对照", "confirm how a sender's table is read", ConfirmMapping)
WITHDRAW_MAPPING = _licensing(
    "withdraw-mapping", "撤回导入对照", "withdraw how a sender's table is read", WithdrawMapping
)
MAPPING_ACTS = (CONFIRM_MAPPING, WITHDRAW_MAPPING)

TAKE_ROSTER = Act(name="take-roster", zh="导入平台名录", en="take in the platform's roster", roles=LICENSING)
READ_ROSTER = Act(name="read-roster", zh="查看平台名录核对结果", en="look at the roster's comparison", roles=OFFICIALS)
RECONCILE_ROSTER = Act(
    name="reconcile-roster", zh="核对平台名录", en="compare the platform's roster", roles=LICENSING | {Role.AUDITOR}
)
NOTE_DIFFERENCE = _licensing("note-difference", "备注平台差异", "note why the platform differs", NoteDifference)
ROSTER_ENTRY_ACTS = (NOTE_DIFFERENCE,)
