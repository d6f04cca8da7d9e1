"""Notices of overdue steps 催办督办告知: what is nearly late or late, whom it was told, and who has acknowledged it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from htpy import Element, Node, a, details, div, p, section
from htpy import summary as summary_of

from mingjing_console.deeds_inspection import OVERDUE
from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import FINDING_STEP, OVERDUE_ADDRESSEE, OVERDUE_KIND, OVERDUE_LEVEL
from mingjing_console.pages.deed_forms import deed_form
from mingjing_console.pages.finding import chosen, export, further, question, tagged
from mingjing_console.pages.findings import department
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day
from mingjing_console.track_words import CLOCK
from mingjing_console.words import Words, zh

TITLE: Final = ("催办督办告知", "Notices of overdue steps")
PATH: Final = "/overdue-notices"
READ: Words = MappingProxyType({"false": ("未签收", "Not yet"), "true": ("已签收", "Acknowledged")})
MINE: Words = MappingProxyType({"true": ("与本人有关", "Naming me")})
_WHOLE: Final = {"VISIT": ("到场检查", "Visit"), "RECTIFY": ("整改", "Put right"), "ALL": ("全案", "All of it")}
_STEPS: Mapping[str, Words] = {"finding": {**FINDING_STEP, **_WHOLE}, "track": {**CLOCK, **_WHOLE}}
_COLOURS: Mapping[str, str] = {"REMINDED": "warn", "SUPERVISED": "bad", "LISTED": "bad"}
_PAGES: Mapping[str, str] = {
    "finding": "/findings/{}",
    "task": "/tasks/{}",
    "rectification": "/rectifications/{}",
    "track": "/complaint-tracks/{}",
}
_ACKNOWLEDGE: Final = "acknowledge-overdue"


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """Latest first; what nobody has acknowledged has a form."""
    filters = section[
        question(
            PATH,
            chosen("程度", "Level", "level", OVERDUE_LEVEL, asked["level"]),
            chosen("事项", "Kind", "kind", OVERDUE_KIND, asked["kind"]),
            chosen("签收", "Acknowledged", "is_read", READ, asked["is_read"]),
            chosen("范围", "Whose", "is_mine", MINE, asked["is_mine"]),
        )
    ]
    if not found.is_there:
        return [filters, trouble(found)]
    if not found.items:
        return [filters, section[p(".soft")["没有记录。 Nothing found."]]]
    return [filters, section[[one(row) for row in found.items], further(PATH, asked, found), export(PATH, asked)]]


def one(row: Mapping[str, Any]) -> Element:
    """One notice, with what is left to do about it."""
    kind = row["kind"]
    page = _PAGES.get(kind)
    told = zh(OVERDUE_ADDRESSEE, row["addressee"])
    return div(".card")[
        div(".row")[
            tagged(_COLOURS.get(row["level"], ""), OVERDUE_LEVEL, row["level"]),
            a(href=page.format(row["thing_id"]))[zh(OVERDUE_KIND, kind)] if page else zh(OVERDUE_KIND, kind),
            f" · {zh(_STEPS.get(kind, _WHOLE), row['step'])}",
        ],
        p["期限 Due ", day(row["due_on"]), " · 告知 Told ", day(row["told_at"])],
        p(".soft")[f"{told}：", department(row["department"]), _institution(row), _people(row)],
        _read(row),
    ]


def _institution(row: Mapping[str, Any]) -> Node:
    id = row["institution_id"]
    return [" · ", a(href=f"/institutions/{id}")["机构 Institution"]] if id else None


def _people(row: Mapping[str, Any]) -> str:
    """Whom it names; an inspection of before names nobody."""
    people = row.get("people", ())
    return f" · {'、'.join(people)}" if people else ""


def _read(row: Mapping[str, Any]) -> Node:
    said = f"已签收 Acknowledged {day(row['read_at'])} {row['note']}" if row["read_at"] else ""
    if row["is_read"]:
        return p(".good")[said]
    waits = f"待本人签收（或由审批人代为签收） Waits for: {'、'.join(row['waits_for'])}" if row["waits_for"] else ""
    form = deed_form("overdue-notice", row["notice_id"], _ACKNOWLEDGE, OVERDUE[_ACKNOWLEDGE], ("签收", "Acknowledge"))
    lines = [p(".soft")[one] for one in (said, waits) if one]
    return [lines, details[summary_of[both("签收", "Acknowledge")], form]]
