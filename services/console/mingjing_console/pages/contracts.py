"""Training contracts 培训合同: those of an account; one of them with where every fen of its price is now.

One rule: whom a contract names stays masked here; who opens a name does it with a purpose and on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Node, a, b, div, dl, h2, p, section, small

from mingjing_console import funds_words as w
from mingjing_console.gateway import Answer
from mingjing_console.pages import money, rating_code
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import export, further, question, rows, tagged, typed
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.standing import fact

TITLE: Final = ("培训合同", "Contracts")
PATH: Final = "/contracts"


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """Contracts, a line each; by account or by number."""
    filters = section[question(PATH, typed("合同编号", "Number", "contract_no", asked["contract_no"]))]
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (
        ("合同", "Contract"),
        ("机构", "Institution"),
        ("学员", "Pupil"),
        ("课时", "Lessons"),
        ("已缴", "Paid"),
        ("已消", "Earned"),
        ("已退", "Refunded"),
        ("余额", "Remains"),
    )
    lines: list[Sequence[Node]] = [
        (
            a(href=f"{PATH}/{row['contract_id']}")[row["contract_no"]],
            row["institution_name"] or "—",
            row["pupil_masked"] or "—",
            f"{row['used']} / {row['lessons']}",
            yuan(row["paid_fen"]),
            yuan(row["earned_fen"]),
            yuan(row["refunded_fen"]),
            yuan(row["paid_fen"] - row["earned_fen"] - row["refunded_fen"] - row["transferred_fen"]),
        )
        for row in found.items
    ]
    return [filters, section[rows(heads, lines), further(PATH, asked, found), export(PATH, asked)]]


def one(row: Mapping[str, Any], order: Answer, may: Answer, postings: Answer) -> Node:
    """One contract: its terms, where its money is, what may be done, its own postings."""
    account = row["account_id"]
    return [
        section[
            dl(".wide")[
                fact("合同编号", "Number", row["contract_no"]),
                fact("机构", "Institution", row["institution_name"] or "—"),
                fact("专户", "Account", a(href=f"/accounts/{account}")["查看 Look"] if account else "—"),
                fact("课程", "Course", row["course"]),
                fact("学员", "Pupil", row["pupil_masked"] or "已抹除 Erased"),
                fact("监护人", "Guardian", f"{row['guardian_masked'] or '—'} {row['guardian_phone_masked'] or ''}"),
                fact("价款", "Price", yuan(row["price_fen"])),
                fact("课时", "Lessons", f"{row['lessons']}（赠送 gift {row['gift_lessons']}）"),
                fact("签订", "Signed", day(row["signed_at"])),
                fact("期限", "From and to", f"{day(row['starts_on'])} – {day(row['ends_on'])}"),
                fact("收费政策版本", "Charging policy", row["policy_version"]),
            ]
        ],
        _parts(order),
        available("contract", row["contract_id"], rating_code.without(may)),
        rating_code.offered(row, may),
        money.postings(postings, f"{PATH}/{row['contract_id']}", ""),
    ]


def _parts(order: Answer) -> Node:
    title = h2[both("价款去向", "Where the money is")]
    if not order.is_there:
        return section[title, trouble(order)]
    said = order.body
    names = (
        ("paid_fen", "已缴", "Paid"),
        ("earned_fen", "已消", "Earned by lessons"),
        ("released_fen", "其中已拨付", "Of it released"),
        ("releasable_fen", "其中今日可拨付", "Of it may go today"),
        ("refunded_fen", "已退", "Refunded"),
        ("transferred_fen", "已转让", "Transferred"),
        ("remaining_fen", "仍在托管", "Remains"),
        ("promised_fen", "其中待退", "Of it promised back"),
    )
    stopped = tag("bad", "争议中，暂停拨付", "In dispute: nothing is released") if said["is_disputed"] else None
    return [
        title,
        div(".figures.money")[[div(".figure")[b[yuan(said[name])], both(*words)] for name, *words in names]],
        p[
            tagged("", w.ORDER_STAGE, said["stage"]),
            " ",
            stopped,
            small[f" {said['release_policy']}"],
        ],
    ]
