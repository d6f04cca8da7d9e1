"""Suggestions beside the form (受理提示): whom it is about, what it repeats, how urgent, whose matter, by which words.

One rule: nothing is chosen for the operator. A candidate is a choice that she makes, with the keyboard if she likes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from htpy import Element, Node, a, b, div, fragment, h2, input, kbd, label, li, mark, p, section, small, ul

from mingjing_console.complaint_words import CLUE, CONCERN, OTHER_DEPARTMENT, REPEAT, TRACK_LABEL
from mingjing_console.gateway import Answer
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import CATEGORY, DEPARTMENT, zh

BETWEEN = "|"
"""Between the id and the name of a choice: the name comes back to whoever sent it, and goes nowhere else."""
ECHO_MAX = 600


def hints(answer: Answer | None, text: str, chosen: str) -> Node:
    """``chosen``: the value of the choice that was made before."""
    if answer is None:
        return p(".soft")[both("填写内容后显示提示。", "Suggestions appear as you type.")]
    if not answer.is_there:
        return p(".warn")[both("暂无提示，可直接受理。", "No suggestions now; take it all the same.")]
    told: dict[str, Any] = answer.body
    return fragment[
        urgency(told, text),
        _institutions(told["institutions"], chosen),
        _repeats(told["repeats"]),
        matter(told),
        p(".soft")[both(f"另有 {told['behind']} 条记录尚未纳入比对。", "Records not compared yet.")]
        if told["behind"]
        else None,
    ]


def urgency(told: Mapping[str, Any], text: str) -> Node:
    """Whether it is urgent, by which words; what was said with every word that led to something."""
    found = told["urgency"]
    named = [clue["words"] for one in told["institutions"][:1] for clue in one["clues"]]
    about = [word for one in told["concerns"][:1] for word in one["words"][:3]]
    verdict = (
        tag("bad", "紧急：2 小时内响应", "Urgent") if found["is_urgent"] else tag("", "未见紧急用词", "Not urgent")
    )
    return section[
        h2[both("紧急程度", "Urgency")],
        p[verdict, " ", "、".join(found["words"])],
        p(".echo")[_marked(text, found["words"], [*named, *about])],
    ]


def _institutions(rows: Sequence[Mapping[str, Any]], chosen: str) -> Node:
    id_, _, name = chosen.partition(BETWEEN)
    is_listed = any(str(row["institution_id"]) == id_ for row in rows)
    kept = [{"institution_id": id_, "name": name, "clues": [], "is_sure": False}] if id_ and not is_listed else []
    if not rows and not kept:
        return section[h2[both("机构", "Institution")], p(".soft")[both("没有相近的机构。", "None is alike.")]]
    return section[
        h2[both("机构", "Institution")],
        ul[[_choice(at, row, id_) for at, row in enumerate([*rows, *kept], start=1)], _none(id_)],
    ]


def _choice(at: int, row: Mapping[str, Any], chosen: str) -> Element:
    value, place = f"{row['institution_id']}{BETWEEN}{row['name']}", f"choice-{at}"
    clues = clues_of(row)
    score = f" {row['score']} 分" if row["clues"] else " 先前选定"
    return li[
        label(for_=place)[
            input(
                type="radio", name="institution", id=place, value=value, data_asks="",
                checked=str(row["institution_id"]) == chosen,
            ),
            kbd[f"Alt+{at}"], " ", b[row["name"]], score, " ",
            tag("good", "较有把握", "Likely") if row["is_sure"] else None,
            div(".soft")[clues] if clues else None,
        ]
    ]  # fmt: skip


def clues_of(row: Mapping[str, Any]) -> str:
    """Which words point to an institution, and what each adds."""
    return "；".join(f"{zh(CLUE, one['clue'])}“{one['words']}” +{one['adds']}" for one in row["clues"])


def _none(chosen: str) -> Element:
    return li[
        label(for_="choice-0")[
            input(type="radio", name="institution", id="choice-0", value="", data_asks="", checked=not chosen),
            kbd["Alt+0"], " ", both("不指定，由系统按原规则匹配", "Leave open"),
        ]
    ]  # fmt: skip


def _repeats(rows: Sequence[Mapping[str, Any]]) -> Node:
    if not rows:
        return section[h2[both("重复", "Repeats")], p(".soft")[both("未见相近的投诉。", "None is alike.")]]
    return section[h2[both("重复", "Repeats")], ul[[_repeat(row) for row in rows]]]


def _repeat(row: Mapping[str, Any]) -> Element:
    same = [("同一机构", row["is_same_institution"]), ("同一主题", row["is_same_concern"])]
    why = "、".join([*(word for word, holds in same if holds), f"文字相似 {row['text_alike']}%"])
    kind = tag("warn" if row["kind"] == "DUPLICATE" else "", *REPEAT[row["kind"]])
    at = row["institution_id"]
    number: Node = a(href=f"/institutions/{at}")[row["number"]] if at else row["number"]
    return li[kind, " ", number, f" · {day(row['received_at'])} {row['title']}", div(".soft")[why]]


def matter(told: Mapping[str, Any]) -> Node:
    """Tracks, concern, category and departments, each with the words or the rule that led to it."""
    tracks = "＋".join(zh(TRACK_LABEL, track) for track in told["tracks"]["suggested"]) or "与校外培训无关"
    labels = [one for one in told["tracks"]["labels"] if one["label"] in told["tracks"]["suggested"]]
    heard = dict.fromkeys(word for one in labels for word in one["words"])
    concern = told["concerns"][0]
    lines = [
        ("类别", "Tracks", tracks, "、".join(heard)),
        ("主题", "Concern", zh(CONCERN, concern["label"]), "、".join(concern["words"])),
        *(("项目", "Category", zh(CATEGORY, key), word) for key, word in told["categories"].items()),
        *(("部门", "Department", _department(one["department"]), one["legal_basis"]) for one in told["departments"]),
    ]
    return section[
        h2[both("建议", "Suggested")],
        ul[(li[f"{zh_}：", b[value], div(".soft")[words] if words else None] for zh_, _, value, words in lines)],
        small[both("仅供参考，由受理人决定。", "For you to decide.")],
    ]


def _department(code: str) -> str:
    return zh(DEPARTMENT, code) if code in DEPARTMENT else zh(OTHER_DEPARTMENT, code)


def _marked(text: str, urgent: Sequence[str], others: Sequence[str]) -> Node:
    """The text with the words that led to something; an urgent word stays one within a longer one."""
    return [
        mark(class_="urgent")[part]
        if part in urgent
        else [mark[each] if each in others else each for each in _cut(part, others)]
        for part in _cut(text[:ECHO_MAX], urgent)
    ]


def _cut(text: str, words: Sequence[str]) -> list[str]:
    """The text in pieces, each word a piece of its own."""
    known = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    return re.split("(" + "|".join(map(re.escape, known)) + ")", text) if known else [text]
