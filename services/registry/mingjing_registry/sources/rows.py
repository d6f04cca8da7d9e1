"""Rows: from the cells of one row to what the register can take, or to what is wrong with it.

One rule: examining is repeatable. The same cells give the same row, today, after a correction, and at a replay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeAlias
from uuid import UUID

from mingjing_registry.domain.annual_check import CheckResult
from mingjing_registry.domain.credit_code import nature_in
from mingjing_registry.domain.division import Division
from mingjing_registry.domain.import_mapping import Kind
from mingjing_registry.domain.institution import Notice
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.licence import Ending, LicenceTerms
from mingjing_registry.domain.particulars import Nature, Particulars
from mingjing_registry.domain.site import Place
from mingjing_registry.sources.addresses import read_sites
from mingjing_registry.sources.cells import (
    Report,
    plain,
    read_count,
    read_person,
    read_person_and_phone,
    read_phones,
    tight,
)
from mingjing_registry.sources.competences import departments_for
from mingjing_registry.sources.days import read_day, read_period
from mingjing_registry.sources.names import read_name
from mingjing_registry.sources.numbers import read_licence_number, read_uscc
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of
from mingjing_registry.sources.trades import read_annual_check, read_items, read_nature


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionRow:
    """An institution as one row states it."""

    particulars: Particulars
    terms: LicenceTerms | None
    """``None`` when the row names no licence: listed here, licensed elsewhere."""
    standing: Ending
    standing_since: date | None
    note: str
    annual_check: CheckResult | None
    places: tuple[Place, ...]
    leads_to: UUID | None = None
    """Whose the code is by now, where that is not the institution that it would register."""

    @property
    def is_issuing(self) -> bool:
        """True when the row's department issued the licence."""
        return self.terms is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice as one row states it; the name is as spoken."""

    spoken_name: str
    notice: Notice


Row: TypeAlias = InstitutionRow | NoticeRow
_ReadCode: TypeAlias = Callable[[Cell, Report], str]


@dataclass(frozen=True, slots=True)
class Examined:
    """What one row says, or ``None`` when a problem keeps it aside; all problems in any case."""

    row: Row | None
    problems: tuple[Problem, ...]


def examine(
    kind: Kind, cells: Sequence[Cell], division: Division, stated_on: date | None, *, unregistered: bool = False
) -> Examined:
    """Read one row of a sheet of this kind; ``stated_on`` is the day that the sheet describes. ``unregistered``: who
    first applies for the licence (R3) has no code yet, and says how it will be registered.
    """
    problems: list[Problem] = []
    held = _Held(cells)
    row: Row | None
    if kind == "notices":
        row = _notice(held, problems.append)
    else:
        read_code = _no_code if unregistered else read_uscc
        row = _institution(held, read_code, kind, division, stated_on, problems.append)
        if unregistered and row.particulars.nature is Nature.UNKNOWN:
            problems.append(Problem(code="nature-missing", field="nature"))
    kept = any(severity_of(problem) is Severity.ASIDE for problem in problems)
    return Examined(None if kept else row, tuple(problems))


def corrected(cells: Sequence[Cell], corrections: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with the corrected fields in place of what was written."""
    by_field = {cell.field: cell for cell in corrections}
    kept = [by_field.pop(cell.field, cell) for cell in cells]
    return (*kept, *by_field.values())


