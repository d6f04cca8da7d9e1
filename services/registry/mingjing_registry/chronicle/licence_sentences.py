"""Facts of a licence: the application, its grant, what became of it, and changes of the record that need approval."""

from __future__ import annotations

from mingjing_registry.chronicle.sentence import Sentence, Sentences
from mingjing_registry.domain import application, change, licence, rectification

APPLICATION: Sentences = {
    application.ApplicationDrafted: Sentence("保存申请草稿。", "A draft of an application was kept."),
    licence.LicenceApplied: Sentence("提交办学许可申请。", "An application for a licence was filed."),
    licence.LicenceReturned: Sentence("申请退回补正。", "The application was returned for completion."),
    licence.LicenceAccepted: Sentence(
        "受理申请，{decide_by} 前作出决定。",
        "The application was accepted; to be decided by {decide_by}.",
        "民办教育促进法第十七条",
    ),
    licence.DecisionOverdue: Sentence(
        "申请于 {accepted_on} 受理，至 {decide_by} 未作出决定，已逾期。",
        "Accepted on {accepted_on} and not decided by {decide_by}: overdue.",
        "民办教育促进法第十七条",
    ),
    application.SiteChecked: Sentence(
        "现场核查 {check.address}：{check.passed:passed}，实测 {check.area_m2} 平方米（{check.reference}）。",
        "Site check at {check.address}: {check.passed:passed}, {check.area_m2} m² measured ({check.reference}).",
    ),
    application.RuleWaived: Sentence("豁免准入规则 {waiver.rule}。", "The admission rule {waiver.rule} was waived."),
    application.LicenceSigned: Sentence(
        "经办人签署拟准予许可，许可证号 {terms.number}，有效期至 {terms.expires_on}。",
        "First signature under the grant: licence {terms.number}, valid until {terms.expires_on}.",
    ),
    licence.LicenceApproved: Sentence(
        "准予许可，核发办学许可证 {terms.number}，有效期至 {terms.expires_on}；豁免规则：{waived}。",
        "Licence {terms.number} was granted, valid until {terms.expires_on}; rules waived: {waived}.",
        "民办教育促进法第十七条",
    ),
    licence.LicenceRefused: Sentence("不予许可。", "The application was refused.", "民办教育促进法第十七条"),
}
LICENCE: Sentences = {
    licence.LicenceRecorded: Sentence(
        "依名册记载许可证 {terms.number}，{standing:ending}，有效期至 {terms.expires_on}。",
        "Recorded from a register: licence {terms.number}, {standing:ending}, valid until {terms.expires_on}.",
    ),
    licence.LicenceSuspended: Sentence(
        "暂扣办学许可证，决定书 {decision_reference}，{served_on} 送达。",
        "The licence was suspended by decision {decision_reference}, served on {served_on}.",
    ),
    licence.LicenceReinstated: Sentence(
        "恢复办学许可证，决定书 {decision_reference}。", "The licence was reinstated by decision {decision_reference}."
    ),
    licence.LicenceRevoked: Sentence(
        "吊销办学许可证，决定书 {decision_reference}，{served_on} 送达；听证告知书 {hearing_notice_reference}。",
        "The licence was revoked by decision {decision_reference}, served on {served_on}; hearing notice "
        "{hearing_notice_reference}.",
        "行政处罚法第六十三条",
    ),
    licence.LicenceCancelled: Sentence(
        "注销办学许可证，申请 {application_reference}，公告 {public_notice_reference}。",
        "The licence was given up: application {application_reference}, public notice {public_notice_reference}.",
    ),
    licence.LicenceExpired: Sentence("办学许可证有效期于 {expired_on} 届满。", "The licence expired on {expired_on}."),
    application.RenewalSigned: Sentence(
        "经办人签署拟延续至 {expires_on}。", "First signature under a renewal until {expires_on}."
    ),
    licence.LicenceRenewed: Sentence("许可证延续至 {expires_on}。", "The licence was renewed until {expires_on}."),
    rectification.RectificationOrdered: Sentence(
        "责令限期整改（{reference}，{served_on} 送达）：{matter}；{deadline} 前改正。",
        "Rectification was ordered ({reference}, served on {served_on}): {matter}; until {deadline}.",
    ),
    rectification.RectificationEnded: Sentence(
        "整改复查：{passed:passed}（{reference}）。", "The rectification was looked at: {passed:passed} ({reference})."
    ),
    rectification.RectificationLapsed: Sentence(
        "整改期限 {deadline} 已过，未见复查合格（{reference}）。",
        "The deadline {deadline} of the rectification {reference} has passed without a clean look.",
    ),
}
CHANGES: Sentences = {
    change.ChangeProposed: Sentence(
        "申请变更：{kind:change}（{number}）。",
        "A change was applied for: {kind:change} ({number}).",
        "民办教育促进法第五十三至五十五条",
    ),
    change.ChangeApproved: Sentence(
        "准予变更：{kind:change}（{number}），决定书 {decision_reference}。",
        "The change was approved: {kind:change} ({number}), decision {decision_reference}.",
        "民办教育促进法第五十三至五十五条",
    ),
    change.ChangeRefused: Sentence(
        "不予变更（{number}）。", "The change was refused ({number}).", "民办教育促进法第五十三至五十五条"
    ),
    change.UnapprovedChangeNoticed: Sentence(
        "名册载明未经本系统核准的变更：{kind:change}（{register:department}）。",
        "The register of {register:department} states a change that nobody approved here: {kind:change}.",
        "民办教育促进法第五十四条",
    ),
    change.FileTransferred: Sentence(
        "档案由{from_department:department}移交{to_department:department}（{consent_reference}）。",
        "The file moved from {from_department:department} to {to_department:department} ({consent_reference}).",
    ),
}
