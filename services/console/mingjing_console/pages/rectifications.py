"""Rectifications 限期整改: the ledger 台账 with what is struck off 销号, the list, one of them with its notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, div, dl, h2, li, p, section, ul

from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import PAUSE, RECTIFICATION_STAGE
from mingjing_console.pages.deed_forms import available
from mingjing_console.pages.finding import chosen, further, question, rows
from mingjing_console.pages.findings import department, fact, photos
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import en, zh

TITLE: Final = ("整改台账", "Rectifications")
PATH: Final = "/rectifications"
NOTICE: Final = ("责令限期整改通知书", "Rectification notice")
_COLOURS: Mapping[str, str] = {"PASSED": "good", "FAILED": "bad", "RECHECK": "warn"}
_UNPRINTED: Final = ("PROPOSED", "DECLINED")


def listed(asked: Mapping[str, str], found: Answer, ledger: Answer) -> Node:
    """The ledger by department above the list."""
    filters = section[question(PATH, chosen("状态", "Stage", "stage", RECTIFICATION_STAGE, asked["stage"])),]
    if not found.is_there:
        return [filters, trouble(found)]
    heads = (("机构", "Institution"), ("状态", "Stage"), ("期限", "Deadline"), ("送达", "Served"), ("销号", "Ended"),
             ("问题", "Finding"))  # fmt: skip
    shown = [
        (
            a(href=f"{PATH}/{row['rectification_id']}")[row["name"]],
            _stage(row),
            day(row["deadline"]),
            day(row["served_on"]),
            day(row["ended_on"]),
            row["summary"],
        )
        for row in found.items
    ]
    return [_ledger(ledger), filters, section[rows(heads, shown), further(PATH, asked, found)]]


def one(row: Mapping[str, Any], may: Answer) -> Node:
    """One rectification with its notice."""
    id = row["rectification_id"]
    printed = None if row["stage"] in _UNPRINTED else p[a(".button", href=f"{PATH}/{id}/notice")[both(*NOTICE)]]
    finding = row["finding_id"]
    return [
        section[
            div(".row")[_stage(row), tag("warn", zh(PAUSE, row["pause"])) if row["pause"] == "PROPOSED" else None],
            p[b[row["summary"]]],
            ul[(li[one] for one in row["requirements"])],
            printed,
        ],
        section[
            h2[both("整改信息", "Particulars")],
            dl[
                fact("机构", "Institution", a(href=f"/institutions/{row['institution_id']}")[row["name"]]),
                fact("案卷", "Finding", a(href=f"/findings/{finding}")["查看案卷 Finding"] if finding else ""),
                fact("主管部门", "Department", department(row["department"])),
                fact("依据", "Legal basis", row["legal_basis"]),
                fact("责令日期", "Ordered on", day(row["ordered_on"])),
                fact("期限", "Deadline", day(row["deadline"])),
                fact("送达", "Served on", day(row["served_on"])),
                fact("自报", "Self-reported", day(row["reported_on"])),
                fact("销号", "Ended on", day(row["ended_on"])),
                fact("暂停招生", "Pause of recruiting", zh(PAUSE, row["pause"])),
                fact("最近说明", "Said last", row["said"]),
                fact("照片", "Photos", photos(row["photo_evidence"])),
            ],
        ],
        available("rectification", id, may),
    ]


def _stage(row: Mapping[str, Any]) -> Element:
    stage = row["stage"]
    return tag(_COLOURS.get(stage, ""), zh(RECTIFICATION_STAGE, stage), en(RECTIFICATION_STAGE, stage))


def _ledger(ledger: Answer) -> Node:
    title = h2[both("台账：责令、未销号、销号", "Ledger: ordered, open, struck off")]
    if not ledger.is_there:
        return section[title, trouble(ledger)]
    heads = (("部门", "Department"), ("建议", "Proposed"), ("责令", "Ordered"), ("未销号", "Open"),
             ("逾期", "Overdue"), ("已销号", "Passed"), ("未到位", "Failed"))  # fmt: skip
    names = ("proposed", "ordered", "open", "overdue", "passed", "failed")
    lines: list[Sequence[Node]] = [
        (department(one["key"]), *(str(one[name]) for name in names)) for one in ledger.body["items"]
    ]
    return section[title, rows(heads, lines)]
