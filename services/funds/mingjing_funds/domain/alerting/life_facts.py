"""The words of an alert's life (预警处置闭环): stages, commands, events and state. No decision is taken here.

RAISED → ACKNOWLEDGED → VERIFYING → CONFIRMED | FALSE_POSITIVE → DISPOSING → RESOLVED → CLOSED; ESCALATED on timeout.
The one rule: an alert carries what its rule said in words and values, so that it can be read without the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from mingjing_funds.domain.alert import Evaluated, Severity, Subject
from mingjing_funds.domain.alerting.persisting import LOUD_AGAIN, Again, Silence
from mingjing_funds.domain.alerting.times import RELEASED, Times
from mingjing_kernel.text import Bilingual


class Stage(StrEnum):
    """How far an alert has come."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    VERIFYING = "verifying"
    CONFIRMED = "confirmed"
    FALSE_POSITIVE = "false-positive"
    DISPOSING = "disposing"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CLEARED = "cleared"
    """The condition went away before anybody looked into it."""

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return _STAGES_ZH[self.value]


_STAGES_ZH = {
    "raised": "已触发",
    "acknowledged": "已签收",
    "verifying": "核查中",
    "confirmed": "属实",
    "false-positive": "误报",
    "disposing": "处置中",
    "resolved": "已化解",
    "closed": "已办结",
    "cleared": "自动解除",
}
ENDED = frozenset({Stage.CLOSED, Stage.CLEARED})
Disposal: TypeAlias = Literal["topped-up", "refunded", "hold-applied", "case-filed", "false-positive", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One value that a rule looked at."""

    name: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a rule said of a day: enough to read the alert without asking the rule again."""

    rule: str
    rule_version: str
    thresholds_version: str
    day: date
    severity: Severity | None
    measures: tuple[Measure, ...]
    threshold: int
    because_zh: str
    because_en: str


def measured(said: Said) -> dict[str, int]:
    """The values by name."""
    return {one.name: one.value for one in said.measures}


def sentences(said: Said, since: date) -> Bilingual:
    """Why the alert stands, as a person reads it: what was seen, against what, since when."""
    return Bilingual(
        zh=f"{said.because_zh}，自{since.year}年{since.month}月{since.day}日起",
        en=f"{said.because_en}, since {since.day} {_MONTHS[since.month - 1]} {since.year}",
    )


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

# -- commands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Observe:
    """One evaluation. ``alert_id`` names the alert in case this one raises it; ``evaluated`` is what goes on record of
    it though nothing follows.
    """

    alert_id: UUID
    subject: Subject
    said: Said
    evaluated: Evaluated | None = None
    hysteresis_days: int = 3
    window_days: int = 30
    times: Times = RELEASED
    silence: Silence = LOUD_AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Somebody has seen it and takes care (签收)."""

    alert_id: UUID
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StartVerifying:
    """Somebody goes and looks (核查)."""

    alert_id: UUID
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What was found: it is so, or it is a false alarm. ``evidence`` is what shows it."""

    alert_id: UUID
    is_confirmed: bool
    evidence: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDisposal:
    """What will be done about a confirmed alert (处置方案)."""

    alert_id: UUID
    plan: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """The plan was carried out and the risk is gone (化解)."""

    alert_id: UUID
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close with a code and evidence (办结)."""

    alert_id: UUID
    disposal: Disposal
    evidence: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """A clock ran out (超时升级): ``clock`` names it. Harmless where it no longer applies."""

    clock: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """A clock is about to run out (催办). Harmless where it no longer applies."""

    clock: str
    on: date


Command: TypeAlias = Observe | Acknowledge | StartVerifying | Judge | PlanDisposal | Resolve | Close | Remind | Escalate


# -- events -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """A new alert stands."""

    alert_id: UUID
    subject: Subject
    said: Said
    since: date
    """Since when the condition has been seen, with whatever breaks the hysteresis let pass."""
    times: Times = RELEASED
    again: Again | None = None
    """It was closed as a false alarm and goes on: why it is told once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWorsened:
    """A standing alert became graver: the times of the new severity run from now on."""

    alert_id: UUID
    subject: Subject
    said: Said
    since: date
    """Since when the condition has been seen, with whatever breaks the hysteresis let pass."""
    times: Times = RELEASED
    stage: Stage | None = None
    """Where it stands after it; empty in what was told before this was said: there it stayed where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReturned:
    """What had cleared by itself is there again within the window, or what was judged false goes on and nobody closed
    it: the same alert stands again.
    """

    alert_id: UUID
    subject: Subject
    said: Said
    since: date
    """Since when the condition has been seen, with whatever breaks the hysteresis let pass."""
    times: Times = RELEASED
    again: Again | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionChanged:
    """The condition is false since ``quiet_since``, or true again (nothing)."""

    alert_id: UUID
    quiet_since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCleared:
    """The condition was false for the hysteresis period."""

    alert_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged:
    """Somebody takes care."""

    alert_id: UUID
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationStarted:
    """Somebody looks into it."""

    alert_id: UUID
    severity: Severity
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertJudged:
    """It is so, or it is not."""

    alert_id: UUID
    subject: Subject
    severity: Severity
    is_confirmed: bool
    evidence: str
    by: str
    on: date
    times: Times = RELEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalPlanned:
    """What will be done."""

    alert_id: UUID
    plan: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertResolved:
    """It was done."""

    alert_id: UUID
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClosed:
    """Dealt with, and the evidence."""

    alert_id: UUID
    disposal: Disposal
    evidence: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReminded:
    """Whoever has to act was told that the time is nearly over."""

    alert_id: UUID
    clock: str
    stage: Stage
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEscalated:
    """A clock ran out and a higher level was told. The stage stays: whose work it is has not changed."""

    alert_id: UUID
    subject: Subject
    clock: str
    stage: Stage
    on: date


Event: TypeAlias = (
    Evaluated
    | AlertRaised
    | AlertWorsened
    | AlertReturned
    | ConditionChanged
    | AlertCleared
    | AlertAcknowledged
    | VerificationStarted
    | AlertJudged
    | DisposalPlanned
    | AlertResolved
    | AlertClosed
    | AlertReminded
    | AlertEscalated
)


# -- state ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calm:
    """This rule has never fired for this account. ``evaluated`` is the latest day on record."""

    evaluated: Evaluated | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """The latest alert of this rule on this account, standing or ended."""

    alert_id: UUID
    subject: Subject
    severity: Severity
    stage: Stage
    raised_on: date
    seen_on: date
    """The last day that was evaluated and changed anything."""
    quiet_since: date | None = None
    is_over: bool = False
    """The condition has been false for the hysteresis. A closed alert that is not over is silent until graver."""
    escalated: frozenset[str] = frozenset()
    reminded: frozenset[str] = frozenset()
    evaluated: Evaluated | None = None
    times: Times = RELEASED
    said: Said | None = None
    """What was said when it was told last."""
    false_on: date | None = None
    """When it was judged a false alarm."""

    @property
    def stands(self) -> bool:
        """Whether somebody still has to do something."""
        return self.stage not in ENDED


Watch: TypeAlias = Calm | Alert
