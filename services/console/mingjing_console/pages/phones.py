"""Published telephones (监督举报电话): which office answers for which training, in the city and in the county."""

from __future__ import annotations

from typing import Any, Final

from htpy import Node, a, b, h2, li, p, section, small, ul

from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both
from mingjing_console.words import DEPARTMENT, zh

TITLE = ("监督举报电话", "Whom to call")
_LEVELS: Final = {"CITY": ("市级", "City"), "COUNTY": ("区县", "County")}
_TRAINING: Final = {
    "SUBJECT": "学科类 academic",
    "NON_SUBJECT": "非学科类 non-academic",
    "EVERY": "学科类、非学科类 both",
}


def phones(answer: Answer) -> Node:
    """Every number by level; the general line first, whatever is published."""
    rows = answer.items
    return [
        section[p[b["12345"], " 政务服务便民热线 public hotline"], p[b["12315"], " 消费者投诉 consumers"]],
        trouble(answer) if not answer.is_there else None,
        [_level(level, [row for row in rows if row["level"] == level]) for level in _LEVELS],
        p(".soft")[a(href="/complain")["网上投诉举报 Complain here"], " ", a(href="/phones.csv")["CSV"]],
    ]


def _level(level: str, rows: list[dict[str, Any]]) -> Node:
    if not rows:
        return None
    return section[h2[both(*_LEVELS[level])], ul(".plain.people")[(_line(row) for row in rows)]]


def _line(row: dict[str, Any]) -> Node:
    number = row["phone"]
    return li[
        b[row["office"]],
        f" {zh(DEPARTMENT, row['department'])} ",
        small[_TRAINING.get(row["training"], row["training"])],
        p[a(href=f"tel:{number}")[number], " ", small[row["hours"]] if row["hours"] else None],
    ]
