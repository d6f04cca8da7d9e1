"""Custody 资金监管: from a total down to the accounts it is made of, to their postings and the bank's own lines.

One rule: no figure is reckoned here. Each is the funds service's own, as of the day that is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from htpy import Element, Node, a, b, div, h2, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import chosen, further, question, rows, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag, yuan
from mingjing_console.words import CATEGORY, Words, zh

TITLE: Final = ("资金监管", "Custody")
RISKS: Final = ("风险账户", "Accounts by risk")
PATH: Final = "/custody"
ACCOUNTS: Final = f"{PATH}/accounts"
ONE: Final = "/accounts"
BY: Words = {
    "region": ("按区县", "By division"),
    "category": ("按类别", "By category"),
    "department": ("按主管部门", "By department"),
    "bank": ("按银行", "By bank"),
}
_COUNTS: Sequence[tuple[str, str, str]] = (
    ("licensed", "持证机构", "Licensed"),
    ("with_account", "已开户机构", "With an account"),
    ("accounts", "账户", "Accounts"),
    ("short", "有缺口账户", "Accounts short"),
    ("below_80", "覆盖率低于80%", "Below 80 %"),
    ("below_100", "80%至100%", "80 to 100 %"),
    ("red_alerts", "红色预警", "Red alerts"),
)
_MONEY: Sequence[tuple[str, str, str]] = (
    ("closing_fen", "余额", "Balance"),
    ("owed_fen", "未消课负债", "Owed to families"),
    ("short_fen", "缺口", "Shortfall"),
)
_SHARES: Sequence[tuple[str, str, str]] = (
    ("custody_basis_points", "托管覆盖率", "Custody coverage"),
    ("on_time_basis_points", "退费按期率", "Refunds on time"),
    ("automatic_basis_points", "自动确认占比", "Confirmed by silence"),
)
_ALERTS: Sequence[tuple[str, str, str]] = (
    ("raised", "触发", "Raised"),
    ("red_backlog", "红色未办结", "Red backlog"),
    ("red_unacknowledged", "红色未签收", "Red, not acknowledged"),
    ("confirmed", "属实", "Confirmed"),
    ("false_alarms", "误报", "False alarms"),
    ("acknowledge_minutes", "签收中位数（分）", "Minutes until acknowledged"),
    ("close_minutes", "办结中位数（分）", "Minutes until closed"),
)
FILES: Mapping[str, tuple[str, str, str]] = {
    "custody": ("/reports/custody", "资金监管日报", "Custody report"),
    "accounts": ("/reports/custody/accounts", "风险账户", "Accounts by risk"),
    "alerts": ("/reports/alerts", "预警统计", "Alert report"),
}
"""Which files there are, by the name in the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the funds service said, to one visitor."""

    totals: Answer
    groups: Answer
    alerts: Answer


def custody(asked: Mapping[str, str], seen: Seen) -> Node:
    """The question, the totals, the groups and the alerts."""
    ask = section[
        question(
            PATH,
            typed("账务日期", "Day of the books", "day", asked["day"], "date"),
            chosen("分组", "By", "by", BY, asked["by"]),
        )
    ]
    if not seen.totals.is_there:
        return [ask, trouble(seen.totals)]
    return [ask, _totals(seen.totals.items), _groups(asked, seen.groups), _alerts(asked, seen.alerts)]


def accounts(asked: Mapping[str, str], found: Answer) -> Node:
    """The accounts of a group, the riskiest first."""
    if not found.is_there:
        return trouble(found)
    heads = (
        ("机构", "Institution"),
        ("银行", "Bank"),
        ("余额", "Balance"),
        ("未消课负债", "Owed"),
        ("缺口", "Shortfall"),
        ("覆盖率", "Coverage"),
        ("预警", "Alerts"),
    )
    lines: list[Sequence[Node]] = [
        (
            a(href=f"{ONE}/{row['account_id']}")[row["institution_name"] or row["number"]],
            row["bank"],
            yuan(row["closing_fen"]),
            yuan(row["owed_fen"]),
            tag("bad", yuan(row["short_fen"])) if row["short_fen"] else "—",
            _percent(row["coverage_basis_points"]),
            _marks(row),
        )
        for row in found.items
    ]
    return section[rows(heads, lines), further(ACCOUNTS, asked, found), _file("accounts", asked)]


def _totals(found: Sequence[Mapping[str, Any]]) -> Node:
    if not found:
        return p(".soft")["没有账户。 No account is there."]
    total = found[0]
    return [
        div(".figures")[(_figure(str(total[name]), *words) for name, *words in _COUNTS)],
        div(".figures.money")[(_figure(yuan(total[name]), *words) for name, *words in _MONEY)],
        div(".figures")[(_figure(_percent(total[name]), *words) for name, *words in _SHARES)],
    ]


def _groups(asked: Mapping[str, str], found: Answer) -> Node:
    by = asked["by"] or "region"
    title = h2[both(*BY[by])]
    if not found.is_there:
        return section[title, trouble(found)]
    heads = (BY[by], *((zh_words, en_words) for _, zh_words, en_words in (*_COUNTS, *_MONEY)))
    lines: list[Sequence[Node]] = [
        (
            a(href=f"{ACCOUNTS}?{urlencode(_said(asked) | {'by': by, 'key': row['key']})}")[_named(by, row["key"])],
            *(str(row[name]) for name, *_ in _COUNTS),
            *(yuan(row[name]) for name, *_ in _MONEY),
        )
        for row in found.items
    ]
    return section[title, rows(heads, lines), _file("custody", _said(asked) | {"by": by})]


def _alerts(asked: Mapping[str, str], found: Answer) -> Node:
    title = h2[both("近一月预警", "Alerts of a month")]
    if not found.is_there:
        return section[title, trouble(found)]
    heads = (("规则", "Rule"), *((zh_words, en_words) for _, zh_words, en_words in _ALERTS), ("准确率", "Precision"))
    lines: list[Sequence[Node]] = [
        (
            row["rule"],
            *("—" if row[name] is None else str(row[name]) for name, *_ in _ALERTS),
            _percent(row["precision_basis_points"]),
        )
        for row in found.items
    ]
    until = {"until": asked["day"]} if asked["day"] else {}
    return section[title, rows(heads, lines), _file("alerts", until)]


def _marks(row: Mapping[str, Any]) -> Node:
    red, yellow = row["red_alerts"], row["yellow_alerts"]
    shown = [
        tag("bad", f"红 {red}", "red") if red else None,
        " ",
        tag("warn", f"黄 {yellow}", "yellow") if yellow else None,
    ]
    return shown if red or yellow else "—"


def _named(by: str, value: str) -> str:
    if not value:
        return "未填 Not stated"
    return zh(CATEGORY, value) if by == "category" else value


def _percent(basis_points: int | None) -> str:
    """With one digit; a dash of nothing."""
    if basis_points is None:
        return "—"
    tenths = basis_points // 10
    return f"{tenths // 10}.{tenths % 10}%"


def _figure(value: str, zh_words: str, en_words: str) -> Element:
    return div[b[value], both(zh_words, en_words)]


def _file(name: str, asked: Mapping[str, str]) -> Element:
    _, zh_words, en_words = FILES[name]
    kept = {key: value for key, value in asked.items() if value and key != "after"}
    links = (
        a(href=f"{PATH}/file?{urlencode(kept | {'name': name, 'format': form})}")[f"导出 {form.upper()} "]
        for form in ("xlsx", "csv")
    )
    return p[links, small[f"{zh_words} {en_words}"]]


def _said(asked: Mapping[str, str]) -> dict[str, str]:
    return {"day": asked["day"]} if asked["day"] else {}
