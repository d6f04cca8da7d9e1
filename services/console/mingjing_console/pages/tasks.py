"""Inspection tasks 检查任务: who has to go where until when, what became of it, and what may be done about one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from htpy import Element, Node, a, b, dl, h2, p, section

from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, export, further, question, rows, tagged
from mingjing_console.pages.findings import department, fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day
from mingjing_console.words import ESCALATION, OUTCOME, TASK_KIND, TASK_STATE, WHY_NO_SITE, Words, zh

TITLE: Final = ("检查任务", "Inspection tasks")
PATH: Final = "/tasks"
LATE: Words = MappingProxyType({"true": ("超期", "Overdue")})
_COLOURS: Mapping[str, str] = {"WITHOUT_SITE": "bad", "DECLINED": "warn", "CLOSED": "good"}


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """The most pressing first."""
    filters = section[
        question(
            PATH,
            chosen("状态", "State", "state", TASK_STATE, asked["state"]),
            chosen("期限", "Due", "is_overdue", LATE, asked["is_overdue"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (
        ("期限", "Due"),
        ("任务", "Task"),
        ("状态", "State"),
        ("网格", "Grid"),
        ("承办", "Officer"),
        ("事由", "Reason"),
    )
    shown = [
        (
            day(row["due_at"]),
            a(href=f"{PATH}/{row['task_id']}")[both(*_kind(row))],
            _state(row),
            row["region"],
            row["officer"],
            row["reason"],
        )
        for row in found.items
    ]
    return [filters, section[rows(heads, shown), further(PATH, asked, found), export(PATH, asked)]]


def one(row: Mapping[str, Any], may: Answer) -> Node:
    """One task with what may be done to it."""
    institution, visit = row["institution_id"], row["visit_id"]
    return [
        section[p(".row")[_state(row)], p[b[row["reason"]]]],
        section[
            h2[both("任务信息", "Particulars")],
            dl[
                fact("机构", "Institution", a(href=f"/institutions/{institution}")["查看机构"] if institution else ""),
                fact("教学点未查明", "No site yet", zh(WHY_NO_SITE, row["why_no_site"]) if row["why_no_site"] else ""),
                fact("主管部门", "Department", department(row["department"])),
                fact("网格", "Grid", row["region"]),
                fact("安排时间", "Planned", day(row["planned_at"])),
                fact("期限", "Due", day(row["due_at"])),
                fact("承办人", "Officer", row["officer"]),
                fact("同行人员", "Colleagues", "、".join(row["colleagues"])),
                fact("巡查结果", "Outcome", zh(OUTCOME, row["outcome"]) if row["outcome"] else ""),
                fact("案卷", "Findings", a(href=f"/findings?visit_id={visit}")["查看案卷 Findings"] if visit else ""),
                fact("最近说明", "Said last", row["note"]),
                fact("办结结论", "Conclusion", row["conclusion"]),
            ],
        ],
        available("task", row["task_id"], may),
    ]


def _kind(row: Mapping[str, Any]) -> tuple[str, str]:
    return TASK_KIND.get(row["kind"], (row["kind"], ""))


def _state(row: Mapping[str, Any]) -> list[Element | str]:
    late = [tagged("bad", ESCALATION, row["escalation"])] if row["escalation"] else []
    return [tagged(_COLOURS.get(row["state"], ""), TASK_STATE, row["state"]), " ", *late]
