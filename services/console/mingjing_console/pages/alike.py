"""Likely duplicates (疑似重复): two complaints side by side, to be linked or merged by a person.

One rule: nothing is merged by itself, and what is merged can be parted again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, div, h2, li, p, section, small, ul

from mingjing_console.complaint_words import REPEAT
from mingjing_console.deeds_tracks import ALIKE, TRACKS
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import Filled, deed_form
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.pages.track import message
from mingjing_console.pages.tracks import PATH, due, marks, stage
from mingjing_console.words import TRACK, zh

TITLE: Final = ("疑似重复", "Likely duplicates")
_FIELD: Final[Mapping[str, str]] = {"link-track": "other", "merge-track": "into"}
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "link-track": ("关联（各办各的）", "Link: each goes on by itself"),
    "merge-track": ("并入右边这件（随其办理）", "Merge into the other one"),
}


def listed(row: Mapping[str, Any], repeats: Answer, others: Answer) -> Node:
    """What the texts say, and what else is open about the same institution."""
    own = str(row["complaint_id"])
    found = [one for one in repeats.body["repeats"] if one["complaint_id"] != own] if repeats.is_there else []
    known = {own, *(str(one["complaint_id"]) for one in found)}
    rest = [one for one in others.items if str(one["complaint_id"]) not in known]
    return [
        p[a(href=f"{PATH}/{row['track_id']}")[both(f"返回 {row['number']}", "Back")]],
        section[
            h2[both("内容相近", "Alike by what was said")],
            trouble(repeats) if not repeats.is_there else None,
            ul[(_repeat(row, one) for one in found)] if found else p(".soft")["未见相近的投诉。 None is alike."],
        ],
        section[
            h2[both("同一机构的在办投诉", "Open ones about the same institution")],
            ul[(_other(row, one) for one in rest)] if rest else p(".soft")["没有。 None."],
        ],
    ]


def beside(row: Mapping[str, Any], other: Mapping[str, Any], said: Sequence[Answer], may: Answer, now: str) -> Node:
    """Both, and what can be done with them."""
    acts = {one["act"]: one for one in may.body["actions"]} if may.is_there else {}
    return [
        p[a(href=f"{PATH}/{row['track_id']}/alike")[both("返回疑似重复", "Back")]],
        div(".split.even")[_side(row, said[0], now), _side(other, said[1], now)],
        section[[_act(row, other, acts[act]) for act in ALIKE if act in acts]],
    ]


def _side(row: Mapping[str, Any], said: Answer, now: str) -> Element:
    return div[
        section[
            h2[a(href=f"{PATH}/{row['track_id']}")[row["number"]], " ", small[zh(TRACK, row["track"])]],
            p[stage(row), marks(row)],
            p[due(row, now)],
            p(".soft")[f"受理 {day(row['received_at'])}"],
        ],
        message(said),
    ]


def _act(row: Mapping[str, Any], other: Mapping[str, Any], one: Mapping[str, Any]) -> Node:
    words = _WORDS[one["act"]]
    if not one["available"]:
        why = one["why_not"] or {}
        return [h2[both(*words)], p(".soft")[why.get("detail", ""), " ", why.get("remedy", "")]]
    filled = Filled(typed={_FIELD[one["act"]]: str(other["track_id"])})
    return [
        h2[both(*words)],
        deed_form("complaint-track", row["track_id"], one["act"], TRACKS[one["act"]], words, filled),
    ]


def _repeat(row: Mapping[str, Any], one: Mapping[str, Any]) -> Element:
    same = [("同一机构", one["is_same_institution"]), ("同一主题", one["is_same_concern"])]
    why = "、".join([*(word for word, holds in same if holds), f"文字相似 {one['text_alike']}%"])
    kind = tag("warn" if one["kind"] == "DUPLICATE" else "", *REPEAT[one["kind"]])
    return li[
        kind, " ", a(href=f"{PATH}/{row['track_id']}/alike/{one['complaint_id']}")[one["number"]],
        f" · {day(one['received_at'])} ", b[one["title"]], div(".soft")[why],
    ]  # fmt: skip


def _other(row: Mapping[str, Any], one: Mapping[str, Any]) -> Element:
    return li[
        a(href=f"{PATH}/{row['track_id']}/alike/{one['complaint_id']}")[one["number"]],
        f" · {day(one['received_at'])} ", b[one["title"]],
    ]  # fmt: skip
