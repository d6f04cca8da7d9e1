"""Breach 违规发现: an advert where none may be (R13), an overseas curriculum or teaching ahead of the syllabus (R11).

One rule: what was found stands on record with its evidence until another person says that it is put right, or that it
was none; it punishes nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.filing import Channel
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.domain.staff_refusals import BreachIncomplete, BreachIsAnother, BreachSettled, BreachUnknown

Kind: TypeAlias = Literal["advert", "overseas-curriculum", "ahead-of-syllabus"]
"""违规广告, 境外课程, 超标超前."""
Ended: TypeAlias = Literal["corrected", "unfounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was seen, where and when; ``channel`` is of adverts only."""

    kind: Kind
    what: str
    channel: Channel
    seen_on: date
    evidence_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindBreach:
    """Put a finding on record."""

    institution_id: UUID
    within: Jurisdiction
    finding: Finding
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBreach:
    """Another person looked at it."""

    how: Ended
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachFound:
    """A finding is on record."""

    institution_id: UUID
    within: Jurisdiction
    finding: Finding
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachEnded:
    """It is put right, or was none."""

    how: Ended
    reason: str
    on: date


Command: TypeAlias = FindBreach | EndBreach
Event: TypeAlias = BreachFound | BreachEnded


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No such finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What is decided on; ``ended`` with the words that went with it."""

    institution_id: UUID
    finding: Finding
    ended: tuple[Ended, str] | None = None


State: TypeAlias = NothingFound | Breach


def hindrance(step: type[Command], state: State) -> Refusal | None:
    """Why the finding as it stands does not take a step; ``None`` where it may."""
    if issubclass(step, FindBreach):
        return None
    if isinstance(state, NothingFound):
        return BreachUnknown()
    return BreachSettled() if state.ended is not None else None


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    match command:
        case FindBreach():
            return _find(command, state)
        case EndBreach(how=how, reason=reason, on=on):
            if isinstance(state, Breach) and state.ended == (how, reason):
                return []
            if (why := hindrance(EndBreach, state)) is not None:
                raise why
            if not reason.strip():
                raise ReasonMissing
            return [BreachEnded(how=how, reason=reason, on=on)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The finding after one fact."""
    match event:
        case BreachFound(institution_id=institution_id, finding=finding):
            return Breach(institution_id=institution_id, finding=finding)
        case BreachEnded(how=how, reason=reason):
            assert isinstance(state, Breach)
            return Breach(institution_id=state.institution_id, finding=state.finding, ended=(how, reason))
        case _:
            assert_never(event)


BREACH: Decider[Command, State, Event] = Decider(initial=NothingFound(), decide=decide, evolve=evolve)


def _find(command: FindBreach, state: State) -> list[Event]:
    finding = command.finding
    if isinstance(state, Breach):
        if (state.institution_id, state.finding) != (command.institution_id, finding):
            raise BreachIsAnother
        return []
    is_advert = finding.kind == "advert"
    if not finding.what.strip() or not finding.evidence_reference.strip() or is_advert is not bool(finding.channel):
        raise BreachIncomplete
    if finding.seen_on > command.on:
        raise BreachIncomplete
    found = BreachFound(institution_id=command.institution_id, within=command.within, finding=finding, on=command.on)
    return [found]
