"""Lists of officers alike: a question with filters above, rows below, a way to the next page; without any script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from htpy import Element, Node, a, button, div, form, input, label, option, p, select, table, tbody, td, th, thead, tr

from mingjing_console.gateway import Answer
from mingjing_console.pages.shell import both, tag
from mingjing_console.words import Words, en, zh

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?")


def question(action: str, *fields: Node) -> Element:
    """The filters of a list."""
    return form(method="get", action=action, role="search")[
        div(".fields")[fields], p[button(type="submit")[both("查询", "Search")]]
    ]


def typed(zh: str, en: str, name: str, value: str, kind: str = "text") -> Element:
    """One line to type."""
    return label[both(zh, en), input(name=name, type=kind, value=value, maxlength="100")]


def chosen(zh: str, en: str, name: str, words: Words, value: str) -> Element:
    """One of several, or any."""
    options = (option(value=key, selected=key == value)[f"{said[0]} {said[1]}"] for key, said in words.items())
    return label[both(zh, en), select(name=name)[option(value="")["全部 All"], options]]


def rows(heads: Sequence[tuple[str, str]], found: Sequence[Sequence[Node]]) -> Node:
    """A table, or that there is nothing."""
    if not found:
        return p(".soft")["没有记录。 Nothing found."]
    return div(".scroll", tabindex="0", role="region", aria_label="表格 Table")[
        table[
            thead[tr[(th(scope="col")[both(*head)] for head in heads)]],
            tbody[(tr[(td(class_="date" if _is_day(cell) else None)[cell] for cell in row)] for row in found)],
        ]
    ]


def _is_day(cell: Node) -> bool:
    """A date or a moment, which is not broken over two lines."""
    return isinstance(cell, str) and _DAY.fullmatch(cell) is not None


def further(path: str, asked: Mapping[str, str], answer: Answer) -> Node:
    """The way to the next page of the same question."""
    after = answer.body["next"]
    if not after:
        return None
    kept = {name: value for name, value in asked.items() if value} | {"after": str(after)}
    return p[a(href=f"{path}?{urlencode(kept)}")[both("下一页", "Next page")]]


def named(words: Words, code: str) -> Node:
    """A code in both languages."""
    return both(zh(words, code), en(words, code))


def tagged(kind: str, words: Words, code: str) -> Element:
    """The same in a frame, as ``tag`` makes it."""
    return tag(kind, zh(words, code), en(words, code))


def export(path: str, asked: Mapping[str, str]) -> Node:
    """The same list as a workbook, whole."""
    kept = {name: value for name, value in asked.items() if value} | {"format": "xlsx"}
    return p[a(href=f"{path}?{urlencode(kept)}")[both("导出 XLSX", "Export")]]
