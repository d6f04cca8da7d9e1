"""What each row of a staff list would come to: at which institution, on which record, and what would be said newly.

One rule: a row is decided by the same decider over the same state as its import, and names and numbers are in the clear
only as long as that takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import IN_PART
from mingjing_kernel.sealed.mask import mask_id_number, mask_name
from mingjing_registry.acts_staff import IMPORT_STAFF
from mingjing_registry.codec import INSTITUTIONS, STAFF
from mingjing_registry.domain.blacklist import SealedPerson
from mingjing_registry.domain.identity import IN_PART_PREFIX
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.kept_aside import Problem
from mingjing_registry.domain.particulars import Category
from mingjing_registry.domain.staff import Member, State, decide, is_proved
from mingjing_registry.domain.staff_commands import StateEmployment
from mingjing_registry.domain.staff_facts import Event, Post, QualificationRecorded, StaffEnrolled, StaffLeft
from mingjing_registry.domain.staff_refusals import StaffLeftAlready
from mingjing_registry.intake.importing import aside_last, unmatched
from mingjing_registry.intake.jurisdiction import here_of, within_of
from mingjing_registry.intake.planning import Change, Plan, PlannedRow, What, batches, shown_as_text
from mingjing_registry.intake.sealing import digest_of, in_part
from mingjing_registry.projections.names import Match, meant_by_each
from mingjing_registry.projections.staff_checks import recorded_among
from mingjing_registry.sources.staff_file import StaffLine
from mingjing_registry.sources.staff_rows import StaffRow

LIST_SAYS = "花名册载明离职"
_NOBODY = SealedPerson(name=Sealed[str](subject="", algorithm="", key_id="", box=""))
"""Stands in a command until somebody means it: nothing is decided on who the person is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row and what it would come to; without a ``command`` it is kept aside."""

    line: StaffLine
    what: What
    problems: tuple[Problem, ...]
    institution_id: UUID | None = None
    employer: str = ""
    member_id: UUID | None = None
    command: StateEmployment | None = None
    is_new_record: bool = False
    changes: tuple[Change, ...] = ()

    def __repr__(self) -> str:
        """Without the person."""
        return f"Step({self.line!r}, {self.what})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the register says about the rows of a list."""

    meant: dict[str, Match]
    institutions: dict[UUID, Known]
    records: dict[tuple[UUID, str], tuple[UUID, str]]
    states: dict[UUID, State]


async def planned_staff(kit: Kit, keys: Keys, scope: Scope, lines: Sequence[StaffLine], on: date) -> list[Step]:
    """What taking these rows on this day would come to, for whoever asks."""
    planner = _Planner(keys, scope, on)
    await planner.load(kit, [line.row for line in lines if line.row is not None])
    return [planner.step(line) for line in lines]


def plan_of(steps: Iterable[Step]) -> Plan:
    """The same as a preview shows it: with masks."""
    return Plan(rows=tuple(_shown(step) for step in steps))


