"""Operation state 运营状态: whether teaching goes on, whatever the licence says.

One rule: STOPPED_ABNORMAL rests on an inspection or alert that is on file here; CLOSED comes after the families have
their money, then wages, then other debts (L08 art 59).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from mingjing_registry.domain.liability import FRESH_DAYS_MAX


class OperationState(StrEnum):
    """Where the institution is in its life."""

    PREPARING = "preparing"
    """筹备."""
    OPERATING = "operating"
    """正常运营."""
    PAUSED_DECLARED = "paused-declared"
    """已报备停课."""
    STOPPED_ABNORMAL = "stopped-abnormal"
    """异常停业."""
    CLOSING = "closing"
    """清算注销中."""
    CLOSED = "closed"
    """已关闭."""


PausePurpose: TypeAlias = Literal["closure", "relocation", "pause"]
"""停业, 搬迁, 临时停课. The first two are told to the public in advance (L11)."""
Source: TypeAlias = Literal["inspection", "alert"]


class ClosingStep(StrEnum):
    """Who is paid, in this order (L08 art 59)."""

    STUDENT_REFUNDS = "student-refunds"
    """退还学员费用."""
    WAGES = "wages"
    """职工工资和社会保险."""
    OTHER_DEBTS = "other-debts"
    """其他债务."""


ORDER = tuple(ClosingStep)
NOTICE_DAYS_MIN = 30
"""Days of public notice before closing or moving, unless a policy says otherwise (L11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A pause that the institution declared."""

    purpose: PausePurpose
    notice_reference: str
    noticed_on: date
    begins_on: date
    ends_on: date | None


# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginOperation:
    """Teaching begins, or goes on after a pause or a stop."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarePause:
    """The institution says when it will not teach; ``notice_days_min`` comes from policy."""

    pause: Pause
    notice_days_min: int = NOTICE_DAYS_MIN
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPause:
    """The declared day has come; harmless while it has not."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSign:
    """Another service tells of a closed door or an alert that says stop: nothing follows before a person confirms."""

    source: Source
    reference: str
    detail: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmStop:
    """A person confirms that it has stopped, on a sign that is on file."""

    reference: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginClosing:
    """The institution gives up: public notice, liquidation group."""

    notice_reference: str
    noticed_on: date
    ends_on: date
    liquidator: str
    notice_days_min: int = NOTICE_DAYS_MIN
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteClosingStep:
    """One group of creditors is paid."""

    step: ClosingStep
    reference: str
    fresh_days_max: int = FRESH_DAYS_MAX
    """How old the word of funds may be, by the policy in force."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDown:
    """The end."""

    reason: str
    fresh_days_max: int = FRESH_DAYS_MAX
    on: date


Command: TypeAlias = (
    BeginOperation | DeclarePause | StartPause | NoteSign | ConfirmStop | BeginClosing | CompleteClosingStep | CloseDown
)

# Events ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationStateChanged:
    """It goes on differently from this day."""

    before: OperationState
    state: OperationState
    reason: str
    reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseDeclared:
    """It will not teach from a day on."""

    pause: Pause
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignNoted:
    """Somebody found the door closed, or an alert says so."""

    source: Source
    reference: str
    detail: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingBegan:
    """The closing plan stands: notice, end, liquidator, and the order of payment."""

    notice_reference: str
    noticed_on: date
    ends_on: date
    liquidator: str
    order: tuple[ClosingStep, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingStepCompleted:
    """One group of creditors is paid."""

    step: ClosingStep
    reference: str
    on: date


Event: TypeAlias = OperationStateChanged | PauseDeclared | SignNoted | ClosingBegan | ClosingStepCompleted

# State ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The state, and what is under way."""

    state: OperationState = OperationState.PREPARING
    pause: Pause | None = None
    signs: frozenset[str] = frozenset()
    """References of inspections and alerts on file."""
    closing: ClosingBegan | None = None
    completed: tuple[ClosingStep, ...] = ()

    @property
    def is_liquidated(self) -> bool:
        """Everybody who was to be paid is paid."""
        return self.completed == ORDER


def pause_due_on(operation: Operation) -> date | None:
    """When ``StartPause`` has something to do."""
    waits = operation.pause is not None and operation.state is OperationState.OPERATING
    return operation.pause.begins_on if waits and operation.pause else None
