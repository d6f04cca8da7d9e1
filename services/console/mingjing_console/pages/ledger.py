"""Base ledger 台账: totals by category, area and mode as of a day, what became of the base, and the files to export.

One rule: no figure is reckoned here. Each is the registry's own, with its definition below and the log's position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from htpy import Element, Node, a, b, code, details, div, h2, li, p, section, small, summary, ul

from mingjing_console import office_words as w
from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import chosen, question, rows, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, yuan
from mingjing_console.words import CATEGORY, Words, zh

TITLE: Final = ("台账", "Base ledger")
PATH: Final = "/ledger"
BY: Mapping[str, tuple[str, str]] = {
    "category": ("按类别", "By category"),
    "area": ("按镇街", "By area"),
    "mode": ("按培训形式", "By mode"),
}
KIND: Words = {"subject": ("学科类", "Subject"), "non-subject": ("非学科类", "Non-subject")}
_SHOWN: Sequence[tuple[str, str, str]] = (
    ("institutions", "在册机构", "Institutions"),
    ("operating", "正常运营", "Operating"),
    ("stopped", "停办", "Stopped"),
    ("ended", "已终止", "Ended"),
    ("sites", "教学点", "Sites"),
    ("staff_recorded", "从业人员", "Staff"),
    ("students_stated", "名单学员", "Students as stated"),
    ("pupils", "合同学员", "Pupils"),
    ("pupils_surveyed", "学校调查参训", "Pupils by school surveys"),
)
_MONEY: Sequence[tuple[str, str, str]] = (
    ("unconsumed_fen", "未消课金额", "Unconsumed"),
    ("balance_fen", "托管余额", "Custody balance"),
)
_REDUCED: Sequence[tuple[str, str, str]] = (
    ("base", "基数", "Base"),
    ("cancelled", "注销", "Cancelled"),
    ("revoked", "吊销", "Revoked"),
    ("closed", "关闭", "Closed"),
    ("converted", "转出", "Converted"),
    ("new", "新设", "New"),
    ("converted_in", "转入", "Converted into it"),
    ("now", "现数", "Now"),
    ("to_non_profit", "营转非", "To non-profit"),
)
_RATES: Sequence[tuple[str, str, str]] = (
    ("reduction_bp", "压减率", "Reduction"),
    ("stopped_bp", "停办率", "Stopped"),
    ("non_profit_bp", "非营利占比", "Non-profit"),
)
_BP = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the registry said, to one visitor."""

    totals: Answer
    reduction: Answer
    profiles: Answer
    groups: Mapping[str, Answer] = field(default_factory=dict)
    """By dimension."""


def ledger(asked: Mapping[str, str], seen: Seen) -> Node:
    """The question, the figures, the files."""
    ask = section[
        question(
            PATH,
            typed("截至日期", "As of", "as_of", asked["as_of"], "date"),
            chosen("培训类型", "Kind", "kind", KIND, asked["kind"]),
            typed("区划代码开头", "Beginning of the division code", "region", asked["region"]),
            typed("压减基准日", "Base day of the reduction", "base_on", asked["base_on"], "date"),
        )
    ]
    if not seen.totals.is_there:
        return [ask, trouble(seen.totals)]
    return [
        ask,
        _totals(seen.totals.body),
        [_group(name, asked, answer) for name, answer in seen.groups.items()],
        _reduction(seen.reduction),
        _files(asked, seen.profiles),
        _meaning(seen.totals.body),
    ]


def _totals(said: Mapping[str, Any]) -> Node:
    totals = said["totals"]
    return [
        p(".soft")[
            f"截至 {said['as_of']}，日志第 {said['position']} 条。 As of {said['as_of']}, entry {said['position']}."
        ],
        div(".figures")[(_figure(str(totals[name]), *words) for name, *words in _SHOWN)],
        div(".figures.money")[(_figure(yuan(totals[name]), *words) for name, *words in _MONEY)],
    ]


def _group(name: str, asked: Mapping[str, str], answer: Answer) -> Node:
    title = h2[both(*BY[name])]
    if not answer.is_there:
        return section[title, trouble(answer)]
    heads = (BY[name], *((zh_words, en_words) for _, zh_words, en_words in (*_SHOWN, *_MONEY)))
    found: list[Sequence[Node]] = [
        (
            _named(name, row[name], row.get("area_name", "")),
            *(str(row[figure]) for figure, *_ in _SHOWN),
            *(yuan(row[figure]) for figure, *_ in _MONEY),
        )
        for row in answer.items
    ]
    more = p(".warn")["只显示前面的行，导出文件是全部。 Only the first rows; the file has all."]
    query = urlencode({key: value for key, value in asked.items() if value and key != "base_on"} | {"by": name})
    files = p[(a(href=f"{PATH}/file?{query}&format={form}")[f"导出 {form.upper()} "] for form in ("xlsx", "csv"))]
    return section[title, rows(heads, found), more if answer.body["next"] else None, files]


def _named(name: str, value: str, area: str) -> str:
    words = {"category": CATEGORY, "mode": w.MODE}.get(name, {})
    if value in ("", "unknown"):
        return "未填 Not stated"
    return f"{area} {value}".strip() if name == "area" else zh(words, value)


def _reduction(answer: Answer) -> Node:
    title = h2[both("压减与转型", "Reduction and conversion")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    said, totals = answer.body, answer.body["totals"]
    return section[
        title,
        p[f"{said['formula_zh']}（基准日 {said['base_on']}）", " ", small(lang="en")[said["formula_en"]]],
        div(".figures.money")[(_figure(_rate(totals[name]), *words) for name, *words in _RATES)],
        div(".figures")[(_figure(str(totals[name]), *words) for name, *words in _REDUCED)],
        p(".soft")[said["remark_zh"], " ", small(lang="en")[said["remark_en"]]],
        _definitions(said["definitions"]),
    ]


def _files(asked: Mapping[str, str], answer: Answer) -> Node:
    title = h2[both("导出", "Exports")]
    if not answer.is_there:
        return section[title, trouble(answer)]
    past = f"?{urlencode({'as_of': asked['as_of']})}" if asked["as_of"] else ""
    found = [
        li[a(href=f"{PATH}/exports/{one['name']}{past}")[one["title"]], " ", small[f"{one['name']} {one['version']}"]]
        for one in answer.body["profiles"]
        if one["version"]
    ]
    return section[title, ul(".plain")[found] if found else p(".soft")["没有导出口径。 No export profile."]]


def _meaning(said: Mapping[str, Any]) -> Element:
    return section[h2[both("口径", "What the figures mean")], _definitions(said["definitions"])]


def _definitions(items: Sequence[Mapping[str, Any]]) -> Element:
    return details[
        summary[both("逐项口径", "Definitions")],
        ul(".plain")[
            (
                li[p[one["zh"], " ", small(lang="en")[one["en"]], " ", small[code[", ".join(one["figures"])]]]]
                for one in items
            )
        ],
    ]


def _figure(value: str, zh_words: str, en_words: str) -> Element:
    return div(".figure")[b[value], both(zh_words, en_words)]


def _rate(basis_points: int | None) -> str:
    """Ten-thousandths as a percentage, exactly; a dash where the base is 0."""
    if basis_points is None:
        return "—"
    sign, rest = ("−", -basis_points) if basis_points < 0 else ("", basis_points)
    return f"{sign}{rest // _BP}.{rest % _BP:02d}%"
