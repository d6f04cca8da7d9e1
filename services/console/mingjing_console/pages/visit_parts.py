"""Parts that wait or lie aside (待处理上报): what it is, why it was not taken, and the two things that may be done."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from htpy import Node, button, code, dd, details, div, dl, dt, form, h2, input, label, p, section, small, summary

from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import Words, zh

TITLE = ("待处理上报", "Reports to decide on")
STAGE: Words = MappingProxyType(
    {
        "HELD": ("等待前序", "Held"),
        "CONTESTED": ("同号异文", "Contested"),
        "ASIDE": ("搁置", "Kept aside"),
        "TAKEN": ("已采纳", "Taken"),
        "DISMISSED": ("不予采纳", "Dismissed"),
    }
)
KIND: Words = MappingProxyType({"REPORT": ("巡查报告", "Report"), "CORRECTION": ("更正", "Correction")})
OPEN = ("CONTESTED", "ASIDE", "HELD")
REASON_CHARACTERS_MAX = 1_000
DEEDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"forcing": ("强制采纳", "Take all the same"), "dismissal": ("不予采纳", "Dismiss")}
)


def waiting(answer: Answer) -> Node:
    """What nobody decided on yet, the contested first; how many were settled."""
    if not answer.is_there:
        return trouble(answer)
    rows = [row for stage in OPEN for row in answer.items if row["stage"] == stage]
    settled = len(answer.items) - len(rows)
    if not rows:
        return section[p[both("没有待处理的上报。", "Nothing waits.")], small[f"已处理 settled {settled}"]]
    return [[_one(row) for row in rows], small[f"已处理 settled {settled}"]]


def refused(words: tuple[str, str]) -> Node:
    """Why the service did not do it."""
    return section(role="alert")[tag("bad", "未能办理", "Not carried out"), p[words[0]], p[small(lang="en")[words[1]]]]


def _one(row: Mapping[str, Any]) -> Node:
    waits = row["waits_for_site"] or row["waits_for_version"]
    named = "教学点 site" if row["waits_for_site"] else "巡查版本 version"
    return section[
        h2[tag("warn", zh(STAGE, row["stage"])), " ", zh(KIND, row["kind"]), " ", small[day(row["received_at"])]],
        dl[
            dt["上报人", small["Officer"]],
            dd[row["officer"]],
            dt["巡查", small["Visit"]],
            dd[code[row["visit_id"]]],
            [dt["等待", small["Waits for"]], dd[f"{named} {waits}"]] if waits else None,
            [dt["原因", small["Why"]], dd[row["why_zh"], div(".soft", lang="en")[row["why_en"]]]]
            if row["why"]
            else None,
        ],
        [_deed(row, deed, words) for deed, words in DEEDS.items()],
    ]


def _deed(row: Mapping[str, Any], deed: str, words: tuple[str, str]) -> Node:
    return details[
        summary[both(*words)],
        form(method="post", action=f"/visit-parts/{row['part_id']}/{row['sha256']}/{deed}")[
            label["理由 Reason", input(name="reason", required=True, maxlength=str(REASON_CHARACTERS_MAX))],
            button(type="submit")[both(*words)],
        ],
    ]
