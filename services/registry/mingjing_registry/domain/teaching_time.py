"""Teaching-time rules T1–T5, looked at on the timetable that an institution states (domain §3.2; S0:143, S1:193, L03).

One rule: a timetable is one of a week in term. That a lesson is left out on a coming holiday it cannot show: no rule
here claims to have seen that; whoever visits does, and the lessons that are charged for say it (funds, T1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from mingjing_registry.domain.check import Check, Outcome
from mingjing_registry.domain.profile import Mode, Profile, Slot, Stage

SATURDAY = 6
SHOWN_MAX = 5
"""Lines that a finding names; the count says how many there are."""
_DAYS = "一二三四五六日"
_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingNumbers:
    """Minutes after midnight, and of a lesson, with the version of the policy that they come from."""

    version: str = "default/1"
    offline_ends: int = 1_230
    """20:30."""
    online_ends: int = 1_260
    """21:00."""
    online_lesson_minutes_max: int = 30
    online_gap_minutes_min: int = 10
    school_begins: int = 480
    """8:00: from here a school child is at school on a weekday."""
    school_ends: int = 960
    """16:00."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What the rules look at."""

    profile: Profile
    is_subject: bool
    days_off: tuple[date, ...] = ()
    """The coming weekdays off: holidays and vacations."""


_Rule = Callable[[Taught, TeachingNumbers], Check]


def not_on_days_off(taught: Taught, _numbers: TeachingNumbers) -> Check:
    """T1: no subject training at weekends, on holidays and in vacations; which coming days are to be left out."""
    if not taught.is_subject:
        return _check("T1", Outcome.NOT_APPLICABLE, "no-subject-training")
    slots = taught.profile.timetable
    at_weekend = [slot for slot in slots if slot.weekday >= SATURDAY]
    taught_on = {slot.weekday for slot in slots}
    ahead = [day for day in taught.days_off if day.isoweekday() in taught_on]
    if at_weekend or not ahead:
        return _lines("T1", "subject-at-weekend", at_weekend)
    touched = [slot for slot in slots if slot.weekday in {day.isoweekday() for day in ahead}]
    shown = "、".join(day.isoformat() for day in ahead[:SHOWN_MAX])
    return _check("T1", Outcome.UNKNOWN, "days-off-ahead", days=len(ahead), shown=shown, **_named(touched))


def ends_in_time(taught: Taught, numbers: TeachingNumbers) -> Check:
    """T2: over by 20:30, and by 21:00 online."""
    modes = taught.profile.modes
    if not modes:
        return _check("T2", Outcome.UNKNOWN, "mode-missing")
    latest = numbers.offline_ends if Mode.OFFLINE in modes else numbers.online_ends
    late = [slot for slot in taught.profile.timetable if slot.ends_minute > latest]
    return _lines("T2", "ends-late", late, latest=_clock(latest))


def short_online_lessons(taught: Taught, numbers: TeachingNumbers) -> Check:
    """T3: online subject lessons of at most 30 minutes, with at least 10 between two of them."""
    modes = taught.profile.modes
    if taught.is_subject and not modes:
        return _check("T3", Outcome.UNKNOWN, "mode-missing")
    if not taught.is_subject or Mode.ONLINE not in modes:
        return _check("T3", Outcome.NOT_APPLICABLE, "no-online-subject")
    slots = taught.profile.timetable
    long = [slot for slot in slots if slot.ends_minute - slot.begins_minute > numbers.online_lesson_minutes_max]
    close = [slot for slot in _after_short_breaks(slots, numbers.online_gap_minutes_min) if slot not in long]
    values = {"minutes": numbers.online_lesson_minutes_max, "gap": numbers.online_gap_minutes_min}
    return _lines("T3", "online-lessons", [*long, *close], **values)


