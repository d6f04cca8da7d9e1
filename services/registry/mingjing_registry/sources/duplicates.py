"""Duplicates 重复: an institution that stands twice in one file.

One rule: rows that agree become one, each filling the other's gaps; of rows that disagree the first is taken and
the other kept aside, and both say so, because a file cannot tell which of its rows is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.licence import LicenceTerms
from mingjing_registry.domain.name import is_same_name
from mingjing_registry.sources.rows import InstitutionRow, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One data row of a file with what was made of it; ``row`` is ``None`` when it is kept aside."""

    sheet: str
    number: int
    kind: str
    cells: tuple[Cell, ...]
    row: Row | None
    problems: tuple[Problem, ...]
    is_merged: bool = False
    """True when another line carries what this one says."""


def without_duplicates(
    lines: Sequence[Line],
    whose: Callable[[InstitutionRow], object] = lambda row: row.particulars.uscc,
    prevails: Callable[[InstitutionRow], bool] = lambda _: False,
) -> list[Line]:
    """The lines with every institution at most once among the taken ones; ``whose`` tells them apart. A row that
    ``prevails`` is taken before an earlier one.
    """
    result = list(lines)
    taken_by: dict[tuple[str, object], int] = {}
    for index, line in enumerate(lines):
        if not isinstance(line.row, InstitutionRow):
            continue
        key = (line.kind, whose(line.row))
        first = taken_by.setdefault(key, index)
        if first == index:
            continue
        before = result[first].row
        if prevails(line.row) and isinstance(before, InstitutionRow) and not prevails(before):
            taken_by[key] = index
            result[index], result[first] = _settle(line, result[first])
        else:
            result[first], result[index] = _settle(result[first], line)
    return result


def _settle(first: Line, second: Line) -> tuple[Line, Line]:
    assert isinstance(first.row, InstitutionRow)
    assert isinstance(second.row, InstitutionRow)
    here, there = _place(second, first), _place(first, second)
    difference = _difference(first.row, second.row)
    if difference is None:
        twice = Problem(code="duplicate-row", field="*", suggestion=here)
        merged = replace(first, row=_merged(first.row, second.row), problems=(*first.problems, twice))
        again = Problem(code="duplicate-row", field="*", suggestion=there)
        return merged, replace(second, row=None, is_merged=True, problems=(*second.problems, again))
    field, ours, theirs = difference
    note = Problem(code="contradicted-here", field=field, written=f"{ours} / {theirs}", suggestion=here)
    aside = Problem(code="contradicts-row", field=field, written=theirs, suggestion=f"{ours} ({there})")
    return (
        replace(first, problems=(*first.problems, note)),
        replace(second, row=None, problems=(*second.problems, aside)),
    )


def _place(line: Line, seen_from: Line) -> str:
    return str(line.number) if line.sheet == seen_from.sheet else f"{line.sheet} {line.number}"


def _difference(one: InstitutionRow, other: InstitutionRow) -> tuple[str, str, str] | None:
    """The first field in which the rows cannot both be right."""
    ours, theirs = one.particulars, other.particulars
    if not is_same_name(ours.name, theirs.name):
        return "name", ours.name, theirs.name
    pairs = [
        ("legal_representative", ours.legal_representative, theirs.legal_representative),
        ("phone", ours.phone, theirs.phone),
        *_of_terms(one.terms, other.terms),
    ]
    return next(((field, a, b) for field, a, b in pairs if a and b and a != b), None)


def _of_terms(one: LicenceTerms | None, other: LicenceTerms | None) -> list[tuple[str, str, str]]:
    if one is None or other is None:
        return []
    return [
        ("licence_number", one.number, other.number),
        ("expires_on", str(one.expires_on or ""), str(other.expires_on or "")),
    ]


def _merged(one: InstitutionRow, other: InstitutionRow) -> InstitutionRow:
    terms = one.terms or other.terms
    if one.terms is not None and other.terms is not None and not one.terms.number:
        terms = replace(one.terms, number=other.terms.number)
    items = tuple(dict.fromkeys((*one.particulars.items, *other.particulars.items)))
    places = tuple(dict.fromkeys((*one.places, *other.places)))
    return replace(one, particulars=replace(one.particulars, items=items), terms=terms, places=places)
