"""Alert (预警): one rule watched on one account; raised once, cleared with hysteresis, closed by a person.

The one rule: no alert punishes. It is raised, acknowledged and closed; what follows is decided by a named official.
Every evaluation is kept with rule version, inputs and result, the quiet ones too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class Severity(StrEnum):
    """How bad it is."""

    NOTICE = "NOTICE"
    YELLOW = "YELLOW"
    RED = "RED"

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return {"NOTICE": "蓝色", "YELLOW": "黄色", "RED": "红色"}[self.value]


_RANK = {Severity.NOTICE: 1, Severity.YELLOW: 2, Severity.RED: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a rule looked at, in fen and months, as known at the end of ``day``."""

    day: date
    balance_fen: int
    in_transit_fen: int
    unconsumed_fen: int
    agreed_minimum_fen: int
    months_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is watched, and who must hear of it."""

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    """One evaluation. ``severity`` is the rule's result, nothing when the condition is false.

    ``alert_id`` names the alert in case this evaluation raises one; ``threshold_fen`` is what the balance should be.
    """

    alert_id: UUID
    subject: Subject
    rule: str
    rule_version: str
    features: Features
    severity: Severity | None
    threshold_fen: int
    hysteresis_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Somebody has seen it and takes care."""

    alert_id: UUID
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Dealt with. ``disposal`` is a code, ``evidence`` what proves it."""

    alert_id: UUID
    by: str
    disposal: Literal["topped-up", "refunded", "case-filed", "false-positive", "other"]
    evidence: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A rule was evaluated; this is what it saw and said."""

    subject: Subject
    rule: str
    rule_version: str
    features: Features
    severity: Severity | None
    threshold_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """A new alert stands."""

    alert_id: UUID
    subject: Subject
    rule: str
    rule_version: str
    severity: Severity
    features: Features
    threshold_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWorsened:
    """A standing alert became more severe."""

    alert_id: UUID
    subject: Subject
    rule: str
    rule_version: str
    severity: Severity
    features: Features
    threshold_fen: int


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
class AlertClosed:
    """Dealt with."""

    alert_id: UUID
    by: str
    disposal: Literal["topped-up", "refunded", "case-filed", "false-positive", "other"]
    evidence: str
    on: date


Command: TypeAlias = Evaluate | Acknowledge | Close
Event: TypeAlias = Evaluated | AlertRaised | AlertWorsened | AlertCleared | AlertAcknowledged | AlertClosed


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing stands."""

    evaluated: Evaluated | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert stands; ``quiet_since`` is since when its condition has been false, if it is."""

    alert_id: UUID
    severity: Severity
    evaluated: Evaluated | None
    is_acknowledged: bool = False
    quiet_since: date | None = None


@dataclass(frozen=True, slots=True)
class Muted:
    """Closed by a person while the condition held: silent until it clears or worsens."""

    alert_id: UUID
    severity: Severity
    evaluated: Evaluated | None
    quiet_since: date | None = None


Watch: TypeAlias = Quiet | Standing | Muted


class AlertUnknown(NotFound):
    """No such alert stands."""

    sentence = "There is no open alert {alert_id}."
    remedy = "Look at the list of alerts; this one may have been cleared or closed."
    field = "alert_id"


class AlertAcknowledgedBefore(Refusal):
    """Somebody takes care of it already."""

    sentence = "Somebody took this alert on already."
    remedy = "Agree with the colleague; closing it takes another person."
    field = "alert_id"


class EvidenceMissing(Invalid):
    """Closing needs evidence."""

    sentence = "Closing an alert needs evidence."
    remedy = "Name the document, visit or transfer that shows how it was dealt with."
    field = "evidence"


