"""Operation rules: which state follows which, and on what ground (domain of ``operation.py``).

One rule: an abnormal stop is confirmed by a person on an inspection or alert that is on file; a closing pays families
first, and ends when funds says that nothing is owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.liability import LiabilityAsked, owed, require_fresh
from mingjing_registry.domain.licence import LicenceRecorded, Licensed, Rectifying
from mingjing_registry.domain.licence_refusals import (
    ClosingNoticeRuns,
    ClosingOutOfOrder,
    ClosingUnfinished,
    DayNotYetCome,
    NoticeTooShort,
    NotLicensed,
    OperationNotInThatState,
    PauseWaits,
    StopNotFounded,
    StopSignUnknown,
)
from mingjing_registry.domain.licensing import given, name_of
from mingjing_registry.domain.number_refusals import CodeNotYetGiven
from mingjing_registry.domain.operation import (
    ORDER,
    BeginClosing,
    BeginOperation,
    CloseDown,
    ClosingBegan,
    ClosingStep,
    ClosingStepCompleted,
    Command,
    CompleteClosingStep,
    ConfirmStop,
    DeclarePause,
    Event,
    NoteSign,
    Operation,
    OperationState,
    OperationStateChanged,
    PauseDeclared,
    SignNoted,
    StartPause,
    pause_due_on,
)
from mingjing_registry.domain.refusals import PublicNoticeMissing

_S = OperationState
_NEEDED: Mapping[type[Command], tuple[OperationState, ...]] = {
    BeginOperation: (_S.PREPARING, _S.PAUSED_DECLARED, _S.STOPPED_ABNORMAL),
    DeclarePause: (_S.OPERATING,),
    ConfirmStop: (_S.PREPARING, _S.OPERATING, _S.PAUSED_DECLARED),
    BeginClosing: (_S.PREPARING, _S.OPERATING, _S.PAUSED_DECLARED, _S.STOPPED_ABNORMAL),
    CompleteClosingStep: (_S.CLOSING,),
    CloseDown: (_S.CLOSING,),
}


def decide_operation(command: Command, known: Known) -> list[Event | LiabilityAsked]:
    """The facts that follow."""
    operation = known.operation
    match command:
        case NoteSign(source=source, reference=reference, detail=detail, on=on):
            if reference in operation.signs:
                return []
            return [SignNoted(source=source, reference=reference, detail=detail, on=on)]
        case StartPause(on=on):
            return [*_start_pause(operation, on)]
        case DeclarePause():
            return [*_declare_pause(command, known)]
        case BeginClosing():
            return _begin_closing(command, known)
        case CompleteClosingStep():
            return [*_complete_step(command, known)]
        case BeginOperation(reason=reason):
            return [*_to(_S.OPERATING, command, known, given(reason))]
        case ConfirmStop():
            return [*_confirm_stop(command, known)]
        case CloseDown():
            return [*_close_down(command, known)]
        case _:
            assert_never(command)


def evolve_operation(operation: Operation, event: Event | LicenceRecorded) -> Operation:
    """The operation after one fact."""
    match event:
        case OperationStateChanged(state=_S.PREPARING):
            return Operation()
        case OperationStateChanged(state=state):
            ended = state is not _S.PAUSED_DECLARED and state is not _S.OPERATING
            begun = operation.state is _S.PAUSED_DECLARED and state is _S.OPERATING
            pause = None if ended or begun else operation.pause
            # What was seen before teaching went on founds no later stop.
            signs = frozenset() if state is _S.OPERATING else operation.signs
            return replace(operation, state=state, pause=pause, signs=signs)
        case PauseDeclared(pause=pause):
            return replace(operation, pause=pause)
        case SignNoted(reference=reference):
            return replace(operation, signs=operation.signs | {reference})
        case ClosingBegan():
            return replace(operation, closing=event)
        case ClosingStepCompleted(step=step):
            return replace(operation, completed=(*operation.completed, step))
        case LicenceRecorded(standing="licensed"):
            # A department's list of licensed institutions is a list of those that teach.
            return replace(operation, state=_S.OPERATING) if operation.state is _S.PREPARING else operation
        case LicenceRecorded():
            return operation
        case _:
            assert_never(event)


def operation_hindrance(step: type[Command], known: Known) -> Refusal | None:
    """Why the institution as it stands does not take a step; ``None`` where it may."""
    needed, operation = _NEEDED.get(step), known.operation
    if needed is not None and operation.state not in needed:
        names = " or ".join(state.value for state in needed)
        return OperationNotInThatState(state=operation.state.value, needed=names)
    if step is BeginOperation and not isinstance(known.licence, Licensed | Rectifying):
        return NotLicensed(state=name_of(known.licence))
    if step is BeginOperation and not known.particulars.uscc:
        return CodeNotYetGiven()
    if step is DeclarePause and operation.pause is not None:
        return PauseWaits(begins_on=operation.pause.begins_on)
    if step is ConfirmStop and not operation.signs:
        return StopNotFounded()
    if step is CompleteClosingStep and next_step(operation) is None:
        return ClosingOutOfOrder(next_step="to close down")
    if step is CompleteClosingStep and next_step(operation) is ClosingStep.STUDENT_REFUNDS:
        return owed(known.liability)
    if step is CloseDown:
        return owed(known.liability) or (None if operation.is_liquidated else ClosingUnfinished())
    return None


def next_step(operation: Operation) -> ClosingStep | None:
    """Who is to be paid next."""
    done = len(operation.completed)
    return ORDER[done] if done < len(ORDER) else None


def require_notice_over(operation: Operation, on: date) -> None:
    """Raise ``ClosingNoticeRuns`` before the day that the closing's public notice named."""
    if operation.closing is not None and on < operation.closing.ends_on:
        raise ClosingNoticeRuns(ends_on=operation.closing.ends_on)


