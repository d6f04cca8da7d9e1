"""Given, when, then: the one grammar in which a decider's rules are tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event")


@dataclass(frozen=True)
class Spec(Generic[Command, State, Event]):
    """``Spec(DECIDER).given(*events).when(command).then(*events)``; every step returns a new spec."""

    decider: Decider[Command, State, Event]
    history: tuple[Any, ...] = ()
    command: Any = None

    def given(self, *events: Event) -> Spec[Command, State, Event]:
        """What happened before."""
        return Spec(self.decider, (*self.history, *events))

    def when(self, command: Command) -> Spec[Command, State, Event]:
        """What is asked for now."""
        return Spec(self.decider, self.history, command)

    def then(self, *events: Event) -> None:
        """Exactly these facts follow, in this order."""
        decided = self.decider.decide(self.command, self.decider.fold(self.history))
        assert decided == list(events)

    def then_refused(self, reason: type[Refusal]) -> Refusal:
        """Refused for exactly this reason (not a subclass)."""
        with pytest.raises(reason) as caught:
            self.decider.decide(self.command, self.decider.fold(self.history))
        assert type(caught.value) is reason
        return caught.value