def decide(command: Command, watch: Watch) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case Evaluate():
            return _evaluate(command, watch)
        case Acknowledge():
            why = hindrance(Acknowledge, watch, command.alert_id)
            if isinstance(why, AlertAcknowledgedBefore):
                return []
            if why is not None:
                raise why
            return [AlertAcknowledged(alert_id=command.alert_id, by=command.by, on=command.on)]
        case Close():
            if isinstance(watch, Muted) and watch.alert_id == command.alert_id:
                return []
            if (why := hindrance(Close, watch, command.alert_id)) is not None:
                raise why
            if not command.evidence.strip():
                raise EvidenceMissing
            return [
                AlertClosed(
                    alert_id=command.alert_id,
                    by=command.by,
                    disposal=command.disposal,
                    evidence=command.evidence,
                    on=command.on,
                )
            ]
        case _:
            assert_never(command)


def evolve(watch: Watch, event: Event) -> Watch:
    """The watch after a fact."""
    match event:
        case Evaluated():
            return _evaluated(watch, event)
        case AlertRaised() | AlertWorsened():
            acknowledged = isinstance(watch, Standing) and watch.is_acknowledged
            return Standing(event.alert_id, event.severity, watch.evaluated, acknowledged)
        case AlertCleared():
            return Quiet(watch.evaluated)
        case AlertAcknowledged():
            return replace(watch, is_acknowledged=True) if isinstance(watch, Standing) else watch
        case AlertClosed():
            assert isinstance(watch, Standing)
            return Muted(watch.alert_id, watch.severity, watch.evaluated, watch.quiet_since)
        case _:
            assert_never(event)


WATCH: Decider[Command, Watch, Event] = Decider(initial=Quiet(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], watch: Watch, alert_id: UUID) -> Refusal | None:
    """Why an alert as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step is Evaluate:
        return None
    if not isinstance(watch, Standing) or watch.alert_id != alert_id:
        return AlertUnknown(alert_id=alert_id)
    return AlertAcknowledgedBefore() if step is Acknowledge and watch.is_acknowledged else None


def _evaluate(command: Evaluate, watch: Watch) -> list[Event]:
    evaluated = Evaluated(
        subject=command.subject,
        rule=command.rule,
        rule_version=command.rule_version,
        features=command.features,
        severity=command.severity,
        threshold_fen=command.threshold_fen,
    )
    if watch.evaluated == evaluated:
        return []
    if _is_looking_back(evaluated, watch):
        return [evaluated]
    return [evaluated, *_consequence(command, watch)]


def _is_looking_back(evaluated: Evaluated, watch: Watch) -> bool:
    """A day before the last one evaluated is put on record; what stands today does not follow from it."""
    return watch.evaluated is not None and evaluated.features.day < watch.evaluated.features.day


def _consequence(command: Evaluate, watch: Watch) -> list[Event]:
    if isinstance(watch, Quiet):
        return [] if command.severity is None else [_raised(command, command.severity)]
    if command.severity is None:
        since = watch.quiet_since or command.features.day
        if (command.features.day - since).days >= command.hysteresis_days:
            return [AlertCleared(alert_id=watch.alert_id, on=command.features.day)]
        return []
    if _RANK[command.severity] <= _RANK[watch.severity]:
        return []
    if isinstance(watch, Muted):
        return [_raised(command, command.severity)]
    return [
        AlertWorsened(
            alert_id=watch.alert_id,
            subject=command.subject,
            rule=command.rule,
            rule_version=command.rule_version,
            severity=command.severity,
            features=command.features,
            threshold_fen=command.threshold_fen,
        )
    ]


def _raised(command: Evaluate, severity: Severity) -> AlertRaised:
    return AlertRaised(
        alert_id=command.alert_id,
        subject=command.subject,
        rule=command.rule,
        rule_version=command.rule_version,
        severity=severity,
        features=command.features,
        threshold_fen=command.threshold_fen,
    )


def _evaluated(watch: Watch, event: Evaluated) -> Watch:
    if _is_looking_back(event, watch):
        return watch
    match watch:
        case Quiet():
            return Quiet(event)
        case Standing() | Muted():
            since = None if event.severity else watch.quiet_since or event.features.day
            return replace(watch, evaluated=event, quiet_since=since)
        case _:
            assert_never(watch)
