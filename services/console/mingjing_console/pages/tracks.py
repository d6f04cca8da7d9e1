"""Complaints being handled 投诉办理: the work list, by whose and by which clock.

One rule: what is due first stands first, so that nothing is found overdue by turning pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from htpy import Element, Node, a, b, input, nav, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.pages.finding import chosen, further, question, rows, typed
from mingjing_console.pages.findings import department
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.track_words import CLOCK, OUTCOME, STAGE
from mingjing_console.words import TRACK, Words, en, zh

TITLE: Final = ("投诉办理", "Complaints in hand")
PATH: Final = "/complaint-tracks"
VIEWS: Words = MappingProxyType(
    {
        "mine": ("本部门在办", "Ours"),
        "soon": ("即将到期", "Due soon"),
        "overdue": ("已超期", "Overdue"),
        "unowned": ("无人承办", "Un-owned"),
        "open": ("全部在办", "All open"),
        "closed": ("已办结", "Closed"),
    }
)
ASKED_OF: Mapping[str, Mapping[str, str | int]] = MappingProxyType(
    {
        "mine": {"is_open": "true", "is_mine": "true", "first_due": "true"},
        "soon": {"is_open": "true", "is_soon": "true", "first_due": "true"},
        "overdue": {"is_open": "true", "is_overdue": "true", "first_due": "true"},
        "unowned": {"is_unowned": "true"},
        "open": {"is_open": "true"},
        "closed": {"is_open": "false"},
    }
)
"""What the service is asked for each view."""
_HEADS: Final = (
    ("编号", "Number"),
    ("环节", "Stage"),
    ("最近期限", "Due"),
    ("机构", "Institution"),
    ("承办", "Handled by"),
    ("诉求", "About"),
)


def listed(asked: Mapping[str, str], found: Answer, now: str) -> Node:
    """One view of the work list; ``now`` is ISO 8601, in the form of the service's own times."""
    head = [
        nav(".tabs", aria_label="查看 View")[(_tab(asked, view) for view in VIEWS)],
        section[
            question(
                PATH,
                input(type="hidden", name="view", value=asked["view"]),
                chosen("类别", "Track", "track", TRACK, asked["track"]),
                chosen("环节", "Stage", "stage", STAGE, asked["stage"]),
                typed("编号（完整）", "Whole number", "number", asked["number"]),
                typed("字词（标题、内容、被反映方）", "Words in it", "search", asked["search"]),
            ),
            p(".soft")["按编号或字词查找时，不分在办与办结。 By number or words it is found in any stage."],
        ],
    ]
    if not found.is_there:
        return [head, trouble(found)]
    return [
        head,
        section(".stack")[rows(_HEADS, [_line(row, now) for row in found.items]), further(PATH, asked, found)],
        p(".soft")[
            a(href="/complaint-groups")["群体投诉 Groups"], " · ",
            a(href="/complaint-voices")["诉求人的补充 Citizens' words"], " · ",
            a(href="/supervision-phones")["监督电话维护 Telephone book"], " · ",
            a(href="/ratings")["家长评价 Ratings"], " · ",
            a(href="/complaints/new")["受理投诉 Take a complaint"],
        ],
    ]  # fmt: skip


def stage(row: Mapping[str, Any]) -> Element:
    """How far it is."""
    colour = "good" if row["stage"] == "CLOSED" else ""
    return tag(colour, zh(STAGE, row["stage"]), en(STAGE, row["stage"]))


def marks(row: Mapping[str, Any]) -> Node:
    """What stands out."""
    found = [
        (row["is_urgent"], "bad", "紧急", "Urgent"),
        (row["is_listed"], "bad", "挂牌督办", "Listed"),
        (row["is_disputed"], "warn", "管辖争议", "Jurisdiction disputed"),
        (row["escalated_to"], "warn", "无人承办已上报", "Escalated"),
        (row["is_reworked"], "warn", "重新办理", "Rework"),
        (row["is_extended"], "", "已延期", "Extended"),
        (row["merged_into"], "", "已并案", "Merged"),
    ]
    return [[" ", tag(kind, said, said_en)] for stands, kind, said, said_en in found if stands]


def due(row: Mapping[str, Any], now: str) -> Node:
    """What is due first, and whether that is over."""
    if not row["due_at"]:
        return zh(OUTCOME, row["outcome"]) if row["outcome"] else "—"
    return [zh(CLOCK, row["due_clock"]), " ", day(row["due_at"]), " ", lateness(row["due_at"], now, row["is_reminded"])]


def lateness(due_at: str, now: str, is_reminded: bool) -> Node:
    """Over, nearly over, or neither."""
    if due_at < now:
        return tag("bad", "已超期", "Overdue")
    return tag("warn", "即将到期", "Due soon") if is_reminded else None


def _tab(asked: Mapping[str, str], view: str) -> Node:
    kept = {name: value for name, value in asked.items() if value and name not in ("after", "number", "stage")}
    is_here = asked["view"] == view
    return a(href=f"{PATH}?{urlencode(kept | {'view': view})}", aria_current="page" if is_here else None)[
        both(*VIEWS[view])
    ]


def _line(row: Mapping[str, Any], now: str) -> Sequence[Node]:
    return (
        [a(href=f"{PATH}/{row['track_id']}")[row["number"]], " ", small[zh(TRACK, row["track"])]],
        [stage(row), marks(row)],
        due(row, now),
        row["name"] or "—",
        department(row["handler_department"]) if row["handler_department"] else tag("warn", "无人承办", "Nobody"),
        b[row["title"]] if row["title"] else row["said"] or "—",
    )
