"""Facts of files that came in: imports, rows kept aside, mappings, the national platform's roster."""

from __future__ import annotations

from mingjing_registry.chronicle.sentence import Sentence, Sentences
from mingjing_registry.domain import (
    export_profile,
    import_mapping,
    inspection_order,
    kept_aside,
    prepaid,
    receipt,
    roster,
    roster_run,
    unlicensed,
)

IMPORTS: Sentences = {
    receipt.ImportBegun: Sentence("收到文件“{file_name}”。", "The file {file_name} came in."),
    receipt.ImportMapped: Sentence("按已确认的对应关系读取。", "It was read by mappings that a person had confirmed."),
    receipt.ImportRecorded: Sentence(
        "导入完成：{counts.rows} 行，采纳 {counts.taken} 行，搁置 {counts.kept_aside} 行。",
        "Taken: {counts.taken} of {counts.rows} rows, {counts.kept_aside} kept aside.",
    ),
    kept_aside.RowKeptAside: Sentence(
        "第 {origin.row} 行搁置待补正（{origin.file_name}）。", "Row {origin.row} of {origin.file_name} was kept aside."
    ),
    kept_aside.PersonRowKeptAside: Sentence(
        "第 {origin.row} 行搁置待补正（{origin.file_name}），人员信息已加密。",
        "Row {origin.row} of {origin.file_name} was kept aside; what it says of a person is sealed.",
    ),
    kept_aside.RowTaken: Sentence("搁置行补正后采纳。", "The row was mended and taken."),
    kept_aside.RowDismissed: Sentence("搁置行不予采纳。", "The row was dismissed."),
    import_mapping.MappingConfirmed: Sentence(
        "确认 {sender} 表格的对应关系（第 {number} 次）。",
        "The mapping of tables from {sender} was confirmed ({number}).",
    ),
    import_mapping.MappingWithdrawn: Sentence("撤回一项对应关系。", "A mapping was withdrawn."),
}
ROSTER: Sentences = {
    roster.RosterEntryStated: Sentence(
        "全国平台载有“{entry.name}”，状态 {entry.status}（{stated_on}）。",
        "The national platform has {entry.name}, state {entry.status} ({stated_on}).",
    ),
    roster.RosterEntryGone: Sentence(
        "全国平台不再载有（{stated_on}）。", "The national platform no longer has it ({stated_on})."
    ),
    roster.DifferenceNoted: Sentence(
        "说明与平台的差异：{kind:note}。", "A difference from the platform was explained: {kind:note}."
    ),
    roster_run.RosterTaken: Sentence(
        "取得平台名录 {file_name}（{stated_on}）：{taken.rows} 行。",
        "The roster {file_name} of {stated_on}: {taken.rows} rows.",
    ),
    roster_run.RosterReconciled: Sentence(
        "与平台名录比对：一致 {found.agreeing}，差异 {found.differing}，"
        "本地缺 {found.missing_here}，平台缺 {found.missing_there}。",
        "Compared with the platform: {found.agreeing} agree, {found.differing} differ, "
        "{found.missing_here} missing here, {found.missing_there} missing there.",
    ),
}
EXPORTS: Sentences = {
    export_profile.ProfileProposed: Sentence(
        "拟定台账导出格式“{profile.title}”第 {number} 版，自 {effective_on} 起使用。",
        "Version {number} of the export profile {profile.title} was proposed, for use from {effective_on}.",
    ),
    export_profile.ProfileApproved: Sentence("批准导出格式。", "An export profile was approved."),
    export_profile.ProfileWithdrawn: Sentence("撤回导出格式。", "An export profile was withdrawn."),
}
PREPAID: Sentences = {
    prepaid.PrepaidNoted: Sentence(
        "资金监管通报（{stated_on}）：托管余额 {amounts.balance_fen:yuan}，未消课负债 {amounts.unconsumed_fen:yuan}。",
        "Funds stated for {stated_on}: {amounts.balance_fen:yuan} in custody, {amounts.unconsumed_fen:yuan} owed.",
    ),
}
INSPECTION: Sentences = {
    inspection_order.InspectionOrderNoted: Sentence(
        "检查部门责令整改，期限至 {deadline}。", "Inspection ordered something to be put right by {deadline}."
    ),
    inspection_order.InspectionOrderEnded: Sentence(
        "责令整改复查（{ended_on}）：{is_passed:righted}。",
        "The order was looked at on {ended_on}: {is_passed:righted}.",
    ),
    unlicensed.UnlicensedNoted: Sentence(
        "检查部门认定无证办学场所：{premises.address}。", "Inspection found unlicensed premises: {premises.address}."
    ),
    unlicensed.UnlicensedWithdrawn: Sentence(
        "检查部门撤回无证办学认定（{withdrawn_on}）。",
        "Inspection took back on {withdrawn_on} that they are unlicensed.",
    ),
}
