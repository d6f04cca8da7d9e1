"""Inspection tasks 检查任务: who has to look where until when, what became of it, and what may be done now.

One rule: an unannounced task is on no page of the institution; here it is, for whoever plans and whoever goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from htpy import Element, Node, a, b, button, dl, form, h2, input, label, li, p, section, ul

from mingjing_console.deeds import Deed
from mingjing_console.deeds_tasks import PLAN, TASK
from mingjing_console.gateway import Answer
from mingjing_console.pages.deed_forms import EMPTY, Filled, available, sent_to
from mingjing_console.pages.finding import chosen, export, further, question, rows, tagged, typed
from mingjing_console.pages.findings import department, fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day
from mingjing_console.words import ESCALATION, OUTCOME, TASK_KIND, TASK_STATE, WHY_NO_SITE, Words, zh

TITLE: Final = ("检查任务", "Inspection tasks")
PATH: Final = "/tasks"
NEW: Final = f"{PATH}/new"
NEW_TITLE: Final = ("安排检查", "Plan a task")
LATE: Words = {"true": ("已超期", "Overdue"), "false": ("未超期", "Not overdue")}
PEOPLE = ("officer", "colleagues", "person")
"""Fields in which an account stands."""
POST: Words = {"OFFICER": ("网格员", "Grid officer"), "DEPUTY": ("副网格员", "Deputy")}
_COLOURS: Mapping[str, str] = {
    "CLOSED": "good", "CANCELLED": "", "DECLINED": "warn", "WITHOUT_SITE": "warn", "PLANNED": "warn",
}  # fmt: skip
_BETWEEN: Final = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the services said beside the task: what may be done, its institution and site, who holds its grid."""

    may: Answer
    name: str
    address: str
    posts: Answer


def _filters(asked: Mapping[str, str]) -> Node:
    return section[
        p[a(href=NEW)[both(*NEW_TITLE)]],
        question(
            PATH,
            chosen("状态", "State", "state", TASK_STATE, asked["state"]),
            chosen("期限", "Clock", "is_overdue", LATE, asked["is_overdue"]),
            typed("承办人（姓名或账号）", "Officer, by name or account", "officer", asked["officer"]),
            input(type="hidden", name="institution_id", value=asked["institution_id"])
            if asked["institution_id"]
            else None,
        ),
    ]


def namesakes(asked: Mapping[str, str], found: Iterable[tuple[str, Mapping[str, Any]]]) -> Node:
    """Several officers of one name: whose tasks are meant?"""
    others = {name: value for name, value in asked.items() if value}
    links = [li[a(href=f"{PATH}?{urlencode(others | {'officer': one})}")[row["officer"]]] for one, row in found]
    which = "有同名承办人，请选择账号。 Several officers have this name; choose the account."
    return [_filters(asked), section[p(".warn")[which], ul[links]]]


def listed(asked: Mapping[str, str], found: Answer, names: Mapping[str, str]) -> Node:
    """The most pressing first."""
    filters = _filters(asked)
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (("机构", "Institution"), ("类型", "Kind"), ("状态", "State"), ("期限", "Due"), ("承办人", "Officer"),
             ("事由", "Reason"))  # fmt: skip
    shown = [_line(row, names) for row in found.items]
    return [filters, section[rows(heads, shown), further(PATH, asked, found), export(PATH, asked)]]


