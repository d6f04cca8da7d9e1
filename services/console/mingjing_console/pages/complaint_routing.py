"""The routing table of complaints 转办规则: matter by place and category, its versions, what a change would do.

One rule: a change is looked at before anybody approves it: line by line, and with the complaints that wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from htpy import Node, a, b, details, dl, h2, p, section, small, summary

from mingjing_console.complaint_words import OTHER_DEPARTMENT
from mingjing_console.deeds_routing import BETWEEN, proposing
from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import MATTER
from mingjing_console.pages.deed_forms import EMPTY, Filled, available, sent_to
from mingjing_console.pages.finding import chosen, named, question, rows, tagged, typed
from mingjing_console.pages.findings import fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag
from mingjing_console.words import CATEGORY, DEPARTMENT, Words, zh

TITLE: Final = ("转办规则", "Routing table of complaints")
PREVIEW: Final = ("转办规则变更", "A change of the routing table")
PATH: Final = "/complaint-routing"
MATTERS, COMPETENT = "complaint-routing", "complaint-competent-department"
RULES: Final = (MATTERS, COMPETENT)
STATE: Words = MappingProxyType(
    {
        "proposed": ("待批准", "Proposed"),
        "approved": ("已批准", "Approved"),
        "withdrawn": ("已撤回", "Withdrawn"),
    }
)
_COLOUR: Final = {"proposed": "warn", "approved": "good", "withdrawn": ""}
_EVERY: Final = "*"
_DEEDS: Final = frozenset({"approve-policy", "withdraw-policy"})
_RULE: Words = MappingProxyType({MATTERS: ("按事项", "By matter"), COMPETENT: ("主管部门", "By category")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the service said: the table, and each policy with its versions."""

    found: Answer
    policies: Sequence[Answer]


def table(asked: Mapping[str, str], seen: Table, filled: Filled = EMPTY) -> Node:
    """The table for a day, a place and a category; its versions; the form of a change."""
    ask = section[
        question(
            PATH,
            typed("哪天收到的投诉", "Received on", "on", asked["on"], "date"),
            typed("区划代码", "Division", "region", asked["region"]),
            chosen("培训类别", "Category", "category", CATEGORY, asked["category"]),
        )
    ]
    if not seen.found.is_there:
        return [ask, trouble(seen.found)]
    said = seen.found.body
    return [
        ask,
        section[
            h2[both(f"{said['on']} · {said['region']}", "In force")],
            _lines(said["items"]),
            p(".soft")["已转办的按转办时的规则；变更只管以后收到的。 A change counts for what is received later."],
        ],
        section[h2[both("历次变更", "Versions")], _versions(seen.policies)],
        _proposing(said, filled),
    ]


def preview(row: Mapping[str, Any], may: Answer) -> Node:
    """One version: what it changes, which waiting complaints that concerns, and what may be done with it."""
    state = "withdrawn" if row["is_withdrawn"] else "approved" if row["is_approved"] else "proposed"
    until = f" – {row['effective_to']}" if row["effective_to"] else " 起"
    return [
        section[
            p[_state(state), " ", b[zh(_RULE, row["rule"])]],
            dl[
                fact("生效", "In force", f"{row['effective_on']}{until}"),
                fact("适用地区", "Where", row["region"] or "各地 Everywhere"),
                fact("培训类别", "Category", _category(row["category"])),
                fact("依据", "Legal basis", row["legal_basis"]),
                fact("理由", "Reason", row["reason"]),
                fact("提出人", "Proposed by", row["proposed_by"]),
            ],
        ],
        section[h2[both("逐行变化", "What changes")], rows(_CHANGED, [_change(one) for one in row["changes"]])],
        section[
            h2[both("对待转办投诉的影响（您能看到的）", "Complaints that wait, of those you see")],
            rows(_WAITING, [_waiting(one) for one in row["waiting"]]),
            p(".soft")[
                f"另有 {row['undecided']} 件尚未认定事项，暂不能判断。 Nobody has said what these are about. ",
                "待转办较多，只看了最早的一部分。 Only the earliest were looked at." if row["is_cut"] else None,
            ],
        ],
        available(row["rule"], row["version_id"], _of_this(may)),
        p[a(href=PATH)[both("返回转办规则", "Back to the table")]],
    ]