def no_preschool_online(taught: Taught, _numbers: TeachingNumbers) -> Check:
    """T4: no online training of preschoolers."""
    profile = taught.profile
    if Stage.PRESCHOOL not in profile.stages:
        return _check("T4", Outcome.NOT_APPLICABLE, "no-preschoolers")
    if not profile.modes:
        return _check("T4", Outcome.UNKNOWN, "mode-missing")
    is_online = Mode.ONLINE in profile.modes
    return _check("T4", Outcome.FAIL if is_online else Outcome.PASS, "preschool-online" if is_online else "not-online")


def outside_school_hours(taught: Taught, numbers: TeachingNumbers) -> Check:
    """T5: nothing while those whom it teaches are at school."""
    if not set(taught.profile.stages) - {Stage.PRESCHOOL}:
        is_known = bool(taught.profile.stages)
        outcome, finding = (
            (Outcome.NOT_APPLICABLE, "preschoolers-only") if is_known else (Outcome.UNKNOWN, "stage-missing")
        )
        return _check("T5", outcome, finding)
    begins, ends = numbers.school_begins, numbers.school_ends
    clashing = [
        slot
        for slot in taught.profile.timetable
        if slot.weekday < SATURDAY and slot.begins_minute < ends and slot.ends_minute > begins
    ]
    return _lines("T5", "in-school-hours", clashing, begins=_clock(begins), ends=_clock(ends))


TEACHING_TIME: Mapping[str, _Rule] = {
    "T1": not_on_days_off,
    "T2": ends_in_time,
    "T3": short_online_lessons,
    "T4": no_preschool_online,
    "T5": outside_school_hours,
}
_NEEDS_NO_TIMETABLE = frozenset({"T4"})


def teaching_time(taught: Taught, numbers: TeachingNumbers) -> tuple[Check, ...]:
    """What every rule says, in their order; of a timetable that is missing or makes no sense: unknown."""
    slots = taught.profile.timetable
    upside_down = [slot for slot in slots if slot.ends_minute <= slot.begins_minute]
    found = []
    for name, rule in TEACHING_TIME.items():
        check = rule(taught, numbers)
        if name not in _NEEDS_NO_TIMETABLE and check.outcome in (Outcome.PASS, Outcome.FAIL):
            if not slots:
                check = _check(name, Outcome.UNKNOWN, "timetable-missing")
            elif upside_down:
                check = _check(name, Outcome.UNKNOWN, "timetable-unclear", **_named(upside_down))
        found.append(check)
    return tuple(found)


def _after_short_breaks(slots: Iterable[Slot], gap: int) -> list[Slot]:
    """Lessons of one item that begin too soon after the one before; classes side by side are no sequence."""
    ordered = sorted(slots, key=lambda slot: (slot.item, slot.weekday, slot.begins_minute, slot.ends_minute))
    return [
        after
        for _, of_day in groupby(ordered, key=lambda slot: (slot.item, slot.weekday))
        for before, after in pairwise(of_day)
        if before.ends_minute <= after.begins_minute < before.ends_minute + gap
    ]


def _lines(rule: str, finding: str, slots: list[Slot], **values: object) -> Check:
    return _check(rule, Outcome.FAIL if slots else Outcome.PASS, finding, **values, **_named(slots))


def _named(slots: list[Slot]) -> dict[str, str]:
    """How many, and the first of them as a person reads them: 围棋 周六 09:00–10:30."""
    shown = [
        f"{slot.item} 周{_DAYS[slot.weekday - 1]} {_clock(slot.begins_minute)}–{_clock(slot.ends_minute)}"
        for slot in slots[:SHOWN_MAX]
    ]
    return {"count": str(len(slots)), "lines": "、".join(shown)}


def _clock(minute: int) -> str:
    return f"{minute // _HOUR:02d}:{minute % _HOUR:02d}"


def _check(rule: str, outcome: Outcome, finding: str, **values: object) -> Check:
    return Check(
        rule=rule, outcome=outcome, finding=finding, values={name: str(value) for name, value in values.items()}
    )
