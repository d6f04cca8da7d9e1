"""Findings 问题案卷: a list with its clocks, one of them with its seven steps, its figures and what may be done now.

One rule: a step that is due shows until when, and how often its time ran out; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, code, dd, div, dl, dt, h2, li, ol, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import (
    ELSEWHERE,
    FINDING_STAGE,
    FINDING_STEP,
    MATTER,
    ORIGIN,
    PHOTO,
    RATING,
    URGENCY,
)
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, further, question, rows
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import SEVERITY, Words, en, zh

TITLE: Final = ("问题案卷", "Findings")
PATH: Final = "/findings"
OPEN: Words = {"true": ("未结案", "Open"), "false": ("已结案", "Over")}
LATE: Words = {"true": ("本环节已超期", "Overdue")}
STEPS: Final = (
    ("采集", "Collected"),
    ("立案", "Filed"),
    ("派遣", "Dispatched"),
    ("处置", "Handled"),
    ("反馈", "Fed back"),
    ("核查结案", "Closed"),
    ("综合评价", "Rated"),
)
_DONE: Final[Mapping[str, int]] = {
    "REPORTED": 1,
    "WRITTEN_OFF": 1,
    "VERIFIED": 2,
    "RETURNED": 2,
    "REOPENED": 2,
    "DISPATCHED": 3,
    "HANDLING": 3,
    "FED_BACK": 5,
    "RECHECKED": 5,
    "CLOSED": 7,
}
"""How many of the seven steps are done in each stage."""
PHOTO_KINDS: Final[Mapping[str, str]] = {"received": "good", "missing": "warn"}
_COLOURS: Mapping[str, str] = {"CLOSED": "good", "WRITTEN_OFF": "", "REOPENED": "warn", "RETURNED": "warn"}


def listed(asked: Mapping[str, str], found: Answer, figures: Answer) -> Node:
    """The list, below the figures of the last thirty days."""
    filters = section[
        question(
            PATH,
            chosen("环节", "Stage", "stage", FINDING_STAGE, asked["stage"]),
            chosen("是否结案", "Open or over", "is_open", OPEN, asked["is_open"]),
            chosen("期限", "Clock", "is_overdue", LATE, asked["is_overdue"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (
        ("案卷号", "Number"),
        ("环节", "Stage"),
        ("事项", "Matter"),
        ("本环节期限", "Due"),
        ("承办部门", "Handled by"),
        ("问题", "Finding"),
    )
    shown = [_line(row) for row in found.items]
    return [_figures(figures), filters, section[rows(heads, shown), further(PATH, asked, found)]]


def one(row: Mapping[str, Any], may: Answer, suggestion: Answer, orders: Sequence[Mapping[str, Any]]) -> Node:
    """One finding: its seven steps, its clock, its particulars, what may be done."""
    return [
        section[
            div(".row")[_stage(row), _grave(row)],
            p[b[row["summary"]]],
            _clock(row),
            ol(".time")[[_step(row, number, words) for number, words in enumerate(STEPS, start=1)]],
        ],
        section[h2[both("案卷信息", "Particulars")], dl[_particulars(row, suggestion)]],
        _orders(orders),
        available("finding", row["finding_id"], may),
    ]


def fact(term_zh: str, term_en: str, value: Node) -> Node:
    """One line of particulars."""
    return [dt[term_zh, small(lang="en")[term_en]], dd[value or "—"]]


def photos(known: Sequence[Mapping[str, Any]]) -> Node:
    """Each by the beginning of its hash, and whether its bytes are here."""
    return [
        div[code[one["sha256"][:16]], "… ", tag(PHOTO_KINDS.get(one["stage"], ""), zh(PHOTO, one["stage"]))]
        for one in known
    ]


def department(code_: str) -> str:
    """Its Chinese name, or the code; a dash for none."""
    return zh(ELSEWHERE, code_) if code_ else "—"


def _line(row: Mapping[str, Any]) -> Sequence[Node]:
    return (
        a(href=f"{PATH}/{row['finding_id']}")[row["number"]],
        [_stage(row), " ", _grave(row)],
        both(zh(MATTER, row["matter"]), en(MATTER, row["matter"])),
        _due(row),
        department(row["handler_department"] or row["department"]),
        row["summary"],
    )


def _stage(row: Mapping[str, Any]) -> Element:
    stage = row["stage"]
    return tag(_COLOURS.get(stage, ""), zh(FINDING_STAGE, stage), en(FINDING_STAGE, stage))


def _grave(row: Mapping[str, Any]) -> Node:
    marks = [
        (row["is_veto"], "bad", "一票否决", "Veto"),
        (row["is_listed"], "bad", "挂牌督办", "Listed"),
        (row["is_rework"], "warn", "返工", "Rework"),
        (row["is_extended"], "", "已延期", "Extended"),
    ]
    return [[" ", tag(kind, said, said_en)] for stands, kind, said, said_en in marks if stands]


def _due(row: Mapping[str, Any]) -> Node:
    if not row["due_at"]:
        return "—"
    late = tag("bad", f"超期 {row['supervised']} 次", "Overdue") if row["is_supervised"] else None
    soon = tag("warn", "已催办", "Reminded") if row["is_reminded"] and not row["is_supervised"] else None
    return [zh(FINDING_STEP, row["step"]), " ", day(row["due_at"]), " ", late, soon]


def _clock(row: Mapping[str, Any]) -> Node:
    if not row["due_at"]:
        return p(".soft")["没有正在计时的环节。 No clock runs."]
    return p["正在计时 ", small(lang="en")["Clock of this step: "], _due(row)]


def _step(row: Mapping[str, Any], number: int, words: tuple[str, str]) -> Element:
    done = _DONE.get(row["stage"], 0)
    is_next = number == done + 1 and row["stage"] != "WRITTEN_OFF"
    said = tag("good", "✓ 已完成", "Done") if number <= done else tag("warn", "当前", "Next") if is_next else None
    return li[div(".row")[b[f"{number} {words[0]} ", small(lang="en")[words[1]]], said], div[_at(row, number)]]


def _at(row: Mapping[str, Any], number: int) -> Node:
    """What is known of a step."""
    match number:
        case 1:
            return f"{day(row['reported_at'])} · {zh(ORIGIN, row['origin'])} · {row['reported_by']}"
        case 2 if row["verified_at"]:
            return [day(row["verified_at"]), " · 已现场核实" if row["is_seen_on_site"] else ""]
        case 3 if row["handler_department"]:
            return f"{department(row['handler_department'])} · 第 {row['round']} 轮 · 退回 {row['returns']} 次"
        case 6 if row["closed_at"]:
            return day(row["closed_at"])
        case 7 if row["rating"]:
            return zh(RATING, row["rating"])
        case _:
            return None


def _particulars(row: Mapping[str, Any], suggestion: Answer) -> Node:
    institution = row["institution_id"]
    where = a(href=f"/institutions/{institution}")["查看机构 Institution"] if institution else "未登记 Unregistered"
    said = suggestion.body if suggestion.is_there else {}
    return [
        fact("案卷号", "Number", row["number"]),
        fact("机构", "Institution", where),
        fact("地址", "Address", row["address"]),
        fact("网格", "Grid", row["region"]),
        fact("事项", "Matter", zh(MATTER, row["matter"])),
        fact("严重程度", "Severity", zh(SEVERITY, row["severity"])),
        fact("紧急程度", "Urgency", zh(URGENCY, row["urgency"])),
        fact("主管部门", "File of", department(row["department"])),
        fact("派遣建议", "Suggested", department(said["department"]) if said else ""),
        fact("依据", "Legal basis", said.get("legal_basis", "")),
        fact("最近说明", "Said last", row["said"]),
        fact("照片", "Photos", photos(row["photo_evidence"])),
    ]


def _orders(orders: Sequence[Mapping[str, Any]]) -> Node:
    if not orders:
        return None
    found = (p[a(href=f"/rectifications/{one['rectification_id']}")[one["summary"]]] for one in orders)
    return section[h2[both("限期整改", "Rectifications")], found]


def _figures(figures: Answer) -> Node:
    if not figures.is_there or not figures.body["items"]:
        return None
    all_ = figures.body["items"][0]
    ratio = all_["on_time_basis_points"]
    shown = (
        (all_["accepted"], "近30日受理", "Accepted, 30 days"),
        (all_["filed"], "立案", "Filed"),
        (all_["closed"], "结案", "Closed"),
        (all_["overdue_open"], "超期未处置", "Overdue, open"),
        ("—" if ratio is None else f"{ratio // 100}.{ratio % 100:02}%", "按期处置率", "On time"),
        (all_["rework"], "返工", "Rework"),
    )
    return div(".figures")[[div(".figure")[b[str(count)], both(*words)] for count, *words in shown]]
