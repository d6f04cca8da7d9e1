"""Charging rules P1 to P12 (收费规则): each is a pure function of a charge and the numbers in force.

The one rule: a check says what it found and what is allowed, or nothing; whether that forbids the charge or only stands
as a finding is the policy's, never the check's. Sources: 教监管函〔2021〕2号; 13 部门非学科类培训意见, 2022; rules of
Beijing, Jiangsu, Hainan and Quanzhou where named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TypeAlias

from mingjing_funds.domain.charge import Charge, Funding, Measure, Payee, Unconsumed
from mingjing_funds.domain.charging import months_after


class Check(StrEnum):
    """A rule's name for ever: findings in the log are of it. Where a rule looks at two things, each has a name."""

    PERIOD = "P1"
    LESSONS = "P2"
    AMOUNT = "P3"
    SHORTER = "P4"
    TOPPED_UP_LESSONS = "P5-lessons"
    TOPPED_UP_AMOUNT = "P5-amount"
    TOPPED_UP_PERIOD = "P5-period"
    EARLY = "P6-early"
    RENEWAL = "P6-renewal"
    LEASE = "P7"
    PAYEE = "P8"
    LOAN = "P9"
    TEXT = "P10-text"
    PRICE = "P10-price"
    NEXT_TERM = "P11"
    GUIDE = "P10-guide"


