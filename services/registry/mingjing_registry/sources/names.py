"""Names in cells: one spelling, and the former name 曾用名 that a clerk put in brackets."""

from __future__ import annotations

import re

from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.sources.cells import Report, tight

_SPACE = re.compile(r"\s")
_FORMER = re.compile(r"\((?:原名?|曾用名)[:]?(.+?)\)$")


def read_name(held: Cell, report: Report) -> tuple[str, tuple[str, ...]]:
    """The name without spaces and line breaks, and the former names that stood in brackets behind it."""
    text = tight(held.text)
    found = _FORMER.search(text)
    name = text[: found.start()] if found else text
    if not name:
        report(Problem(code="name-missing", field="name"))
        return "", ()
    if text != held.text and _SPACE.search(held.text):
        report(Problem(code="name-tidied", field="name", written=held.text, suggestion=name))
    if found:
        report(Problem(code="former-name", field="name", written=held.text, suggestion=found[1]))
        return name, (found[1],)
    return name, ()
