"""Schools 学校: thin reference data, the rosters of their teachers, and what they asked their pupils (S2:253).

One rule: of a teacher nothing is kept but keyed digests, of the identity number or of name and year of birth together:
enough to see that somebody who works at an institution teaches at a school, or may, and for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.refusals import NameMissing
from mingjing_registry.domain.staff_refusals import RosterOlder, SchoolUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSchool:
    """A school as the education department lists it."""

    name: str
    division: str
    """Division code (GB/T 2260, 6 digits) or town (9 digits)."""
    stage: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRoster:
    """Everybody who teaches there on a day; whoever is not named teaches there no more."""

    digests: frozenset[str]
    described: frozenset[str] = frozenset()
    """Of whom the roster has name and birth, and perhaps the end of the number: keyed digests of them together."""
    teachers: int | None = None
    """How many there are, where one is described in several ways."""
    stated_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where so many of the pupils train; ``institution_id`` where the school knows which one it is."""

    name: str
    pupils: int
    institution_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSurvey:
    """What a school's survey of its pupils' training came to: counts, no pupil."""

    survey_id: UUID
    held_on: date
    pupils_asked: int
    answers: tuple[Answer, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRecorded:
    """In the list, new or changed."""

    name: str
    division: str
    stage: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterTaken:
    """Who came and who went, by keyed digest; ``teachers`` is how many there are now."""

    stated_on: date
    added: tuple[str, ...]
    removed: tuple[str, ...]
    teachers: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDescribed:
    """The same by keyed digest of name and year of birth, which say who is alike and never who is the same."""

    stated_on: date
    added: tuple[str, ...]
    removed: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRecorded:
    """A survey, new or corrected."""

    survey_id: UUID
    held_on: date
    pupils_asked: int
    answers: tuple[Answer, ...]
    on: date


Command: TypeAlias = RecordSchool | TakeRoster | RecordSurvey
Event: TypeAlias = SchoolRecorded | RosterTaken | RosterDescribed | SurveyRecorded


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Not in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """What is decided on."""

    listed: tuple[str, str, str]
    digests: frozenset[str] = frozenset()
    described: frozenset[str] = frozenset()
    stated_on: date | None = None
    surveys: tuple[tuple[UUID, date, int, tuple[Answer, ...]], ...] = ()
    """The last one under each id."""


State: TypeAlias = Unlisted | School


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    match command:
        case RecordSchool(name=name, division=division, stage=stage, on=on):
            if not name.strip():
                raise NameMissing
            is_same = isinstance(state, School) and state.listed == (name, division, stage)
            return [] if is_same else [SchoolRecorded(name=name, division=division, stage=stage, on=on)]
        case TakeRoster():
            return _take(command, _listed(state))
        case RecordSurvey(survey_id=survey_id, held_on=held_on, pupils_asked=asked, answers=answers, on=on):
            if (survey_id, held_on, asked, answers) in _listed(state).surveys:
                return []
            return [SurveyRecorded(survey_id=survey_id, held_on=held_on, pupils_asked=asked, answers=answers, on=on)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The school after one fact."""
    match event:
        case SchoolRecorded(name=name, division=division, stage=stage):
            listed = (name, division, stage)
            return School(listed=listed) if isinstance(state, Unlisted) else replace(state, listed=listed)
        case RosterTaken(added=added, removed=removed, stated_on=stated_on):
            school = _listed(state)
            return replace(school, digests=school.digests - set(removed) | set(added), stated_on=stated_on)
        case RosterDescribed(added=added, removed=removed, stated_on=stated_on):
            school = _listed(state)
            return replace(school, described=school.described - set(removed) | set(added), stated_on=stated_on)
        case SurveyRecorded(survey_id=survey_id, held_on=held_on, pupils_asked=asked, answers=answers):
            school = _listed(state)
            rest = tuple(one for one in school.surveys if one[0] != survey_id)
            return replace(school, surveys=(*rest, (survey_id, held_on, asked, answers)))
        case _:
            assert_never(event)


SCHOOL: Decider[Command, State, Event] = Decider(initial=Unlisted(), decide=decide, evolve=evolve)


def _take(command: TakeRoster, school: School) -> list[Event]:
    if school.stated_on is not None and command.stated_on < school.stated_on:
        raise RosterOlder(stated_on=command.stated_on.isoformat(), known=school.stated_on.isoformat())
    described = _described(command, school)
    added, removed = command.digests - school.digests, school.digests - command.digests
    if not added and not removed and school.stated_on == command.stated_on:
        return described
    taken = RosterTaken(
        stated_on=command.stated_on,
        added=tuple(sorted(added)),
        removed=tuple(sorted(removed)),
        teachers=max(len(command.digests), len(command.described)) if command.teachers is None else command.teachers,
        on=command.on,
    )
    return [taken, *described]


def _described(command: TakeRoster, school: School) -> list[Event]:
    added, removed = command.described - school.described, school.described - command.described
    if not added and not removed:
        return []
    return [
        RosterDescribed(
            stated_on=command.stated_on, added=tuple(sorted(added)), removed=tuple(sorted(removed)), on=command.on
        )
    ]


def _listed(state: State) -> School:
    if isinstance(state, Unlisted):
        raise SchoolUnknown
    return state
