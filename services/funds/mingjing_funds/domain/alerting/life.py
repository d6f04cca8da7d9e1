"""The life of an alert (预警处置闭环): raised once, acknowledged, verified, disposed of, closed with evidence.

The one rule: no alert punishes and none closes itself once somebody looks into it. A rule fires once for an account
within its window; it clears by itself, after the hysteresis, only as long as nobody has begun to verify.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import assert_never
from uuid import UUID

from mingjing_funds.domain.alert import Evaluated, Severity
from mingjing_funds.domain.alerting import life_refusals as because
from mingjing_funds.domain.alerting.life_facts import (
    Acknowledge,
    Alert,
    AlertAcknowledged,
    AlertCleared,
    AlertClosed,
    AlertEscalated,
    AlertJudged,
    AlertRaised,
    AlertReminded,
    AlertResolved,
    AlertReturned,
    AlertWorsened,
    Calm,
    Close,
    Command,
    ConditionChanged,
    DisposalPlanned,
    Escalate,
    Event,
    Judge,
    Observe,
    PlanDisposal,
    Remind,
    Resolve,
    Said,
    Stage,
    StartVerifying,
    VerificationStarted,
    Watch,
)
from mingjing_funds.domain.alerting.persisting import Again, again, words
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

_RANK = {Severity.NOTICE: 1, Severity.YELLOW: 2, Severity.RED: 3}
_CLEARS_ITSELF = frozenset({Stage.RAISED, Stage.ACKNOWLEDGED})


def decide(command: Command, watch: Watch) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case Observe():
            return [*_on_record(command, watch), *_observe(command, watch)]
        case Remind():
            return _remind(command, watch)
        case Escalate():
            return _escalate(command, watch)
        case Acknowledge() | StartVerifying() | Judge() | PlanDisposal() | Resolve() | Close():
            if _is_done(command, watch):
                return []
            if (why := hindrance(type(command), watch, command.alert_id)) is not None:
                raise why
            assert isinstance(watch, Alert)
            return [_act(command, watch)]
        case _:
            assert_never(command)


def evolve(watch: Watch, event: Event) -> Watch:
    """The watch after a fact."""
    match event:
        case Evaluated():
            last = watch.evaluated
            is_latest = last is None or event.features.day >= last.features.day
            return replace(watch, evaluated=event) if is_latest else watch
        case AlertRaised():
            return _new(event, watch.evaluated)
        case AlertWorsened() | AlertReturned():
            return _worse(_alert(watch), event)
        case ConditionChanged():
            return replace(_alert(watch), quiet_since=event.quiet_since)
        case AlertCleared():
            stage = Stage.CLEARED if _alert(watch).stands else _alert(watch).stage
            return replace(_alert(watch), stage=stage, seen_on=event.on, is_over=True)
        case AlertClosed():
            return replace(_alert(watch), stage=Stage.CLOSED)
        case AlertJudged():
            stage = Stage.CONFIRMED if event.is_confirmed else Stage.FALSE_POSITIVE
            return replace(_alert(watch), stage=stage, false_on=None if event.is_confirmed else event.on)
        case AlertReminded() | AlertEscalated():
            return _told_of_time(_alert(watch), event)
        case AlertAcknowledged() | VerificationStarted() | DisposalPlanned() | AlertResolved():
            return replace(_alert(watch), stage=_STAGE_AFTER[type(event)])
        case _:
            assert_never(event)


LIFE: Decider[Command, Watch, Event] = Decider(initial=Calm(), decide=decide, evolve=evolve)

_STAGE_AFTER: dict[type, Stage] = {
    AlertAcknowledged: Stage.ACKNOWLEDGED,
    VerificationStarted: Stage.VERIFYING,
    DisposalPlanned: Stage.DISPOSING,
    AlertResolved: Stage.RESOLVED,
}
FROM: dict[type, frozenset[Stage]] = {
    Acknowledge: frozenset({Stage.RAISED}),
    StartVerifying: frozenset({Stage.ACKNOWLEDGED}),
    Judge: frozenset({Stage.VERIFYING}),
    PlanDisposal: frozenset({Stage.CONFIRMED}),
    Resolve: frozenset({Stage.DISPOSING}),
    Close: frozenset({Stage.RESOLVED, Stage.FALSE_POSITIVE}),
}
"""From which stages a step is taken."""


def hindrance(step: type, watch: Watch, alert_id: UUID) -> Refusal | None:
    """Why an alert as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step not in FROM:
        return None
    if not isinstance(watch, Alert) or watch.alert_id != alert_id:
        return because.AlertUnknown(alert_id=alert_id)
    if not watch.stands:
        return because.AlertEnded(stage=watch.stage.value)
    if watch.stage not in FROM[step]:
        wanted = ", ".join(sorted(stage.value for stage in FROM[step]))
        return because.NotAtThisStage(stage=watch.stage.value, wanted=wanted)
    return None


