"""Likeness 疑似同一主体: two institutions that may be one behind a new name (换马甲), and what a person says of it.

One rule: a likeness never punishes. It is proposed with its reasons, shown, and judged by a person; the judgement is
remembered until the facts that spoke for it change, and whoever judged wrongly withdraws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.likeness_refusals import LikenessNotInThatState, LikenessUnknown
from mingjing_registry.domain.refusals import ReasonMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field's part of a score: what was found, both values as a person may read them, and what it adds."""

    field: str
    finding: str
    here: str
    """Masked where it is personal."""
    there: str
    adds: int
    """Points, of which 1,000 are certainty; what speaks against it takes some away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """How alike the two are, and why."""

    score: int
    lines: tuple[Line, ...]
    rule_version: str
    fingerprint: str
    """Of the facts that speak for it: the same for as long as they are the same, whatever each is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Who is like whom. ``former`` is the one whose time is over, and ``grounds`` why: revoked, cancelled."""

    institution_id: UUID
    institution_name: str
    former_id: UUID
    former_name: str
    grounds: tuple[str, ...]
    department: str
    region: str
    category: str
    """Where ``institution_id`` stands: its officials judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeLikeness:
    """The comparison found them alike."""

    pair: Pair
    resemblance: Resemblance
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLikeness:
    """An official says whether they are the same."""

    is_same: bool
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawJudgement:
    """The judgement was wrong; the question is open again."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseLikeness:
    """The facts have changed, and the two are no longer alike."""

    rule_version: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessProposed:
    """They are alike, for these reasons; again with newer ones, when the facts changed."""

    pair: Pair
    resemblance: Resemblance
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessJudged:
    """An official said whether they are the same."""

    is_same: bool
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementWithdrawn:
    """The judgement no longer stands."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessLapsed:
    """An open question that nothing speaks for any more."""

    rule_version: str
    on: date


Command: TypeAlias = ProposeLikeness | JudgeLikeness | WithdrawJudgement | LapseLikeness
Event: TypeAlias = LikenessProposed | LikenessJudged | JudgementWithdrawn | LikenessLapsed


@dataclass(frozen=True, slots=True)
class Unseen:
    """Nobody found them alike."""


@dataclass(frozen=True, slots=True)
class Open:
    """Someone must look."""

    resemblance: Resemblance
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Someone did."""

    is_same: bool
    reason: str
    on_facts: Open


@dataclass(frozen=True, slots=True)
class Lapsed:
    """No longer alike."""


State: TypeAlias = Unseen | Open | Judged | Lapsed


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    match command:
        case ProposeLikeness():
            return _propose(command, state)
        case JudgeLikeness(is_same=is_same, reason=reason, on=on):
            if isinstance(state, Judged) and (state.is_same, state.reason) == (is_same, reason):
                return []
            _require(type(command), state, reason)
            return [LikenessJudged(is_same=is_same, reason=reason, on=on)]
        case WithdrawJudgement(reason=reason, on=on):
            _require(type(command), state, reason)
            return [JudgementWithdrawn(reason=reason, on=on)]
        case LapseLikeness(rule_version=rule_version, on=on):
            return [LikenessLapsed(rule_version=rule_version, on=on)] if isinstance(state, Open) else []
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The likeness after one fact."""
    match event:
        case LikenessProposed(resemblance=resemblance, pair=pair):
            return Open(resemblance, pair.grounds)
        case LikenessJudged(is_same=is_same, reason=reason):
            assert isinstance(state, Open)
            return Judged(is_same, reason, state)
        case JudgementWithdrawn():
            assert isinstance(state, Judged)
            return state.on_facts
        case LikenessLapsed():
            return Lapsed()
        case _:
            assert_never(event)


LIKENESS: Decider[Command, State, Event] = Decider(initial=Unseen(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], state: State) -> Refusal | None:
    """Why the likeness does not take a step; ``None`` where it may."""
    if not issubclass(step, JudgeLikeness | WithdrawJudgement):
        return None
    if isinstance(state, Unseen):
        return LikenessUnknown()
    wanted, needed = (Open, "open") if issubclass(step, JudgeLikeness) else (Judged, "judged")
    return None if isinstance(state, wanted) else LikenessNotInThatState(state=_name(state), needed=needed)


def _propose(command: ProposeLikeness, state: State) -> list[Event]:
    proposed = LikenessProposed(pair=command.pair, resemblance=command.resemblance, on=command.on)
    now = Open(command.resemblance, command.pair.grounds)
    match state:
        case Open():
            return [] if state == now else [proposed]
        case Judged(is_same=is_same, on_facts=on_facts):
            # Who said "the same" need not be asked again; who said "not the same" said it of those facts.
            is_known = is_same or on_facts.resemblance.fingerprint == now.resemblance.fingerprint
            return [] if is_known else [proposed]
        case Unseen() | Lapsed():
            return [proposed]
        case _:
            assert_never(state)


def _require(step: type[Command], state: State, reason: str) -> None:
    if (why := hindrance(step, state)) is not None:
        raise why
    if not reason.strip():
        raise ReasonMissing


def _name(state: State) -> str:
    return {Unseen: "unknown", Open: "open", Judged: "judged", Lapsed: "lapsed"}[type(state)]
