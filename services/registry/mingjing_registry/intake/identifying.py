"""Identifying: whose the codes and licence numbers of rows are, before anything is decided on them.

One rule: a code leads to who holds it or once held it, and a number is one institution's. What a list says otherwise is
kept aside, or taken with a remark; it never makes a second institution and never moves a number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from mingjing_kernel.projection import ListsBehind
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.credit_code_rules import is_named
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.domain.licence_number import is_licence_number
from mingjing_registry.domain.name import brand_of
from mingjing_registry.intake.port import Registry
from mingjing_registry.intake.row_commands import institution_id_of, registering_id
from mingjing_registry.projections.code_lookups import awaiting_code, registered_codes
from mingjing_registry.projections.moved_codes import Lead, leads_of
from mingjing_registry.projections.number_holders import NumberHolder, holders_of
from mingjing_registry.sources.duplicates import Line, without_duplicates
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import severity_of
from mingjing_registry.sources.register_file import ParsedFile
from mingjing_registry.sources.rows import InstitutionRow

WAITS_MAX = 3
"""A long list may follow upon another one, whose rows the lists do not show yet."""


@dataclass(slots=True)
class _Register:
    """What the register says of the codes, numbers and names of some rows."""

    leads: Mapping[str, Lead]
    states: Mapping[UUID, Any]
    holders: Mapping[str, tuple[NumberHolder, ...]] = field(default_factory=dict)
    awaiting: Mapping[str, Mapping[UUID, str]] = field(default_factory=dict)
    """Registered or converted, with the code still to come: by brand, each with its name."""
    known: Set[str] = frozenset()
    """Codes that are somebody's here: nobody else waits for them."""
    seen: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    """Whose a number is by an earlier row of the same file."""

    def led(self, row: InstitutionRow) -> tuple[InstitutionRow, tuple[Problem, ...]]:
        """The row at whom its code leads to, with a remark when that one has another code by now."""
        code = row.particulars.uscc
        lead = self.leads.get(code)
        if lead is None:
            return row, ()
        id = lead.institution_id
        if lead.mistaken is not None and is_named(row.particulars.name, self.states[lead.mistaken]):
            id = lead.mistaken
        known = self.states.get(id)
        is_former = isinstance(known, Known) and known.particulars.uscc != code
        stands = known.particulars.uscc if isinstance(known, Known) else ""
        # What a list calls over under a former code may be that code alone: a person says so.
        problem = "former-code" if row.standing == "licensed" else "former-code-ended"
        remark = Problem(code=problem, field="uscc", written=code, suggestion=stands)
        return replace(row, leads_to=id), (remark,) if is_former else ()

    def once(self, lines: list[Line]) -> list[Line]:
        """Every institution once, although a file may name it by two of its codes: the row with the present one is
        taken.
        """
        if not self.leads:
            return lines
        return without_duplicates(lines, institution_id_of, self._is_present)

    def _is_present(self, row: InstitutionRow) -> bool:
        known = self.states.get(institution_id_of(row))
        return isinstance(known, Known) and known.particulars.uscc == row.particulars.uscc

    def problems(self, row: InstitutionRow, *, prevails: bool = False) -> tuple[Problem, ...]:
        """What is wrong about the number, and about a code that somebody here may be waiting for."""
        id, code = institution_id_of(row), row.particulars.uscc
        found = [*self._of_number(row, id, prevails=prevails)]
        if self.awaiting and not prevails and code not in self.known:
            waiting = self.awaiting.get(brand_of(row.particulars.name), {})
            if id not in waiting:
                names = "、".join(waiting.values())
                found += [Problem(code="code-awaited", field="uscc", written=code, suggestion=names)] if names else []
        return tuple(found)

    def _of_number(self, row: InstitutionRow, id: UUID, *, prevails: bool) -> list[Problem]:
        number = row.terms.number if row.terms else ""
        if not is_licence_number(number):
            return []
        others = [one for one in self.holders.get(number, ()) if one.institution_id != id]
        # A number that another one's list corrected since may have been this one's all along: a person says so, once.
        is_own = len(others) < len(self.holders.get(number, ()))
        taken = [one.name for one in others if not ((prevails or is_own) and one.state == "replaced")]
        if not taken:
            first, first_name = self.seen.setdefault(number, (id, row.particulars.name))
            taken += [first_name] if first != id else []
        if taken:
            return [Problem(code="licence-number-taken", field="licence_number", written=number, suggestion=taken[0])]
        own = next((one for one in self.holders.get(number, ()) if one.institution_id == id and one.is_over), None)
        if own is None or row.standing != "licensed":
            return []
        return [Problem(code="licence-number-ended", field="licence_number", written=number, suggestion=own.until)]


