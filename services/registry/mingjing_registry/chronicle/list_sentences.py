"""Facts of lists: whitelist, blacklist with its procedure, mirrored lists, those who take the lists, likenesses."""

from __future__ import annotations

from mingjing_registry.chronicle.sentence import Sentence, Sentences
from mingjing_registry.domain import (
    annulment,
    blacklist_facts,
    blacklisted,
    likeness,
    list_consumer,
    matching_run,
    mirror,
    whitelist,
)

STANDING: Sentences = {
    whitelist.WhitelistEntered: Sentence(
        "列入白名单：{reason:standing}。", "On the whitelist: {reason:standing}.", "国办发〔2018〕80号"
    ),
    whitelist.WhitelistLeft: Sentence(
        "移出白名单：{reason:standing}。", "Off the whitelist: {reason:standing}.", "国办发〔2018〕80号"
    ),
    blacklisted.InstitutionBlacklisted: Sentence(
        "教育黑名单公布，移出白名单条件成立（案卷 {listing_id}）。",
        "A blacklisting was published (file {listing_id}); the whitelist's condition is not met.",
    ),
    blacklisted.InstitutionCleared: Sentence(
        "教育黑名单解除（案卷 {listing_id}）。", "The blacklisting is over (file {listing_id})."
    ),
}
BLACKLIST: Sentences = {
    blacklist_facts.BlacklistProposed: Sentence(
        "提请列入教育黑名单：{party.kind:party}，{grade:grade}失信。",
        "A listing was proposed: {party.kind:party}, {grade:grade} dishonesty.",
    ),
    blacklist_facts.BlacklistReviewed: Sentence("法制审核：{agrees:agrees}。", "The legal review {agrees:agrees}."),
    blacklist_facts.BlacklistNoticeServed: Sentence(
        "告知书 {notice_reference} 于 {served_on} 送达，当事人可在 {respond_by} 前陈述申辩。",
        "Notice {notice_reference} was served on {served_on}; the party may answer until {respond_by}.",
    ),
    blacklist_facts.BlacklistStatementMade: Sentence(
        "{received_on} 收到当事人陈述申辩。", "The party's statement came in on {received_on}."
    ),
    blacklist_facts.BlacklistHearingRequested: Sentence(
        "{received_on} 收到听证申请。", "A hearing was asked for on {received_on}."
    ),
    blacklist_facts.BlacklistHearingHeld: Sentence(
        "{held_on} 举行听证，笔录 {record_reference}。", "The hearing was held on {held_on}; record {record_reference}."
    ),
    blacklist_facts.BlacklistListed: Sentence(
        "决定列入（{document_number}），{grade:grade}失信，最短至 {minimum_until}，期满 {ends_on}。",
        "Decided to list ({document_number}): {grade:grade}, at least until {minimum_until}, over on {ends_on}.",
    ),
    blacklist_facts.BlacklistRejected: Sentence("决定不予列入（{reference}）。", "Decided not to list ({reference})."),
    blacklist_facts.BlacklistConsented: Sentence(
        "上级机关同意（{reference}）。", "The authority above agreed ({reference})."
    ),
    blacklist_facts.BlacklistPublished: Sentence(
        "公布列入决定（{document_number}），至 {ends_on}。",
        "The listing {document_number} is in force until {ends_on}.",
    ),
    blacklist_facts.BlacklistRepairApplied: Sentence(
        "{received_on} 收到信用修复申请，{accept_by} 前决定是否受理。",
        "Credit repair was asked for on {received_on}; to be taken in by {accept_by}.",
    ),
    blacklist_facts.BlacklistRepairAccepted: Sentence(
        "受理信用修复申请，{decide_by} 前决定。",
        "The application for repair was taken in; to be decided by {decide_by}.",
    ),
    blacklist_facts.BlacklistRepairRefused: Sentence("不予信用修复。", "The repair was refused."),
    blacklist_facts.BlacklistRepaired: Sentence("准予信用修复。", "The credit is repaired."),
    blacklist_facts.BlacklistRemoved: Sentence(
        "移出教育黑名单：{cause:cause}（{reference}）。", "Removed from the list: {cause:cause} ({reference})."
    ),
    blacklist_facts.BlacklistDropped: Sentence("撤回提请。", "The proposal was taken back."),
    annulment.BlacklistGroundAnnulled: Sentence(
        "列入所依据的决定于 {annulled_on} 被{body:annuller}撤销（{reference}），应于 {remove_by} 前移出。",
        "Its decision was annulled on {annulled_on} by {body:annuller} ({reference}); to be removed by {remove_by}.",
        "行政处罚法第四十八条",
    ),
    annulment.BlacklistAnnulmentRetracted: Sentence(
        "更正：列入所依据的决定未被撤销（{reference}）。", "The decision stands after all ({reference})."
    ),
    annulment.BlacklistRemovalReminded: Sentence(
        "提醒：移出黑名单期限将至。", "Reminder: the last day for its removal is near.", "行政处罚法第四十八条"
    ),
    annulment.BlacklistRemovalOverdue: Sentence(
        "逾期：应于 {due_on} 前移出黑名单而未移出。",
        "Overdue: it was to be removed by {due_on}, and still stands.",
        "行政处罚法第四十八条",
    ),
}
MIRRORED: Sentences = {
    mirror.DishonestyMirrored: Sentence(
        "{entry.authority}将“{entry.name}”列入严重违法失信名单（{entry.document_number}）。",
        "{entry.authority} has {entry.name} on its list of serious dishonesty ({entry.document_number}).",
    ),
    mirror.DishonestyEnded: Sentence("来源名单不再载有（{stated_on}）。", "The source no longer has it ({stated_on})."),
    mirror.StaffBarred: Sentence(
        "从业人员黑名单载入一人（{entry.person.name}），决定 {entry.decision_reference}，至 {entry.until}。",
        "A person {entry.person.name} is on the staff blacklist by {entry.decision_reference}, until {entry.until}.",
    ),
    mirror.StaffBarEnded: Sentence("来源名单不再载有（{stated_on}）。", "The source no longer has it ({stated_on})."),
    mirror.SourceTaken: Sentence(
        "{mirrored_list:mirrored}采自 {source}（{stated_on}）：载有 {entries} 条，终止 {ended} 条。",
        "The {mirrored_list:mirrored} of {source} ({stated_on}) was taken: {entries} entries, {ended} ended.",
    ),
}
CONSUMERS: Sentences = {
    list_consumer.ConsumerRegistered: Sentence(
        "登记名单接收方：{consumer.name}。", "{consumer.name} takes the lists from now on."
    ),
    list_consumer.ListsAcknowledged: Sentence(
        "接收方确认收到至日志第 {position} 条。", "Acknowledged up to position {position} of the log."
    ),
    list_consumer.ConsumerReminded: Sentence(
        "催告：{owed} 项移出未确认，应于 {due_on} 前完成。", "Reminded: {owed} removals not acknowledged by {due_on}."
    ),
    list_consumer.ConsumerRetiredFromLists: Sentence("接收方停止接收。", "It takes the lists no more."),
}
LIKENESSES: Sentences = {
    likeness.LikenessProposed: Sentence(
        "疑似同一主体：{pair.institution_name} 与 {pair.former_name}（{pair.grounds:former}），"
        "{resemblance.score} 分。",
        "Perhaps the same: {pair.institution_name} and {pair.former_name} ({pair.grounds:former}), "
        "{resemblance.score} points.",
    ),
    likeness.LikenessJudged: Sentence("人工认定：{is_same:same}。", "A person judged: {is_same:same}."),
    likeness.JudgementWithdrawn: Sentence(
        "撤回认定，重新待判。", "The judgement was withdrawn; the question is open again."
    ),
    likeness.LikenessLapsed: Sentence("事实变化，不再相似。", "The facts changed; nothing speaks for it any more."),
    matching_run.MatchingRan: Sentence(
        "比对 {looked_at} 家机构，新提 {proposed} 项，失效 {lapsed} 项。",
        "Compared {looked_at} institutions: {proposed} proposed, {lapsed} lapsed.",
    ),
}
