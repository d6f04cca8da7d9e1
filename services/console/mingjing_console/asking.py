"""Fields of forms without a script: what was typed into one, and how what is recorded stands in it.

One rule: ``read`` and ``written`` are each other's inverse, so that a form which shows what is recorded and is sent
back untouched changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, TypeAlias

from mingjing_console.words import Words

Kind: TypeAlias = Literal[
    "text", "long", "date", "number", "yuan", "yes", "one-of", "several", "lines", "table", "hidden"
]  # fmt: skip
"""``several`` has a box for each word; ``lines`` has one entry a line, ``table`` one row a line; ``hidden`` is what the
page knew when it was made.
"""
CellKind: TypeAlias = Literal["text", "number", "yuan", "date", "weekday", "clock"]
LINES_MAX = 1_000
FEN_MAX = 10**15
"""More than any service takes; far less than what takes long to write out."""
_BETWEEN = re.compile(r"[|｜]")
_OR_BETWEEN = re.compile(r"[;；\t]")
"""Where a line has none of the others: what is recorded may hold a semicolon."""
_WEEKDAYS = "一二三四五六日"
_MINUTES_AN_HOUR, _FEN_A_YUAN = 60, 100


class Unreadable(ValueError):
    """What was typed into ``name`` cannot be read."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.name, self.zh, self.en = name, zh, en


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a ``table``."""

    name: str
    zh: str
    kind: CellKind = "text"
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field of a form, under the name that the service knows it by; a dot leads into a part of the body."""

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = True
    words: Words = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    group: tuple[str, str] = ("", "")
    """The heading under which it stands in a long form."""

    def box(self, key: str) -> str:
        """The name of the box of one word of ``several``."""
        return f"{self.name}:{key}"

    def ticked(self, form: Mapping[str, str]) -> list[str]:
        """What was chosen of ``several`` whose words were made with the page."""
        before = self.box("")
        return [
            name.removeprefix(before) for name, value in form.items() if name.startswith(before) and value == "true"
        ]


def read(asked: Asked, form: Mapping[str, str]) -> Any:
    """As the service reads it; ``None`` where nothing was said. Raises ``Unreadable``."""
    if asked.kind == "several":
        return [key for key in asked.words or asked.ticked(form) if form.get(asked.box(key)) == "true"]
    text = form.get(asked.name, "").strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > LINES_MAX:
        raise Unreadable(asked.name, f"超过 {LINES_MAX} 行。", f"More than {LINES_MAX} lines.")
    match asked.kind:
        case "lines":
            return lines
        case "table":
            return [_row(asked, n, line) for n, line in enumerate(lines, 1)]
        case _ if not text:
            return "" if asked.required and asked.kind in ("text", "long") else None
        case "number" | "yuan":
            return _amount(asked.name, text, asked.kind)
        case "yes":
            return text == "true"
        case _:
            return text


def written(asked: Asked, value: Any) -> dict[str, str]:
    """What stands in the form where ``value`` is recorded."""
    if value is None:
        return {}
    match asked.kind:
        case "several":
            return {asked.box(key): "true" for key in value}
        case "lines":
            return {asked.name: "\n".join(value)}
        case "table":
            return {asked.name: "\n".join(" | ".join(_shown(cell, row) for cell in asked.cells) for row in value)}
        case "yuan":
            return {asked.name: _yuan(value)}
        case "yes":
            return {asked.name: "true" if value else "false"}
        case _:
            return {asked.name: str(value)}


def _row(asked: Asked, n: int, line: str) -> dict[str, Any]:
    parts = [part.strip() for part in (_BETWEEN if _BETWEEN.search(line) else _OR_BETWEEN).split(line)]
    if len(parts) > len(asked.cells):
        raise Unreadable(asked.name, f"第 {n} 行的栏数多了。", f"Line {n} has too many columns.")
    found: dict[str, Any] = {}
    for cell, text in zip(asked.cells, [*parts, *[""] * (len(asked.cells) - len(parts))], strict=True):
        if text:
            found[cell.name] = _cell(asked.name, n, cell, text)
        elif cell.required:
            raise Unreadable(asked.name, f"第 {n} 行缺少“{cell.zh}”。", f"Line {n} lacks a column: {cell.name}.")
    return found


def _cell(name: str, n: int, cell: Cell, text: str) -> Any:
    try:
        match cell.kind:
            case "text":
                return text
            case "date":
                return date.fromisoformat(text).isoformat()
            case "weekday":
                day = text[-1:]
                return _WEEKDAYS.index("日" if day == "天" else day) + 1 if day not in "1234567" else int(day)
            case "clock":
                hours, minutes = text.replace("：", ":").split(":")
                return int(hours) * _MINUTES_AN_HOUR + int(minutes)
            case "number" | "yuan":
                return _amount(name, text, cell.kind)
    except ValueError as wrong:
        said = f"第 {n} 行“{cell.zh}”无法识别：{text}"
        raise Unreadable(name, said, f"Line {n}: {cell.name} cannot be read.") from wrong


def _amount(name: str, text: str, kind: Literal["number", "yuan"]) -> int:
    try:
        if kind == "number":
            return int(text)
        fen = Decimal(text.replace(",", "").replace("，", "").removesuffix("元")) * _FEN_A_YUAN
        if not fen.is_finite() or abs(fen) > FEN_MAX or fen != fen.to_integral_value():
            raise ValueError(text)
        return int(fen)
    except (ValueError, InvalidOperation, OverflowError) as wrong:
        raise Unreadable(name, f"数字无法识别：{text}", "The number cannot be read.") from wrong


def _shown(cell: Cell, row: Mapping[str, Any]) -> str:
    value = row.get(cell.name)
    if value is None:
        return ""
    match cell.kind:
        case "weekday":
            return f"周{_WEEKDAYS[value - 1]}"
        case "clock":
            return f"{value // _MINUTES_AN_HOUR:02d}:{value % _MINUTES_AN_HOUR:02d}"
        case "yuan":
            return _yuan(value)
        case _:
            return str(value)


def _yuan(fen: int) -> str:
    return str(Decimal(fen) / _FEN_A_YUAN)
