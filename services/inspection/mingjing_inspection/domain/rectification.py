"""Rectification (限期整改): proposed by a machine or an official, ordered by an official, put right, looked at, ended.

One rule: whoever ordered it, or says that it is put right, is not who looks whether it is. A machine proposes; the
order, and the pause of recruiting that may go with it, are an official's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeAlias, assert_never

from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain import rectification_refusals as because
from mingjing_inspection.domain.rectification_facts import Command, Event, Grounds
from mingjing_inspection.domain.reminding import reminder_days
from mingjing_inspection.domain.visit import SHA256_HEX
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Refusal

PHOTOS_MAX = 60


class Stage(StrEnum):
    """How far it is."""

    PROPOSED = "PROPOSED"
    """待决定"""
    DECLINED = "DECLINED"
    """不予责令"""
    ORDERED = "ORDERED"
    """已责令"""
    IN_PROGRESS = "IN_PROGRESS"
    """整改中"""
    SELF_REPORTED = "SELF_REPORTED"
    """已自报"""
    RECHECK = "RECHECK"
    """待复查"""
    PASSED = "PASSED"
    """已销号"""
    FAILED = "FAILED"
    """未整改到位"""


class Pause(StrEnum):
    """What became of the proposal to pause recruiting."""

    NONE = "NONE"
    """未建议"""
    PROPOSED = "PROPOSED"
    """建议暂停招生"""
    ORDERED = "ORDERED"
    """已决定暂停招生"""
    DECLINED = "DECLINED"
    """不予暂停"""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was proposed or ordered under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A rectification; ``order`` once it was ordered."""

    stage: Stage
    grounds: Grounds
    pause: Pause
    order: r.RectificationOrdered | None = None
    is_reminded: bool = False


Rectification: TypeAlias = Nothing | Known
_OPEN = (Stage.ORDERED, Stage.IN_PROGRESS, Stage.SELF_REPORTED, Stage.RECHECK)
_OVER = (Stage.DECLINED, Stage.PASSED, Stage.FAILED)
_UNORDERED = {Stage.PROPOSED: because.NotOrdered, **dict.fromkeys(_OVER, because.RectificationOver)}
_HINDRANCES: Mapping[type[Any], Mapping[Stage, type[Refusal]]] = {
    r.OrderRectification: {
        **dict.fromkeys(_OPEN, because.RectificationOrderedBefore),
        **dict.fromkeys(_OVER, because.RectificationOver),
    },
    r.DeclineRectification: {
        **dict.fromkeys(_OPEN[1:], because.RectificationOrderedBefore),
        **dict.fromkeys(_OVER, because.RectificationOver),
    },
    r.ServeRectification: {
        **_UNORDERED,
        **dict.fromkeys((Stage.IN_PROGRESS, Stage.SELF_REPORTED, Stage.RECHECK), because.NoticeServedBefore),
    },
    r.SelfReport: {**_UNORDERED, Stage.ORDERED: because.NoticeNotServed},
    r.RecheckRectification: {
        **_UNORDERED,
        Stage.ORDERED: because.NoticeNotServed,
        Stage.IN_PROGRESS: because.NothingToRecheck,
    },
}


def hindrance(step: type[Any], rectification: Rectification) -> Refusal | None:
    """Why it does not take a step as it stands, whatever the step says; ``None`` where it may."""
    if isinstance(rectification, Nothing):
        starts = (r.ProposeRectification, r.OrderRectification)
        return None if step in starts else because.RectificationUnknown()
    if step is r.DecidePause and rectification.stage in _OVER:
        return because.RectificationOver()
    if step is r.DecidePause:
        is_decided = rectification.pause is not Pause.PROPOSED
        return because.PauseNotProposed() if is_decided else None
    why = _HINDRANCES.get(step, {}).get(rectification.stage)
    return why() if why is not None else None


def decide(command: Command, rectification: Rectification) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case r.ProposeRectification():
            return _propose(command, rectification)
        case r.OrderRectification():
            return _order(command, rectification)
        case r.LapseRectification():
            return _lapse(command, rectification)
        case r.RemindRectification():
            return _remind(command, rectification)
        case _:
            if (why := hindrance(type(command), rectification)) is not None:
                raise why
            assert isinstance(rectification, Known)
            return [_step(command, rectification)]


def evolve(rectification: Rectification, event: Event) -> Rectification:
    """It after a fact."""
    if isinstance(event, r.RectificationProposed):
        pause = Pause.PROPOSED if event.proposes_pause else Pause.NONE
        return Known(stage=Stage.PROPOSED, grounds=event.grounds, pause=pause)
    if isinstance(event, r.RectificationOrdered):
        before = rectification.pause if isinstance(rectification, Known) else Pause.NONE
        return Known(stage=Stage.ORDERED, grounds=event.grounds, pause=before, order=event)
    assert isinstance(rectification, Known)
    match event:
        case r.RecruitingPauseDecided():
            return replace(rectification, pause=Pause.ORDERED if event.is_paused else Pause.DECLINED)
        case r.RectificationDeclined():
            return replace(rectification, stage=Stage.DECLINED)
        case r.RectificationServed():
            return replace(rectification, stage=Stage.IN_PROGRESS)
        case r.RectificationSelfReported():
            return replace(rectification, stage=Stage.SELF_REPORTED)
        case r.RectificationReminded():
            return replace(rectification, is_reminded=True)
        case r.RectificationLapsed():
            return replace(rectification, stage=Stage.RECHECK)
        case r.RectificationRechecked():
            return replace(rectification, stage=Stage.PASSED if event.is_passed else Stage.FAILED)
        case _:
            assert_never(event)


