"""Money on its way 资金流转: payment orders, refunds, reconciliation breaks, and the postings of the ledger.

One rule: a line says where it comes from; what a person decides about is a form, what the books say is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, code, details, dl, h2, p, section, small, summary

from mingjing_console import funds_words as w
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, export, further, named, question, rows, tagged
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.standing import fact
from mingjing_console.words import Words, zh

BREAKS: Final = ("对账差异", "Reconciliation breaks")
REFUNDS: Final = ("退费", "Refunds")
ORDERS: Final = ("付款指令", "Payment orders")
LATE: Words = {"true": ("已超期", "Overdue"), "false": ("未超期", "In time")}
_ORDER_COLOURS: Final = {"executed": "good", "refused": "bad", "stopped": "bad", "returned": "bad", "withdrawn": ""}


def breaks(found: Answer) -> Node:
    """Breaks, a line each; each leads to its own page."""
    if not found.is_there:
        return trouble(found)
    heads = (("日期", "Day"), ("差异", "What"), ("机构", "Institution"), ("金额", "Amount"), ("状态", "State"))
    return rows(
        heads,
        [
            (
                day(row["day"]),
                a(href=f"/breaks/{row['break_id']}")[named(w.BREAK_KIND, row["kind"])],
                row["institution_name"] or row["account_number"],
                yuan(row["amount_fen"]),
                _break_state(row),
            )
            for row in found.items
        ],
    )  # fmt: skip


def break_list(asked: Mapping[str, str], found: Answer) -> Node:
    """The queue of breaks."""
    filters = section[
        question(
            "/breaks",
            chosen("状态", "State", "state", w.BREAK_STATE, asked["state"]),
            chosen("差异", "What", "kind", w.BREAK_KIND, asked["kind"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    return [filters, section[breaks(found), further("/breaks", asked, found), export("/breaks", asked)]]


def one_break(row: Mapping[str, Any], may: Answer) -> Node:
    """What each side says, and how a person may end it."""
    heads = (("来源", "Side"), ("编号", "Reference"), ("金额", "Amount"), ("日期", "Day"))
    sides: list[Sequence[Node]] = [
        (named(w.BREAK_SIDE, one["side"]), one["reference"], yuan(one["amount_fen"]),
         day(one["day"]))
        for one in row["lines"]
    ]  # fmt: skip
    other = row["other_account_id"]
    ended = [
        fact("结束", "Ended", f"{day(row['ended_on'])} {zh(w.BREAK_DISPOSAL, row['ended_how'])}"),
        fact("理由", "Reason", row["reason"] or "—"),
        fact("证据", "Evidence", row["evidence"] or "—"),
        fact("处理人", "By", row["resolved_by"] or "—"),
    ]
    return [
        section[
            p[b[named(w.BREAK_KIND, row["kind"])], " ", _break_state(row)],
            dl(".wide")[
                fact("专户", "Account", a(href=f"/accounts/{row['account_id']}")[row["institution_name"] or "—"]),
                fact("影响金额", "By how much", yuan(row["amount_fen"])),
                fact("发现日期", "Found on", day(row["opened_on"])),
                fact("另一专户", "The other account", a(href=f"/accounts/{other}")["查看 Look"] if other else "—"),
                ended if row["ended_on"] else None,
            ],
        ],
        section[h2[both("各方记录", "What each side says")], rows(heads, sides)],
        available("break", row["break_id"], may),
    ]  # fmt: skip


def orders(found: Answer) -> Node:
    """Payment orders, a line each."""
    if not found.is_there:
        return trouble(found)
    heads = (
        ("下达", "Ordered"),
        ("指令号", "Number"),
        ("机构", "Institution"),
        ("类型", "Kind"),
        ("金额", "Amount"),
        ("状态", "State"),
        ("执行日期", "To be carried out"),
    )
    return rows(
        heads,
        [
            (
                day(row["ordered_at"]),
                row["number"],
                a(href=f"/accounts/{row['account_id']}")[row["institution_name"] or row["account_number"]],
                named(w.DIRECTION, row["direction"]),
                yuan(row["amount_fen"]),
                [
                    tagged(_ORDER_COLOURS.get(row["state"], ""), w.ORDER_STATE, row["state"]),
                    " ",
                    tag("bad", "停止后仍被执行", "Carried out after a stop") if row["against_stop"] else None,
                    small[row["reason"]],
                ],
                day(row["execute_on"]),
            )
            for row in found.items
        ],
    )  # fmt: skip


def order_list(asked: Mapping[str, str], found: Answer) -> Node:
    """All of them, with the way to the next page."""
    path = "/payment-orders"
    filters = section[question(path, chosen("状态", "State", "state", w.ORDER_STATE, asked["state"]))]
    return [
        filters,
        section[orders(found), further(path, asked, found) if found.is_there else None, export(path, asked)],
    ]


def refund_list(asked: Mapping[str, str], found: Answer) -> Node:
    """Refunds with both clocks: what is overdue says so aloud."""
    path = "/refunds"
    filters = section[
        question(
            path,
            chosen("状态", "State", "standing", w.REFUND_STATE, asked["standing"]),
            chosen("期限", "Clock", "overdue", LATE, asked["overdue"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (
        ("申请", "Asked on"),
        ("合同", "Contract"),
        ("机构", "Institution"),
        ("类型", "Kind"),
        ("状态", "State"),
        ("申请金额", "Asked"),
        ("应退", "Amount"),
        ("最迟到账", "To be paid by"),
    )
    lines: list[Sequence[Node]] = [
        (
            day(row["asked_on"]),
            a(href=f"/contracts/{row['contract_id']}")[row["contract_no"]],
            row["institution_name"] or "—",
            named(w.REFUND_KIND, row["kind"]),
            tagged("good" if row["paid_on"] else "", w.REFUND_STATE, row["standing"]),
            yuan(row["asked_fen"]),
            yuan(row["amount_fen"]),
            [day(row["pay_by"]), _refund_clock(row)],
        )
        for row in found.items
    ]  # fmt: skip
    return [filters, section[rows(heads, lines), further(path, asked, found), export(path, asked)]]


def postings(found: Answer, path: str, until: str) -> Node:
    """Double-entry lines, and what stands in each book; whole transactions only."""
    title = h2[both("复式账", "Double-entry ledger")]
    if not found.is_there:
        return section[title, trouble(found)]
    sums: list[Sequence[Node]] = [
        (one["book_zh"], yuan(one["debit_fen"]), yuan(one["credit_fen"]), b[yuan(one["balance_fen"])])
        for one in found.body["sums"]
    ]
    lines: list[Sequence[Node]] = [
        (
            day(one["day"]),
            one["book_zh"],
            code[one["part"]],
            yuan(one["amount_fen"]),
            small[f"@{one['position']} {one['fact']}"],
        )
        for one in found.body["items"]
    ]
    more = found.body["next"]
    return section[
        title,
        rows((("科目", "Book"), ("借方", "Debit"), ("贷方", "Credit"), ("余额", "Balance")), sums),
        details[
            summary[both("逐笔分录", "Line by line")],
            rows(
                (("日期", "Day"), ("科目", "Book"), ("对应", "Belongs to"), ("借正贷负", "Amount"), ("事实", "Fact")),
                lines,
            ),
            p[a(href=f"{path}?day={until}&posted={more}")[both("后续分录", "What follows")]] if more else None,
        ],
    ]


def _refund_clock(row: Mapping[str, Any]) -> Node:
    if row["is_overdue"]:
        return [" ", tag("bad", "超期", "Overdue")]
    return [" ", tag("warn", "司法冻结中止", "On hold for a court")] if row["stayed_on"] else None


def _break_state(row: Mapping[str, Any]) -> Element:
    kind = "warn" if row["state"] == "open" else "good"
    return tagged(kind, w.BREAK_STATE, row["state"])
