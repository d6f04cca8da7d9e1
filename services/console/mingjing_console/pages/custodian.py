"""Change of bank 变更托管银行: its four steps, which one is due, and what the contracts wait for.

One rule: a step is shown as taken where the service says so; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Node, a, dl, h2, p, section

from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag, yuan
from mingjing_console.pages.standing import fact

TITLE: Final = ("变更托管银行", "Change of bank")
PATH: Final = "/custodians"
_OVER: Final = ("sole", "ended")
_STEPS: Final = ("sole", "new-account-active", "transferred", "reconciled")


def one(custodian: Answer, actions: Answer, contracts: Answer) -> Node:
    """Custody of one licence: the account, the steps of the change, the contracts that wait."""
    row = custodian.body
    return [
        section[
            dl(".wide")[
                fact("机构", "Institution", a(href=f"/institutions/{row['institution_id']}")[row["institution_name"]]),
                fact("托管账户", "Account", a(href=f"/accounts/{row['account_id']}")[row["account_number"] or "—"]),
                fact("银行", "Bank", row["bank"]),
                fact("启用日期", "In use since", day(row["taken_on"])),
            ]
        ],
        _steps(row),
        _waiting(row, contracts),
        available("custodian", row["institution_id"], actions),
    ]


def _steps(row: Mapping[str, Any]) -> Node:
    if row["old_id"] is None:
        return section[p[both("未在变更托管银行。", "No change of bank is under way.")]]
    old = a(href=f"/accounts/{row['old_id']}")[both("旧账户", "the old account")]
    is_over = row["step"] in _OVER
    reached = len(_STEPS) if is_over else _STEPS.index(row["step"])
    lines: list[Sequence[Node]] = [
        ("1", both("新账户启用", "New account active"), _done(reached >= 1), day(row["begun_on"]), row["reason"]),
        ("2", both("余额划转", "Balance transferred"), _done(reached >= 2), day(row["transferred_on"]), _amount(row)),
        (
            "",
            both("合同随户移交", "Contracts carried over"),
            _done(is_over),
            "",
            both("划转之后、旧账户销户之前办理，可分批", "After the transfer, before the old account closes"),
        ),
        ("3", both("两户对平", "Both books agree"), _done(reached >= 3), day(row["reconciled_on"]), ""),
        ("4", both("旧账户销户", "Old account closed"), _done(is_over), "", old),
    ]
    heads = (("步骤", "Step"), ("事项", "What"), ("状态", "State"), ("日期", "On"), ("说明", "Note"))
    return section[h2[both("变更步骤", "Steps")], rows(heads, lines)]


def _amount(row: Mapping[str, Any]) -> str:
    return f"{yuan(row['amount_fen'])} {row['flow_out']} → {row['flow_in']}" if row["transferred_on"] else ""


def _done(is_done: bool) -> Node:
    return tag("good", "已办", "Done") if is_done else tag("", "待办", "To do")


def _waiting(row: Mapping[str, Any], contracts: Answer) -> Node:
    """What the carrying waits for, and why."""
    if row["old_id"] is None or row["step"] in _OVER:
        return None
    title = h2[both("待移交合同", "Contracts to carry over")]
    if not contracts.is_there:
        return section[title, trouble(contracts)]
    found = contracts.body
    more = "+" if found["is_more"] else ""
    counts = p[
        f"可移交 {found['ready']}{more} 份，等待 {found['waiting']} 份。 "
        f"{found['ready']}{more} may go, {found['waiting']} wait."
    ]
    lines: list[Sequence[Node]] = [
        (a(href=f"/contracts/{one['contract_id']}")[one["contract_no"]], both(one["why_zh"], one["why_en"]))
        for one in found["waits"]
    ]
    heads = (("合同", "Contract"), ("等待原因", "Waits because"))
    return section[title, counts, rows(heads, lines) if lines else None]