RECTIFICATION: Decider[Command, Rectification, Event] = Decider(initial=Nothing(), decide=decide, evolve=evolve)


def _propose(command: r.ProposeRectification, rectification: Rectification) -> list[Event]:
    if isinstance(rectification, Known):
        return []  # The id is made of what it reacts to: proposed once is proposed.
    return [
        r.RectificationProposed(
            grounds=command.grounds, proposes_pause=command.proposes_pause, reaction=command.reaction, at=command.at
        )
    ]


def _order(command: r.OrderRectification, rectification: Rectification) -> list[Event]:
    if (why := hindrance(r.OrderRectification, rectification)) is not None:
        raise why
    if command.deadline <= command.on:
        raise because.RectificationDeadlinePassed
    requirements = tuple(filter(None, (one.strip() for one in command.requirements)))
    if not requirements or not command.legal_basis.strip():
        raise because.OrderUnexplained
    grounds = rectification.grounds if isinstance(rectification, Known) else command.grounds
    if grounds.institution_id != command.grounds.institution_id:
        raise because.RectificationOfAnother
    return [
        r.RectificationOrdered(
            grounds=grounds,
            requirements=requirements,
            legal_basis=command.legal_basis.strip(),
            deadline=command.deadline,
            recheck_days=command.recheck_days,
            policy=command.policy,
            by=command.by,
            on=command.on,
        )
    ]


def remind_on(order: r.RectificationOrdered) -> date:
    """The last day on which nobody is reminded yet: the part of the time that was decided has passed with it."""
    return order.on + timedelta(days=reminder_days((order.deadline - order.on).days, order.policy))


def _remind(command: r.RemindRectification, rectification: Rectification) -> list[Event]:
    """The time is nearly over and nobody says that it is put right: told once."""
    if isinstance(rectification, Nothing) or rectification.order is None or rectification.is_reminded:
        return []
    order, is_under_way = rectification.order, rectification.stage in (Stage.ORDERED, Stage.IN_PROGRESS)
    if not is_under_way or not remind_on(order) < command.on <= order.deadline:
        return []
    return [r.RectificationReminded(deadline=order.deadline, on=command.on)]


def _lapse(command: r.LapseRectification, rectification: Rectification) -> list[Event]:
    """The deadline has passed and nobody says that it is put right: somebody goes and looks all the same."""
    if isinstance(rectification, Nothing):
        return []
    order = rectification.order
    if order is None or rectification.stage is not Stage.IN_PROGRESS or command.on <= order.deadline:
        return []
    return [r.RectificationLapsed(deadline=order.deadline, recheck_days=order.recheck_days, on=command.on)]


def _step(
    command: r.DeclineRectification | r.DecidePause | r.ServeRectification | r.SelfReport | r.RecheckRectification,
    known: Known,
) -> Event:
    by, on = command.by, command.on
    match command:
        case r.DeclineRectification():
            return r.RectificationDeclined(reason=_said(command.reason), by=by, on=on)
        case r.DecidePause():
            reason, basis = _said(command.reason), _said(command.legal_basis)
            return r.RecruitingPauseDecided(is_paused=command.is_paused, reason=reason, legal_basis=basis, by=by, on=on)
        case r.ServeRectification():
            _in_time(command, known)
            return r.RectificationServed(served_on=command.served_on, manner=_said(command.manner), by=by, on=on)
        case r.SelfReport():
            _checked(command.photos)
            return r.RectificationSelfReported(
                measures=_said(command.measures), photos=command.photos, recheck_days=command.recheck_days, by=by, on=on
            )
        case r.RecheckRectification():
            whose = known.grounds.institution_id
            return fact(r.RectificationRechecked, command, institution_id=whose, note=_said(command.note))
        case _:
            assert_never(command)


def _in_time(command: r.ServeRectification, known: Known) -> None:
    assert known.order is not None
    if not known.order.on <= command.served_on <= min(command.on, known.order.deadline):
        raise because.NoticeServedOutOfTime


def _said(words: str) -> str:
    if not words.strip():
        raise because.RectificationWordsMissing
    return words.strip()


def _checked(photos: tuple[str, ...]) -> None:
    if not photos or len(photos) > PHOTOS_MAX or not all(SHA256_HEX.fullmatch(photo) for photo in photos):
        raise because.SelfReportWithoutPhotos(maximum=PHOTOS_MAX)
