"""Ended licence numbers 失效许可证编号: every number under which nobody teaches any more, and what ended it.

One rule: a number that was revoked or cancelled is nobody's for ever (domain §3.3); one that only ran out comes back
with its renewal, and one that another replaced with the list or the licence that states it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from mingjing_registry.domain.licence import (
    LicenceApproved,
    LicenceCancelled,
    LicenceEvent,
    LicenceExpired,
    LicenceRecorded,
    LicenceRenewed,
    LicenceRevoked,
)
from mingjing_registry.domain.licence_number import is_licence_number
from mingjing_registry.domain.number_refusals import LicenceNumberEnded

HowEnded: TypeAlias = Literal["revoked", "cancelled", "expired", "replaced"]


FINAL: frozenset[HowEnded] = frozenset({"revoked", "cancelled"})
"""What a number does not come back from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedNumber:
    """A number, how it ended and when."""

    number: str
    how: HowEnded
    on: date


def ended_after(ended: tuple[EndedNumber, ...], number: str, event: LicenceEvent) -> tuple[EndedNumber, ...]:
    """The ended numbers after one fact; ``number`` is the one that stood before it."""
    match event:
        case LicenceRevoked(on=on):
            return _with(ended, number, "revoked", on)
        case LicenceCancelled(on=on):
            return _with(ended, number, "cancelled", on)
        case LicenceExpired(expired_on=expired_on):
            return _with(ended, number, "expired", expired_on)
        case LicenceRenewed():
            return _without(ended, number)
        case LicenceApproved(terms=terms, on=on):
            return _replaced(ended, number, terms.number, on)
        case LicenceRecorded(terms=terms, standing="licensed", on=on):
            return _replaced(ended, number, terms.number, on)
        case LicenceRecorded(terms=terms, standing=("cancelled" | "revoked") as how, standing_since=since, on=on):
            after = _replaced(ended, number, terms.number, since or on)
            return _with(after, terms.number or number, how, since or on)
        case _:
            return ended


def finally_ended(ended: Iterable[EndedNumber], number: str) -> EndedNumber | None:
    """The number, if it is over for ever; ``None`` for one that stands, only ran out or was only replaced."""
    return next((one for one in ended if number and one.number == number and one.how in FINAL), None)


def ended_refusal(ended: Iterable[EndedNumber], number: str) -> LicenceNumberEnded | None:
    """Why the number is not given again; ``None`` where it may be."""
    over = finally_ended(ended, number)
    return None if over is None else LicenceNumberEnded(number=number, on=over.on, how=over.how)


def _replaced(ended: tuple[EndedNumber, ...], before: str, after: str, on: date) -> tuple[EndedNumber, ...]:
    """Another number stands now. One that ended for ever keeps what ended it."""
    is_other = before and after and before != after and finally_ended(ended, before) is None
    left = tuple(one for one in ended if one.number != after or one.how in FINAL)
    return _with(left, before, "replaced", on) if is_other else left


def _with(ended: tuple[EndedNumber, ...], number: str, how: HowEnded, on: date) -> tuple[EndedNumber, ...]:
    return (
        (*_without(ended, number), EndedNumber(number=number, how=how, on=on)) if is_licence_number(number) else ended
    )


def _without(ended: tuple[EndedNumber, ...], number: str) -> tuple[EndedNumber, ...]:
    return tuple(one for one in ended if one.number != number)
