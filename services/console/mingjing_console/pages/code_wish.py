"""A family asks for a code to rate by 申请评价码: by the contract's number and her telephone.

One rule: asking proves nothing and is told nothing about the contract: the institution knows number and telephone, too.
An official calls the telephone that stands in the contract, and the code goes there alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from htpy import Node, a, b, button, form, h2, input, label, p, section, small

from mingjing_console.pages.shell import both, tag

TITLE: Final = ("申请评价码", "Ask for a code to rate by")
PATH: Final = "/confirm/code"
NUMBER_CHARACTERS_MAX: Final = 80
PHONE_CHARACTERS_MAX: Final = 40
REQUEST: Final = "申请评价码"


def question(said: Mapping[str, str], problem: Node = None) -> Node:
    """The form, with what is wrong above it; its id and its secret stay the same until it is answered."""
    return [
        problem,
        section[
            p[
                "家长没有收到确认码、又想评价机构的，可在此申请。主管部门拨打合同登记的监护人电话，核实本人后告知。",
                small(lang="en")[" An official calls the telephone in your contract and tells you the code."],
            ],
            form(method="post", action=PATH)[
                [input(type="hidden", name=name, value=said[name]) for name in ("form_id", "secret")],
                _field("contract_no", "合同编号（合同上所印）", "Number of the contract", NUMBER_CHARACTERS_MAX, said),
                _field("phone", "合同登记的电话", "Telephone in the contract", PHONE_CHARACTERS_MAX, said),
                button(type="submit")[both("申请", "Ask")],
            ],
            p(".soft")["机构不能代为申请，也看不到谁申请过。 The institution is not told who asked."],
        ],
    ]


def text_of(contract_no: str) -> str:
    """What the official reads; the institution is not named, so that no complaint counts against it."""
    return f"{REQUEST}：校外培训合同编号 {contract_no}。请拨打合同登记的监护人电话，核实本人后，在合同页发放评价码。"


def done(told: Mapping[str, Any]) -> Node:
    """Number and secret, to see how far it is."""
    return section[
        h2[tag("good", "已收到", "Received")],
        p["请留意合同登记的电话。编号与合同不符的，不会来电。 You are called at the telephone in the contract."],
        p[both("编号", "Number"), " ", b[told["number"]]],
        p[both("查询码", "Secret"), " ", b[told["secret"]]],
        p[a(href="/follow")[both("查看进度", "Follow")]],
    ]


def _field(name: str, zh: str, en: str, characters: int, said: Mapping[str, str]) -> Node:
    value = said.get(name, "")
    return label[both(zh, en), input(name=name, value=value, maxlength=str(characters), required=True)]
