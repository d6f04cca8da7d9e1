"""Custody accounts 托管专户: all of them by risk, at the end of any day; one of them with what moved it.

One rule: every figure leads on to what it is made of, down to the postings of the ledger and the bank's own lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from htpy import Element, Node, a, b, div, dl, h2, p, section, small

from mingjing_console import funds_words as w
from mingjing_console.gateway import Answer
from mingjing_console.pages import alerts, money
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, export, further, question, rows, tagged, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.standing import fact
from mingjing_console.words import ACCOUNT_STATE, Words

TITLE: Final = ("托管专户", "Custody accounts")
ENTRIES: Final = ("银行流水", "Bank entries")
PATH: Final = "/accounts"
ROWS_MAX: Final = 200
WHOLE: Final = 10_000
"""Basis points in the whole."""
BY: Words = {
    "risk": ("风险（覆盖率从低到高）", "Risk: least covered first"),
    "outflow": ("近30日流出", "Outflow of thirty days"),
    "unconsumed": ("未消课负债", "Unconsumed"),
    "balance": ("余额（从低到高）", "Balance, least first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the services said about one account."""

    account: Mapping[str, Any]
    balances: Answer
    actions: Answer
    alerts: Answer
    postings: Answer
    breaks: Answer
    orders: Answer
    freezes: Answer
    on: str


def listed(asked: Mapping[str, str], now: Answer, before: Answer) -> Node:
    """All accounts at the end of a day. ``before`` is a month earlier: what left since is the outflow."""
    filters = section[
        question(
            PATH,
            typed("截至日期", "At the end of", "day", asked["day"], "date"),
            chosen("排序", "In order of", "by", BY, asked["by"]),
            typed("机构名称", "Institution", "name", asked["name"]),
        )
    ]
    if not now.is_there:
        return [filters, trouble(now)]
    left = {row["account_id"]: _out(row) for row in before.body["accounts"]} if before.is_there else {}
    these = [row for row in now.body["accounts"] if asked["name"] in row["institution_name"]]
    these.sort(key=_ORDERS[asked["by"]](left))
    heads = (
        ("机构", "Institution"),
        ("余额", "Balance"),
        ("未消课负债", "Unconsumed"),
        ("覆盖率", "Coverage"),
        ("近30日流出", "Out in 30 days"),
        ("最低留存", "Minimum"),
        ("待查", "In suspense"),
        ("状态", "State"),
    )
    on = now.body["day"]
    lines = [_line(row, left, on) for row in these[:ROWS_MAX]]
    note = f"只显示前 {ROWS_MAX} 个，共 {len(these)} 个。 The first {ROWS_MAX} of {len(these)}."
    return [
        _totals(now),
        filters,
        section[rows(heads, lines), p(".soft")[note] if len(these) > ROWS_MAX else None],
    ]


def one(said: Standing) -> Node:
    """One account: its figures at the end of a day, what presses, what may be done, what moved it."""
    account = said.account
    id, institution = account["account_id"], account["institution_id"]
    name = account["institution_name"]
    found = said.balances.body["accounts"] if said.balances.is_there else []
    balance = next((row for row in found if row["account_id"] == id), None)
    pressing = [row for row in said.alerts.items if row["account_id"] == id and row["state"] not in alerts.ENDED]
    return [
        section[
            dl(".wide")[
                fact("机构", "Institution", a(href=f"/institutions/{institution}")[name] if institution else name),
                fact("状态", "State", _state(account["state"])),
                fact("银行", "Bank", account["bank"]),
                fact("账号", "Number", account["number"] or account["number_written"] or "—"),
                fact("户名", "Account name", account["account_name"]),
                fact("最低留存", "Minimum", yuan(account["minimum_fen"])),
                fact("开户日期", "Opened on", day(account["opened_on"])),
                fact("期初余额", "Opening balance", f"{yuan(account['opening_fen'])}（{day(account['opening_on'])}）"),
            ],
            p[tag("warn", "建议解除暂停", "Lift the hold"), " ", account["lift_proposed_because"]]
            if account["lift_proposed_because"]
            else None,
        ],
        _figures(balance, said.on),
        _freezes(said.freezes),
        section[h2[both("未办结预警", "Alerts")], alerts.table(pressing)] if pressing else None,
        available("account", id, said.actions),
        section[h2[both("付款指令", "Payment orders")], money.orders(said.orders)],
        section[h2[both("对账差异", "Breaks")], money.breaks(said.breaks)] if said.breaks.items else None,
        money.postings(said.postings, f"{PATH}/{id}", said.on),
        p[
            a(href=f"{PATH}/{id}/entries")[both("银行流水", "Bank entries")],
            " · ",
            a(href=f"/contracts?{urlencode({'account_id': id})}")[both("培训合同", "Contracts")],
            [" · ", a(href=f"/custodians/{institution}")[both("变更托管银行", "Change of bank")]]
            if institution
            else None,
        ],
    ]


