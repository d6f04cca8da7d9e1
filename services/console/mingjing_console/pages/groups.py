"""Groups of complaints 群体投诉: several people, one institution, each with a life of its own; and joint complaints.

One rule: people are counted, not calls; who speaks for them is named by a complaint's number, never by a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from htpy import Element, Node, a, b, button, div, dl, fieldset, form, input, label, legend, p, section

from mingjing_console.acting import KEY
from mingjing_console.asking import Asked
from mingjing_console.deeds import WHY
from mingjing_console.deeds_tracks import group_deeds
from mingjing_console.gateway import Answer
from mingjing_console.pages import tracks
from mingjing_console.pages.deed_forms import EMPTY, Filled, asking, available
from mingjing_console.pages.finding import chosen, further, question, rows
from mingjing_console.pages.findings import department, fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import TRACK, Words, zh
from mingjing_kernel.identifiers import new_id

TITLE: Final = ("群体投诉", "Groups of complaints")
PATH: Final = "/complaint-groups"
MEMBER: Final = "member"
"""Of the box before each complaint that may be taken into a new group."""
OPEN: Words = MappingProxyType({"true": ("办理中", "Open"), "false": ("已解散", "Dissolved")})
PEOPLE: Final = Asked(name="people", zh="来自几个人", en="From how many people", kind="number")
_HEADS: Final = (
    ("机构", "Institution"),
    ("状态", "State"),
    ("件数", "Complaints"),
    ("人数", "People"),
    ("调解员", "Mediator"),
    ("建立时间", "Formed at"),
)


def listed(asked: Mapping[str, str], found: Answer, disputes: Answer | None, new: Node) -> Node:
    """Every group; of one institution also what may be grouped."""
    about = [input(type="hidden", name="institution_id", value=asked["institution_id"])] if disputes else []
    filters = section[question(PATH, *about, chosen("状态", "State", "is_open", OPEN, asked["is_open"]))]
    if not found.is_there:
        return [filters, trouble(found)]
    shown = [_line(row) for row in found.items]
    hint = p(".soft")["在投诉页点“群体投诉”，可把同一机构的投诉合并办理。 To form one, start from a complaint's page."]
    return [filters, section(".stack")[rows(_HEADS, shown), further(PATH, asked, found)], new if disputes else hint]


def forming(institution_id: str, disputes: Answer, filled: Filled = EMPTY) -> Node:
    """A new group: the institution's open complaints, each with a box before it."""
    if not disputes.is_there:
        return trouble(disputes)
    if len(disputes.items) < len(("one", "another")):
        return section[p(".soft")["这家机构的在办投诉不足两件，不能建立群体件。 Fewer than two are open."]]
    return section[
        form(method="post", action=PATH)[
            input(type="hidden", name=KEY, value=filled.typed.get(KEY) or str(new_id())),
            input(type="hidden", name="institution_id", value=institution_id),
            fieldset[
                legend[both("把这些投诉作为群体件（共同投诉）一起办理", "Handle these together")],
                [_box(row, filled) for row in disputes.items],
            ],
            div(".fields")[asking(PEOPLE, filled), asking(WHY, filled)],
            button(type="submit")[both("建立群体件", "Form a group")],
        ],
        p(".soft")["每件各有自己的时限；随时可以移出。 Each keeps its clocks, and may leave at any time."],
    ]


def one(row: Mapping[str, Any], members: Answer, others: Answer, may: Answer, now: str) -> Node:
    """A group: how many people, who speaks for them, each complaint as it stands."""
    within = {str(one) for one in row["members"]}
    actions = [one for one in may.body["actions"] if one["act"] != "form-group"] if may.is_there else []
    shown = Answer(may.status, {"actions": actions}) if may.is_there else may
    outside = [one for one in others.items if str(one["track_id"]) not in within]
    forms = group_deeds(_words(members.items), _words(outside))
    return [
        section[
            p[_state(row), tag("", "系统自动建立", "Formed by itself") if row["reaction"] else None],
            dl[
                fact(
                    "机构", "Institution", a(href=f"/institutions/{row['institution_id']}")[row["name"] or "查看机构"]
                ),
                fact("件数、人数", "Complaints, people", f"{row['disputes']} 件，{row['people']} 人"),
                fact("代表人", "They speak for it", _speaking(row, members)),
                fact("调解员", "Mediator", row["mediator"]),
                fact("主管部门", "Department", department(row["department"])),
                fact("建立时间", "Formed at", day(row["formed_at"])),
                fact("最近说明", "Said last", row["said"]),
            ],
        ],
        _members(members, now, within),
        available("complaint-group", row["group_id"], shown, asking_of=forms),
    ]


def _members(members: Answer, now: str, within: set[str]) -> Node:
    if not members.is_there:
        return trouble(members)
    heads = (("编号", "Number"), ("环节", "Stage"), ("最近期限", "Due"), ("承办", "Handled by"), ("诉求", "About"))
    shown: list[Sequence[Node]] = [
        (
            [a(href=f"{tracks.PATH}/{one['track_id']}")[one["number"]], " ", zh(TRACK, one["track"])],
            [tracks.stage(one), tracks.marks(one)],
            tracks.due(one, now),
            department(one["handler_department"]) if one["handler_department"] else tag("warn", "无人承办", "Nobody"),
            b[one["title"]],
        )
        for one in members.items
    ]
    hidden = len(within) - len(shown)
    more = p(".soft")[f"另有 {hidden} 件未列出（不在您的权限内，或超出一页）。 Not shown."] if hidden > 0 else None
    return section(".stack")[rows(heads, shown), more]


def _speaking(row: Mapping[str, Any], members: Answer) -> Node:
    named = {str(one) for one in row["representatives"]}
    numbers = [one["number"] for one in members.items if str(one["track_id"]) in named]
    return "、".join(sorted(numbers)) or (f"{len(named)} 名" if named else "未确定")


def _words(items: Sequence[Mapping[str, Any]]) -> Words:
    return {str(one["track_id"]): (f"{one['number']} {one['title']}"[:60], "") for one in items}


def _state(row: Mapping[str, Any]) -> Element:
    return tag("", *OPEN["false"]) if row["is_over"] else tag("warn", *OPEN["true"])


def _box(row: Mapping[str, Any], filled: Filled) -> Element:
    name = f"{MEMBER}:{row['track_id']}"
    words = f"{row['number']} {zh(TRACK, row['track'])} {row['title']}"
    return label(".check")[
        input(type="checkbox", name=name, value="true", checked=filled.typed.get(name) == "true"), words
    ]


def _line(row: Mapping[str, Any]) -> Sequence[Node]:
    return (
        a(href=f"{PATH}/{row['group_id']}")[row["name"] or row["group_id"]],
        _state(row),
        f"{row['disputes']} 件",
        f"{row['people']} 人",
        row["mediator"] or "未指定",
        day(row["formed_at"]),
    )
