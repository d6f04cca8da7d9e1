"""Facts of an institution's own record: registration, funds, profile, sites, operation, annual check."""

from __future__ import annotations

from mingjing_registry.chronicle.sentence import Sentence, Sentences
from mingjing_registry.domain import (
    annual_check,
    credit_code,
    dismissal,
    institution,
    liability,
    operation,
    record_facts,
    site,
    site_area,
)

RECORD: Sentences = {
    institution.InstitutionRegistered: Sentence(
        "机构登记入册，名称“{particulars.name}”，依据{listing.register:department}名册。",
        "Registered as {particulars.name}, from the register of {listing.register:department}.",
    ),
    institution.InstitutionAmended: Sentence(
        "登记信息更新：{changed:field}，依据{listing.register:department}名册。",
        "Particulars changed: {changed:field}; from the register of {listing.register:department}.",
    ),
    credit_code.CodeGiven: Sentence(
        "{ground:code}：统一社会信用代码由 {before} 变为 {uscc}，凭证 {reference}。",
        "{ground:code}: the credit code changed from {before} to {uscc}, shown by {reference}.",
        "国发〔2015〕33号",
    ),
    credit_code.CodeLed: Sentence(
        "统一社会信用代码 {uscc} 归“{name}”所有，本代码下不再登记。",
        "The credit code {uscc} is that of {name}: nobody else is registered under it.",
        "国发〔2015〕33号",
    ),
    institution.NameNoted: Sentence(
        "{register:department}名册中另记名称“{name}”。",
        "The register of {register:department} also writes the name {name}.",
    ),
    institution.NoticeFiled: Sentence(
        "机构报备：{notice.matter}，自 {notice.begins_on} 至 {notice.ends_on}。",
        "The institution filed a notice: {notice.matter}, from {notice.begins_on} to {notice.ends_on}.",
    ),
    record_facts.ProfileRecorded: Sentence("机构信息更新：{changed:field}。", "The profile changed: {changed:field}."),
    record_facts.StaffSummarised: Sentence(
        "从业人员 {summary.total} 人，其中教学教研 {summary.teaching} 人。",
        "Staff: {summary.total}, of whom {summary.teaching} teach.",
    ),
    record_facts.MaterialsSummarised: Sentence(
        "培训材料备案 {summary.filed} 份，待审 {summary.unreviewed} 份。",
        "Materials on file: {summary.filed}, of which {summary.unreviewed} wait for review.",
    ),
}
FUNDS: Sentences = {
    institution.CustodyActivated: Sentence("{bank}托管专户启用。", "The custody account at {bank} is active."),
    institution.CustodyEnded: Sentence("托管专户终止。", "The custody account ended."),
    liability.LiabilityAsked: Sentence(
        "向资金监管查询未消课负债。", "The funds service was asked what families are owed."
    ),
    liability.LiabilityStated: Sentence(
        "资金监管答复：截至 {stated_on}，未消课负债 {unconsumed_fen:yuan} 元。",
        "The funds service says that {unconsumed_fen:yuan} yuan were owed on {stated_on}.",
    ),
}
EMPLOYING: Sentences = {
    dismissal.DismissalDemanded: Sentence(
        "从业人员（登记编号 {member_id}）列入从业人员黑名单（{decision_reference}），责令解聘。",
        "A member of staff ({member_id}) is on the staff blacklist ({decision_reference}) and must be dismissed.",
        "教监管厅函〔2021〕9号",
    ),
}
SITES: Sentences = {
    site.SiteProposed: Sentence("申请增设教学点：{place.address}。", "A teaching site was proposed: {place.address}."),
    site.SiteSigned: Sentence(
        "经办人拟批准教学点，核查记录{site_check_reference}。",
        "An officer signed the approval of a teaching site first, on the check {site_check_reference}.",
    ),
    site.SiteApproved: Sentence("教学点获批：{place.address}。", "A teaching site was approved: {place.address}."),
    site.SiteClosed: Sentence("教学点关闭。", "A teaching site was closed."),
    site_area.SiteMeasured: Sentence(
        "实测面积 {area_m2} ㎡，每班次最多 {students_max} 人（{site_check_reference}）。",
        "Measured: {area_m2} m² for {students_max} pupils of a session at most ({site_check_reference}).",
    ),
    site_area.SiteAreaWaived: Sentence(
        "豁免教学点面积条件 {waiver.rule}。", "The site's floor area rule {waiver.rule} was waived."
    ),
    site_area.SiteAreaChecked: Sentence(
        "面积核查（R6）：{check.outcome:outcome}。",
        "Floor area (R6): {check.outcome:outcome}.",
        "教监管厅函〔2022〕9号",
    ),
}
OPERATION: Sentences = {
    operation.OperationStateChanged: Sentence(
        "运营状态由“{before:operation}”变为“{state:operation}”，依据 {reference}。",
        "From {before:operation} to {state:operation}, by {reference}.",
    ),
    operation.PauseDeclared: Sentence(
        "机构报备{pause.purpose:purpose}，自 {pause.begins_on} 至 {pause.ends_on}。",
        "The institution declared a {pause.purpose:purpose} from {pause.begins_on} to {pause.ends_on}.",
    ),
    operation.SignNoted: Sentence(
        "{source:source}显示机构可能停业（{reference}），待人工确认。",
        "By {source:source} ({reference}) it may have stopped; a person has to confirm.",
    ),
    operation.ClosingBegan: Sentence(
        "进入清算注销，{noticed_on} 公告，{ends_on} 终止，清算组 {liquidator}。",
        "Closing began: noticed on {noticed_on}, ends on {ends_on}, liquidator {liquidator}.",
        "民办教育促进法第五十九条",
    ),
    operation.ClosingStepCompleted: Sentence(
        "清算步骤完成：{step:step}（{reference}）。",
        "A step of the closing is done: {step:step} ({reference}).",
        "民办教育促进法第五十九条",
    ),
}
CHECKS: Sentences = {
    annual_check.AnnualCheckOpened: Sentence(
        "{year} 年度年检开始，{due_on} 前报送。", "The annual check of {year} is due by {due_on}."
    ),
    annual_check.AnnualReportSubmitted: Sentence(
        "报送 {year} 年度年检材料（{report.reference}）。", "The annual report of {year} is in ({report.reference})."
    ),
    annual_check.AnnualReportReviewed: Sentence(
        "{year} 年度年检初审，拟定{proposed:check}。", "The report of {year} was reviewed; proposed: {proposed:check}."
    ),
    annual_check.AnnualCheckRecorded: Sentence(
        "年检结论：{result:check}，年度 {year}。", "Result of the annual check: {result:check}, year {year}."
    ),
    annual_check.RecruitmentRestricted: Sentence(
        "限制招生（{year} 年度年检）。",
        "Nobody new may be enrolled (annual check of {year}).",
        "民办教育促进法第四十二条",
    ),
    annual_check.RecruitmentAllowed: Sentence("解除限制招生。", "Recruitment is allowed again."),
    annual_check.RecheckReminded: Sentence(
        "提醒：{year} 年度年检整改今日（{rectify_until}）到期，应当复检。",
        "Reminder: what failed the check of {year} is to be put right today ({rectify_until}), and checked again.",
        "民办教育促进法第四十二条",
    ),
    annual_check.RecheckFellDue: Sentence(
        "{year} 年度年检整改期限（{rectify_until}）已过，尚未复检；复检合格前继续限制招生。",
        "The day to put it right ({rectify_until}, check of {year}) has passed without a re-check; "
        "nobody is enrolled before one is passed.",
        "民办教育促进法第四十二条",
    ),
}
