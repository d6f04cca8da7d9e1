"""What a person may do about staff, schools, filings and after-school providers, declared once.

One rule: whoever handed something in or put it up does not decide on it.
"""

from __future__ import annotations

from typing import Any, Final

from mingjing_kernel.identity import Act, Role, roles
from mingjing_registry.domain import breach, filing, provider, provider_facts
from mingjing_registry.domain import staff_commands as staff
from mingjing_registry.domain.provider_return import DeclineReturn

STAFF_READERS: Final = roles(Role.LICENSING_OFFICER, Role.CASE_OFFICER, Role.INSPECTOR, Role.AUDITOR)
"""Who may look at people: a suspicion against a school's teacher is no business of anybody else's (X18)."""
_KEEPING: Final = roles(Role.LICENSING_OFFICER)
_LOOKING_INTO: Final = roles(Role.LICENSING_OFFICER, Role.CASE_OFFICER, Role.INSPECTOR)
_DECIDING: Final = roles(Role.LICENSING_OFFICER, Role.APPROVER)


def _act(name: str, zh: str, en: str, who: frozenset[Role], asks: type | None = None, **more: Any) -> Act:
    return Act(name=name, zh=zh, en=en, roles=who, asks=asks, **more)


ENROL_STAFF = _act("enrol-staff", "登记从业人员", "enrol staff", _KEEPING)
END_EMPLOYMENT = _act("end-employment", "登记离职", "record who left", _KEEPING, staff.EndEmployment)
RECORD_QUALIFICATION = _act(
    "record-qualification", "登记资格", "record a qualification", _KEEPING, staff.RecordQualification
)
WITHDRAW_QUALIFICATION = _act(
    "withdraw-qualification", "取消资格", "withdraw a qualification", _LOOKING_INTO, staff.WithdrawQualification
)
CLEAR_IN_SERVICE = _act(
    "clear-in-service", "排除在职教师嫌疑", "clear a suspicion", _LOOKING_INTO, staff.ClearInService
)
JUDGE_SCHOOL_LIKENESS = _act(
    "judge-school-likeness", "判定是否在职教师", "judge whether she teaches at a school", _LOOKING_INTO,
    staff.JudgeSchoolLikeness,
)  # fmt: skip
JUDGE_BAR_LIKENESS = _act(
    "judge-bar-likeness", "判定是否黑名单人员", "judge whether the staff blacklist names her", _LOOKING_INTO,
    staff.JudgeBarLikeness,
)  # fmt: skip
CHECK_ALL_STAFF = _act("check-all-staff", "从业人员复核", "check all staff again", _LOOKING_INTO)
RECORD_PERMIT = _act(
    "record-work-permit", "登记外籍人员工作许可", "record a work permit", _KEEPING, staff.RecordWorkPermit
)
STATE_SESSIONS = _act("state-sessions", "申报班次人数", "state the pupils of a session", _KEEPING)
STAFF_ACTS = (
    END_EMPLOYMENT,
    RECORD_QUALIFICATION,
    WITHDRAW_QUALIFICATION,
    RECORD_PERMIT,
    CLEAR_IN_SERVICE,
    JUDGE_SCHOOL_LIKENESS,
    JUDGE_BAR_LIKENESS,
)

IMPORT_STAFF = _act("import-staff", "导入从业人员花名册", "take in a staff list", _KEEPING)
OPEN_ROW = _act("open-kept-aside-person", "查看搁置行人员信息", "see who a kept-aside row is about", _KEEPING)

RECORD_SCHOOL = _act("record-school", "登记学校", "record a school", _KEEPING)
TAKE_SCHOOL_ROSTER = _act("take-school-roster", "导入教师名册", "take a school's roster", _KEEPING)
RECORD_SURVEY = _act("record-survey", "登记学校调查", "record a school's survey", _LOOKING_INTO)
SCHOOL_ACTS: tuple[Act, ...] = ()

FILE_ITEM = _act("file-item", "报备", "file an item", _KEEPING, filing.FileItem, leaves=(filing.ItemFiled,))
_OTHER = frozenset({"file-item"})
ACCEPT_ITEM = _act(
    "accept-item", "备案通过", "accept the filing", _DECIDING, filing.AcceptItem,
    leaves=(filing.ItemAccepted,), apart_from=_OTHER,
)  # fmt: skip
REFUSE_ITEM = _act(
    "refuse-item", "不予备案", "refuse the filing", _DECIDING, filing.RefuseItem,
    leaves=(filing.ItemRefused,), apart_from=_OTHER,
)  # fmt: skip
WITHDRAW_ITEM = _act("withdraw-item", "撤回报备", "withdraw the filing", _KEEPING, filing.WithdrawItem)
FIND_BREACH = _act(
    "find-breach", "登记违规发现", "record a finding", _LOOKING_INTO, breach.FindBreach, leaves=(breach.BreachFound,)
)
END_BREACH = _act(
    "end-breach", "办结违规发现", "end a finding", _DECIDING, breach.EndBreach,
    leaves=(breach.BreachEnded,), apart_from=frozenset({"find-breach"}),
)  # fmt: skip
BREACH_ACTS = (FIND_BREACH, END_BREACH)
FILING_ACTS = (FILE_ITEM, ACCEPT_ITEM, REFUSE_ITEM, WITHDRAW_ITEM)

PROPOSE_PROVIDER = _act(
    "propose-provider", "推荐课后服务机构", "propose a provider", _KEEPING, provider.ProposeProvider,
    leaves=(provider_facts.ProviderProposed,),
)  # fmt: skip
SELECT_PROVIDER = _act(
    "select-provider", "列入遴选名单", "select the provider", _DECIDING, provider.SelectProvider,
    leaves=(provider_facts.ProviderSelected,), apart_from=frozenset({"propose-provider"}),
)  # fmt: skip
CHOOSE_PROVIDER = _act("choose-provider", "登记学校选用", "record a school's choice", _KEEPING, provider.ChooseProvider)
END_AGREEMENT = _act("end-agreement", "终止选用", "end an agreement", _KEEPING, provider.EndAgreement)
DEDUCT_POINTS = _act("deduct-points", "考核扣分", "deduct points", _LOOKING_INTO, provider.DeductPoints)
WITHDRAW_DEDUCTION = _act(
    "withdraw-deduction", "撤销扣分", "withdraw a deduction", _LOOKING_INTO, provider.WithdrawDeduction
)
CLOSE_EVALUATION = _act("close-evaluation", "评定等次", "close the evaluation", _DECIDING, provider.CloseEvaluation)
REMOVE_PROVIDER = _act("remove-provider", "移出名单", "remove the provider", _DECIDING, provider.RemoveProvider)
DECLINE_RETURN = _act("decline-return", "不予恢复名单", "not put the provider back", _DECIDING, DeclineReturn)
PROVIDER_ACTS = (
    PROPOSE_PROVIDER, SELECT_PROVIDER, CHOOSE_PROVIDER, END_AGREEMENT, DEDUCT_POINTS, WITHDRAW_DEDUCTION,
    CLOSE_EVALUATION, REMOVE_PROVIDER, DECLINE_RETURN,
)  # fmt: skip
