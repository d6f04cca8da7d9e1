"""After-school providers 课后服务机构: the county selects, schools choose, and who is not good enough leaves (S1:979).

One rule: only the county puts one on the list, and a person decides on every exit but two: the term that is over, and
the standing that was lost (X12), which is a matter of fact and not of judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.evaluation import POINTS_WHOLE, Deduction, GradeNumbers, score_of
from mingjing_registry.domain.provider_facts import (
    AgreementEnded,
    DeductionWithdrawn,
    EvaluationClosed,
    Event,
    Ground,
    PointsDeducted,
    ProviderChosen,
    ProviderLeft,
    ProviderProposed,
    ProviderSelected,
    ReturnFact,
)
from mingjing_registry.domain.provider_return import (
    DeclineReturn,
    NoteListingOver,
    NoteReturnOverdue,
    Place,
    ReturnCommand,
    decide_return,
    evolve_return,
)
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.domain.staff_refusals import (
    AgreementUnknown,
    DeductionUnknown,
    PartsNotAHundred,
    ProviderNotInGoodStanding,
    ProviderNotInThatState,
    ProviderReturnNotDue,
    ProviderTeachesSubjects,
    ProviderUnknown,
    TermReversed,
)

Removal: TypeAlias = Literal[
    Ground.POOR_SERVICE,
    Ground.RECRUITING_AT_SCHOOL,
    Ground.NOT_DELIVERING,
    Ground.DISRUPTING_SCHOOL,
    Ground.WITHDREW,
]
"""On which grounds a person takes one off the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The institution as its own stream has it when somebody proposes or selects it."""

    is_subject: bool
    standing: str
    """``conditions-met``, or what keeps it off the whitelist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeProvider:
    """Put it up for the county's selection."""

    within: Jurisdiction
    candidate: Candidate
    services: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectProvider:
    """The county's decision."""

    candidate: Candidate
    decision_reference: str
    from_on: date
    until_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseProvider:
    """A school's agreement."""

    agreement_id: UUID
    school_id: UUID
    from_on: date
    until_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAgreement:
    """A school ends its agreement."""

    agreement_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductPoints:
    """Enter what was found."""

    deduction: Deduction
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDeduction:
    """Take an entry back."""

    entry_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEvaluation:
    """Grade a period."""

    period: str
    numbers: GradeNumbers = field(default_factory=GradeNumbers)
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveProvider:
    """A person takes it off the list."""

    ground: Removal
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveList:
    """The clock of the term has run out, or a fact of the institution has stopped it early."""

    on: date


Command: TypeAlias = (
    ProposeProvider
    | SelectProvider
    | ChooseProvider
    | EndAgreement
    | DeductPoints
    | WithdrawDeduction
    | CloseEvaluation
    | RemoveProvider
    | LeaveList
    | ReturnCommand
)
_NOTED = frozenset({LeaveList, NoteListingOver, NoteReturnOverdue})
"""What nobody asks for: nothing follows where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class NeverProposed:
    """Nobody put it up."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Waits for the county."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """On the list until the last day of its term."""

    until_on: date
    agreements: Mapping[UUID, UUID] = field(default_factory=lambda: MappingProxyType({}))
    """School by agreement, of those that stand."""
    deductions: Mapping[UUID, Deduction] = field(default_factory=lambda: MappingProxyType({}))
    periods: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Off the list."""

    lost: Place = field(default_factory=Place)


State: TypeAlias = NeverProposed | Proposed | Selected | Left


def name_of(state: State) -> str:
    """The state's name in answers and read models."""
    return {NeverProposed: "never-proposed", Proposed: "proposed", Selected: "selected", Left: "left"}[type(state)]


