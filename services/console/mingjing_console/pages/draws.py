"""Draws 双随机抽查: what is published of each, how anybody checks it, and who was drawn.

One rule: whoever has signed in sees no more of the result than the notice says; names beside codes are for officials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from htpy import Element, Node, a, b, code, dl, h2, li, ol, p, section, small

from mingjing_console.gateway import Answer
from mingjing_console.inspection_words import DRAW_STATE
from mingjing_console.pages.finding import further, rows
from mingjing_console.pages.findings import fact
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import en, zh

TITLE: Final = ("双随机抽查公示", "Double-random draws")
PATH: Final = "/draws"
ALGORITHM: Final = f"{PATH}/draw.py"
_COLOURS: Mapping[str, str] = {"PUBLISHED": "good", "ANNULLED": "bad"}


def pointer() -> Node:
    """The way there, for everybody."""
    return p[a(href=PATH)[both(*TITLE)]]


def listed(asked: Mapping[str, str], found: Answer) -> Node:
    """All that is published, latest first."""
    if not found.is_there:
        return trouble(found)
    heads = (("抽查", "Draw"), ("状态", "State"), ("入围机构", "Institutions"), ("检查人员", "Inspectors"),
             ("抽中", "Drawn"), ("冻结时间", "Frozen at"))  # fmt: skip
    shown = [
        (
            a(href=f"{PATH}/{row['draw_id']}?attempt={row['attempt']}")[row["title"]],
            _state(row),
            str(row["candidates"]),
            str(row["inspectors"]),
            str(row["selected"]),
            day(row["frozen_at"]),
        )
        for row in found.items
    ]
    return [_how(), section[rows(heads, shown), further(PATH, asked, found)]]


def one(notice: Mapping[str, Any], draw_id: str, attempt: str) -> Node:
    """One draw by its public notice."""
    annulled = notice.get("annulled_because")
    return [
        section(".card.bad")[p[b["本次抽查已宣布无效。"], annulled]] if annulled else None,
        section[
            h2[both("公告内容", "The notice")],
            dl[
                fact("方案", "Plan", f"{notice['plan']}（第 {notice['attempt']} 次）"),
                fact("冻结时间", "Frozen at", day(notice["frozen_at"])),
                fact("名单摘要", "Population hash", code[notice["population_hash"]]),
                fact("抽取数", "Drawn", str(notice["population"]["select"])),
                fact("种子承诺", "Commitment", code[notice["commitment"]] if notice.get("commitment") else ""),
                fact("公开值来源", "Public value of", notice.get("public_source", "")),
                fact("公开值", "Public value", notice.get("public_value", "")),
                fact("随机种子", "Seed", code[notice["seed"]] if notice.get("seed") else ""),
                fact("抽取时间", "Drawn at", day(notice.get("drawn_at"))),
            ],
            p[a(".button", href=f"{PATH}/{draw_id}/notice?attempt={attempt}")[both("下载公告", "Download the notice")]],
        ],
        _drawn(notice),
        _how(),
    ]


def _drawn(notice: Mapping[str, Any]) -> Node:
    title = h2[both("抽中名单", "Who was drawn")]
    if "drawn" not in notice:
        return section[title, p(".soft")["尚未公布结果。 The result is not published yet."]]
    names = {one["code"]: one for one in notice["opened"]}
    heads = (("机构", "Institution"), ("编码", "Code"), ("检查人员编码", "Inspectors"))
    return section[title, rows(heads, [_line(one, names) for one in notice["drawn"]])]


def _line(drawn: Sequence[Any], names: Mapping[str, Mapping[str, Any]]) -> Sequence[Node]:
    found = names.get(drawn[0])
    name = a(href=f"/institutions/{found['id']}")[found["name"]] if found else "—"
    return name, code[drawn[0][:16]], [[code[one[:12]], " "] for one in drawn[1]]


def _state(row: Mapping[str, Any]) -> Element:
    return tag(_COLOURS.get(row["state"], ""), zh(DRAW_STATE, row["state"]), en(DRAW_STATE, row["state"]))


def _how() -> Node:
    return section[
        h2[both("如何核验", "How to check it")],
        ol[
            li["承诺公布时先下载一次公告，结果公布后再下载一次；两次的固定内容必须一致。"],
            li["下载抽查算法 ", a(href=ALGORITHM)["draw.py"], "（一个文件，只需 Python 3.11）。"],
            li["运行 ", code["python draw.py 公告.json 先前公告.json"], "；结果相符时返回 0。"],
        ],
        small(lang="en")[
            "Save the notice when the commitment is published and again with the result, then run the one-file "
            "algorithm over both: it ends with 0 when everything matches."
        ],
    ]
