"""Cells: from what a spreadsheet holds to what a person wrote, and what of it is a text, a count or a telephone.

One rule: a number that a spreadsheet cannot hold exactly (more than 15 digits) is written in scientific notation,
so that its lost digits can never pass for real ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeAlias

from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.sources.sheet import Value

EXACT_NUMBER_MAX = 10**15
"""Excel keeps 15 significant digits; the rest is zeros or noise."""

Report: TypeAlias = Callable[[Problem], None]

_MOBILE = re.compile(r"1\d{10}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")
_PHONE_BREAK = re.compile(r"[/\n、,，;；]+")
_ASIDE_REMARK = re.compile(r"\(.*?\)")
_COUNT = re.compile(r"(约|近|大约)?(\d+)(人|名|个|㎡)?(左右)?")


def cell(field: str, value: Value) -> Cell:
    """The cell as text, with the form it was held in."""
    if type(value) is str:  # nearly all of them are, and a file has hundreds of thousands
        return Cell(field=field, text=value)
    if isinstance(value, datetime | date):
        return Cell(field=field, text=value.isoformat()[:10], form="date")
    if isinstance(value, int | float):
        if abs(value) >= EXACT_NUMBER_MAX:
            return Cell(field=field, text=f"{value:.9G}", form="number")
        text = str(int(value)) if value == int(value) else repr(value)
        return Cell(field=field, text=text, form="number")
    return Cell(field=field, text=str(value), form="text")


def plain(text: str) -> str:
    """Full-width forms made half-width, outer space removed."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip()


def tight(text: str) -> str:
    """``plain`` without any space or line break inside."""
    if not text:  # most of what is asked for is in no column
        return text
    return "".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())


def read_person(held: Cell, report: Report) -> str:
    """A person's name; clerks stretch two characters to the width of three."""
    name = tight(held.text)
    if name != held.text:
        report(Problem(code="person-tidied", field=held.field, written=held.text, suggestion=name))
    return name


def read_phones(held: Cell, report: Report) -> tuple[str, ...]:
    """Telephone numbers, mobiles first; what is no number is reported and left out."""
    if held.form == "text" and held.text.isascii() and _MOBILE.fullmatch(held.text):  # as nearly all of them are
        return (held.text,)
    if not held.text.strip():
        return ()
    parts = ["".join(part.split()) for part in _PHONE_BREAK.split(_ASIDE_REMARK.sub("", plain(held.text)))]
    good = [part for part in parts if _MOBILE.fullmatch(part) or _LANDLINE.fullmatch(part)]
    if [part for part in parts if part and part not in good]:
        report(Problem(code="phone-shape", field="phone", written=held.text))
    ordered = tuple(sorted(dict.fromkeys(good), key=lambda part: not _MOBILE.fullmatch(part)))
    if held.form == "number":
        report(Problem(code="phone-number", field="phone", written=held.text))
    elif ordered and ordered[0] != held.text:
        report(Problem(code="phone-tidied", field="phone", written=held.text, suggestion=ordered[0]))
    return ordered


def read_person_and_phone(held: Cell, report: Report) -> tuple[str, tuple[str, ...]]:
    """Representative and telephone from one cell: ``杜敏萱\\n19900002742``."""
    text = plain(held.text)
    first = re.search(r"[\d]", text)
    if first is None:
        return read_person(Cell(field="legal_representative", text=text), report), ()
    person = re.sub(r"[\s,，、;:：]+", "", text[: first.start()])
    return person, read_phones(Cell(field="phone", text=text[first.start() :]), report)


def read_count(held: Cell, report: Report) -> int | None:
    """A head-count or an area; ``约12人`` is 12, with a note."""
    text = tight(held.text)
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    if found[1] or found[4]:
        problem = Problem(code="count-approximate", field=held.field, written=held.text, suggestion=found[2])
        report(problem)
    return int(found[2])