def hindrance(step: type[Command], state: State) -> Refusal | None:
    """Why the provider as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step in _NOTED:
        return None
    if step is DeclineReturn:
        return None if isinstance(state, Left) and state.lost.is_due else ProviderReturnNotDue()
    if step is ProposeProvider:
        return _in(state, NeverProposed, Proposed, Left)
    if isinstance(state, NeverProposed):
        return ProviderUnknown()
    if step is SelectProvider:
        return _in(state, Proposed)
    return _in(state, Proposed, Selected) if step is RemoveProvider else _in(state, Selected)


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    if (why := hindrance(type(command), state)) is not None:
        raise why
    match command:
        case ProposeProvider():
            return _propose(command, state)
        case SelectProvider():
            return _select(command)
        case RemoveProvider(ground=ground, reason=reason, on=on):
            return [_left(state, ground, _given(reason), on)]
        case LeaveList(on=on):
            return _leave(state, on)
        case NoteListingOver() | NoteReturnOverdue() | DeclineReturn():
            return _returning(command, state)
        case _:
            assert isinstance(state, Selected)
            return _selected(command, state)


def evolve(state: State, event: Event) -> State:
    """The provider after one fact."""
    if isinstance(event, ReturnFact):
        return Left(lost=evolve_return(_place(state), event))
    match event:
        case ProviderProposed():
            return Proposed()
        case ProviderSelected(until_on=until_on):
            return Selected(until_on=until_on)
        case ProviderLeft(ground=Ground.STANDING_LOST):
            return Left(lost=_place(state))
        case ProviderLeft():
            return Left()
        case _:
            assert isinstance(state, Selected)
            return _evolve_selected(state, event)


PROVIDER: Decider[Command, State, Event] = Decider(initial=NeverProposed(), decide=decide, evolve=evolve)


def _propose(command: ProposeProvider, state: State) -> list[Event]:
    if isinstance(state, Proposed):
        return []
    _fit(command.candidate)
    return [ProviderProposed(within=command.within, services=command.services, on=command.on)]


def _select(command: SelectProvider) -> list[Event]:
    _fit(command.candidate)
    _in_order(command.from_on, command.until_on)
    selected = ProviderSelected(
        decision_reference=_given(command.decision_reference),
        from_on=command.from_on,
        until_on=command.until_on,
        on=command.on,
    )
    return [selected]


def _selected(
    command: ChooseProvider | EndAgreement | DeductPoints | WithdrawDeduction | CloseEvaluation, state: Selected
) -> list[Event]:
    match command:
        case ChooseProvider(agreement_id=agreement_id, school_id=school_id, from_on=from_on, until_on=until_on, on=on):
            _in_order(from_on, until_on)
            chosen = ProviderChosen(
                agreement_id=agreement_id, school_id=school_id, from_on=from_on, until_on=until_on, on=on
            )
            return [] if agreement_id in state.agreements else [chosen]
        case EndAgreement(agreement_id=agreement_id, reason=reason, on=on):
            if (school := state.agreements.get(agreement_id)) is None:
                raise AgreementUnknown
            return [AgreementEnded(agreement_id=agreement_id, school_id=school, reason=_given(reason), on=on)]
        case DeductPoints(deduction=deduction, on=on):
            _given(deduction.reason)
            is_known = deduction.entry_id in state.deductions
            return [] if is_known else [PointsDeducted(deduction=deduction, on=on)]
        case WithdrawDeduction(entry_id=entry_id, reason=reason, on=on):
            if entry_id not in state.deductions:
                raise DeductionUnknown
            return [DeductionWithdrawn(entry_id=entry_id, reason=_given(reason), on=on)]
        case CloseEvaluation():
            return _close(command, state)
        case _:
            assert_never(command)


def _close(command: CloseEvaluation, state: Selected) -> list[Event]:
    if command.period in state.periods:
        return []
    whole = sum(points for _, points in command.numbers.points)
    if whole != POINTS_WHOLE:
        raise PartsNotAHundred(whole=whole)
    score = score_of(state.deductions.values(), command.numbers)
    closed = EvaluationClosed(
        period=_given(command.period),
        score=score,
        entries=len(state.deductions),
        policy_version=command.numbers.version,
        on=command.on,
    )
    if not score.is_exit:
        return [closed]
    return [closed, _left(state, Ground.EVALUATION_FAILED, f"{score.total}/100", command.on)]


def _leave(state: State, on: date) -> list[Event]:
    if not isinstance(state, Selected):
        return []
    ground = Ground.TERM_OVER if on > state.until_on else Ground.STANDING_LOST
    return [_left(state, ground, "", on)]


def _returning(command: ReturnCommand, state: State) -> list[Event]:
    found: list[Event] = [*decide_return(command, _place(state))]
    if found and isinstance(state, Selected):
        # The keeper of deadlines had not come by yet: its schools are told all the same.
        return [_left(state, Ground.STANDING_LOST, "", command.on), *found]
    return found


def _place(state: State) -> Place:
    """What it lost, or would lose now."""
    if isinstance(state, Selected):
        return Place(until_on=state.until_on)
    return state.lost if isinstance(state, Left) else Place()


def _left(state: State, ground: Ground, reason: str, on: date) -> ProviderLeft:
    schools = sorted(set(state.agreements.values()), key=str) if isinstance(state, Selected) else []
    return ProviderLeft(ground=ground, reason=reason, schools=tuple(schools), on=on)


def _evolve_selected(
    state: Selected, event: ProviderChosen | AgreementEnded | PointsDeducted | DeductionWithdrawn | EvaluationClosed
) -> Selected:
    match event:
        case ProviderChosen(agreement_id=agreement_id, school_id=school_id):
            return replace(state, agreements=MappingProxyType({**state.agreements, agreement_id: school_id}))
        case AgreementEnded(agreement_id=agreement_id):
            rest = {id: school for id, school in state.agreements.items() if id != agreement_id}
            return replace(state, agreements=MappingProxyType(rest))
        case PointsDeducted(deduction=deduction):
            return replace(state, deductions=MappingProxyType({**state.deductions, deduction.entry_id: deduction}))
        case DeductionWithdrawn(entry_id=entry_id):
            left = {id: one for id, one in state.deductions.items() if id != entry_id}
            return replace(state, deductions=MappingProxyType(left))
        case EvaluationClosed(period=period):
            return replace(state, deductions=MappingProxyType({}), periods=state.periods | {period})
        case _:
            assert_never(event)


def _in(state: State, *needed: type[State]) -> Refusal | None:
    if isinstance(state, needed):
        return None
    return ProviderNotInThatState(state=name_of(state), needed=" or ".join(one.__name__.lower() for one in needed))


def _fit(candidate: Candidate) -> None:
    if candidate.is_subject:
        raise ProviderTeachesSubjects
    if candidate.standing != "conditions-met":
        raise ProviderNotInGoodStanding(reason=candidate.standing)


def _in_order(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise TermReversed(until_on=until_on.isoformat())


def _given(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text
