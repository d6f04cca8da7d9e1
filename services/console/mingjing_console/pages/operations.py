"""Joint operations 联合检查: which departments look where together, how far each is, and what they share.

One rule: sums of every member are shown, findings of the own department only; shared evidence stands with its origin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from htpy import Element, Node, a, b, code, div, dl, h2, li, ol, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import ANSWER, OPERATION_STAGE, OPERATION_STEP
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, further, question, rows
from mingjing_console.pages.findings import department, fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.operation_forms import NEW, sharing, taking
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import CATEGORY, en, zh

TITLE: Final = ("联合检查", "Joint operations")
PATH: Final = "/operations"
_COLOURS: Mapping[str, str] = {"CONCLUDED": "good", "CANCELLED": "bad", "PLANNED": "warn"}
_ANSWERS: Mapping[str, str] = {"YES": "good", "NO": "bad", "AWAITED": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What inspection said of one."""

    may: Answer
    summary: Answer
    timeline: Answer
    pool: Answer
    visits: Sequence[Mapping[str, Any]] = ()


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """Those of the visitor's departments."""
    begin = p[a(href=NEW)[both("部署联合检查", "Plan a joint operation")]]
    filters = section[begin, question(PATH, chosen("状态", "Stage", "stage", OPERATION_STAGE, asked["stage"]))]
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (("名称", "Title"), ("状态", "Stage"), ("检查日期", "Held on"), ("牵头部门", "Leads"),
             ("教学点数", "Sites"), ("成员单位", "Departments"))  # fmt: skip
    shown = [
        (
            a(href=f"{PATH}/{row['operation_id']}")[row["title"]],
            _stage(row),
            day(row["held_on"]),
            department(row["department"]),
            str(row["targets"]),
            "、".join(department(one) for one in row["members"]),
        )
        for row in found.items
    ]
    return [filters, section[rows(heads, shown), further(PATH, asked, found)]]


def one(row: Mapping[str, Any], seen: Seen) -> Node:
    """One operation: its plan, each member's part, the pool, what happened."""
    is_under_way = row["stage"] == "UNDER_WAY"
    return [
        section[
            p[_stage(row), " ", b[row["reason"]]],
            dl[
                fact("检查日期", "Held on", day(row["held_on"])),
                fact("牵头部门", "Leads", department(row["department"])),
                fact("区域", "Region", row["region"]),
                fact("类别", "Category", zh(CATEGORY, row["category"])),
                fact("依据", "Legal basis", row["legal_basis"]),
                fact("结论", "Conclusion", row["conclusion"]),
            ],
        ],
        _members(seen.summary),
        _sites(row["sites"]),
        _pool(seen.pool),
        sharing(row["operation_id"], seen.visits, seen.pool) if is_under_way else None,
        taking(row["operation_id"], seen.visits, seen.pool) if is_under_way else None,
        _timeline(seen.timeline),
        available("operation", row["operation_id"], seen.may),
    ]


def _stage(row: Mapping[str, Any]) -> Element:
    stage = row["stage"]
    return tag(_COLOURS.get(stage, ""), zh(OPERATION_STAGE, stage), en(OPERATION_STAGE, stage))


def _members(summary: Answer) -> Node:
    title = h2[both("各部门进度", "Each department's part")]
    if not summary.is_there:
        return section[title, trouble(summary)]
    heads = (("部门", "Department"), ("会签", "Answer"), ("任务", "Tasks"), ("已检查", "Done"), ("待检查", "Remaining"),
             ("案卷", "Findings"), ("已结案", "Over"), ("一票否决", "Vetoes"))  # fmt: skip
    names = ("tasks", "visited", "remaining", "findings", "findings_over", "vetoes")
    shown: list[Sequence[Node]] = [
        (
            department(one["department"]),
            [tag(_ANSWERS.get(one["answer"], ""), zh(ANSWER, one["answer"]), en(ANSWER, one["answer"])), one["said"]],
            *(str(one[name]) for name in names),
        )
        for one in summary.body["departments"]
    ]
    return section[title, rows(heads, shown)]


def _sites(sites: Sequence[Mapping[str, Any]]) -> Node:
    heads = (("机构", "Institution"), ("网格", "Grid"), ("主管部门", "Competent"))
    shown = [
        (
            a(href=f"/institutions/{one['institution_id']}")["查看机构 Institution"],
            one["region"],
            department(one["department"]),
        )
        for one in sites
    ]
    return section[h2[both("检查对象", "Sites")], rows(heads, shown)]


def _pool(pool: Answer) -> Node:
    title = h2[both("证据池", "Shared evidence")]
    if not pool.is_there:
        return section[title, trouble(pool)]
    heads = (("提供部门", "Department"), ("取证人、时间", "Taken by, at"), ("SHA-256", "SHA-256"),
             ("说明、引用", "Note, taken over by"))  # fmt: skip
    shown = [
        (
            department(one["owner"]),
            [one["officer"], " ", small[day(one["taken_at"])]],
            code[one["sha256"][:16]],
            [one["note"], [div[small[f"{department(it['department'])} {day(it['at'])}"]] for it in one["referred"]]],
        )
        for one in pool.items
    ]
    return section[title, rows(heads, shown)]


def _timeline(timeline: Answer) -> Node:
    title = h2[both("过程", "What happened")]
    if not timeline.is_there:
        return section[title, trouble(timeline)]
    return section[title, ol(".time")[[_happened(step) for step in reversed(timeline.body)]]]


def _happened(step: Mapping[str, Any]) -> Element:
    words = b[zh(OPERATION_STEP, step["step"]), " ", small(lang="en")[en(OPERATION_STEP, step["step"])]]
    who = " · ".join(filter(None, (department(step["department"]) if step["department"] else "", step["by"])))
    return li[div(".row")[words, small[day(step["at"])]], div[who], small[step["said"]] if step["said"] else None]