async def identified(registry: Registry, parsed: ParsedFile) -> ParsedFile:
    """The file with every row at its institution, and those aside whose number is another one's."""
    rows = [line.row for line in parsed.taken if isinstance(line.row, InstitutionRow)]
    if not rows:
        return parsed
    register = await _register(registry, rows)
    lines = register.once([_led(line, register) for line in parsed.lines])
    return replace(parsed, lines=tuple(_identified(line, register) for line in lines))


async def identified_row(
    registry: Registry, row: InstitutionRow, *, prevails: bool
) -> tuple[InstitutionRow, Problem | None]:
    """One row at its institution, and what keeps it aside, if anything does."""
    register = await _register(registry, [row])
    row, remarks = register.led(row)
    problems = (*remarks, *register.problems(row, prevails=prevails))
    return row, next((one for one in problems if severity_of(one) is Severity.ASIDE), None)


async def led(registry: Registry, parsed: ParsedFile) -> ParsedFile:
    """The file with every row at its institution: for a list that states nothing about the register itself."""
    codes = [line.row.particulars.uscc for line in parsed.taken if isinstance(line.row, InstitutionRow)]
    register = await _led_by(registry, codes)
    lines = []
    for line in parsed.lines:
        row = register.led(line.row)[0] if isinstance(line.row, InstitutionRow) else line.row
        lines.append(replace(line, row=row))
    return replace(parsed, lines=tuple(register.once(lines)))


async def led_row(registry: Registry, row: InstitutionRow) -> InstitutionRow:
    """The same of one row."""
    return (await _led_by(registry, [row.particulars.uscc])).led(row)[0]


async def holder_of_code(registry: Registry, code: str) -> UUID:
    """The institution at whom this code leads to; where it is nobody's, the one that it would register."""
    await registry.up_to_date()
    async with registry.connection() as connection:
        found = await leads_of(connection, [code])
    return found[code].institution_id if code in found else registering_id(code)


async def _led_by(registry: Registry, codes: Collection[str]) -> _Register:
    await _caught_up(registry)
    async with registry.connection() as connection:
        leads = await leads_of(connection, codes)
    ids = {id for lead in leads.values() for id in (lead.institution_id, lead.mistaken) if id is not None}
    states = await registry.log.states(INSTITUTIONS, sorted(ids)) if ids else {}
    return _Register(leads, states)


async def _caught_up(registry: Registry) -> None:
    """Wait for the lists a while. What is stated is kept all the same when they stand still, under another release: the
    log itself lets nobody register under a code that is another's; a number that was given meanwhile is met at the next
    list or signature.
    """
    for _ in range(WAITS_MAX):
        with suppress(ListsBehind):
            await registry.up_to_date()
            return


async def _register(registry: Registry, rows: Collection[InstitutionRow]) -> _Register:
    register = await _led_by(registry, [row.particulars.uscc for row in rows])
    numbers = [row.terms.number for row in rows if row.terms]
    async with registry.connection() as connection:
        register.holders = await holders_of(connection, [number for number in numbers if is_licence_number(number)])
        register.awaiting = await awaiting_code(connection)
        waiting = register.awaiting
        namesakes = [row for row in rows if waiting and brand_of(row.particulars.name) in waiting]
        known = await registered_codes(connection, [row.particulars.uscc for row in namesakes])
    register.known = known | register.leads.keys()
    return register


def _led(line: Line, register: _Register) -> Line:
    if not isinstance(line.row, InstitutionRow):
        return line
    row, remarks = register.led(line.row)
    return replace(line, row=row, problems=(*line.problems, *remarks))


def _identified(line: Line, register: _Register) -> Line:
    if not isinstance(line.row, InstitutionRow):
        return line
    problems = (*line.problems, *register.problems(line.row))
    kept = any(severity_of(problem) is Severity.ASIDE for problem in problems)
    return replace(line, row=None if kept else line.row, problems=problems)
