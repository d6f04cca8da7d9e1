"""Ratios of staff 从业人员比例 (R7, R8): what is asked, what is there, and how many are missing.

One rule: pure arithmetic over counts; a number that nobody stated makes a check unknown, never passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from mingjing_kernel.decider import Decider
from mingjing_kernel.text import Bilingual

Verdict: TypeAlias = Literal["pass", "fail", "unknown", "not-applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSessions:
    """How many pupils are taught in the same session 每班次学生数, as the institution states it."""

    pupils: int
    pupils_ages_3_6: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsStated:
    """What the ratio of full-time teachers is reckoned by."""

    pupils: int
    pupils_ages_3_6: int
    on: date


def _state(command: StateSessions, known: SessionsStated | None) -> list[SessionsStated]:
    stated = SessionsStated(pupils=command.pupils, pupils_ages_3_6=command.pupils_ages_3_6, on=command.on)
    is_same = known is not None and (known.pupils, known.pupils_ages_3_6) == (stated.pupils, stated.pupils_ages_3_6)
    return [] if is_same else [stated]


def _stated(_known: SessionsStated | None, event: SessionsStated) -> SessionsStated:
    return event


SESSIONS: Decider[StateSessions, SessionsStated | None, SessionsStated] = Decider(
    initial=None, decide=_state, evolve=_stated
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCounts:
    """Who works there and counts: whoever is barred or suspected of teaching at a school does not."""

    total: int = 0
    teaching_research: int = 0
    full_time_teachers: int = 0
    subject_teachers: int = 0
    subject_teachers_proved: int = 0
    other_teachers: int = 0
    other_teachers_proved: int = 0
    barred: int = 0
    suspected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingNumbers:
    """The percentages in force."""

    teaching_research: int = 50
    full_time: int = 2
    full_time_ages_3_6: int = 6
    version: str = "default/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingCheck:
    """One check: how many there are, how many are needed, and so how many are missing."""

    rule: str
    verdict: Verdict
    have: int
    needed: int
    missing: int
    because: Bilingual


def staffing_checks(
    counts: StaffCounts, sessions: SessionsStated | None, numbers: StaffingNumbers, *, is_offline: bool = True
) -> tuple[StaffingCheck, ...]:
    """Every check, in the order of the rules."""
    return (
        _proved(
            "R7-subject",
            counts.subject_teachers_proved,
            counts.subject_teachers,
            Bilingual("学科类教学人员须持教师资格证", "Teachers of subjects need a teacher's certificate"),
        ),
        _proved(
            "R7-other",
            counts.other_teachers_proved,
            counts.other_teachers,
            Bilingual("非学科类教学人员须有能力证明", "Other teachers need proof of ability"),
        ),
        _nobody(
            "R7-barred",
            counts.barred,
            Bilingual("从业人员黑名单人员须清退", "Whoever is on the staff blacklist must go"),
        ),
        _nobody(
            "R7-in-service",
            counts.suspected,
            Bilingual("疑似在职教师须核实", "Suspected teachers in service must be looked into"),
        ),
        _teaching_research(counts, numbers),
        _full_time(counts, sessions, numbers, is_offline),
    )


def teaching_needed(total: int, percent: int) -> int:
    """Teaching and research staff among so many."""
    return _up(percent * total, 100)


def full_time_needed(pupils: int, ages_3_6: int, percent: int, percent_ages_3_6: int) -> int:
    """Full-time teachers for a session, reckoned together: each pupil asks for the share of her own age."""
    return _up(percent_ages_3_6 * ages_3_6 + percent * (pupils - ages_3_6), 100)


def _proved(rule: str, have: int, needed: int, because: Bilingual) -> StaffingCheck:
    if needed == 0:
        return _check(rule, "not-applicable", 0, 0, because)
    return _check(rule, "pass" if have >= needed else "fail", have, needed, because)


def _nobody(rule: str, found: int, because: Bilingual) -> StaffingCheck:
    """``missing`` counts whom something must be done about."""
    verdict: Verdict = "fail" if found else "pass"
    return StaffingCheck(rule=rule, verdict=verdict, have=found, needed=0, missing=found, because=because)


def _teaching_research(counts: StaffCounts, numbers: StaffingNumbers) -> StaffingCheck:
    share, total, have = numbers.teaching_research, counts.total, counts.teaching_research
    because = Bilingual(
        f"教学、教研人员不少于从业人员的{share}%：现有{have}人，共{total}人",
        f"Teaching and research staff are at least {share}% of all: {have} of {total}",
    )
    if total == 0:
        return _check("R8-teaching-research", "unknown", 0, 0, because)
    needed = teaching_needed(total, share)
    if have >= needed:
        return _check("R8-teaching-research", "pass", have, needed, because)
    # Whoever is hired counts on both sides: (have + m) / (total + m) must reach the share.
    others = total - have
    missing = _up(share * others, 100 - share) - have if share < 100 else others
    return StaffingCheck(
        rule="R8-teaching-research", verdict="fail", have=have, needed=needed, missing=missing, because=because
    )


def _full_time(
    counts: StaffCounts, sessions: SessionsStated | None, numbers: StaffingNumbers, is_offline: bool
) -> StaffingCheck:
    rule, have = "R8-full-time", counts.full_time_teachers
    if not is_offline:
        because = Bilingual("线上机构不适用", "Not asked of online institutions")
        return _check(rule, "not-applicable", have, 0, because)
    if sessions is None:
        because = Bilingual("未申报每班次学生数", "The pupils of a session were not stated")
        return _check(rule, "unknown", have, 0, because)
    small, pupils = sessions.pupils_ages_3_6, sessions.pupils
    needed = full_time_needed(pupils, small, numbers.full_time, numbers.full_time_ages_3_6)
    because = Bilingual(
        f"专职教学人员不低于每班次学生（{pupils}人，其中3—6岁{small}人）的{numbers.full_time}%"
        f"（3—6岁{numbers.full_time_ages_3_6}%）：现有{have}人，应有{needed}人",
        f"Full-time teachers are at least {numbers.full_time}% of a session's pupils "
        f"({numbers.full_time_ages_3_6}% at ages 3 to 6): {have} of {needed}; "
        f"{pupils} pupils, {small} of them small",
    )
    return _check(rule, "pass" if have >= needed else "fail", have, needed, because)


def _check(rule: str, verdict: Verdict, have: int, needed: int, because: Bilingual) -> StaffingCheck:
    missing = max(needed - have, 0) if verdict == "fail" else 0
    return StaffingCheck(rule=rule, verdict=verdict, have=have, needed=needed, missing=missing, because=because)


def _up(number: int, by: int) -> int:
    """Divided, rounded up."""
    return -(-number // by)