def _is_done(command: Command, watch: Watch) -> bool:
    """Whether exactly this step was taken before: said twice, it is said once."""
    if not isinstance(watch, Alert) or getattr(command, "alert_id", None) != watch.alert_id:
        return False
    match command:
        case Judge():
            return watch.stage is (Stage.CONFIRMED if command.is_confirmed else Stage.FALSE_POSITIVE)
        case Acknowledge():
            return watch.stage is Stage.ACKNOWLEDGED
        case StartVerifying():
            return watch.stage is Stage.VERIFYING
        case PlanDisposal():
            return watch.stage is Stage.DISPOSING
        case Resolve():
            return watch.stage is Stage.RESOLVED
        case Close():
            return watch.stage is Stage.CLOSED
        case _:
            return False


def _act(command: Acknowledge | StartVerifying | Judge | PlanDisposal | Resolve | Close, alert: Alert) -> Event:
    who = {"alert_id": command.alert_id, "by": command.by, "on": command.on}
    match command:
        case Acknowledge():
            return AlertAcknowledged(**who)  # type: ignore[arg-type]
        case StartVerifying():
            return VerificationStarted(severity=alert.severity, **who)  # type: ignore[arg-type]
        case Judge():
            _require(command.evidence)
            told = {"subject": alert.subject, "severity": alert.severity, "is_confirmed": command.is_confirmed}
            return AlertJudged(evidence=command.evidence, times=alert.times, **told, **who)  # type: ignore[arg-type]
        case PlanDisposal():
            if not command.plan.strip():
                raise because.PlanMissing
            return DisposalPlanned(plan=command.plan, **who)  # type: ignore[arg-type]
        case Resolve():
            return AlertResolved(**who)  # type: ignore[arg-type]
        case Close():
            return _closed(command, alert)
        case _:
            assert_never(command)


def _closed(command: Close, alert: Alert) -> AlertClosed:
    _require(command.evidence)
    if (command.disposal == "false-positive") != (alert.stage is Stage.FALSE_POSITIVE):
        raise because.DisposalDoesNotFit(disposal=command.disposal, stage=alert.stage.value)
    return AlertClosed(
        alert_id=command.alert_id,
        disposal=command.disposal,
        evidence=command.evidence,
        by=command.by,
        on=command.on,
    )


def _require(evidence: str) -> None:
    if not evidence.strip():
        raise because.EvidenceMissing


def _on_record(command: Observe, watch: Watch) -> list[Event]:
    """The evaluation itself, where its rule keeps the quiet ones: once a day on the same figures."""
    return [] if command.evaluated in (None, watch.evaluated) else [command.evaluated]


def _new(event: AlertRaised, evaluated: Evaluated | None) -> Alert:
    said = event.said
    return Alert(
        alert_id=event.alert_id,
        subject=event.subject,
        severity=_severity(said),
        stage=Stage.RAISED,
        raised_on=said.day,
        seen_on=said.day,
        evaluated=evaluated,
        times=event.times,
        said=said,
    )


def _observe(command: Observe, watch: Watch) -> list[Event]:
    said = command.said
    if isinstance(watch, Calm):
        is_past = watch.evaluated is not None and said.day < watch.evaluated.features.day
        return [] if said.severity is None or is_past else [_raised(command)]
    if said.day < watch.seen_on:
        return []  # a day before one that was evaluated: it is on record, and changes nothing today
    if said.severity is None:
        return _quiet(command, watch)
    if watch.is_over:
        return _again(command, watch)
    if _RANK[said.severity] > _RANK[watch.severity]:
        return [_worsened(command, watch) if watch.stands else _raised(command)]
    if watch.false_on is not None and (why := again(said, watch.said, watch.false_on, command.silence)) is not None:
        return [_told_again(command, watch, why, watch.false_on)]
    return [ConditionChanged(alert_id=watch.alert_id, quiet_since=None)] if watch.quiet_since else []


