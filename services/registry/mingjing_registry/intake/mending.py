"""Mending: a kept-aside row is read again with its corrections, and taken when nothing is wrong any more.

One rule: the corrected row goes through the same reading and the same decider as a row of a file; mending is no way
around a rule. Letting a contradicting row prevail is the one decision that a person adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import msgspec

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_registry.codec import INSTITUTIONS, ROSTER_ENTRIES, ROWS_ASIDE, SITES
from mingjing_registry.domain.division import Division
from mingjing_registry.domain.import_mapping import Kind
from mingjing_registry.domain.institution import FileNotice
from mingjing_registry.domain.kept_aside import Cell, Problem, SettleRow, Waiting
from mingjing_registry.domain.particulars import Listing
from mingjing_registry.domain.refusals import RowStillWrong
from mingjing_registry.intake.identifying import identified_row, led_row
from mingjing_registry.intake.port import Registry
from mingjing_registry.intake.roster import entry_id, state_entry, status_in
from mingjing_registry.intake.row_commands import institution_id_of, record_of, sites_of
from mingjing_registry.projections.names import meant_by
from mingjing_registry.sources.problem_rule import Severity
from mingjing_registry.sources.problems import explained, severity_of
from mingjing_registry.sources.rows import InstitutionRow, NoticeRow, corrected, examine

_KINDS: dict[str, Kind] = {
    "register": "register", "withdrawn": "withdrawn", "notices": "notices", "roster": "roster"
}  # fmt: skip


async def mend(
    registry: Registry,
    row_id: UUID,
    *,
    corrections: Sequence[Cell],
    prevails: bool,
    division: Division,
    envelope: Envelope,
    on: date,
) -> Outcome:
    """Take a kept-aside row, corrected. Raises ``RowStillWrong``, ``ContradictsRegister``, ``RowSettled``."""
    state, _ = await registry.log.state(ROWS_ASIDE, row_id)
    settle = SettleRow(
        corrections=tuple(corrections),
        prevails=prevails,
        institution_id=row_id,
        reason=envelope.reason,
        on=on,
    )
    if not isinstance(state, Waiting):
        # This very request again, or one that comes too late: the decider tells them apart.
        return await registry.log.handle(ROWS_ASIDE, row_id, settle, envelope)
    institution_id, works = await _works(registry, state, corrections, prevails, division, envelope, on)
    for result in await registry.log.handle_many(works):
        if not isinstance(result, Outcome):
            raise result
    taken = replace(settle, institution_id=institution_id)
    return await registry.log.handle(ROWS_ASIDE, row_id, taken, envelope)


async def _works(
    registry: Registry,
    waiting: Waiting,
    corrections: Sequence[Cell],
    prevails: bool,
    division: Division,
    envelope: Envelope,
    on: date,
) -> tuple[UUID, list[Work]]:
    origin = waiting.origin
    cells = corrected(waiting.cells, corrections)
    found = examine(_KINDS[origin.layout], cells, division, origin.stated_on)
    if found.row is None:
        raise still_wrong(next(p for p in found.problems if severity_of(p) is Severity.ASIDE))
    if isinstance(found.row, NoticeRow):
        return await _notice(registry, found.row, envelope, on)
    if origin.layout == "roster":
        # What the platform says stays the platform's word, whoever reads it better than the machine.
        stated_on = origin.stated_on or on
        row = await led_row(registry, found.row)
        stated = state_entry(row, status_in(cells), stated_on, origin.import_id, on)
        return stated.institution_id, [_work(ROSTER_ENTRIES, entry_id(stated.institution_id), stated, envelope)]
    listing = Listing(
        register=origin.register, stated_on=origin.stated_on, issuing=found.row.is_issuing, overriding=prevails
    )
    return _institution(await _whose(registry, found.row, prevails=prevails), listing, envelope, on)


async def _whose(registry: Registry, row: InstitutionRow, *, prevails: bool = False) -> InstitutionRow:
    """The row at whom its code leads to. Raises ``RowStillWrong`` when its number is another one's."""
    row, problem = await identified_row(registry, row, prevails=prevails)
    if problem is not None:
        raise still_wrong(problem)
    return row


def _institution(row: InstitutionRow, listing: Listing, envelope: Envelope, on: date) -> tuple[UUID, list[Work]]:
    institution_id = institution_id_of(row)
    works = [_work(INSTITUTIONS, institution_id, record_of(row, listing, on), envelope)]
    works += [_work(SITES, site_id, command, envelope) for site_id, command in sites_of(row, listing.register, on)]
    return institution_id, works


async def _notice(registry: Registry, row: NoticeRow, envelope: Envelope, on: date) -> tuple[UUID, list[Work]]:
    await registry.up_to_date()
    async with registry.connection() as connection:
        match = await meant_by(connection, Scope.system(), row.spoken_name)
    if match.institution_id is None:
        code = "name-ambiguous" if match.candidates else "name-unknown"
        suggestion = "、".join(match.candidates)
        raise still_wrong(Problem(code=code, field="name", written=row.spoken_name, suggestion=suggestion))
    command = FileNotice(notice=row.notice, spoken_name=row.spoken_name, on=on)
    return match.institution_id, [_work(INSTITUTIONS, match.institution_id, command, envelope)]


def _work(aggregate: Aggregate, id: UUID, command: object, envelope: Envelope) -> Work:
    """Each command has an id of its own, derived from the request's: a repeated request repeats them all."""
    command_id = derived_id("mend", envelope.command_id, aggregate.noun, id)
    mine = msgspec.structs.replace(envelope, command_id=command_id, digest=b"", expected_version=None)
    return Work(aggregate, id, command, mine)


def still_wrong(problem: Problem) -> RowStillWrong:
    """The refusal of a row for this problem, with its remedy in both languages."""
    told = explained(problem)
    return RowStillWrong(
        problem=_Both(told["sentence"], told["sentence_zh"]),
        advice=_Both(told["remedy"], told["remedy_zh"]),
        field=problem.field,
    )


class _Both(str):
    """A sentence that knows its Chinese: the edge shows ``zh`` in the Chinese sentence."""

    __slots__ = ("zh",)

    def __new__(cls, en: str, zh: str) -> _Both:
        text = super().__new__(cls, en)
        text.zh = zh  # type: ignore[attr-defined]
        return text
