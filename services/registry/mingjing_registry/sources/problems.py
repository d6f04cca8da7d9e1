"""Problems: every rule of the import in two languages, with what it costs and what to do.

One rule: only ``ASIDE`` keeps a row out. ``LOOK`` takes the row and asks for a look, ``TIDIED`` says what was
normalised without losing anything.
"""

from __future__ import annotations

from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.sources.problem_rule import Rule, Severity
from mingjing_registry.sources.staff_problems import STAFF_RULES

_ASIDE, _LOOK, _TIDIED = Severity.ASIDE, Severity.LOOK, Severity.TIDIED
_CODE_REMEDY = ("Take the code from the registration certificate.", "按登记证书填写统一社会信用代码。")
_DATE_REMEDY = ("Write the date as 2026-06-30.", "请按 2026-06-30 的格式填写日期。")
_NUMBER_REMEDY = (
    "Take the number from the licence and keep the cell as text.",
    "按许可证原件补全编号，单元格设为文本格式。",
)
_BOTH_REMEDY = ("Compare the two rows with the licence and correct one.", "对照许可证核对两行，更正其中一行。")

RULES: dict[str, Rule] = {
    "name-missing": Rule(
        _ASIDE,
        "The name is missing.",
        "机构名称为空。",
        "Give the name as on the registration certificate.",
        "按登记证书填写机构名称。",
        "S0:89",
    ),
    "nature-missing": Rule(
        _ASIDE,
        "Without a credit code, how it will be registered must be stated.",
        "尚无信用代码的，须写明拟登记的机构性质。",
        "Write non-profit or for-profit: 非营利性 or 营利性.",
        "请填写“非营利性”或“营利性”。",
        "R3 (L08 art 19)",
    ),
    "uscc-missing": Rule(
        _ASIDE,
        "The unified social credit code is missing.",
        "统一社会信用代码为空。",
        *_CODE_REMEDY,
        "GB 32100-2015",
    ),
    "uscc-length": Rule(
        _ASIDE,
        "The code {written} does not have 18 characters; possible: {suggestion}.",
        "代码 {written} 不足或超过 18 位；可能是：{suggestion}。",
        *_CODE_REMEDY,
        "GB 32100-2015",
    ),
    "uscc-characters": Rule(
        _ASIDE,
        "The code {written} has characters that no code has.",
        "代码 {written} 含有不允许的字符。",
        *_CODE_REMEDY,
        "GB 32100-2015",
    ),
    "uscc-check-digit": Rule(
        _ASIDE,
        "The check digit of {written} is wrong.",
        "代码 {written} 的校验码不符。",
        *_CODE_REMEDY,
        "GB 32100-2015",
    ),
    "date-unreadable": Rule(_ASIDE, "No date can be read in “{written}”.", "“{written}”读不出日期。", *_DATE_REMEDY),
    "date-missing": Rule(_ASIDE, "A date is missing.", "日期为空。", *_DATE_REMEDY),
    "dates-reversed": Rule(
        _ASIDE,
        "The dates are in the wrong order: {written}.",
        "日期先后颠倒：{written}。",
        "Correct the dates from the licence.",
        "按许可证更正日期。",
    ),
    "ending-unreadable": Rule(
        _ASIDE,
        "“{written}” does not say whether the licence was cancelled or revoked.",
        "“{written}”未说明是注销还是吊销。",
        "Write 注销 or 吊销.",
        "请写明“注销”或“吊销”。",
    ),
    "contradicts-row": Rule(
        _ASIDE,
        "Another row of this file says otherwise of the same institution: {written}; there: {suggestion}.",
        "本文件另一行对同一机构的记载不同：本行 {written}；彼行 {suggestion}。",
        *_BOTH_REMEDY,
    ),
    "contradicts-register": Rule(
        _ASIDE,
        "The register says otherwise of this institution: {written}; there: {suggestion}.",
        "与已登记信息不一致：本行 {written}；登记为 {suggestion}。",
        "Ask both departments; correct the row, or take it with the decision that it prevails.",
        "与两部门核实后更正本行，或决定以本行为准。",
    ),
    "licence-number-taken": Rule(
        _ASIDE,
        "The licence number {written} is that of {suggestion}.",
        "许可证编号 {written} 属于“{suggestion}”。",
        "Compare both licences; correct the number here, or that of the other institution first.",
        "对照两家机构的许可证，更正本行编号；如对方编号有误，请先更正对方。",
        "domain §3.1",
    ),
    "code-awaited": Rule(
        _ASIDE,
        "“{suggestion}” is registered here and waits for its code; {written} may be it.",
        "“{suggestion}”已在本地登记、尚待登记信用代码；{written} 可能即其代码。",
        "Record the code at that institution, then take the row again; if it is another one, decide that the row"
        " prevails.",
        "先在该机构登记信用代码，再重新导入本行；如非同一机构，请决定以本行为准。",
        "GB 32100-2015",
    ),
    "former-code-ended": Rule(
        _ASIDE,
        "Listed as over under {written}, which is a former code of this institution; it is {suggestion} now.",
        "名单以原信用代码 {written} 列其许可已终止；该机构现用代码为 {suggestion}。",
        "If the licence itself is over, give the present code; if only the former registration is, dismiss the row.",
        "如许可确已终止，请改填现行信用代码；如仅原登记注销，本行不予导入。",
        "GB 32100-2015",
    ),
    "name-unknown": Rule(
        _ASIDE,
        "No institution is called “{written}”.",
        "找不到名为“{written}”的机构。",
        "Give the full name or the unified social credit code.",
        "请填写机构全称或统一社会信用代码。",
    ),
    "name-ambiguous": Rule(
        _ASIDE,
        "Several institutions could be “{written}”: {suggestion}.",
        "“{written}”可能是多家机构：{suggestion}。",
        "Give the full name or the unified social credit code.",
        "请填写机构全称或统一社会信用代码。",
    ),
    "uscc-letters": Rule(
        _LOOK,
        "The code {written} has letters that no code has; read as {suggestion}, whose check digit is right.",
        "代码 {written} 含有代码不使用的字母；按 {suggestion} 读取，校验码相符。",
        *_CODE_REMEDY,
        "GB 32100-2015",
    ),
    "former-code": Rule(
        _LOOK,
        "{written} is not this institution's code any more; it is {suggestion} now.",
        "{written} 已不是该机构的信用代码，现为 {suggestion}。",
        "Give the present code.",
        "请填写现行信用代码。",
        "GB 32100-2015",
    ),
    "licence-number-ended": Rule(
        _LOOK,
        "The licence number {written} ended on {suggestion} and is not valid; the licence stays as it is here.",
        "许可证编号 {written} 已于 {suggestion} 失效；许可信息保持不变。",
        "Give the number of the licence in force, or take the institution off the list.",
        "请填写现行许可证编号，或将其移出名单。",
        "domain §3.3",
    ),
    "licence-digits-lost": Rule(
        _LOOK,
        "The licence number was kept as a number and lost digits ({written}); imported without it.",
        "许可证编号被存为数字，末位丢失（{written}）；未导入编号。",
        *_NUMBER_REMEDY,
    ),
    "licence-prefix-restored": Rule(
        _LOOK,
        "The licence number was kept as a number without its prefix ({written}); read as {suggestion}.",
        "许可证编号被存为数字，丢失“教民”字样（{written}）；按 {suggestion} 读取。",
        *_NUMBER_REMEDY,
    ),
    "licence-form": Rule(
        _LOOK,
        "The licence number {written} has an unknown form; imported as it is.",
        "许可证编号 {written} 格式不明；照原样导入。",
        "Compare it with the licence.",
        "对照许可证核对。",
    ),
    "licence-missing": Rule(
        _LOOK,
        "No licence number: listed here, licensed elsewhere.",
        "许可证编号为空：本部门列名，由其他部门发证。",
        "Finish the transfer of the file, then give the number.",
        "移交手续办结后补填编号。",
    ),
    "licence-expired": Rule(
        _LOOK,
        "The licence had run out on {written} when the list was drawn up.",
        "截至统计日，许可证已于 {written} 到期。",
        "Renew it, or take the institution off the list.",
        "办理延续，或移出名单。",
        "L08",
    ),
    "two-digit-year": Rule(
        _LOOK,
        "The year in {written} has two digits; read as {suggestion}.",
        "{written} 的年份只有两位；按 {suggestion} 读取。",
        *_DATE_REMEDY,
    ),
    "duplicate-row": Rule(
        _LOOK,
        "The institution stands here twice; see row {suggestion}.",
        "同一机构重复列示，另见第 {suggestion} 行。",
        "Delete one of the rows.",
        "删除重复行。",
    ),
    "contradicted-here": Rule(
        _LOOK,
        "Row {suggestion} says otherwise of this institution ({written}); this row was taken.",
        "第 {suggestion} 行对同一机构的记载不同（{written}）；已采用本行。",
        *_BOTH_REMEDY,
    ),
    "hidden-row": Rule(
        _LOOK,
        "A filter hides this row; it was read all the same.",
        "本行被筛选隐藏；仍已读取。",
        "Clear the filter before sending the file.",
        "报送前请取消筛选。",
    ),
    "former-name": Rule(
        _LOOK,
        "The cell also names a former name: {suggestion}.",
        "单元格内含曾用名：{suggestion}。",
        "Give former names in a column of their own.",
        "曾用名请单列一栏。",
    ),
    "other-spelling": Rule(
        _LOOK,
        "The register spells the name otherwise; {written} was noted as another spelling.",
        "登记名称写法不同；{written} 记为另一写法。",
        "Use the name of the registration certificate.",
        "请使用登记证书上的名称。",
    ),
    "phone-shape": Rule(
        _LOOK,
        "“{written}” is no telephone number.",
        "“{written}”不是电话号码。",
        "Give a mobile number (11 digits) or a landline with its area code.",
        "请填写 11 位手机号或带区号的固定电话。",
    ),
    "nature-contradicts-code": Rule(
        _LOOK,
        "The code says {suggestion}, the cell {written}.",
        "信用代码表示 {suggestion}，本栏写为 {written}。",
        "Compare with the registration certificate.",
        "对照登记证书核对。",
        "GB 32100-2015",
    ),
    "division-unknown": Rule(
        _LOOK,
        "The town in “{written}” is not in the division table.",
        "“{written}”中的镇街不在区划表内。",
        "Write the address with its town: 西湖区留下街道….",
        "地址请写明镇街。",
        "GB/T 10114",
    ),
    "division-replaced": Rule(
        _LOOK,
        "{written} is no more; {suggestion} stands for it.",
        "{written}已撤销或更名，现为{suggestion}。",
        "Write the address with the present division.",
        "请按现行区划填写地址。",
        "GB/T 2260",
    ),
    "town-contradicts-address": Rule(
        _LOOK,
        "The town column says {written}, the address {suggestion}.",
        "镇街栏为 {written}，地址为 {suggestion}。",
        "Correct one of them.",
        "更正其中一处。",
    ),
    "category-unknown": Rule(
        _LOOK,
        "The training category of “{written}” is not known.",
        "“{written}”无法归入培训类别。",
        "Write subject, arts, sports, technology or other.",
        "请写明学科、艺术、体育、科技或其他。",
    ),
    "address-missing": Rule(
        _LOOK,
        "No address.",
        "地址为空。",
        "Give every teaching site with its address.",
        "请填写每个教学点的地址。",
        "R5 (S1:189)",
    ),
    "resembles-revoked": Rule(
        _LOOK,
        "Same representative and telephone as {suggestion}, whose licence was taken away.",
        "法定代表人和电话与已吊销许可证的 {suggestion} 相同。",
        "Check whether it is the same operator under another name.",
        "核查是否换名经营。",
        "S1:189",
    ),
    "name-tidied": Rule(_TIDIED, "Spaces or line breaks removed from the name.", "已去除名称中的空格或换行。"),
    "person-tidied": Rule(
        _TIDIED, "Spaces removed from the person's name: {suggestion}.", "已去除姓名中的空格：{suggestion}。"
    ),
    "uscc-tidied": Rule(
        _TIDIED, "The code was read as {suggestion}.", "代码按 {suggestion} 读取（大小写、全角或空格）。"
    ),
    "date-notation": Rule(_TIDIED, "{written} read as {suggestion}.", "{written} 按 {suggestion} 读取。"),
    "date-serial": Rule(
        _TIDIED, "The serial number {written} read as {suggestion}.", "日期序列号 {written} 按 {suggestion} 读取。"
    ),
    "phone-tidied": Rule(_TIDIED, "{written} read as {suggestion}.", "电话 {written} 按 {suggestion} 读取。"),
    "phone-number": Rule(_TIDIED, "The telephone was kept as a number.", "电话被存为数字。"),
    "several-sites": Rule(_TIDIED, "{suggestion} sites in one cell.", "一个单元格内有 {suggestion} 个教学点。"),
    "sites-in-two-columns": Rule(_TIDIED, "{suggestion} sites in two columns.", "{suggestion} 个教学点分列两栏。"),
    "count-approximate": Rule(_TIDIED, "“{written}” read as {suggestion}.", "“{written}”按 {suggestion} 读取。"),
    **STAFF_RULES,
}


def severity_of(problem: Problem) -> Severity:
    """What this problem costs."""
    return RULES[problem.code].severity


def explained(problem: Problem) -> dict[str, str]:
    """The problem for people: sentence and remedy in both languages, rule and severity."""
    rule = RULES[problem.code]
    filled = {"written": problem.written, "suggestion": problem.suggestion or "?"}
    return {
        "code": problem.code,
        "field": problem.field,
        "severity": rule.severity,
        "rule": rule.source or problem.code,
        "sentence": rule.en.format_map(filled),
        "sentence_zh": rule.zh.format_map(filled),
        "remedy": rule.remedy_en.format_map(filled),
        "remedy_zh": rule.remedy_zh.format_map(filled),
    }
