"""What citizens said to their complaints 诉求人的补充: what waits to be read, with the answer beside it.

One rule: what was said since the last answer stands open; what is answered is folded away and never lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from htpy import Element, Node, a, b, details, div, li, ol, p, section, small, summary

from mingjing_console.deeds_tracks import VOICE
from mingjing_console.gateway import Answer
from mingjing_console.pages import tracks
from mingjing_console.pages.deed_forms import Filled, deed_form
from mingjing_console.pages.finding import chosen, further, question
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.track_words import IDENTITY, SPOKEN
from mingjing_console.words import Words, zh

TITLE: Final = ("诉求人的补充", "Citizens' words")
PATH: Final = "/complaint-voices"
WAITS: Words = MappingProxyType({"true": ("待阅处", "Waiting"), "false": ("已阅处", "Answered")})
ASKS: Words = MappingProxyType({"true": ("申请重新办理", "Asks to take it up again")})
_ACT: Final = "answer-voice"
_ANSWER: Final = ("答复", "Answer")
_REPLY: Final = "reply-"


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """Who spoke last stands first."""
    filters = section[
        question(
            PATH,
            chosen("状态", "State", "waits", WAITS, asked["waits"]),
            chosen("事项", "What", "asks_reopening", ASKS, asked["asks_reopening"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    spoken = [row for row in found.items if row["said"]]
    empty = section[p(".soft")["没有待阅处的。 Nothing waits."]]
    return [filters, [_one(row) for row in spoken] or empty, further(PATH, asked, found)]


def _one(row: Mapping[str, Any]) -> Element:
    at = next((n for n in range(len(row["said"]), 0, -1) if row["said"][n - 1]["what"].startswith(_REPLY)), 0)
    before, since = row["said"][:at], row["said"][at:]
    return section[
        div(".row")[
            b[a(href=f"{tracks.PATH}?number={row['number']}")[row["number"]]],
            small[f"{zh(IDENTITY, row['identity'])} · {day(row['spoken_at'])}"],
        ],
        p[_marks(row)],
        ol(".time")[(_said(one) for one in since)] if since else None,
        details[summary[both(f"此前 {len(before)} 条", "Earlier")], ol(".time")[(_said(one) for one in before)]]
        if before
        else None,
        details[
            summary[both(*_ANSWER)],
            deed_form("complaint-voice", row["complaint_id"], _ACT, VOICE[_ACT], _ANSWER, _read(row)),
        ]
        if row["waits"]
        else None,
    ]


def _read(row: Mapping[str, Any]) -> Filled:
    """What is answered is what stands here, and nothing that she says meanwhile."""
    return Filled(typed={"read_until": row["spoken_at"]})


def _marks(row: Mapping[str, Any]) -> Node:
    satisfied = {True: ("good", "满意"), False: ("bad", "不满意")}.get(row["is_satisfied"])
    found = [
        ("warn", "待阅处", row["waits"]),
        ("bad", "申请重新办理", row["reopening_asked_at"]),
        ("", "已撤回投诉", row["withdrawn_at"]),
    ]
    return [
        [[tag(kind, words), " "] for kind, words, holds in found if holds],
        [tag(*satisfied), f" {row['rating']} 分"] if satisfied else None,
    ]


def _said(one: Mapping[str, Any]) -> Element:
    photo = "照片已存证。 A photo, kept as evidence."
    words = photo if one["what"] == "photo" else one["text"]
    return li[div(".row")[b[zh(SPOKEN, one["what"])], small[day(one["at"])]], div(".echo")[words]]
