"""Rosters of schools' teachers 在职教师名册 as a file: name, sex, month of birth and the end of the number, no more.

One rule: of a teacher only keyed digests are kept, of every part of what the roster says; a list is taken whole or not
at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import ON_ROSTER
from mingjing_registry.codec import SCHOOLS
from mingjing_registry.domain import school as s
from mingjing_registry.intake.describing import entry_forms
from mingjing_registry.intake.listing import all_or_none
from mingjing_registry.intake.staff_checks import part_of
from mingjing_registry.projections.schools import schools_named

_STAGES = (("小学", "小学"), ("中学", "中学"), ("幼儿园", "幼儿园"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """One row of a roster; in the clear, so it goes no further than here."""

    school: str
    name: str
    sex: str
    birth: str
    """Year and month, six digits."""
    last_four: str

    def __repr__(self) -> str:
        """Without the person."""
        return f"Teacher({self.school!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RostersTaken:
    """What came of a file, or would."""

    schools: int
    new_schools: int
    teachers: int
    changed: int
    """Schools of which the roster says anything new."""
    position: int


async def take_rosters(
    kit: Kit, keys: Keys, teachers: Sequence[Teacher], stated_on: date, envelope: Envelope, on: date, *, is_trial: bool
) -> RostersTaken:
    """The roster of every school that the file names. Raises ``RosterOlder``."""
    asked = await _asked(kit, keys, teachers, stated_on, on)
    states = await kit.log.states(SCHOOLS, sorted(asked))
    new = sum(isinstance(state, s.Unlisted) for state in states.values())
    changed, position = 0, 0
    if is_trial:
        changed = sum(_says_news(states[id], commands) for id, commands in asked.items())
    else:
        works = [
            Work(SCHOOLS, id, command, part_of(envelope, type(command).__name__, id))
            for id, commands in asked.items()
            for command in commands
        ]
        results = await kit.log.handle_many(works, settle=all_or_none)
        told = [(work.id, one) for work, one in zip(works, results, strict=True) if isinstance(one, Outcome)]
        changed = len({id for id, one in told if one.events})
        position = max((one.position for _, one in told), default=0)
    return RostersTaken(schools=len(asked), new_schools=new, teachers=len(teachers), changed=changed, position=position)


async def _asked(
    kit: Kit, keys: Keys, teachers: Sequence[Teacher], stated_on: date, on: date
) -> Mapping[UUID, tuple[s.Command, ...]]:
    """By school; one that nobody recorded is recorded by its name."""
    county, marks = kit.settings.county_code, keys.marks()
    names = list(dict.fromkeys(one.school for one in teachers))
    await kit.up_to_date()
    async with kit.connection() as connection:
        known = await schools_named(connection, county, names)
    found: dict[UUID, tuple[s.Command, ...]] = {}
    for name in names:
        there = [one for one in teachers if one.school == name]
        described = frozenset(
            marks.blind(ON_ROSTER, form)
            for one in there
            for form in entry_forms(marks, one.name, one.birth, one.last_four, one.sex)
        )
        roster = s.TakeRoster(digests=frozenset(), described=described, teachers=len(there), stated_on=stated_on, on=on)
        record = s.RecordSchool(name=name, division=county, stage=_stage(name), on=on)
        id = known.get(name) or derived_id("school", county, name)
        found[id] = (roster,) if name in known else (record, roster)
    return found


def _says_news(state: s.State, commands: Sequence[s.Command]) -> bool:
    events = 0
    for command in commands:
        decided = s.decide(command, state)
        state, events = reduce(s.evolve, decided, state), events + len(decided)
    return events > 0


def _stage(name: str) -> str:
    """As far as the name says."""
    return next((stage for word, stage in _STAGES if word in name), "")