class _Held:
    """The cells of a row by field; an absent column is an empty cell."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = {cell.field: cell for cell in cells}

    def __getitem__(self, field: str) -> Cell:
        return self._cells.get(field) or _absent(field)

    def has(self, field: str) -> bool:
        return field in self._cells


@cache
def _absent(field: str) -> Cell:
    return Cell(field=field, text="")


def _no_code(_held: Cell, _report: Report) -> str:
    return ""


def _institution(
    held: _Held, read_code: _ReadCode, kind: Kind, division: Division, stated_on: date | None, report: Report
) -> InstitutionRow:
    name, former = read_name(held["name"], report)
    code = read_code(held["uscc"], report)
    person, phones = _person_and_phones(held, report)
    items, categories = read_items(held["items"], report) if held.has("items") else ((), ())
    places = read_sites(held["sites"], held["more_sites"], held["town"], division, stated_on, report)
    ended = kind == "withdrawn"
    standing, since = _ending(held, report) if ended else ("licensed", None)
    terms = _terms(held, read_licence_number(held["licence_number"], report), report, ended=ended)
    _warn_of_expiry(None if ended else terms, stated_on, report)
    particulars = Particulars(
        name=name,
        uscc=code,
        former_names=former,
        nature=read_nature(held["nature"], nature_in(code), report),
        categories=categories,
        items=items,
        departments=departments_for(categories, division.code, stated_on or date.max),
        region=next((place.town_code for place in places if place.town_code), division.code),
        legal_representative=person,
        phone=phones[0] if phones else "",
        other_phones=phones[1:],
        staff_count=read_count(held["staff_count"], report),
        student_count=read_count(held["student_count"], report),
        area_m2=read_count(held["area_m2"], report),
        custody_bank=plain(held["custody_bank"].text),
        custody_account=_account(held["custody_account"]),
        remark=plain(held["remark"].text),
    )
    return InstitutionRow(
        particulars=particulars,
        terms=terms,
        standing=standing,
        standing_since=since,
        note=plain(held["ended_how"].text),
        annual_check=read_annual_check(held["annual_check"]),
        places=places,
    )


def _person_and_phones(held: _Held, report: Report) -> tuple[str, tuple[str, ...]]:
    if held.has("representative_and_phone"):
        return read_person_and_phone(held["representative_and_phone"], report)
    return read_person(held["legal_representative"], report), read_phones(held["phone"], report)


def _terms(held: _Held, number: str, report: Report, *, ended: bool) -> LicenceTerms | None:
    """Number and validity; ``None`` when the licence cell is empty, whatever the validity columns repeat."""
    issued_on = read_day(held["issued_on"], report)
    begins_on, ends_on = read_period(held["validity"], report)
    begins_on = read_day(held["valid_from"], report) or begins_on
    expires_on = read_day(held["expires_on"], report) if held.has("expires_on") else ends_on
    if not tight(held["licence_number"].text):
        return None
    if not ended and expires_on is None and not (held["expires_on"].text or held["validity"].text).strip():
        report(Problem(code="date-missing", field="expires_on"))
    first = begins_on or issued_on
    if first is not None and expires_on is not None and expires_on < first:
        report(Problem(code="dates-reversed", field="expires_on", written=f"{first} > {expires_on}"))
    return LicenceTerms(number=number, issued_on=issued_on, valid_from=begins_on, expires_on=expires_on)


def _warn_of_expiry(terms: LicenceTerms | None, stated_on: date | None, report: Report) -> None:
    expires_on = terms.expires_on if terms else None
    if expires_on is not None and stated_on is not None and expires_on < stated_on:
        report(Problem(code="licence-expired", field="expires_on", written=expires_on.isoformat()))


def _ending(held: _Held, report: Report) -> tuple[Ending, date | None]:
    since = read_day(held["ended_on"], report)
    how = tight(held["ended_how"].text)
    if "吊销" in how:
        return "revoked", since
    if "注销" not in how:
        report(Problem(code="ending-unreadable", field="ended_how", written=how))
    return "cancelled", since


def _account(held: Cell) -> str:
    """An account number kept as a number may have lost digits: better none than a wrong one."""
    text = tight(held.text)
    return "" if held.form == "number" else text


def _notice(held: _Held, report: Report) -> NoticeRow | None:
    name, _ = read_name(held["name"], report)
    filed_on = read_day(held["filed_on"], report)
    begins_on, ends_on = read_day(held["begins_on"], report), read_day(held["ends_on"], report)
    if filed_on is None:
        report(Problem(code="date-missing", field="filed_on"))
        return None
    if begins_on is not None and ends_on is not None and ends_on < begins_on:
        report(Problem(code="dates-reversed", field="ends_on", written=f"{begins_on} > {ends_on}"))
    notice = Notice(
        matter=plain(held["matter"].text),
        filed_on=filed_on,
        begins_on=begins_on,
        ends_on=ends_on,
        content=plain(held["content"].text),
        published=tight(held["published"].text) == "是",
    )
    return NoticeRow(spoken_name=name, notice=notice)
