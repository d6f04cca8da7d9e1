"""A code to rate by 评价码: for a family that no lesson waits for, told to the guardian by whoever calls her.

One rule: the code is shown beside the telephone that stands in the contract, to whoever opened both on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from htpy import Node, a, b, details, dl, p, section, summary

from mingjing_console.deeds import Deed, text
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import sent_to
from mingjing_console.pages.shell import both
from mingjing_console.pages.standing import fact
from mingjing_kernel.readable import in_groups

TITLE: Final = ("评价码", "A code to rate by")
ACT: Final = "ask-rating"
WORDS: Final = ("发放评价码", "Send a code to rate by")
ASKING: Final = Deed(path="", asks=(text("explanation", "为谁发放（家长来电要求等）", "For whom, and why", "long"),))


def without(may: Answer) -> Answer:
    """The other acts: this one has a form of its own, which opens the code, too."""
    if not may.is_there:
        return may
    return Answer(may.status, {**may.body, "actions": [one for one in may.body["actions"] if one["act"] != ACT]})


def offered(row: Mapping[str, Any], may: Answer) -> Node:
    """The form, for whoever may send one."""
    acts = may.body["actions"] if may.is_there else []
    if not any(one["act"] == ACT and one["available"] for one in acts):
        return None
    return section[
        details[
            summary[both(*WORDS)],
            p(".soft")[
                "家长没有待确认的课时、又想评价时使用。只告知合同登记的监护人电话，不告知机构；查看记录在案。",
                " For a family without lessons to confirm; told at the guardian's telephone alone, on record.",
            ],
            sent_to(path_of(str(row["contract_id"])), ASKING, WORDS),
        ]
    ]


def path_of(contract_id: str) -> str:
    """Where the form is sent."""
    return f"/contracts/{contract_id}/rating-code"


def shown(contract_id: str, person: Mapping[str, Any], code: str) -> Node:
    """Whom to call, and what to read to her; on this answer alone."""
    phone = person["phone"]
    return [
        section[
            p["请拨打下面的电话，核实是监护人本人再告知；以前的评价码即失效。 Tell the guardian herself."],
            dl[
                fact("监护人", "Guardian", person["name"] or "—"),
                fact("合同登记的电话", "Telephone in the contract", a(href=f"tel:{phone}")[phone] if phone else "—"),
                fact("评价码", "Code", b[in_groups(code)]),
            ],
            p(".soft")["家长在“确认课时”页（/confirm）输入此码即可评价，每份合同每学期一次。 She rates at /confirm."],
        ],
        p[a(href=f"/contracts/{contract_id}")[both("返回", "Back")]],
    ]