def one(row: Mapping[str, Any], seen: Seen) -> Node:
    """One task: where, who, until when, what was said."""
    institution, visit = row["institution_id"], row["visit_id"]
    return [
        section[
            _state(row), p[b[row["reason"] or zh(TASK_KIND, row["kind"])]], p[row["note"]] if row["note"] else None
        ],
        section[
            h2[both("任务信息", "Particulars")],
            dl[
                fact("类型", "Kind", tagged("", TASK_KIND, row["kind"])),
                fact("机构", "Institution", _institution(institution, seen.name)),
                fact("教学点", "Site", seen.address or zh(WHY_NO_SITE, row["why_no_site"])),
                fact("网格", "Grid", row["region"]),
                fact("网格岗位", "Posts of the grid", _posts(seen.posts)),
                fact("主管部门", "Department", department(row["department"])),
                fact("安排时间", "Planned at", day(row["planned_at"])),
                fact("期限", "Due", day(row["due_at"])),
                fact("承办人", "Officer", row["officer"]),
                fact("同行人员", "Colleagues", "、".join(row["colleagues"])),
                fact("预警", "Alert", _alert(row)),
                fact("巡查结果", "Outcome", tagged("", OUTCOME, row["outcome"]) if visit else ""),
                fact("案卷", "Findings", a(href=f"/findings?visit_id={visit}")["查看案卷 Findings"] if visit else ""),
                fact("结论", "Conclusion", row["conclusion"]),
            ],
        ],
        available("task", row["task_id"], seen.may, asking_of=_locating(row)),
    ]


def planning(filled: Filled = EMPTY, sites: Mapping[str, str] | None = None, search: str = "") -> Node:
    """Find the institution, then choose one of its sites; nothing that was typed is lost on the way."""
    asked = form(method="get", action=NEW, role="search")[
        label[both("查找机构（名称）", "Find an institution"), input(name="q", value=search, maxlength="100")],
        button(type="submit")[both("查找", "Find")],
    ]
    if not sites:
        said = p(".soft")["没有找到已批准的教学点。 No approved site."] if search else None
        return section[asked, said, p[a(href=PATH)[both("返回", "Back")]]]
    target, *others = PLAN.asks
    words = {key: (text, "") for key, text in sites.items()}
    deed = replace(PLAN, asks=(replace(target, words=words), *others))
    return [section[asked], section[sent_to(NEW, deed, NEW_TITLE, filled), p[a(href=PATH)[both("返回", "Back")]]]]


def target(institution_id: str, site_id: str) -> str:
    """A site as the form names it."""
    return f"{institution_id}{_BETWEEN}{site_id}"


def named(said: str) -> tuple[str, str]:
    """Institution and site of what was chosen."""
    institution, _, site = said.partition(_BETWEEN)
    return institution, site


def _locating(row: Mapping[str, Any]) -> Mapping[str, Deed]:
    """Whose site is looked for is known already where the task names the institution."""
    deed, institution = TASK["locate-task"], row["institution_id"]
    if not institution:
        return {}
    words = {institution: ("本任务的机构", "The task's own")}
    first, *others = deed.asks
    return {"locate-task": replace(deed, asks=(replace(first, kind="one-of", words=words), *others))}


def _line(row: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[Node]:
    name = names.get(row["institution_id"] or "", "") or zh(WHY_NO_SITE, row["why_no_site"])
    return (
        a(href=f"{PATH}/{row['task_id']}")[name or both("检查任务", "Task")],
        tagged("", TASK_KIND, row["kind"]),
        _state(row),
        day(row["due_at"]),
        row["officer"] or "—",
        row["reason"] or row["rule"],
    )


def _state(row: Mapping[str, Any]) -> Node:
    return [
        tagged(_COLOURS.get(row["state"], ""), TASK_STATE, row["state"]),
        " ",
        tagged("bad", ESCALATION, row["escalation"]) if row["escalation"] else None,
    ]


def _institution(id: str | None, name: str) -> Element | str:
    return a(href=f"/institutions/{id}")[name or "机构 Institution"] if id else ""


def _alert(row: Mapping[str, Any]) -> Element | str:
    return a(href=f"/alerts/{row['alert_id']}")[row["rule"] or "Alert"] if row["alert_id"] else ""


def _posts(answer: Answer) -> Node:
    if not answer.is_there or not answer.items:
        return "无人在岗 Nobody"
    return "；".join(f"{zh(POST, one['post'])} {one['person']}" for one in answer.items)
