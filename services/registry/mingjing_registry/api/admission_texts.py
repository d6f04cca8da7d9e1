"""Admission rules as people read them: what each asks, on what basis, and what was seen.

One rule: stored are codes and values; sentences are made when somebody asks, in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from mingjing_registry.api.check_words import in_chinese
from mingjing_registry.api.dishonesty_texts import DISHONESTY_FINDINGS, DISHONESTY_TEXTS
from mingjing_registry.api.rule_text import Asked, Text
from mingjing_registry.api.teaching_time_texts import TEACHING_FINDINGS, TEACHING_TEXTS
from mingjing_registry.domain.admission_rules import NEVER_WAIVED
from mingjing_registry.domain.application import Waiver
from mingjing_registry.domain.check import Check

RULE_TEXTS: Mapping[str, Asked] = {
    "R1": Asked(
        Text(
            "不再审批面向义务教育阶段、学前儿童和普通高中学生的学科类培训机构", "No new licences for subject training"
        ),
        "中办发〔2021〕40号第十三条",
    ),
    "R2": Asked(
        Text(
            "义务教育学段学科类培训机构登记为非营利性（政策可要求各学段）",
            "Subject institutions of the compulsory stage are non-profit (by policy those of every stage)",
        ),
        "中办发〔2021〕40号第十三条",
    ),
    "R3": Asked(
        Text("先取得办学许可，再登记、再开展培训", "Licence first, then registration and trading"),
        "民办教育促进法第十九条",
    ),
    "R4": Asked(
        Text("线上与线下、学科与非学科分别许可", "Online and offline, subject and non-subject: a licence each"),
        "教监管厅函〔2021〕9号",
    ),
    "R5": Asked(Text("每个培训场所均经核查", "Every site is checked and approved"), "国办发〔2018〕80号"),
    "R6": Asked(
        Text("同一时段生均培训场所面积不少于3平方米", "At least 3 m² a student in the same session"),
        "教监管厅函〔2022〕9号",
    ),
    "R7": Asked(
        Text(
            "教师具备资质，无在职中小学教师，无禁止从业人员",
            "Qualified teachers, none in a school's service, none barred",
        ),
        "教监管厅函〔2021〕9号",
    ),
    "R8": Asked(
        Text("教学教研人员不少于一半；专职教师达到比例", "Half of the staff teaches; enough teachers are full-time"),
        "教监管厅函〔2021〕9号",
    ),
    "R9": Asked(
        Text("不聘请境外外籍人员；境内外籍人员合法聘用", "No foreigners abroad; those in China lawfully employed"),
        "中办发〔2021〕40号第十三条",
    ),
    "R10": Asked(Text("收费前开立预收费托管账户", "A custody account before the first charge"), "教监管函〔2021〕2号"),
    "R11": Asked(
        Text("培训材料备案审核，无境外课程，不超标超前", "Materials reviewed, nothing overseas, nothing ahead"),
        "教监管厅函〔2021〕6号",
    ),
    "R12": Asked(
        Text("收费公示；义务教育学科类不超过政府指导价上限", "Prices published, within the guide price"),
        "发改价格〔2021〕1279号",
    ),
    "R13": Asked(Text("不发布学科类校外培训广告", "No advertising of subject training"), "中办发〔2021〕40号第十九条"),
    "R14": Asked(
        Text("不上市融资、不资本化运作、无外资控股", "No listing, capitalization or foreign control"),
        "中办发〔2021〕40号第十四条",
    ),
    "R15": Asked(Text("变更事项已经审批", "Changes are approved"), "民办教育促进法第五十三条至第五十五条"),
    "R16": Asked(Text("年检未被判定不合格", "The annual check is not failed"), "民办教育促进法第四十二条"),
    "R17": Asked(
        Text("自受理之日起三个月内决定", "Decided within three months of acceptance"), "民办教育促进法第十七条"
    ),
}

FINDINGS: Mapping[str, Text] = {
    "no-subject-training": Text("不涉及学科类培训", "No subject training"),
    "no-new-subject-licence": Text("不是新设学科类许可", "Not a new licence for subject training"),
    "new-subject-licence": Text("申请新设学科类许可", "A new licence for subject training is applied for"),
    "nature-unknown": Text("法人登记类型未知", "For-profit or not is unknown"),
    "stages-unknown": Text(
        "登记为{nature}，未载明招生学段", "Registered as {nature}; nobody stated the stages it serves"
    ),
    "no-compulsory-stage": Text("不面向义务教育学段：{stages}", "No compulsory stage: {stages}"),
    "nature": Text("法人登记类型：{nature}", "Registered as {nature}"),
    "licensed-already": Text("已取得许可", "Licensed already"),
    "operation-state": Text("运营状态：{state}", "Operation: {state}"),
    "not-registered-yet": Text(
        "尚无信用代码，取得许可后办理登记；运营状态：{state}",
        "No credit code yet: to be registered after the licence; operation: {state}",
    ),
    "mode-or-category-missing": Text("未填培训方式或类别", "Mode or category is not stated"),
    "modes-and-categories": Text("方式：{modes}；类别：{categories}", "Modes: {modes}; categories: {categories}"),
    "online-only": Text("仅线上培训", "Online only"),
    "no-premises-stated": Text("未填培训场所", "No premises are stated"),
    "sites-not-checked": Text("{count} 处场所未通过核查 {addresses}", "{count} sites not passed {addresses}"),
    "area-not-measured": Text("面积尚未实测", "The area is not measured yet"),
    "area": Text(
        "实测 {area_m2} 平方米，同一时段 {students} 人，至少 {needed_dm2} 平方分米",
        "{area_m2} m² measured for {students} students; at least {needed_dm2} dm²",
    ),
    "staff-unknown": Text("未报从业人员情况", "Nothing is known of its staff"),
    "teachers": Text(
        "无资质 {unqualified} 人，在职教师 {in_service} 人，禁止从业 {blacklisted} 人",
        "{unqualified} unqualified, {in_service} in a school's service, {blacklisted} barred",
    ),
    "staff-shares": Text(
        "从业 {total} 人，教学教研 {teaching} 人，专职教师 {full_time} 人，至少 {full_time_needed} 人",
        "{total} staff, {teaching} teach, {full_time} full-time of at least {full_time_needed}",
    ),
    "foreigners": Text("境外 {abroad} 人，未合法聘用 {unlawful} 人", "{abroad} abroad, {unlawful} unlawfully employed"),
    "custody-active": Text("托管账户已启用", "The custody account is active"),
    "custody-agreement": Text("托管协议：{agreement}", "Custody agreement: {agreement}"),
    "materials-unknown": Text("未报培训材料情况", "Nothing is known of its materials"),
    "materials": Text(
        "已备案 {filed}，未审核 {unreviewed}，境外 {overseas}，超标超前 {ahead}",
        "{filed} filed, {unreviewed} unreviewed, {overseas} overseas, {ahead} ahead of the syllabus",
    ),
    "prices-not-published": Text("收费标准未公示（{count} 项）", "Prices are not published ({count} lines)"),
    "prices-published": Text("公示收费 {count} 项", "{count} prices published"),
    "guide-price-unknown": Text("未设政府指导价", "No guide price is set"),
    "prices-above-guide": Text("{count} 项超过上限 {items}", "{count} prices above the ceiling {items}"),
    "adverts-unknown": Text("未报广告情况", "Nothing is known of its adverts"),
    "adverts": Text("违规广告 {count} 条", "{count} adverts in breach"),
    "capital-not-declared": Text("未作出资本情况声明", "Its capital is not declared"),
    "capital": Text("声明情形：{which}", "Declared: {which}"),
    "no-change-pending": Text("无待审批变更", "No change is pending"),
    "change-pending": Text("变更 {number}（{kind}）待审批", "Change {number} ({kind}) is pending"),
    "not-licensed-yet": Text("尚未取得许可", "Not licensed yet"),
    "never-checked": Text("尚未年检", "Never checked"),
    "annual-check": Text("年检结论：{result}", "Annual check: {result}"),
    "nothing-accepted": Text("没有已受理的申请", "No application is accepted"),
    "decision-due": Text("{accepted_on} 受理，{due_on} 前决定", "Accepted on {accepted_on}, to be decided by {due_on}"),
}
_ASKED: Mapping[str, Asked] = {**RULE_TEXTS, **TEACHING_TEXTS, **DISHONESTY_TEXTS}
_SEEN: Mapping[str, Text] = {**FINDINGS, **TEACHING_FINDINGS, **DISHONESTY_FINDINGS}
OUTCOMES: Mapping[str, str] = {"pass": "符合", "fail": "不符合", "not-applicable": "不适用", "unknown": "未知"}


class CheckItem(BaseModel):
    """What one rule says: asked for, seen, and whether it was waived."""

    rule: str
    outcome: str
    outcome_zh: str
    needed_zh: str
    needed: str
    seen_zh: str
    seen: str
    basis: str
    values: dict[str, str]
    may_be_waived: bool
    waived_because: str
    waived_by: str


def told(check: Check, waiver: Waiver | None) -> CheckItem:
    """A check in words."""
    asked, finding = _ASKED[check.rule], _SEEN[check.finding]
    return CheckItem(
        rule=check.rule,
        outcome=check.outcome.value,
        outcome_zh=OUTCOMES[check.outcome.value],
        needed_zh=asked.needed.zh,
        needed=asked.needed.en,
        seen_zh=finding.zh.format_map(in_chinese(check.values)),
        seen=finding.en.format_map(check.values),
        basis=asked.basis,
        values=check.values,
        may_be_waived=check.rule in RULE_TEXTS and check.rule not in NEVER_WAIVED,
        waived_because=waiver.reason if waiver else "",
        waived_by=waiver.by if waiver else "",
    )
