"""The national platform's roster 平台名录 as it was taken last, and where it differs from the register.

One rule: the page changes neither: what differs is put right by the register's own acts, or by the platform.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Node, a, b, dl, h2, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import chosen, further, question, rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.pages.standing import fact
from mingjing_console.words import Words, zh

TITLE: Final = ("平台名录", "Platform roster")
PATH: Final = "/imports/roster"
KIND: Words = {
    "missing-here": ("本地未登记", "Not in the register"),
    "missing-there": ("平台缺列", "Not on the platform"),
    "differs": ("内容不一致", "Differs"),
}
_BECAUSE: Words = {
    "no-roster": ("尚未导入名录", "No roster was taken"),
    "roster-old": ("名录过旧", "The roster is old"),
}


def roster(state: Answer, differences: Answer, kind: str) -> Node:
    """What was taken and compared last, and the differences as they stand now."""
    ask = question(PATH, chosen("差异", "Difference", "kind", KIND, kind))
    return [
        _state(state.body) if state.is_there else trouble(state),
        section[h2[both("差异", "Differences")], ask, _differences(differences, kind)],
    ]


def _state(said: Mapping[str, Any]) -> Node:
    last = said["last"]
    return section[
        dl(".wide")[
            fact("最近名录", "Last roster", day(said["stated_on"]) if said["stated_on"] else "—"),
            fact("最近核对", "Last comparison", _compared(last) if last else "—"),
        ],
        p[a(href="/imports")[both("导入新名录", "Take another roster")]],
    ]


def _compared(last: Mapping[str, Any]) -> Node:
    found = last["found"]
    why = f"（{zh(_BECAUSE, last['because'])}）" if last["because"] in _BECAUSE else ""
    return [
        f"{day(last['on'])}{why}：一致 {found['agreeing']}，本地未登记 {found['missing_here']}，"
        f"平台缺列 {found['missing_there']}，不一致 {found['differing']}，已说明 {found['noted']}",
        " ",
        small(lang="en")[
            f"{found['agreeing']} agree, {found['missing_here']} not here, {found['missing_there']} not there, "
            f"{found['differing']} differ, {found['noted']} explained"
        ],
    ]


def _differences(answer: Answer, kind: str) -> Node:
    if not answer.is_there:
        return trouble(answer)
    heads = (("机构", "Institution"), ("差异", "Difference"), ("本地｜平台", "Ours|theirs"), ("备注", "Note"))
    found: list[Sequence[Node]] = [
        (
            [b[row["name"]], " ", small[row["uscc"]]],
            tag("" if row["is_noted"] else "warn", *KIND.get(row["kind"], (row["kind"], ""))),
            [p[one] for one in row["differences"]] or "—",
            row["note_text"] or "—",
        )
        for row in answer.items
    ]
    return [rows(heads, found), further(PATH, {"kind": kind}, answer)]
