"""Charging rules P1 to P3: how much may be taken from a family at once. Pure checks; numbers arrive as limits.

Source: 教监管函〔2021〕2号 (three months, 60 lessons); 13 部门非学科类培训意见, 2022 (¥5,000, non-subject).
The one rule: a check never looks anything up; the limits in force come with the command and are cited by the event.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mingjing_funds.domain.money import yuan
from mingjing_kernel.refusal import Refusal


class ChargingRule(StrEnum):
    """The rules that one charge can break by itself."""

    PERIOD = "P1"
    LESSONS = "P2"
    AMOUNT = "P3"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingLimits:
    """The policy in force: its version and its numbers."""

    version: str
    months_max: int
    lessons_max: int
    non_subject_fen_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One broken rule: what was found and what is allowed (days, lessons or fen)."""

    rule: ChargingRule
    found: int
    allowed: int


class ChargeTooLong(Refusal):
    """P1: the charge covers more than three months."""

    sentence = "The charge covers {found} days; at most {allowed} days (three months) may be charged at once."
    remedy = "Shorten the contract's period to three months, or charge in instalments."
    rule = "P1 (教监管函〔2021〕2号)"
    field = "ends_on"


class TooManyLessons(Refusal):
    """P2: the charge covers more than 60 lessons."""

    sentence = "The charge covers {found} lessons; at most {allowed} may be charged at once."
    remedy = "Charge at most {allowed} lessons now and the rest later."
    rule = "P2 (教监管函〔2021〕2号)"
    field = "lessons"


class ChargeTooHigh(Refusal):
    """P3: the charge for non-subject training is above ¥5,000."""

    sentence = "The charge is ¥{found}; for non-subject training at most ¥{allowed} may be charged at once."
    remedy = "Lower the amount of this charge to the limit."
    rule = "P3 (13 部门非学科类培训意见, 2022)"
    field = "price_fen"


_REFUSALS: dict[ChargingRule, type[Refusal]] = {
    ChargingRule.PERIOD: ChargeTooLong,
    ChargingRule.LESSONS: TooManyLessons,
    ChargingRule.AMOUNT: ChargeTooHigh,
}


def breaches(
    *, starts_on: date, ends_on: date, lessons: int, price_fen: int, is_subject: bool, limits: ChargingLimits
) -> list[Breach]:
    """Which of P1, P2, P3 a charge breaks, in that order; usually none."""
    found: list[Breach] = []
    last = months_after(starts_on, limits.months_max) - timedelta(days=1)
    if ends_on > last:
        days, allowed = (ends_on - starts_on).days + 1, (last - starts_on).days + 1
        found.append(Breach(rule=ChargingRule.PERIOD, found=days, allowed=allowed))
    if lessons > limits.lessons_max:
        found.append(Breach(rule=ChargingRule.LESSONS, found=lessons, allowed=limits.lessons_max))
    if not is_subject and price_fen > limits.non_subject_fen_max:
        found.append(Breach(rule=ChargingRule.AMOUNT, found=price_fen, allowed=limits.non_subject_fen_max))
    return found


def refusal_of(breach: Breach) -> Refusal:
    """The refusal that a new contract with this breach gets."""
    if breach.rule is ChargingRule.AMOUNT:
        return ChargeTooHigh(found=yuan(breach.found), allowed=yuan(breach.allowed))
    return _REFUSALS[breach.rule](found=breach.found, allowed=breach.allowed)


def months_after(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    total = start.month - 1 + months
    year, month = start.year + total // 12, total % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
