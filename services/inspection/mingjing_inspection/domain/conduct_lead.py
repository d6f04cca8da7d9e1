"""Restricted lead about a school teacher's conduct (师德线索): an in-service teacher may teach for money (X18).

Source: 教师〔2015〕5号 and 双减《意见》. One rule: it is for education discipline alone. It names a place, never an
institution, so that nothing of it can reach one; who is meant stays sealed where it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class ConductLeadUnknown(NotFound):
    """There is none, or it is not for the caller."""

    sentence = "There is no such lead about a teacher's conduct."
    remedy = "Open the list of these leads; it is for education discipline alone."
    field = "lead_id"


class ConductLeadTaken(Refusal):
    """Somebody looks into it."""

    sentence = "Somebody is looking into this lead about a teacher already."
    remedy = "Go on with it, or choose another."
    field = "lead_id"


class ConductLeadNotTaken(Refusal):
    """Nobody looked into it."""

    sentence = "Nobody has begun to look into this lead about a teacher."
    remedy = "Begin to look into it first."
    field = "lead_id"


class ConductLeadOver(Refusal):
    """Concluded."""

    sentence = "This lead about a teacher was concluded."
    remedy = "A new sign opens a new lead."
    field = "lead_id"


class ConductWordsMissing(Invalid):
    """A conclusion without a word."""

    sentence = "A lead about a teacher is concluded with what was found."
    remedy = "Say in a sentence what was looked into and how."
    field = "note"


class ConductSource(StrEnum):
    """What it came from."""

    LEAD = "LEAD"
    """无证培训线索"""
    FINDING = "FINDING"
    """问题案卷"""


class ConductStage(StrEnum):
    """How far it is."""

    OPEN = "OPEN"
    """待核查"""
    VERIFYING = "VERIFYING"
    """核查中"""
    SUBSTANTIATED = "SUBSTANTIATED"
    """属实"""
    NOT_SUBSTANTIATED = "NOT_SUBSTANTIATED"
    """查无实据"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConductLead:
    """X18 opens it. ``people`` is how many persons are sealed in the lead it came from."""

    source: ConductSource
    source_id: UUID
    region: str
    department: str
    category: str
    address: str
    summary: str
    people: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeConductLead:
    """An officer of education discipline looks into it."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeConductLead:
    """What came of it."""

    is_substantiated: bool
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductLeadOpened:
    """There is one."""

    source: ConductSource
    source_id: UUID
    region: str
    department: str
    category: str
    address: str
    summary: str
    people: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductLeadTakenOn:
    """Somebody is on it."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductLeadConcluded:
    """It is so, or it is not."""

    is_substantiated: bool
    note: str
    by: str
    on: date


Command: TypeAlias = OpenConductLead | TakeConductLead | ConcludeConductLead
Event: TypeAlias = ConductLeadOpened | ConductLeadTakenOn | ConductLeadConcluded
ConductLead: TypeAlias = ConductStage | None


def hindrance(step: type[Any], lead: ConductLead) -> Refusal | None:
    """Why it does not take a step as it stands; ``None`` where it may."""
    if step is OpenConductLead:
        return None
    if lead is None:
        return ConductLeadUnknown()
    if lead in (ConductStage.SUBSTANTIATED, ConductStage.NOT_SUBSTANTIATED):
        return ConductLeadOver()
    if step is TakeConductLead:
        return ConductLeadTaken() if lead is ConductStage.VERIFYING else None
    return ConductLeadNotTaken() if lead is ConductStage.OPEN else None


def _decide(command: Command, lead: ConductLead) -> list[Event]:
    if (why := hindrance(type(command), lead)) is not None:
        raise why
    match command:
        case OpenConductLead():
            return [] if lead is not None else [_opened(command)]
        case TakeConductLead():
            return [ConductLeadTakenOn(by=command.by, on=command.on)]
        case ConcludeConductLead():
            if not (note := command.note.strip()):
                raise ConductWordsMissing
            said = command.is_substantiated
            return [ConductLeadConcluded(is_substantiated=said, note=note, by=command.by, on=command.on)]
        case _:
            assert_never(command)


def _opened(command: OpenConductLead) -> ConductLeadOpened:
    return ConductLeadOpened(
        source=command.source,
        source_id=command.source_id,
        region=command.region,
        department=command.department,
        category=command.category,
        address=command.address,
        summary=command.summary,
        people=command.people,
        at=command.at,
    )


def _evolve(_lead: ConductLead, event: Event) -> ConductLead:
    match event:
        case ConductLeadOpened():
            return ConductStage.OPEN
        case ConductLeadTakenOn():
            return ConductStage.VERIFYING
        case ConductLeadConcluded():
            return ConductStage.SUBSTANTIATED if event.is_substantiated else ConductStage.NOT_SUBSTANTIATED
        case _:
            assert_never(event)


CONDUCT_LEAD: Decider[Command, ConductLead, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
