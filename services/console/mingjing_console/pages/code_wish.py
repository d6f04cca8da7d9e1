"""A family asks for a code to rate by 申请评价码: by the contract's number and her telephone.

One rule: asking proves nothing and is told nothing about the contract: the institution knows number and telephone, too.
An official calls the telephone that stands in the contract, and the code goes there alone; what the form said can be a
number, and no word to her.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from htpy import Node, a, b, button, form, h2, input, label, p, section, small

from mingjing_console.pages.shell import both, tag
from mingjing_kernel.sealed.redact import redacted

TITLE: Final = ("申请评价码", "Ask for a code to rate by")
PATH: Final = "/confirm/code"
NUMBER_CHARACTERS_MAX: Final = 80
PHONE_CHARACTERS_MAX: Final = 40
PHONES: Final = "/phones"
HAN_MAX: Final = 12
"""Of characters that make sentences, as many as a number has: 杭西艺培合字（2026）第0012号."""
_NUMBER: Final = re.compile(r"[0-9A-Za-z\u4e00-\u9fff\-_/.()（）〔〕\[\]【】 ]+")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_DIGIT: Final = re.compile(r"[0-9]")
_HAN_DIGITS: Final = str.maketrans("零一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "01123456789123456789")
_CALLS: Final = re.compile(r"[拨打换]|电(?!子)|联系|微信|手机|号码|加")
"""Words with which somebody says where to call; 电子合同 says it of none."""
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_EDGES: Final = "-_/.()（）〔〕[]【】 "
_NO_DIGITS: Final = re.compile(r"[^0-9]+")


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


def number_of(typed: str) -> str:
    """The number as it was typed; empty where it is none: words around a telephone are an instruction."""
    number = " ".join(typed.split())
    han = len(_HAN.findall(number))
    if len(number) > NUMBER_CHARACTERS_MAX or not _NUMBER.fullmatch(number) or not _DIGIT.search(number):
        return ""
    return "" if han > HAN_MAX or _is_told_where(number, is_worded=han > 0) else number


def _is_told_where(number: str, *, is_worded: bool) -> bool:
    """Whether it says where to call: a telephone, in pieces too, beside a word of calling; or nothing but a mobile
    number. Digits of a real number may look like one: 拱培13-2026-00123.
    """
    spelt = number.translate(_HAN_DIGITS)
    digits = _NO_DIGITS.sub("", spelt)
    if _CALLS.search(number):
        return bool(_MOBILE.search(digits) or _LANDLINE.search(digits))
    if is_worded and redacted(number) != number:
        return True
    begins, ends = (one.isdigit() for one in (spelt.strip(_EDGES)[:1], spelt.strip(_EDGES)[-1:]))
    return begins and ends and not _HAN.search(spelt) and bool(_MOBILE.fullmatch(digits))


def text_of(contract_no: str) -> str:
    """What the official reads; the institution is not named, so that no complaint counts against it."""
    return (
        "申请校外培训评价码。只拨打合同登记的监护人电话，核实本人后，在合同页发放评价码；申请人所填电话不作依据。\n"
        f"申请人所填合同编号：「{contract_no}」"
    )


def no_number() -> Node:
    """What was typed is no number."""
    return section[
        p(".bad")[
            f"请填合同上所印的编号：含数字，不超过 {NUMBER_CHARACTERS_MAX} 字，汉字不超过 {HAN_MAX} 个，"
            "不含电话和其他说明。",
            small(lang="en")[
                f" Write the number that is printed on the contract and nothing else, no telephone: with a digit, at"
                f" most {NUMBER_CHARACTERS_MAX} characters and {HAN_MAX} Chinese ones."
            ],
        ],
        p[
            "合同上印的确实如此的，请拨打主管部门公开电话申请。",
            small(lang="en")[" Where it is printed so, ask the department by telephone."],
            " ",
            a(href=PHONES)[both("公开电话", "Telephones")],
        ],
    ]


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
