"""Facts of staff, schools, filings and after-school providers. One rule: nobody is named."""

from __future__ import annotations

from mingjing_registry.chronicle.sentence import Sentence, Sentences
from mingjing_registry.domain import breach, filing, provider_facts, school, staff_facts, staffing

STAFF: Sentences = {
    staff_facts.StaffEnrolled: Sentence(
        "从业人员{person.name}入职，{post.work:work}，自 {post.from_on} 起。",
        "Somebody {person.name} began as {post.work:work} on {post.from_on}.",
    ),
    staff_facts.StaffLeft: Sentence("从业人员于 {left_on} 离职。", "Left on {left_on}."),
    staff_facts.QualificationRecorded: Sentence(
        "登记{qualification.proof:proof}。", "A qualification was recorded: {qualification.proof:proof}."
    ),
    staff_facts.QualificationWithdrawn: Sentence("资质不再有效。", "The qualification counts no more."),
    staff_facts.WorkPermitRecorded: Sentence(
        "登记外籍人员工作许可，有效期至 {permit.valid_until}。",
        "A foreigner's work permit was recorded, valid until {permit.valid_until}.",
    ),
    staff_facts.InServiceSuspected: Sentence(
        "疑似在职中小学教师，移送教育局核查。",
        "Perhaps a school teacher in service; the education department looks into it.",
    ),
    staff_facts.InServiceCleared: Sentence("经核查排除在职教师嫌疑。", "Looked into and cleared."),
    staff_facts.SchoolLikenessNoted: Sentence(
        "与学校教师名册中的人姓名、出生年份相同，待核查。",
        "A school's roster has the same name and year of birth; it is looked into.",
    ),
    staff_facts.SchoolLikenessJudged: Sentence(
        "对教师名册的相似已作判定。", "The likeness to a school's teacher was judged."
    ),
    staff_facts.StaffBarNoted: Sentence(
        "列入从业人员黑名单（{bar.decision_reference}），应予解聘。",
        "On the staff blacklist ({bar.decision_reference}): must be dismissed.",
    ),
    staff_facts.StaffBarLikenessNoted: Sentence(
        "与从业人员黑名单中脱敏记载的人姓名、号码相符，待核查。",
        "The staff blacklist has the same name and open part of the number; it is looked into.",
    ),
    staff_facts.StaffBarLikenessJudged: Sentence(
        "对从业人员黑名单的相似已作判定。", "The likeness to an entry of the staff blacklist was judged."
    ),
    staff_facts.StaffBarLifted: Sentence("从业人员黑名单记载终止。", "The entry of the staff blacklist ended."),
    staffing.SessionsStated: Sentence(
        "每班次学生 {pupils} 人，其中 3 至 6 岁 {pupils_ages_3_6} 人。",
        "{pupils} pupils a session, of whom {pupils_ages_3_6} are aged 3 to 6.",
    ),
}
SCHOOLS: Sentences = {
    school.SchoolRecorded: Sentence("登记学校“{name}”。", "The school {name} was recorded."),
    school.RosterTaken: Sentence(
        "取得教师名册（{stated_on}），共 {teachers} 人。", "A roster of {stated_on} was taken: {teachers} teachers."
    ),
    school.RosterDescribed: Sentence(
        "取得不含证件号的教师名册（{stated_on}）。", "A roster of {stated_on} without identity numbers was taken."
    ),
    school.SurveyRecorded: Sentence(
        "记录 {held_on} 调查，受访学生 {pupils_asked} 人。",
        "A survey of {held_on} was recorded: {pupils_asked} pupils asked.",
    ),
}
FILINGS: Sentences = {
    filing.ItemFiled: Sentence(
        "{item.kind:filing}备案：《{item.title}》。",
        "Filed: {item.kind:filing}, {item.title}.",
        "民办教育促进法第四十二条",
    ),
    filing.ItemAccepted: Sentence("备案通过。", "The filing was accepted."),
    filing.ItemRefused: Sentence("备案不予通过。", "The filing was refused."),
    filing.ItemWithdrawn: Sentence("备案撤回。", "The filing was withdrawn."),
}
BREACHES: Sentences = {
    breach.BreachFound: Sentence(
        "发现{finding.kind:breach}：{finding.what}（{finding.seen_on}）。",
        "Found: {finding.kind:breach}, {finding.what} ({finding.seen_on}).",
        "中办发〔2021〕40号",
    ),
    breach.BreachEnded: Sentence("违规发现办结：{how:breach_end}。", "The finding was ended: {how:breach_end}."),
}
PROVIDERS: Sentences = {
    provider_facts.ProviderProposed: Sentence(
        "申请进入课后服务名单：{services}。", "Proposed as an after-school provider: {services}."
    ),
    provider_facts.ProviderSelected: Sentence(
        "入选课后服务名单（{decision_reference}），{from_on} 至 {until_on}。",
        "Selected by {decision_reference}, from {from_on} to {until_on}.",
    ),
    provider_facts.ProviderChosen: Sentence(
        "学校选用，{from_on} 至 {until_on}。", "A school agreed with it, from {from_on} to {until_on}."
    ),
    provider_facts.AgreementEnded: Sentence("与学校的协议终止。", "A school's agreement ended."),
    provider_facts.PointsDeducted: Sentence(
        "考核扣分：{deduction.part:part} {deduction.points} 分。",
        "Points were taken away: {deduction.points}, for {deduction.part:part}.",
    ),
    provider_facts.DeductionWithdrawn: Sentence("撤销一项扣分。", "A deduction was withdrawn."),
    provider_facts.EvaluationClosed: Sentence(
        "{period} 考核结束：{score.total} 分，{score.grade:score}。",
        "The evaluation of {period} was closed: {score.total} points, {score.grade:score}.",
    ),
    provider_facts.ProviderLeft: Sentence(
        "退出课后服务名单：{ground:ground}。", "Off the list of providers: {ground:ground}."
    ),
    provider_facts.ProviderReturnDue: Sentence(
        "黑名单已撤销或修复，{working_days} 个工作日内决定是否恢复课后服务名单（原期限至 {until_on}）。",
        "The listing was annulled or repaired: to be decided within {working_days} working days whether it is put back "
        "(its term ran until {until_on}).",
    ),
    provider_facts.ProviderReturnOverdue: Sentence(
        "是否恢复课后服务名单，逾期未决定。", "Nobody decided in time whether it is put back."
    ),
    provider_facts.ProviderReturnDeclined: Sentence("不恢复课后服务名单。", "It is not put back on the list."),
}
