"""Read log (查阅记录): who looked at what, and who at unusually much, for auditors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from htpy import Node, a, button, code, div, form, h2, input, p, section, small, table, tbody, td, th, thead, tr

from mingjing_console.gateway import Answer
from mingjing_console.pages.lookup import trouble
from mingjing_console.pages.shell import both, day, tag
from mingjing_console.words import DEPARTMENT, READ_FORM, READ_KIND, SERVICE, zh

TITLE = ("查阅记录", "Who looked at what")
IDS_SHOWN = 3
FIELDS = (("reader", "查阅人 Reader"), ("thing", "对象编号 Id of a thing"), ("day", "日期 Day 2026-01-31"))


def reads(asked: Mapping[str, str], found: Mapping[str, Answer], volumes: Mapping[str, Answer]) -> Node:
    """The question, who read most, and the reads of each service."""
    if all(answer.status in (401, 403) for answer in found.values()):
        return [
            trouble(next(iter(found.values()))),
            p(".soft")["查阅记录由审计员查看。 The read log is for auditors."],
        ]
    return [_question(asked), *(_volumes(name, answer) for name, answer in volumes.items()),
            *(_reads(name, answer, asked) for name, answer in found.items())]  # fmt: skip


def _question(asked: Mapping[str, str]) -> Node:
    fields = [
        input(name=name, value=asked.get(name, ""), placeholder=words, aria_label=words, maxlength="200")
        for name, words in FIELDS
    ]
    return form(".search", method="get", action="/reads")[fields, button(type="submit")[both("查询", "Search")]]


def _volumes(service: str, answer: Answer) -> Node:
    title = h2[both("查阅量", "Volumes"), " ", small[" ".join(SERVICE[service])]]
    if not answer.is_there:
        return section[title, trouble(answer)]
    rows = [
        tr[
            td[row["reader"], " ", tag("bad", "异常", "Unusual") if row["is_unusual"] else None],
            td[zh(DEPARTMENT, row["department"])],
            td(".number")[str(row["reads"])],
            td(".number")[f"{row['things']:,}"],
            td(".number")[f"{row['usual_things']:,}"],
            td(".number")[str(row["exports"])],
        ]
        for row in answer.body["readers"]
    ]
    heads = (
        ("查阅人", "Reader"),
        ("部门", "Department"),
        ("次数", "Reads"),
        ("条数", "Things"),
        ("平日", "Usual"),
        ("导出", "Exports"),
    )
    return section[title, p(".soft")[answer.body["day"]], _table(heads, rows)]


def _reads(service: str, answer: Answer, asked: Mapping[str, str]) -> Node:
    title = h2[both("记录", "Reads"), " ", small[" ".join(SERVICE[service])]]
    if not answer.is_there:
        return section[title, trouble(answer)]
    rows = [
        tr[
            td(".date")[day(row["read_at"])],
            td[row["reader"], " ", small[zh(DEPARTMENT, row["department"])]],
            td[zh(READ_KIND, row["kind"]), " ", small[row["kind"]]],
            td[zh(READ_FORM, row["form"])],
            td(".number")[f"{row['count']:,}"],
            td[_things(row)],
        ]
        for row in answer.items
    ]
    heads = (
        ("时间", "Read at"),
        ("查阅人", "Reader"),
        ("对象", "Kind"),
        ("方式", "Form"),
        ("数量", "Count"),
        ("编号", "Ids"),
    )
    ways: list[Node] = [a(href=_way("/reads/file", asked, service=service))[both("导出", "CSV")]]
    if answer.body["next"]:
        ways += [
            " · ",
            a(href=_way("/reads", asked, service=service, after=answer.body["next"]))[both("更早", "Earlier")],
        ]
    return section[title, _table(heads, rows), p[ways]]


def _things(row: Mapping[str, Any]) -> Node:
    shown = [code[id] for id in row["ids"][:IDS_SHOWN]]
    more = f"… {len(row['ids']) - IDS_SHOWN}" if len(row["ids"]) > IDS_SHOWN else ""
    return [shown or small[f"查询 query {row['query'][:12]}"], more]


def _way(path: str, asked: Mapping[str, str], **more: str) -> str:
    return f"{path}?{urlencode({**asked, **more})}"


def _table(heads: tuple[tuple[str, str], ...], rows: list[Any]) -> Node:
    if not rows:
        return p(".soft")["没有。 None."]
    cells = [th[name, small(lang="en")[english]] for name, english in heads]
    return div(".scroll")[table[thead[tr[cells]], tbody[rows]]]