_CHANGED: Final = (("事项", "Matter"), ("类别", "Category"), ("现由", "Now"), ("改由", "Then"))
_WAITING: Final = (("事项", "Matter"), ("现建议", "Now"), ("改为建议", "Then"), ("件数", "Complaints"))
_VERSIONS: Final = (
    ("规则", "Rule"),
    ("生效", "In force"),
    ("地区", "Where"),
    ("类别", "Category"),
    ("状态", "State"),
    ("理由", "Reason"),
)


def _lines(items: Sequence[Mapping[str, Any]]) -> Node:
    categories = list(dict.fromkeys(one["category"] for one in items))
    heads = (("事项", "Matter"), *(CATEGORY.get(one, (one, "")) for one in categories), ("依据", "Basis"))
    by_matter: dict[str, list[Mapping[str, Any]]] = {}
    for one in items:
        by_matter.setdefault(one["matter"], []).append(one)
    return rows(heads, [(named(MATTER, matter), *_whose(own), _why(own)) for matter, own in by_matter.items()])


def _whose(own: Sequence[Mapping[str, Any]]) -> list[Node]:
    return [one["department_zh"] if one["department"] else tag("warn", one["department_zh"], "Nobody") for one in own]


def _why(own: Sequence[Mapping[str, Any]]) -> Node:
    """The legal basis, and each version that said otherwise than the released table."""
    bases = "；".join(dict.fromkeys(one["legal_basis"] for one in own if one["legal_basis"]))
    versions = dict.fromkeys(id for one in own for id in one["matrix"].split("+")[1:])
    links = [[" ", a(href=f"{PATH}/versions/{id}")["变更 Changed"]] for id in versions]
    return [small[bases], links]


def _versions(policies: Sequence[Answer]) -> Node:
    if away := next((one for one in policies if not one.is_there), None):
        return trouble(away)
    found = [(policy.body["name"], one) for policy in policies for one in policy.body["versions"]]
    latest = sorted(found, key=lambda one: str(one[1]["effective_on"]), reverse=True)
    return rows(_VERSIONS, [_version(rule, one) for rule, one in latest])


def _version(rule: str, one: Mapping[str, Any]) -> Sequence[Node]:
    until = f" – {one['effective_to']}" if one["effective_to"] else ""
    return (
        a(href=f"{PATH}/versions/{one['version_id']}")[named(_RULE, rule)],
        f"{one['effective_on']}{until}",
        one["region"] or "各地",
        _category(one["category"]),
        _state(one["state"]),
        one["reason"],
    )


def _proposing(said: Mapping[str, Any], filled: Filled) -> Node:
    departments = {str(one["number"]): (one["zh"], one["en"]) for one in said["departments"]}
    form = filled if filled.typed else Filled(typed={"region": str(said["region"]), "effective_on": str(said["on"])})
    return section[
        details(open=bool(filled.typed))[
            summary[both("提出变更", "Propose a change")],
            p(".soft")["提出后先看影响，由另一人批准才生效。 It counts when somebody else has approved it."],
            sent_to(PATH, proposing(_choices(said["items"]), departments), ("提出并查看影响", "Propose"), form),
        ]
    ]


def _choices(items: Sequence[Mapping[str, Any]]) -> Words:
    """Every line that can change: a matter, or the competent department of a category."""
    matters = {f"{MATTERS}{BETWEEN}{one['number']}": MATTER.get(one["matter"], (one["matter"], "")) for one in items}
    competent = {f"{COMPETENT}{BETWEEN}{key}": (f"主管部门：{said[0]}", said[1]) for key, said in CATEGORY.items()}
    return matters | competent


def _change(one: Mapping[str, Any]) -> Sequence[Node]:
    return named(MATTER, one["matter"]), _category(one["category"]), _department(one["before"]), _said(one["after"])


def _waiting(one: Mapping[str, Any]) -> Sequence[Node]:
    return named(MATTER, one["matter"]), _department(one["before"]), _said(one["after"]), str(one["tracks"])


def _said(code: str) -> Node:
    return b[_department(code)]


def _department(code: str) -> str:
    return zh(DEPARTMENT, code) if code in DEPARTMENT else zh(OTHER_DEPARTMENT, code)


def _category(code: str) -> str:
    return "各类" if code == _EVERY else zh(CATEGORY, code)


def _state(state: str) -> Node:
    return tagged(_COLOUR[state], STATE, state)


def _of_this(may: Answer) -> Answer:
    """Of a version; another proposal is made from the table."""
    if not may.is_there:
        return may
    return Answer(may.status, {**may.body, "actions": [one for one in may.body["actions"] if one["act"] in _DEEDS]})