def entries(account_id: str, asked: Mapping[str, str], found: Answer) -> Node:
    """The bank's own lines, each with what the ledger made of it."""
    path = f"{PATH}/{account_id}/entries"
    filters = section[question(path, chosen("归类", "Counted as", "column", w.COLUMN, asked["column"]))]
    back = p[a(href=f"{PATH}/{account_id}")[both("返回专户", "Back to the account")]]
    if not found.is_there:
        return [filters, trouble(found), back]
    heads = (
        ("记账时间", "Booked"),
        ("金额", "Amount"),
        ("余额", "Balance"),
        ("归类", "Counted as"),
        ("对应单号", "Carries out"),
        ("摘要", "Summary"),
        ("流水号", "Bank's number"),
    )
    lines: list[Sequence[Node]] = [
        (
            day(row["booked_at"]),
            yuan(row["amount_fen"]),
            yuan(row["balance_fen"]),
            [
                tagged("warn" if row["column"] == "suspense" else "", w.COLUMN, row["column"]),
                f" 冲正 {row['reverses']}" if row["reverses"] else "",
                f" 已被 {row['reversed_by']} 冲正" if row["reversed_by"] else "",
            ],
            row["number"] or "—",
            row["summary"],
            row["flow"],
        )
        for row in found.items
    ]  # fmt: skip
    return [filters, section[rows(heads, lines), further(path, asked, found), export(path, asked)], back]


def coverage(row: Mapping[str, Any]) -> int | None:
    """Of what is owed, how much is there, in basis points; nothing where nothing is owed."""
    owed = row["unconsumed_fen"]
    return (row["closing_fen"] + row["in_transit_fen"]) * WHOLE // owed if owed > 0 else None


def _out(row: Mapping[str, Any]) -> int:
    return int(row["released_fen"] + row["refunded_fen"])


def _outflow(row: Mapping[str, Any], left: Mapping[str, int]) -> int:
    return _out(row) - left.get(row["account_id"], 0)


_Key = Callable[[Mapping[str, Any]], Any]
_ORDERS: Final[Mapping[str, Callable[[Mapping[str, int]], _Key]]] = {
    "risk": lambda _left: lambda row: known if (known := coverage(row)) is not None else WHOLE * WHOLE,
    "outflow": lambda left: lambda row: -_outflow(row, left),
    "unconsumed": lambda _left: lambda row: -row["unconsumed_fen"],
    "balance": lambda _left: lambda row: row["closing_fen"],
}


def _line(row: Mapping[str, Any], left: Mapping[str, int], on: str) -> Sequence[Node]:
    return (
        a(href=f"{PATH}/{row['account_id']}?day={on}")[row["institution_name"] or row["number"] or "—"],
        [yuan(row["closing_fen"]), _below(row)],
        yuan(row["unconsumed_fen"]),
        _covered(coverage(row)),
        yuan(_outflow(row, left)),
        yuan(row["minimum_fen"]),
        yuan(row["suspense_fen"]) if row["suspense_fen"] else "—",
        [_state(row["state"]), None if row["is_balanced"] else [" ", tag("bad", "不平", "Not balanced")]],
    )


def _below(row: Mapping[str, Any]) -> Node:
    return [" ", tag("bad", "低于最低留存", "Below the minimum")] if row["closing_fen"] < row["minimum_fen"] else None


def _covered(points: int | None) -> Node:
    if points is None:
        return "—"
    return tag("bad" if points < WHOLE else "good", f"{points // 100}.{points % 100:02d}%")


def _state(code: str) -> Element:
    kind = {"active": "good", "release-hold": "bad"}.get(code, "")
    return tagged(kind, ACCOUNT_STATE, code)


def _totals(now: Answer) -> Node:
    totals = now.body["totals"]
    shown = (
        (f"{totals['accounts']:,}", "专户", "Accounts"),
        (yuan(totals["held_fen"]), "托管余额", "Held"),
        (yuan(totals["unconsumed_fen"]), "未消课负债", "Unconsumed"),
        (yuan(totals["received_fen"]), "累计收取", "Received"),
        (yuan(totals["released_fen"]), "累计拨付", "Released"),
        (yuan(totals["refunded_fen"]), "累计退费", "Refunded"),
    )
    return div(".figures.money")[[div(".figure")[b[number], both(*words)] for number, *words in shown]]


def _figures(balance: Mapping[str, Any] | None, on: str) -> Node:
    if balance is None:
        return section[p(".soft")[f"{on} 没有余额记录。 No balance of that day."]]
    names = (
        ("closing_fen", "余额", "Balance"),
        ("unconsumed_fen", "未消课负债", "Unconsumed"),
        ("in_transit_fen", "在途", "In transit"),
        ("confirmed_unreleased_fen", "已确认未拨付", "Confirmed, not released"),
        ("received_fen", "累计收取", "Received"),
        ("released_fen", "累计拨付", "Released"),
        ("refunded_fen", "累计退费", "Refunded"),
        ("interest_fen", "利息", "Interest"),
        ("suspense_fen", "待查", "In suspense"),
        ("gap_fen", "流水缺口", "Not delivered"),
    )
    balanced = tag("good", "分毫不差", "Balanced") if balance["is_balanced"] else tag("bad", "不平", "Not balanced")
    return [
        div(".figures.money")[[div(".figure")[b[yuan(balance[name])], both(*words)] for name, *words in names]],
        p[f"{on} ", _covered(coverage(balance)), " 覆盖率 ", small(lang="en")["coverage "], balanced, _below(balance)],
    ]


def _freezes(found: Answer) -> Node:
    standing = [row for row in found.items if not row["unfrozen_on"]]
    return [
        section(".card.bad", role="alert")[
            p[
                b["司法冻结 Judicial freeze "],
                f"{row['authority']} {row['order_no']}，{day(row['frozen_on'])} 起",
                f"至 {day(row['until'])}" if row["until"] else "",
                "，",
                "整户" if row["amount_fen"] is None else yuan(row["amount_fen"]),
            ]
        ]
        for row in standing
    ]
