"""Rectification 限期整改 of a licensed institution: ordered with a deadline, ended by a look at it.

One rule: it begins with a notice that was served; a deadline that passes is noted, and ends nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRectification:
    """A rectification notice 责令限期整改通知书 was served."""

    reference: str
    served_on: date | None
    deadline: date
    matter: str
    legal_basis: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRectification:
    """Somebody looked at it: put right, or not."""

    passed: bool
    reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseRectification:
    """Note that the deadline has passed; harmless while it has not."""

    on: date


Command: TypeAlias = OrderRectification | EndRectification | LapseRectification


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationOrdered:
    """Off the whitelist until it is put right."""

    reference: str
    served_on: date
    deadline: date
    matter: str
    legal_basis: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationEnded:
    """Looked at; where it did not pass, the rectification goes on and a penalty may follow."""

    passed: bool
    reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationLapsed:
    """The deadline has passed and nobody has said that it was put right."""

    reference: str
    deadline: date
    on: date


Event: TypeAlias = RectificationOrdered | RectificationEnded | RectificationLapsed
