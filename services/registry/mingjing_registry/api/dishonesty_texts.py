"""The dishonesty list (B2) in licensing, as people read it."""

from __future__ import annotations

from collections.abc import Mapping

from mingjing_registry.api.rule_text import Asked, Text

DISHONESTY_TEXTS: Mapping[str, Asked] = {
    "B2": Asked(
        Text(
            "未列入严重违法失信名单；列入的，许可审查时作为重要考量，不适用告知承诺制",
            "Not on the list of serious dishonesty: it weighs in licensing, and rules out approval on commitment",
        ),
        "市场监督管理严重违法失信名单管理办法",
    ),
}
DISHONESTY_FINDINGS: Mapping[str, Text] = {
    "on-dishonesty-list": Text(
        "{listed_on} 被{authority}列入严重违法失信名单（{document_number}）",
        "On the list of serious dishonesty since {listed_on}, by {authority} ({document_number})",
    ),
    "no-credit-code": Text("没有统一社会信用代码，无法核对", "No credit code to look for"),
    "no-dishonesty-list": Text("尚未导入严重违法失信名单", "No list of serious dishonesty was ever taken over"),
    "not-on-dishonesty-list": Text("不在已导入的严重违法失信名单上", "Not on the list that was taken over"),
}
