"""Ratings one by one 家长评价与回复: the institution that they are about answers, officials read.

One rule: nobody sees whose a rating is, and nobody sees any of an institution with few; the service says how few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from htpy import Element, Node, a, b, details, div, p, section, small, summary

from mingjing_console.deeds_tracks import RATING
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import Filled, deed_form
from mingjing_console.pages.finding import further
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, tag

TITLE: Final = ("家长评价与回复", "Ratings and answers")
PATH: Final = "/ratings"
_ACT: Final = "answer-rating"
_GOOD: Final = 4
_WORDS: Final = {False: ("回复", "Answer"), True: ("更改回复", "Change the answer")}


def listed(asked: Mapping[str, str], found: Answer, may: Answer) -> Node:
    """Latest first. ``may``: what the visitor may do to the first; to all others it is the same."""
    if not found.is_there:
        return trouble(found)
    can = may.is_there and any(one["act"] == _ACT and one["available"] for one in may.body["actions"])
    hint = "评价不足最少条数的机构不显示；评价人是谁，任何人都看不到。"
    if not found.items:
        return section[p(".soft")[f"没有可显示的评价。{hint} Nothing to be shown."]]
    return [
        p(".soft")[hint, " Nobody sees who rated."],
        [_one(row, can_answer=can) for row in found.items],
        further(PATH, asked, found),
    ]


def _one(row: Mapping[str, Any], *, can_answer: bool) -> Element:
    has_answer = bool(row["answer"])
    typed = Filled(typed={"text": row["answer"]})
    return section[
        div(".row")[
            b[_stars("机构", row["institution_stars"]), " ", _stars("课程", row["lesson_stars"])],
            small[
                f"{row['term']} · {row['rated_on']}", f" · 第 {row['edition']} 次修改" if row["edition"] > 1 else None
            ],
        ],
        p(".echo")[row["text"]] if row["text"] else p(".soft")["没有文字。 No words."],
        p(".echo")[tag("good", "机构回复", "Answer"), " ", row["answer"]] if has_answer else None,
        p(".soft")[a(href=f"{PATH}/{row['institution_id']}")["公众看到的汇总 What the public sees"]],
        details[
            summary[both(*_WORDS[has_answer])],
            p(".soft")["由机构自己回复；不写学员和家长的姓名、电话。 By the institution; no names."],
            deed_form("rating", row["rating_id"], _ACT, RATING[_ACT], _WORDS[has_answer], typed),
        ]
        if can_answer
        else None,
    ]


def _stars(word: str, count: int) -> Element:
    return tag("good" if count >= _GOOD else "warn", f"{word} {count} 分")
