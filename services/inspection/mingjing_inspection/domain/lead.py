"""Lead (线索) for enforcement: an unverified signal of wrongdoing, with where it came from.

One rule: a lead accuses nobody. A machine may open one; a person verifies it, another proposes a case or lets it go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias, assert_never

from mingjing_inspection.domain.lead_checks import check, check_photos, check_times
from mingjing_inspection.domain.lead_facts import (
    AnswerTriage,
    Command,
    ConcludeLead,
    ConfirmTriage,
    Event,
    FindPremises,
    LeadConcluded,
    LeadOpened,
    LeadReported,
    LeadSeenAgain,
    LeadStage,
    LeadVerificationStarted,
    NoteToldRegistry,
    OpenLead,
    ReportLead,
    SeeAgain,
    TriageAnswered,
    TriageConfirmed,
    UnlicensedPremisesFound,
    UnlicensedPremisesNotified,
    UnlicensedPremisesWithdrawn,
    VerifyLead,
)
from mingjing_inspection.domain.lead_others import (
    EscalateLead,
    KeepOther,
    LeadEscalated,
    LeadOtherKept,
    LeadOtherSettled,
    Other,
    SettleOther,
    keep,
    settle,
    settled,
)
from mingjing_inspection.domain.lead_refusals import (
    LeadHasInstitution,
    LeadNotTaken,
    LeadOtherUnknown,
    LeadOver,
    LeadPhotoUnreadable,
    LeadReportedAlready,
    LeadSightingEmpty,
    LeadSightingsTooMany,
    LeadTaken,
    LeadUnknown,
    LeadVerdictMissing,
    LeadWordsMissing,
    PremisesFoundAlready,
    TriageEvidenceForeign,
    TriageEvidenceMissing,
    TriageNotEstablished,
    TriageVerdictOther,
)
from mingjing_inspection.domain.lead_terms import (
    PHOTOS_ALL_MAX,
    SIGHTINGS_MAX,
    LeadOrigin,
    LeadPerson,
)
from mingjing_inspection.domain.lead_triage import Answer, Question, Verdict, triage
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

__all__ = [
    "LEAD",
    "ConcludeLead",
    "Known",
    "LeadConcluded",
    "LeadNotTaken",
    "LeadOpened",
    "LeadOrigin",
    "LeadOver",
    "LeadStage",
    "LeadTaken",
    "LeadUnknown",
    "LeadVerificationStarted",
    "OpenLead",
    "VerifyLead",
    "hindrance",
]
_OVER: Final = (LeadStage.CASE_PROPOSED, LeadStage.NOT_SUBSTANTIATED)
_OF_PLACES: Final = (SeeAgain, FindPremises, AnswerTriage, ConfirmTriage, NoteToldRegistry, KeepOther, SettleOther)
"""Steps of leads that a person reported about a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A lead as it stands; ``report`` where a person reported it, ``photos`` those and later ones."""

    stage: LeadStage
    report: LeadReported | None = None
    photos: tuple[str, ...] = ()
    sightings: int = 0
    found: UnlicensedPremisesFound | None = None
    told_at: datetime | None = None
    answers: Mapping[Question, Answer] = field(default_factory=lambda: MappingProxyType({}))
    verdict: Verdict | None = None
    verifier: str = ""
    """Who took it on; empty where a machine opened it as being verified and nobody has."""
    others: tuple[Other, ...] = ()
    is_escalated: bool = False

    @property
    def people(self) -> tuple[LeadPerson, ...]:
        """Everybody sealed with it, in the order of their numbers."""
        told = [self.report.told] if self.report else []
        return tuple(person for one in (*told, *(other.kept.told for other in self.others)) for person in one.people)


Lead: TypeAlias = Known | None
_Further: TypeAlias = (
    LeadSeenAgain
    | LeadVerificationStarted
    | UnlicensedPremisesFound
    | TriageAnswered
    | TriageConfirmed
    | UnlicensedPremisesNotified
    | UnlicensedPremisesWithdrawn
    | LeadOtherKept
    | LeadOtherSettled
    | LeadEscalated
    | LeadConcluded
)


_FurtherCommand: TypeAlias = (
    SeeAgain
    | FindPremises
    | AnswerTriage
    | ConfirmTriage
    | NoteToldRegistry
    | KeepOther
    | SettleOther
    | EscalateLead
    | ConcludeLead
)


def hindrance(step: type[Any], lead: Lead) -> Refusal | None:
    """Why a lead as it stands does not take a step; ``None`` where it may."""
    if lead is None:
        return None if step in (OpenLead, ReportLead) else LeadUnknown()
    if step is ReportLead:
        return LeadReportedAlready()
    if step in (OpenLead, NoteToldRegistry, EscalateLead):
        return None
    if step in _OF_PLACES and lead.report is None:
        return LeadHasInstitution()
    if step in (KeepOther, SettleOther):  # what came is kept, and decided on, whatever became of the lead
        is_idle = step is SettleOther and all(one.is_settled for one in lead.others)
        return LeadOtherUnknown(number=len(lead.others)) if is_idle else None
    if lead.stage in _OVER:
        return LeadOver()
    if step is VerifyLead:
        return LeadTaken() if lead.verifier else None
    if step is SeeAgain:
        return LeadSightingsTooMany(maximum=SIGHTINGS_MAX) if lead.sightings >= SIGHTINGS_MAX else None
    if lead.stage is LeadStage.OPEN or not lead.verifier:
        return LeadNotTaken()
    return PremisesFoundAlready() if step is FindPremises and lead.found is not None else None


def _decide(command: Command, lead: Lead) -> list[Event]:
    if (why := hindrance(type(command), lead)) is not None:
        raise why
    match command:
        case OpenLead():
            return [] if lead is not None else [LeadOpened(**_same(command))]
        case ReportLead():
            check(command.told)
            return [LeadReported(**_same(command))]
        case VerifyLead():
            return [LeadVerificationStarted(by=command.by, on=command.on)]
        case _:
            assert lead is not None, "hindrance lets no other step through"
            return _go_on(command, lead)


def _go_on(command: _FurtherCommand, lead: Known) -> list[Event]:
    match command:
        case KeepOther():
            return [*keep(command, lead.others)]
        case SettleOther():
            return _settle(command, lead)
        case EscalateLead():
            return _escalate(command, lead)
        case SeeAgain():
            return _see_again(command, lead)
        case FindPremises():
            return [_found(command, lead)]
        case AnswerTriage():
            return _answer(command, lead)
        case ConfirmTriage():
            return [_confirmed(command, lead)]
        case NoteToldRegistry():
            return _notify(command, lead)
        case ConcludeLead():
            return _concluded(command, lead)
        case _:
            assert_never(command)


def _evolve(lead: Lead, event: Event) -> Lead:
    match event:
        case LeadOpened():
            return Known(stage=event.stage)
        case LeadReported():
            return Known(stage=LeadStage.OPEN, report=event, photos=event.told.photos)
        case _:
            assert lead is not None, "each further fact is of a lead that was opened"
            return _after(lead, event)


def _after(lead: Known, event: _Further) -> Known:
    match event:
        case LeadSeenAgain():
            photos = tuple(dict.fromkeys((*lead.photos, *event.photos)))
            return replace(lead, photos=photos, sightings=lead.sightings + 1)
        case LeadVerificationStarted():
            return replace(lead, stage=LeadStage.VERIFYING, verifier=event.by)
        case LeadOtherKept() | LeadOtherSettled() | LeadEscalated():
            return _beside(lead, event)
        case UnlicensedPremisesFound():
            return replace(lead, found=event)
        case TriageAnswered():
            return replace(lead, answers={**lead.answers, event.question: event.answer}, verdict=None)
        case TriageConfirmed():
            return replace(lead, verdict=event.verdict)
        case UnlicensedPremisesNotified():
            return replace(lead, told_at=event.at)
        case UnlicensedPremisesWithdrawn():
            return replace(lead, told_at=None)
        case LeadConcluded():
            return replace(
                lead, stage=LeadStage.CASE_PROPOSED if event.is_case_proposed else LeadStage.NOT_SUBSTANTIATED
            )
        case _:
            assert_never(event)


def _beside(lead: Known, event: LeadOtherKept | LeadOtherSettled | LeadEscalated) -> Known:
    match event:
        case LeadOtherKept():
            return replace(lead, others=(*lead.others, Other(kept=event)))
        case LeadOtherSettled():
            return replace(lead, others=settled(lead.others, event.number))
        case LeadEscalated():
            return replace(lead, is_escalated=True)
        case _:
            assert_never(event)


LEAD: Decider[Command, Lead, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)


def _see_again(command: SeeAgain, lead: Known) -> list[Event]:
    if not (command.times or command.prices or command.photos or command.note.strip()):
        raise LeadSightingEmpty
    check_times(command.times)
    check_photos(command.photos)
    if len({*lead.photos, *command.photos}) > PHOTOS_ALL_MAX:
        raise LeadPhotoUnreadable(maximum=PHOTOS_ALL_MAX)
    return [LeadSeenAgain(**_same(command))]


def _settle(command: SettleOther, lead: Known) -> list[Event]:
    """Taken, it counts as seen again by whoever sent it: the first report stays what it was. A lead that is over takes
    nothing more.
    """
    fact, kept = settle(command, lead.others)
    if kept is None:
        return [fact]
    if lead.stage in _OVER:
        raise LeadOver
    again = SeeAgain(
        times=kept.told.times,
        prices=kept.told.prices,
        photos=kept.told.photos,
        note=kept.told.description,
        seen_at=kept.told.seen_at,
        by=kept.by,
        at=command.at,
    )
    return [fact, *_see_again(again, lead)]


def _escalate(command: EscalateLead, lead: Known) -> list[Event]:
    if lead.verifier or lead.is_escalated or lead.stage in _OVER:
        return []
    return [LeadEscalated(due_on=command.due_on, on=command.on)]


def _found(command: FindPremises, lead: Known) -> UnlicensedPremisesFound:
    assert lead.report is not None, "hindrance"
    if not command.note.strip():
        raise LeadWordsMissing
    return UnlicensedPremisesFound(
        address=lead.report.told.address,
        region=lead.report.region,
        department=lead.report.department,
        category=lead.report.category,
        venue=lead.report.told.venue,
        cover=lead.report.told.cover,
        photos=lead.photos,
        note=command.note.strip(),
        by=command.by,
        at=command.at,
    )


def _answer(command: AnswerTriage, lead: Known) -> list[Event]:
    if command.answer is not Answer.UNKNOWN and not (command.evidence or command.note.strip()):
        raise TriageEvidenceMissing
    for sha256 in command.evidence:
        if sha256 not in lead.photos:
            raise TriageEvidenceForeign(sha256=sha256[:64])
    return [TriageAnswered(**_same(command))]


def _confirmed(command: ConfirmTriage, lead: Known) -> TriageConfirmed:
    said = triage(lead.answers)
    if command.verdict is not said.verdict:
        raise TriageVerdictOther(computed=said.verdict.value, confirmed=command.verdict.value)
    if said.verdict is Verdict.NOT_ESTABLISHED:
        raise TriageNotEstablished
    return TriageConfirmed(
        verdict=said.verdict,
        missing=said.missing_o1,
        forms=said.forms,
        rule=said.rule,
        note=command.note.strip(),
        by=command.by,
        on=command.on,
    )


def _notify(command: NoteToldRegistry, lead: Known) -> list[Event]:
    if lead.found is None or lead.told_at is not None or lead.stage is LeadStage.NOT_SUBSTANTIATED:
        return []
    found = lead.found
    return [
        UnlicensedPremisesNotified(
            address=found.address,
            region=found.region,
            department=found.department,
            category=found.category,
            venue=found.venue,
            cover=found.cover,
            photos=found.photos,
            found_at=found.at,
            at=command.at,
        )
    ]


def _concluded(command: ConcludeLead, lead: Known) -> list[Event]:
    if not command.note.strip():
        raise LeadWordsMissing
    if command.is_case_proposed and lead.report is not None and lead.verdict is None:
        raise LeadVerdictMissing
    note = command.note.strip()
    concluded = LeadConcluded(is_case_proposed=command.is_case_proposed, note=note, by=command.by, on=command.on)
    if command.is_case_proposed or lead.told_at is None:
        return [concluded]
    return [concluded, UnlicensedPremisesWithdrawn(note=note, on=command.on)]


def _same(command: Any) -> dict[str, Any]:
    """The fields of a command whose fact repeats them all."""
    return {one.name: getattr(command, one.name) for one in fields(command)}
