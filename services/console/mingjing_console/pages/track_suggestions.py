"""Suggestions about a stored complaint 智能提示: why this department, and by which words what else is suggested.

One rule: nothing is decided here. Whoever agrees says so with her own name under it: whom it is about from this page,
the rest with the acts of the complaint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from htpy import Node, a, b, div, dl, h2, li, p, section, ul

from mingjing_console.deeds_tracks import attributing
from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import MATTER
from mingjing_console.pages.complaint_hints import clues_of, matter, urgency
from mingjing_console.pages.complaint_routing import PATH as TABLE
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.findings import department, fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag
from mingjing_console.pages.tracks import PATH
from mingjing_console.track_words import OWNER_GROUND
from mingjing_console.words import zh

TITLE: Final = ("智能提示", "Suggestions")
_ATTRIBUTE: Final = "attribute-complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the service says: whose it is by the table, what the words lead to, the words, and what may be done."""

    owner: Answer
    told: Answer
    message: Answer
    may: Answer


def shown(row: Mapping[str, Any], seen: Seen) -> Node:
    """Of one track."""
    back = p[a(href=f"{PATH}/{row['track_id']}")[both(f"返回 {row['number']}", "Back")]]
    if not seen.told.is_there:
        return [back, _owner(row, seen.owner), trouble(seen.told)]
    told = seen.told.body
    said = seen.message.body["text"] if seen.message.is_there else ""
    return [
        back,
        _owner(row, seen.owner),
        div(".split.even")[urgency(told, said), matter(told)],
        _institutions(told),
        _attribution(row, told["institutions"], seen.may),
    ]


def _owner(row: Mapping[str, Any], owner: Answer) -> Node:
    title = h2[both("为何建议这个部门", "Why this department")]
    if not owner.is_there:
        return section[title, trouble(owner)]
    said = owner.body
    versions = said["matrix"].split("+")[1:]
    changed: list[Node] = [
        [a(href=f"{TABLE}/versions/{one}")["已批准的变更 An approved change"], " "] for one in versions
    ]
    return section[
        title,
        dl[
            fact("事项", "Matter", zh(MATTER, row["matter"]) if row["matter"] else "尚未认定 Open"),
            fact("建议部门", "Suggested", department(said["department"])),
            fact("理由", "Ground", zh(OWNER_GROUND, said["ground"])),
            fact("依据", "Legal basis", said["legal_basis"]),
            fact("规则", "Table", changed or a(href=TABLE)["转办规则表 Routing table"]),
            fact("现承办", "Handled by", department(row["handler_department"])),
        ],
    ]


def _institutions(told: Mapping[str, Any]) -> Node:
    title, rows = h2[both("可能涉及的机构", "Whom it may be about")], told["institutions"]
    if not rows:
        return section[title, p(".soft")["没有相近的机构。 None is alike."]]
    return section[title, ul[(_candidate(one, str(told["institution_id"] or "")) for one in rows)]]


def _candidate(one: Mapping[str, Any], known: str) -> Node:
    return li[
        a(href=f"/institutions/{one['institution_id']}")[b[one["name"]]], f" {one['score']} 分 ",
        tag("good", "已认定", "Said") if str(one["institution_id"]) == known else None,
        tag("", "较有把握", "Likely") if one["is_sure"] else None,
        div(".soft")[clues_of(one)],
    ]  # fmt: skip


def _attribution(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], may: Answer) -> Node:
    """Only whom it is about; the rest stands on the page of the track."""
    if not rows or not may.is_there:
        return None
    mine = [one for one in may.body["actions"] if one["act"] == _ATTRIBUTE]
    words = {str(one["institution_id"]): (one["name"], f"{one['score']}") for one in rows}
    only = Answer(may.status, {**may.body, "actions": mine})
    return available("complaint", row["complaint_id"], only, asking_of=attributing(words))