class _Planner:
    """Each row sees the rows before it: nobody stands in a list twice."""

    def __init__(self, keys: Keys, scope: Scope, on: date) -> None:
        self._index, self._marks = keys.index(), keys.marks()
        self._scope = scope
        self._on = on
        self._seen: dict[UUID, int] = {}
        self._known = _Known(meant={}, institutions={}, records={}, states={})

    async def load(self, kit: Kit, rows: Sequence[StaffRow]) -> None:
        if not rows:
            return
        await kit.up_to_date()
        async with kit.connection() as connection:
            meant = await meant_by_each(connection, {row.employer for row in rows})
            blinds = {self._blind(row) for row in rows} - {""}
            records = await recorded_among(connection, blinds, {self._digest(row) for row in rows})
        ids = sorted({one.institution_id for one in meant.values() if one.institution_id is not None})
        institutions: dict[UUID, Known] = {}
        for batch in batches(ids):
            states = await kit.log.states(INSTITUTIONS, batch)
            institutions |= {id: state for id, state in states.items() if isinstance(state, Known)}
        self._known = _Known(meant=meant, institutions=institutions, records=records, states={})
        members = sorted({self._record(id, row)[0] for row in rows if (id := self._employer(row)) is not None})
        for batch in batches(members):
            self._known.states.update(await kit.log.states(STAFF, batch))

    def step(self, line: StaffLine) -> Step:
        row = line.row
        if row is None:
            return _aside(line)
        match = self._known.meant[row.employer]
        id = match.institution_id
        known = self._known.institutions.get(id) if id is not None else None
        if id is None or known is None:
            return _aside(line, unmatched(row.employer, match.candidates))
        here = here_of(known)
        if not self._scope.allows(role=IMPORT_STAFF.roles, **here._asdict()):
            return _aside(line, Problem(code="not-in-charge", field="name", written=row.employer))
        member_id, digest = self._record(id, row)
        if (first := self._seen.setdefault(member_id, line.number)) != line.number:
            return _aside(line, Problem(code="twice-in-list", field="person", suggestion=str(first)))
        is_subject = Category.SUBJECT in known.particulars.categories if row.is_subject is None else row.is_subject
        command = StateEmployment(
            institution_id=id,
            within=within_of(here),
            person=_NOBODY,
            identity_digest=digest,
            post=Post(work=row.work, is_subject=is_subject, is_full_time=row.is_full_time, from_on=row.from_on),
            qualification=row.qualification,
            left_on=row.left_on,
            reason=LIST_SAYS,
            on=self._on,
        )
        return self._decided(line, row, known.particulars.name, member_id, command)

    def _decided(
        self, line: StaffLine, row: StaffRow, employer: str, member_id: UUID, command: StateEmployment
    ) -> Step:
        before = self._known.states[member_id]
        if isinstance(before, Member) and before.person is not None:
            command = replace(command, person=before.person)
        try:
            events = decide(command, before)
        except StaffLeftAlready as refused:
            left_on = str(refused.values["left_on"])
            return _aside(line, Problem(code="left-already", field="left_on", suggestion=left_on))
        is_new = not isinstance(before, Member)
        held = command.qualification or (before.qualification if isinstance(before, Member) else None)
        unproved = row.left_on is None and not is_proved(command.post, held)
        doubt = (Problem(code="qualification-missing", field="certificate"),) if unproved else ()
        return Step(
            line=line,
            what="new" if is_new else "changed" if events else "unchanged",
            problems=(*line.problems, *doubt),
            institution_id=command.institution_id,
            employer=employer,
            member_id=member_id,
            command=command,
            is_new_record=is_new,
            changes=tuple(_changes(row, before, events)),
        )

    def _employer(self, row: StaffRow) -> UUID | None:
        id = self._known.meant[row.employer].institution_id
        return id if id in self._known.institutions else None

    def _record(self, institution_id: UUID, row: StaffRow) -> tuple[UUID, str]:
        """Her record there and the digest that it goes by; a new one under an id of its own."""
        digest, records = self._digest(row), self._known.records
        found = records.get((institution_id, digest)) or records.get((institution_id, self._blind(row)))
        # Of two whole numbers with the same open part neither is the other's.
        if found and (digest == found[1] or any(one.startswith(IN_PART_PREFIX) for one in (digest, found[1]))):
            return found
        return derived_id("staff-member", institution_id, digest), digest

    def _digest(self, row: StaffRow) -> str:
        return digest_of(self._index, self._marks, row.name, row.identity)

    def _blind(self, row: StaffRow) -> str:
        description = in_part(self._marks, row.name, row.identity)
        return self._marks.blind(IN_PART, description) if description else ""


def _aside(line: StaffLine, *why: Problem) -> Step:
    return Step(line=line, what="kept-aside", problems=aside_last((*line.problems, *why)))


def _changes(row: StaffRow, before: State, events: Sequence[Event]) -> Iterable[Change]:
    known = before if isinstance(before, Member) else None
    for event in events:
        match event:
            case StaffEnrolled(post=post):
                for name in Post.__slots__:
                    old = shown_as_text(getattr(known.post, name)) if known else ""
                    new = shown_as_text(getattr(post, name))
                    if old != new:
                        yield Change(field=name, before=old, after=new)
                if known is None and event.qualification is not None:
                    yield Change(field="certificate", before="", after=event.qualification.number)
            case QualificationRecorded(qualification=held):
                old = known.qualification.number if known and known.qualification else ""
                yield Change(field="certificate", before=old, after=held.number)
            case StaffLeft(left_on=left_on):
                yield Change(field="left_on", before="", after=left_on.isoformat())
            case _:
                pass


def _shown(step: Step) -> PlannedRow:
    said = {cell.field: cell.text for cell in step.line.cells}
    row = step.line.row
    who = [Change(field="person", before="", after=str(mask_name(row.name)))] if row else []
    who += [Change(field="id_number", before="", after=str(mask_id_number(row.identity.number)))] if row else []
    return PlannedRow(
        sheet=step.line.sheet,
        number=step.line.number,
        what=step.what,
        name=step.employer or said.get("name", ""),
        uscc="",
        institution_id=step.institution_id,
        changes=(*who, *step.changes),
        problems=step.problems,
    )