def _unhindered(command: Command, known: Known) -> None:
    if (why := operation_hindrance(type(command), known)) is not None:
        raise why


def _to(
    state: OperationState, command: Command, known: Known, reason: str, reference: str = ""
) -> list[OperationStateChanged]:
    before = known.operation.state
    if before is state:
        return []
    _unhindered(command, known)
    return [_changed(before, state, reason, command.on, reference)]


def _changed(
    before: OperationState, state: OperationState, reason: str, on: date, reference: str = ""
) -> OperationStateChanged:
    return OperationStateChanged(before=before, state=state, reason=reason, reference=reference, on=on)


def _declare_pause(command: DeclarePause, known: Known) -> list[Event]:
    pause, operation = command.pause, known.operation
    if operation.pause == pause:
        return []
    _unhindered(command, known)
    if not pause.notice_reference:
        raise PublicNoticeMissing
    if pause.noticed_on > command.on:
        raise DayNotYetCome(day=pause.noticed_on)
    if pause.purpose != "pause":
        _noticed(pause.noticed_on, pause.begins_on, command.notice_days_min)
    declared = PauseDeclared(pause=pause, on=command.on)
    return [declared, *_start_pause(evolve_operation(operation, declared), command.on)]


def _start_pause(operation: Operation, on: date) -> list[Event]:
    due = pause_due_on(operation)
    if due is None or on < due or operation.pause is None:
        return []
    pause = operation.pause
    return [_changed(operation.state, _S.PAUSED_DECLARED, pause.purpose, on, pause.notice_reference)]


def _confirm_stop(command: ConfirmStop, known: Known) -> list[OperationStateChanged]:
    if known.operation.state is _S.STOPPED_ABNORMAL:
        return []
    _unhindered(command, known)
    if command.reference not in known.operation.signs:
        raise StopSignUnknown(reference=command.reference)
    return _to(_S.STOPPED_ABNORMAL, command, known, given(command.reason), command.reference)


def _begin_closing(command: BeginClosing, known: Known) -> list[Event | LiabilityAsked]:
    if known.operation.state is _S.CLOSING:
        return []
    _unhindered(command, known)
    if not command.notice_reference or not command.liquidator:
        raise PublicNoticeMissing
    if command.noticed_on > command.on:
        raise DayNotYetCome(day=command.noticed_on)
    _noticed(command.noticed_on, command.ends_on, command.notice_days_min)
    began = ClosingBegan(
        notice_reference=command.notice_reference,
        noticed_on=command.noticed_on,
        ends_on=command.ends_on,
        liquidator=command.liquidator,
        order=ORDER,
        on=command.on,
    )
    changed = _changed(known.operation.state, _S.CLOSING, "closing", command.on, command.notice_reference)
    return [began, changed, LiabilityAsked(on=command.on)]


def _complete_step(command: CompleteClosingStep, known: Known) -> list[ClosingStepCompleted]:
    if command.step in known.operation.completed:
        return []
    _unhindered(command, known)
    due = next_step(known.operation)
    if command.step is not due:
        raise ClosingOutOfOrder(next_step=due.value if due else "")
    if due is ClosingStep.STUDENT_REFUNDS:
        require_fresh(known.liability, command.on, command.fresh_days_max)
    return [ClosingStepCompleted(step=command.step, reference=given(command.reference), on=command.on)]


def _close_down(command: CloseDown, known: Known) -> list[OperationStateChanged]:
    if known.operation.state is _S.CLOSED:
        return []
    _unhindered(command, known)
    require_notice_over(known.operation, command.on)
    require_fresh(known.liability, command.on, command.fresh_days_max)
    return _to(_S.CLOSED, command, known, given(command.reason))


def _noticed(noticed_on: date, begins_on: date, days_min: int) -> None:
    days = (begins_on - noticed_on).days
    if days < days_min:
        raise NoticeTooShort(days=days, needed=days_min)
