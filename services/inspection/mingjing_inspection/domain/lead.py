"""Lead (线索) for enforcement: an unverified signal of wrongdoing, with where it came from.

One rule: a lead accuses nobody. A machine may open one; a person verifies it, another proposes a case or lets it go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.finding_terms import Place
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class LeadUnknown(NotFound):
    """There is no such lead."""

    sentence = "No lead was opened under this id."
    remedy = "Open the list of leads and choose one."
    field = "lead_id"


class LeadTaken(Refusal):
    """Somebody verifies it."""

    sentence = "Somebody is verifying this lead already."
    remedy = "Go on with it, or choose another."
    field = "lead_id"


class LeadNotTaken(Refusal):
    """Nobody verified it."""

    sentence = "Nobody has begun to verify this lead."
    remedy = "Begin to verify it first."
    field = "lead_id"


class LeadOver(Refusal):
    """Concluded."""

    sentence = "This lead was concluded."
    remedy = "Open a new one if something new is known."
    field = "lead_id"


class LeadWordsMissing(Invalid):
    """A conclusion without a word."""

    sentence = "A lead is concluded with what was found."
    remedy = "Say in a sentence what was verified and how."
    field = "note"


class LeadOrigin(StrEnum):
    """What opened it."""

    VETO = "VETO"
    """一票否决项"""
    RECTIFICATION_FAILED = "RECTIFICATION_FAILED"
    """整改未到位"""
    REPORT_VERIFIED = "REPORT_VERIFIED"
    """举报核查属实"""


class LeadStage(StrEnum):
    """How far it is."""

    OPEN = "OPEN"
    """待核查"""
    VERIFYING = "VERIFYING"
    """核查中"""
    CASE_PROPOSED = "CASE_PROPOSED"
    """建议立案"""
    NOT_SUBSTANTIATED = "NOT_SUBSTANTIATED"
    """查无实据"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLead:
    """A reaction opens it; ``source_id`` is the finding or rectification that it came from."""

    origin: LeadOrigin
    stage: LeadStage
    place: Place
    department: str
    source_id: UUID
    summary: str
    reaction: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLead:
    """An official begins to verify it."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeLead:
    """What came of it: a case is proposed, or nothing was found."""

    is_case_proposed: bool
    note: str
    by: str
    on: date


Command: TypeAlias = OpenLead | VerifyLead | ConcludeLead


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOpened:
    """There is a lead."""

    origin: LeadOrigin
    stage: LeadStage
    place: Place
    department: str
    source_id: UUID
    summary: str
    reaction: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadVerificationStarted:
    """Somebody is on it."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadConcluded:
    """A case is proposed, or it was nothing."""

    is_case_proposed: bool
    note: str
    by: str
    on: date


Event: TypeAlias = LeadOpened | LeadVerificationStarted | LeadConcluded
Lead: TypeAlias = LeadStage | None


def hindrance(step: type[Any], lead: Lead) -> Refusal | None:
    """Why a lead as it stands does not take a step; ``None`` where it may."""
    if lead is None:
        return None if step is OpenLead else LeadUnknown()
    if step is OpenLead:
        return None
    if lead in (LeadStage.CASE_PROPOSED, LeadStage.NOT_SUBSTANTIATED):
        return LeadOver()
    if step is VerifyLead:
        return LeadTaken() if lead is LeadStage.VERIFYING else None
    return LeadNotTaken() if lead is LeadStage.OPEN else None


def _decide(command: Command, lead: Lead) -> list[Event]:
    if (why := hindrance(type(command), lead)) is not None:
        raise why
    match command:
        case OpenLead():
            return [] if lead is not None else [_opened(command)]
        case VerifyLead():
            return [LeadVerificationStarted(by=command.by, on=command.on)]
        case ConcludeLead():
            if not command.note.strip():
                raise LeadWordsMissing
            note = command.note.strip()
            return [LeadConcluded(is_case_proposed=command.is_case_proposed, note=note, by=command.by, on=command.on)]
        case _:
            assert_never(command)


def _opened(command: OpenLead) -> LeadOpened:
    return LeadOpened(
        origin=command.origin,
        stage=command.stage,
        place=command.place,
        department=command.department,
        source_id=command.source_id,
        summary=command.summary,
        reaction=command.reaction,
        at=command.at,
    )


def _evolve(_lead: Lead, event: Event) -> Lead:
    match event:
        case LeadOpened():
            return event.stage
        case LeadVerificationStarted():
            return LeadStage.VERIFYING
        case LeadConcluded():
            return LeadStage.CASE_PROPOSED if event.is_case_proposed else LeadStage.NOT_SUBSTANTIATED
        case _:
            assert_never(event)


LEAD: Decider[Command, Lead, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
