"""What may this person do to this thing now, until when, and why not: one answer for API and screen.

The one rule: nothing is decided here. Grants are asked of the scope, hands of the separation that the log checks, the
state of the decider itself; the sentence for "no" is that of the refusal that the act would meet.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.identity import Act, Dimensions, Principal, Scope
from mingjing_kernel.identity.hands import Hands, Separation
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.refusal import NotFound, Refusal

Hindrance: TypeAlias = Callable[[type], Refusal | None]
"""Why the thing as it stands does not take a command of this class, whatever it says; ``None`` where it may."""


class AvailableAction(BaseModel):
    """One declared act, and whether the caller may do it now."""

    act: str = Field(description="Name of the act", examples=["close-alert"])
    zh: str = Field(description="Chinese title")
    en: str = Field(description="English title")
    available: bool
    until: datetime | None = Field(
        default=None, description="When the caller's last grant for it ends; null where none has an end"
    )
    due_on: date | None = Field(default=None, description="Last day on which the law wants it done; null where none is")
    due_at: datetime | None = Field(default=None, description="The moment, where a clock counts hours; null for days")
    is_overdue: bool = Field(default=False, description="That day, or that moment, has passed")
    why_not: Problem | None = Field(default=None, description="The refusal that the act would meet now")


class AvailableActions(BaseModel):
    """Every act that is declared for a thing of this kind."""

    version: int = Field(description="Version of the record that this was said of; send it as If-Match")
    actions: list[AvailableAction]


async def available_actions(
    kit: Kit,
    aggregate: Aggregate,
    id: UUID,
    caller: Principal,
    dimensions: Dimensions,
    hindrance: Callable[[Any, Any], Refusal | None],
    *,
    thing: Hashable = None,
) -> AvailableActions:
    """The acts of an aggregate for one of its streams (or a thing in it), which the caller is known to see.

    ``hindrance`` is the one that the aggregate's decider asks: why a state does not take a step, or ``None``.
    Raises ``NotFound`` where the log knows nothing of it, whatever a list says.
    """
    standing = await kit.log.standing(aggregate, id)
    if standing.version == 0:
        raise NotFound
    found = actions_of(
        aggregate.acts,
        caller,
        dimensions,
        lambda step: hindrance(step, standing.state),
        separation=aggregate.separation,
        hands=standing.hands,
        thing=thing,
    )
    return AvailableActions(version=standing.version, actions=found)


def actions_of(
    acts: Sequence[Act],
    caller: Principal,
    dimensions: Dimensions,
    hindrance: Hindrance,
    *,
    separation: Separation | None = None,
    hands: Hands,
    thing: Hashable = None,
) -> list[AvailableAction]:
    """The same, of what is at hand already."""
    scope, people = caller.scope, frozenset({caller.subject})

    def refusal(act: Act) -> Refusal | None:
        if not scope.may(act, dimensions):
            return scope.refusal(act, dimensions)
        if act.asks is not None and (why := hindrance(act.asks)) is not None:
            return why
        return separation.hindrance(act, thing, people, hands) if separation else None

    return [_said(act, scope, dimensions, refusal(act)) for act in acts]


def due(actions: Sequence[AvailableAction], dues: Mapping[str, date], on: date) -> list[AvailableAction]:
    """The same with the last day of each that a clock waits for, by name of the act."""
    return [
        one.model_copy(update={"due_on": dues[one.act], "is_overdue": dues[one.act] < on}) if one.act in dues else one
        for one in actions
    ]


def _said(act: Act, scope: Scope, dimensions: Dimensions, why_not: Refusal | None) -> AvailableAction:
    return AvailableAction(
        act=act.name,
        zh=act.zh,
        en=act.en,
        available=why_not is None,
        until=None if why_not else scope.until(act, dimensions),
        why_not=problem_of(why_not) if why_not else None,
    )
