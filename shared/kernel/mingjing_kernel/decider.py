"""The decider: rule, fact and state as three visible functions.

Pure by contract (import-linter): no clock, no randomness, no I/O. Time and identifiers arrive inside the command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import reduce
from typing import Generic, TypeVar

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, Event]):
    """A pure state machine: commands in, facts out.

    ``decide`` raises a ``Refusal`` subclass when the rules forbid the command and returns ``[]`` when the
    command was carried out before.
    """

    initial: State
    decide: Callable[[Command, State], list[Event]]
    evolve: Callable[[State, Event], State]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """The state after ``events``, starting from ``state`` or from the initial one."""
        return reduce(self.evolve, events, self.initial if state is None else state)


def fact(kind: type[Event], command: object, /, **more: object) -> Event:
    """A fact that says what its command said, and ``more``: for commands whose every word is taken over as it is."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: more[name] if name in more else getattr(command, name) for name in names})