class Mode(IntEnum):
    """What a broken rule leads to, where and while the policy says so."""

    OFF = 0
    WARN = 1
    BLOCK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingNumbers:
    """The policy in force: its version, its numbers, and what each broken rule leads to."""

    version: str
    months_max: int = 3
    lessons_max: int = 60
    non_subject_fen_max: int = 5_000_00
    early_months_max: int = 1
    renewal_lessons_max: int = 20
    above_list_percent_max: int = 0
    guide_fen_a_lesson: int = 0
    """The government's guide price of one lesson; zero where none is published."""
    subjects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """School subjects that are counted apart (P5, P6), each with the words that name it in a course; none: all count
    together.
    """
    lookalikes: tuple[str, ...] = ()
    """Words in which a subject's word stands by chance: there it names none."""
    above_guide_percent_max: int = 10
    modes: Mapping[Check, Mode] = field(default_factory=lambda: DEFAULT_MODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule, and whether it forbids the charge."""

    check: Check
    measure: Measure
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a family, and the numbers by which it is looked at."""

    charge: Charge
    numbers: ChargingNumbers


Rule: TypeAlias = Callable[[Charge, ChargingNumbers], Measure | None]
_WEEK = 7
DEFAULT_MODES: Mapping[Check, Mode] = MappingProxyType(dict.fromkeys(Check, Mode.BLOCK) | {Check.LEASE: Mode.WARN})
"""P7 warns: what the registry heard of a lease may be old."""


def findings(charge: Charge, numbers: ChargingNumbers) -> list[Finding]:
    """Every rule that the charge breaks and that counts here, in the order of their numbers; usually none."""
    found = []
    for check, rule in RULES.items():
        mode = numbers.modes.get(check, Mode.OFF)
        measure = rule(charge, numbers) if mode is not Mode.OFF and not _is_spared(check, charge) else None
        if measure is not None:
            found.append(Finding(check=check, measure=measure, mode=mode))
    return found


def _is_spared(check: Check, charge: Charge) -> bool:
    """P12: whoever teaches first and is paid later prepays nothing, so the limits of prepayment do not bind."""
    return charge.is_taught_first and check in PREPAYMENT


def _period(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    last = _last_day(charge.starts_on, numbers)
    return _over(_days(charge.starts_on, charge.ends_on), _days(charge.starts_on, last))


def _lessons(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    return _over(charge.lessons, numbers.lessons_max)


def _amount(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    return None if charge.is_subject else _over(charge.price_fen, numbers.non_subject_fen_max)


def _shorter(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    """Beijing, Jiangsu: of the two limits the shorter binds, so no more lessons than three months can hold."""
    if not charge.lessons_a_week:
        return None
    days = _days(charge.starts_on, _last_day(charge.starts_on, numbers))
    weeks = -(-days // _WEEK)
    return _over(charge.lessons, min(numbers.lessons_max, weeks * charge.lessons_a_week))


def _topped_up_lessons(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    """Charges in a row, and cards, count as one (教监管函〔2021〕2号), but for a renewal of what is nearly used."""
    if not (earlier := _counted_with(charge, numbers)):
        return None
    return _over(charge.lessons + sum(one.lessons_left for one in earlier), numbers.lessons_max)


def _topped_up_amount(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    earlier = _counted_with(charge, numbers)
    if charge.is_subject or not earlier:
        return None
    return _over(charge.price_fen + sum(one.left_fen for one in earlier), numbers.non_subject_fen_max)


def _topped_up_period(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    """From today, or from when the first of them begins, to the last day that is paid for."""
    earlier = _counted_with(charge, numbers)
    if not earlier:
        return None
    began = min(charge.starts_on, *(max(one.starts_on, charge.charged_on) for one in earlier))
    ends = max(charge.ends_on, *(one.ends_on for one in earlier))
    return _over(_days(began, ends), _days(began, _last_day(began, numbers)))


def _early(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    first = _months_before(charge.starts_on, numbers.early_months_max)
    return _over((charge.starts_on - charge.charged_on).days, (charge.starts_on - first).days)


def _renewal(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    """Beijing: the next charge only when few lessons remain of what was paid before."""
    return _over(sum(one.lessons_left for one in _of_subject(charge, numbers)), numbers.renewal_lessons_max)


def _lease(charge: Charge, _numbers: ChargingNumbers) -> Measure | None:
    """Beijing 2023: nobody is charged for days on which the site may be gone."""
    return None if charge.lease_ends_on is None else _over((charge.ends_on - charge.lease_ends_on).days, 0)


def _payee(charge: Charge, _numbers: ChargingNumbers) -> Measure | None:
    return _over(int(charge.payee is not Payee.CUSTODY), 0)


def _loan(charge: Charge, _numbers: ChargingNumbers) -> Measure | None:
    return _over(int(charge.funding is Funding.LOAN), 0)


def _text(charge: Charge, _numbers: ChargingNumbers) -> Measure | None:
    return _over(int(not charge.model_text), 0)


def _price(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    if charge.listed_fen is None:
        return None
    return _over(charge.price_fen, charge.listed_fen * (100 + numbers.above_list_percent_max) // 100)


def _guide(charge: Charge, numbers: ChargingNumbers) -> Measure | None:
    """政府指导价 with its margin (发改价格〔2021〕1279号); counted over all lessons, so that no division rounds."""
    if not numbers.guide_fen_a_lesson:
        return None
    most = charge.lessons * numbers.guide_fen_a_lesson * (100 + numbers.above_guide_percent_max) // 100
    return _over(charge.price_fen, most)


def _next_term(charge: Charge, _numbers: ChargingNumbers) -> Measure | None:
    """Days that are charged for although they lie in a term that has not begun."""
    begins = charge.next_term_begins_on
    if begins is None or not charge.is_subject or charge.charged_on >= begins or charge.ends_on < begins:
        return None
    return _over(_days(max(begins, charge.starts_on), charge.ends_on), 0)


RULES: Mapping[Check, Rule] = MappingProxyType(
    {
        Check.PERIOD: _period,
        Check.LESSONS: _lessons,
        Check.AMOUNT: _amount,
        Check.SHORTER: _shorter,
        Check.TOPPED_UP_LESSONS: _topped_up_lessons,
        Check.TOPPED_UP_AMOUNT: _topped_up_amount,
        Check.TOPPED_UP_PERIOD: _topped_up_period,
        Check.EARLY: _early,
        Check.RENEWAL: _renewal,
        Check.LEASE: _lease,
        Check.PAYEE: _payee,
        Check.LOAN: _loan,
        Check.TEXT: _text,
        Check.PRICE: _price,
        Check.NEXT_TERM: _next_term,
        Check.GUIDE: _guide,
    }
)
PREPAYMENT = frozenset(
    {
        Check.PERIOD,
        Check.LESSONS,
        Check.AMOUNT,
        Check.SHORTER,
        Check.TOPPED_UP_LESSONS,
        Check.TOPPED_UP_AMOUNT,
        Check.TOPPED_UP_PERIOD,
        Check.EARLY,
        Check.RENEWAL,
        Check.LEASE,
        Check.NEXT_TERM,
    }
)


def _counted_with(charge: Charge, numbers: ChargingNumbers) -> tuple[Unconsumed, ...]:
    """The earlier charges that count as one with this: none where few enough lessons are left for a renewal."""
    earlier = _of_subject(charge, numbers)
    left = sum(one.lessons_left for one in earlier)
    return earlier if left > numbers.renewal_lessons_max else ()


def _of_subject(charge: Charge, numbers: ChargingNumbers) -> tuple[Unconsumed, ...]:
    """Mathematics does not count with Chinese. A card or a course that names no one subject counts with all: another
    name is how a top-up is disguised.
    """
    mine = _subject(charge.course, numbers) if charge.is_subject else ""
    if not mine:
        return charge.earlier
    return tuple(one for one in charge.earlier if _subject(one.course, numbers) in ("", mine))


def _subject(course: str, numbers: ChargingNumbers) -> str:
    """The one school subject that a course names; empty where it names none, or several."""
    for lookalike in numbers.lookalikes:
        course = course.replace(lookalike, " ")
    named = [subject for subject, words in numbers.subjects.items() if any(word in course for word in words)]
    return named[0] if len(named) == 1 else ""


def _over(found: int, allowed: int) -> Measure | None:
    return Measure(found, allowed) if found > allowed else None


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def _last_day(first: date, numbers: ChargingNumbers) -> date:
    return months_after(first, numbers.months_max) - timedelta(days=1)


def _months_before(day: date, months: int) -> date:
    return months_after(day, -months)
