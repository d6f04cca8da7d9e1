"""What the supervisor tells whoever looks on: everything that it does by itself, with the reason.

The one rule: an announcement is a fact in plain values; its words in both languages are the command line's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mingjing.servers.faults import ServerFault


@dataclass(frozen=True, slots=True)
class Restarting:
    """A member ended by itself, or could not be started, and is tried again."""

    name: str
    delay_seconds: float
    attempt: int
    fault: ServerFault | None
    """Why the last attempt to start failed; None when it had been running."""
    ended: str = ""
    """How it ended when it had been running: ``SIGKILL``, ``exit code 1``."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """A member is back."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Silent:
    """A member runs and does not answer: it is ended and started again."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """A server came back at another address (its port was taken): the services start again to learn it."""

    name: str


@dataclass(frozen=True, slots=True)
class RoomShort:
    """The disk is nearly full: before it is, somebody should know."""

    fault: ServerFault


@dataclass(frozen=True, slots=True)
class RoomBack:
    """There is room again; members that do not recover from a full disk by themselves are started again."""

    restarted: tuple[str, ...]


Announcement: TypeAlias = Restarting | Restarted | Silent | AddressChanged | RoomShort | RoomBack
