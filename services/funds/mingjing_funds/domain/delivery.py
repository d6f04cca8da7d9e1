"""A delivered file (报送文件): that it came, what it was and what became of its rows.

The one rule: the same bytes are one delivery, however often they are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivery:
    """A file was read. ``missing`` rows were announced by the sender and are not in the file."""

    kind: str
    bank: str
    booked_on: date | None
    sha256: str
    bytes_count: int
    rows: int
    missing: int
    kept_aside: int
    covers_to: date
    category: str
    """That which its rows share; empty where they do not, or concern nobody known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDelivered:
    """A file was read and its rows were used or kept aside."""

    kind: str
    bank: str
    booked_on: date | None
    sha256: str
    bytes_count: int
    rows: int
    missing: int
    kept_aside: int
    covers_to: date
    category: str


Command: TypeAlias = RecordDelivery
Event: TypeAlias = FileDelivered


@dataclass(frozen=True, slots=True)
class Awaited:
    """Not seen before."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Here."""


Delivery: TypeAlias = Awaited | Delivered


def decide(command: Command, delivery: Delivery) -> list[Event]:
    """Recorded once."""
    if isinstance(delivery, Delivered):
        return []
    return [
        FileDelivered(
            kind=command.kind,
            bank=command.bank,
            booked_on=command.booked_on,
            sha256=command.sha256,
            bytes_count=command.bytes_count,
            rows=command.rows,
            missing=command.missing,
            kept_aside=command.kept_aside,
            covers_to=command.covers_to,
            category=command.category,
        )
    ]


def evolve(_delivery: Delivery, event: Event) -> Delivery:
    """Here from now on."""
    match event:
        case FileDelivered():
            return Delivered()
        case _:
            assert_never(event)


DELIVERY: Decider[Command, Delivery, Event] = Decider(initial=Awaited(), decide=decide, evolve=evolve)