def _quiet(command: Observe, alert: Alert) -> list[Event]:
    """The condition is false today. It has to stay so for the hysteresis before anything follows."""
    if alert.is_over:
        return []
    day = command.said.day
    if alert.quiet_since is None:
        return [ConditionChanged(alert_id=alert.alert_id, quiet_since=day)]
    may_clear = alert.stage in _CLEARS_ITSELF or not alert.stands
    if may_clear and (day - alert.quiet_since).days >= command.hysteresis_days:
        return [AlertCleared(alert_id=alert.alert_id, on=day)]
    return []


def _again(command: Observe, alert: Alert) -> list[Event]:
    """It fires after it was over: what cleared by itself stands again within its window; else it is a new alert."""
    said = command.said
    assert said.severity is not None
    is_within = (said.day - alert.raised_on).days < command.window_days
    if alert.stage is Stage.CLEARED and is_within and _RANK[said.severity] <= _RANK[alert.severity]:
        back = {"alert_id": alert.alert_id, "subject": command.subject, "said": said, "times": command.times}
        return [AlertReturned(since=alert.raised_on, **back)]  # type: ignore[arg-type]
    return [_raised(command)]


def _told_again(command: Observe, alert: Alert, why: Again, judged_on: date) -> AlertReturned | AlertRaised:
    """A false alarm that goes on: the alert that nobody closed stands again, of a closed one there is a new one."""
    zh, en = words(why, judged_on, command.said)
    said = replace(command.said, because_zh=zh, because_en=en)
    told = {"subject": command.subject, "said": said, "since": alert.raised_on, "times": command.times, "again": why}
    if alert.stands:
        return AlertReturned(alert_id=alert.alert_id, **told)  # type: ignore[arg-type]
    return AlertRaised(alert_id=command.alert_id, **told)  # type: ignore[arg-type]


def _raised(command: Observe) -> AlertRaised:
    return AlertRaised(
        alert_id=command.alert_id,
        subject=command.subject,
        said=command.said,
        since=command.said.day,
        times=command.times,
    )


def _worsened(command: Observe, alert: Alert) -> AlertWorsened:
    return AlertWorsened(
        alert_id=alert.alert_id,
        subject=command.subject,
        said=command.said,
        since=alert.raised_on,
        times=command.times,
        stage=_AFTER_WORSE.get(alert.stage, alert.stage),
    )


_AFTER_WORSE = {
    Stage.ACKNOWLEDGED: Stage.RAISED,
    Stage.FALSE_POSITIVE: Stage.RAISED,
    Stage.DISPOSING: Stage.CONFIRMED,
    Stage.RESOLVED: Stage.CONFIRMED,
}
"""Where a graver alert stands: what was acknowledged, found false, planned or resolved was something milder. Who is
verifying goes on, and who has confirmed it plans.
"""


def _worse(alert: Alert, event: AlertWorsened | AlertReturned) -> Alert:
    is_back = isinstance(event, AlertReturned) or alert.stage is Stage.CLEARED
    stage = Stage.RAISED if is_back else alert.stage
    is_anew = is_back
    if isinstance(event, AlertWorsened) and event.stage is not None:
        stage, is_anew = event.stage, True
    return replace(
        alert,
        severity=_severity(event.said),
        subject=event.subject,
        stage=stage,
        seen_on=event.said.day,
        quiet_since=None,
        is_over=False,
        escalated=frozenset() if is_anew else alert.escalated,
        reminded=frozenset() if is_anew else alert.reminded,
        times=event.times,
        said=event.said,
        false_on=None if is_anew else alert.false_on,
    )


def _told_of_time(alert: Alert, event: AlertReminded | AlertEscalated) -> Alert:
    if isinstance(event, AlertReminded):
        return replace(alert, reminded=alert.reminded | {event.clock})
    return replace(alert, escalated=alert.escalated | {event.clock})


def _remind(command: Remind, watch: Watch) -> list[Event]:
    if not isinstance(watch, Alert) or not watch.stands or command.clock in watch.reminded:
        return []
    return [AlertReminded(alert_id=watch.alert_id, clock=command.clock, stage=watch.stage, on=command.on)]


def _escalate(command: Escalate, watch: Watch) -> list[Event]:
    if not isinstance(watch, Alert) or not watch.stands or command.clock in watch.escalated:
        return []
    return [
        AlertEscalated(
            alert_id=watch.alert_id, subject=watch.subject, clock=command.clock, stage=watch.stage, on=command.on
        )
    ]


def _alert(watch: Watch) -> Alert:
    assert isinstance(watch, Alert), "the first fact raises the alert"
    return watch


def _severity(said: Said) -> Severity:
    assert said.severity is not None, "an alert has a severity"
    return said.severity
