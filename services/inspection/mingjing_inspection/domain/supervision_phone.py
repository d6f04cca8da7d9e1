"""Supervision telephones (监督举报电话): the published number of one competent department, for one place.

One rule: a number is an office's, never a person's; whoever changes it leaves the earlier one in the log. Source: every
competent department, of city and county, for subject and for non-subject training, publishes its number (S0:89).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

NAME_CHARACTERS_MAX = 60
HOURS_CHARACTERS_MAX = 60


class Level(StrEnum):
    """Whose number it is."""

    CITY = "CITY"
    """市级"""
    COUNTY = "COUNTY"
    """区县级"""


class Training(StrEnum):
    """Which training it is about."""

    SUBJECT = "SUBJECT"
    """学科类"""
    NON_SUBJECT = "NON_SUBJECT"
    """非学科类"""
    EVERY = "EVERY"
    """学科类和非学科类"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number as it is published. ``office`` is the office's own name; ``hours`` when somebody answers, in words."""

    level: Level
    training: Training
    department: str
    region: str
    office: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPhone:
    """Publish a number, or put right what is published."""

    line: Line
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPhone:
    """Nobody answers there any more."""

    reason: str
    by: str
    at: datetime


Command: TypeAlias = PublishPhone | WithdrawPhone


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePublished:
    """This is the number from now on."""

    line: Line
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWithdrawn:
    """It is not published any more."""

    reason: str
    by: str
    at: datetime


Event: TypeAlias = PhonePublished | PhoneWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What is published under this id; ``None`` where nothing is."""

    line: Line | None = None


class PhoneMalformed(Invalid):
    """Not a telephone number."""

    sentence = "“{phone}” is not the telephone number of an office."
    remedy = "Write digits with area code, e.g. 0571-87000000; a short number such as 12345 will do."
    field = "phone"


class PhoneOfAPerson(Invalid):
    """A mobile number is somebody's own."""

    sentence = "A mobile number is a person's, and is not published."
    remedy = "Give the number of the office."
    rule = "the published number is the department's (PIPL art. 6: no more personal data than needed)"
    field = "phone"


class OfficeUnnamed(Invalid):
    """Whose number."""

    sentence = "The office has no name, or one longer than {maximum} characters."
    remedy = "Write the office as it stands on its door."
    field = "office"


class PhoneNotPublished(NotFound):
    """Nothing is published under this id."""

    sentence = "No number is published under this id."
    remedy = "Look at the list of published numbers."


class PhoneMoved(Refusal):
    """Another place or department is another number."""

    sentence = "A published number stays with its region and department."
    remedy = "Withdraw this one, and publish another under an id of its own."
    rule = "one id, one office"
    field = "department"


class PhoneWithdrawalReasonMissing(Invalid):
    """Withdrawn without a word."""

    sentence = "Withdrawing a number needs a reason."
    remedy = "Say in a sentence why nobody answers there any more."
    field = "reason"


_PHONE: Final = re.compile(r"(?:0[0-9]{2,3}-?)?[0-9]{5,8}(?:(?:-|转)[0-9]{1,6})?|1[0-9]{2,5}|400-?[0-9]{3}-?[0-9]{4}")
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")


def decide(command: Command, phone: Phone) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case PublishPhone():
            return _publish(command, phone)
        case WithdrawPhone():
            if phone.line is None:
                raise PhoneNotPublished
            if not command.reason.strip():
                raise PhoneWithdrawalReasonMissing
            return [PhoneWithdrawn(reason=command.reason, by=command.by, at=command.at)]
        case _:
            assert_never(command)


def evolve(phone: Phone, event: Event) -> Phone:
    """What is published after a fact."""
    match event:
        case PhonePublished():
            return Phone(line=event.line)
        case PhoneWithdrawn():
            return Phone()
        case _:
            assert_never(event)


PHONE: Decider[Command, Phone, Event] = Decider(initial=Phone(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], phone: Phone) -> Refusal | None:
    """Why what is published as it stands does not take a step; ``None`` where it may."""
    return PhoneNotPublished() if step is WithdrawPhone and phone.line is None else None


def _publish(command: PublishPhone, phone: Phone) -> list[Event]:
    line = command.line
    plain = line.phone.replace(" ", "").replace("-", "")
    if _MOBILE.fullmatch(plain):
        raise PhoneOfAPerson
    if not _PHONE.fullmatch(line.phone):
        raise PhoneMalformed(phone=line.phone)
    if not 0 < len(line.office.strip()) <= NAME_CHARACTERS_MAX:
        raise OfficeUnnamed(maximum=NAME_CHARACTERS_MAX)
    before = phone.line
    if before is not None and (before.region, before.department) != (line.region, line.department):
        raise PhoneMoved
    return [] if before == line else [PhonePublished(line=line, by=command.by, at=command.at)]
