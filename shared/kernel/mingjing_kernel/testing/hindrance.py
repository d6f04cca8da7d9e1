"""Whether what a screen says of a state is what the decider does: one walk for every kind of thing.

The one rule: where the hindrance says no, no fact follows; where it says nothing, no refusal is for the state's sake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal


def walk(
    decider: Decider[Any, Any, Any],
    hindrance: Callable[[Any, Any], Refusal | None],
    commands: Iterable[Any],
    reasons: frozenset[type[Refusal]],
) -> Any:
    """Carry the commands out one after another, comparing both at each; returns the last state.

    ``reasons`` are the refusals that a state gives rise to, whatever the command says.
    """
    state = decider.initial
    for command in commands:
        why, refusal, facts = hindrance(type(command), state), None, []
        try:
            facts = decider.decide(command, state)
        except Refusal as refused:
            refusal = refused
        if why is not None:
            assert type(why) in reasons, f"{type(why).__name__} is a state's reason that nobody named"
            assert facts == [], f"{command} was carried out although {why}"
        else:
            assert type(refusal) not in reasons, f"{command} was refused: {refusal}"
        state = decider.fold(facts, state)
    return state
