"""Rules of a finding: which step is taken when, and what each must say.

One rule: ``hindrance`` says why a finding as it stands does not take a step; the decider asks it first, and so does
whoever shows what may be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, assert_never

from mingjing_inspection.domain import finding_commands as c
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain import finding_refusals as because
from mingjing_inspection.domain.finding import Finding, Known, Stage, Unreported, decide_clock, evolve
from mingjing_inspection.domain.finding_terms import PHOTOS_MAX, Urgency
from mingjing_inspection.domain.visit import SHA256_HEX
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

RETURNS_MAX = 2
"""After so many returns the task force decides."""
Stepping: TypeAlias = (
    c.VerifyFinding
    | c.WriteOffFinding
    | c.DispatchFinding
    | c.AllotFinding
    | c.ReturnFinding
    | c.StartHandling
    | c.ExtendFinding
    | c.FeedBackFinding
    | c.RecheckFinding
    | c.CloseFinding
    | c.ReopenFinding
    | c.ListFinding
)
"""Commands of which exactly one fact follows, where the state allows it."""
_OPEN = (
    Stage.REPORTED,
    Stage.VERIFIED,
    Stage.DISPATCHED,
    Stage.RETURNED,
    Stage.HANDLING,
    Stage.FED_BACK,
    Stage.RECHECKED,
    Stage.REOPENED,
)
_OVER = (Stage.CLOSED, Stage.WRITTEN_OFF)
_TO_DISPATCH = (Stage.VERIFIED, Stage.RETURNED, Stage.REOPENED)
_WITH_DEPARTMENT = (Stage.DISPATCHED, Stage.HANDLING)


def _blocked(reasons: Mapping[type[Refusal], tuple[Stage, ...]]) -> dict[Stage, type[Refusal]]:
    return {stage: reason for reason, stages in reasons.items() for stage in stages}


_UNVERIFIED: Mapping[Stage, type[Refusal]] = dict.fromkeys(
    (Stage.VERIFIED, *_WITH_DEPARTMENT, Stage.RETURNED, Stage.FED_BACK, Stage.RECHECKED, Stage.REOPENED, *_OVER),
    because.FindingVerifiedBefore,
)
_DISPATCHING = _blocked(
    {
        because.FindingNotVerified: (Stage.REPORTED,),
        because.FindingWithDepartment: (*_WITH_DEPARTMENT, Stage.FED_BACK, Stage.RECHECKED),
        because.FindingOver: _OVER,
    }
)
_HANDLED: Mapping[type[Refusal], tuple[Stage, ...]] = {
    because.FindingNotVerified: (Stage.REPORTED,),
    because.FindingNotDispatched: _TO_DISPATCH,
    because.FindingOver: _OVER,
}
_HINDRANCES: Mapping[type[Any], Mapping[Stage, type[Refusal]]] = {
    c.VerifyFinding: _UNVERIFIED,
    c.WriteOffFinding: _UNVERIFIED,
    c.DispatchFinding: _DISPATCHING,
    c.AllotFinding: _DISPATCHING,
    c.ReturnFinding: _blocked({**_HANDLED, because.HandlingBegun: (Stage.HANDLING, Stage.FED_BACK, Stage.RECHECKED)}),
    c.StartHandling: _blocked({**_HANDLED, because.HandlingBegun: (Stage.HANDLING, Stage.FED_BACK, Stage.RECHECKED)}),
    c.ExtendFinding: _blocked({**_HANDLED, because.HandlingNotBegun: (Stage.FED_BACK, Stage.RECHECKED)}),
    c.FeedBackFinding: _blocked(
        {**_HANDLED, because.HandlingNotBegun: (Stage.DISPATCHED, Stage.FED_BACK, Stage.RECHECKED)}
    ),
    c.RecheckFinding: _blocked(
        {**_HANDLED, because.NotFedBack: (*_WITH_DEPARTMENT, Stage.RECHECKED)},
    ),
    c.CloseFinding: _blocked(
        {**_HANDLED, because.NotFedBack: _WITH_DEPARTMENT, because.NotRechecked: (Stage.FED_BACK,)},
    ),
    c.ReopenFinding: dict.fromkeys((*_OPEN, Stage.WRITTEN_OFF), because.FindingStillOpen),
    c.ReinspectFinding: dict.fromkeys((*_OPEN, Stage.WRITTEN_OFF), because.FindingStillOpen),
    c.ListFinding: dict.fromkeys(_OVER, because.FindingOver),
}


def hindrance(step: type[Any], finding: Finding) -> Refusal | None:
    """Why the finding as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(finding, Unreported):
        return None if step is c.ReportFinding else because.FindingUnknown()
    why = _HINDRANCES.get(step, {}).get(finding.stage)
    if why is not None:
        return why()
    is_disputed = finding.stage is Stage.RETURNED and finding.returns >= RETURNS_MAX
    if step is c.DispatchFinding and is_disputed:
        return because.DisputedTwice()
    if step is c.AllotFinding and not is_disputed:
        return because.NotDisputedTwice()
    if step is c.ReturnFinding and finding.is_allotted:
        return because.AllottedForGood()
    if step is c.ExtendFinding and finding.is_extended:
        return because.ExtendedBefore()
    return because.FindingListedBefore() if step is c.ListFinding and finding.is_listed else None


def decide(command: c.Command, finding: Finding) -> list[f.Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case c.ReportFinding():
            return _report(command, finding)
        case c.NoteSourceCorrected():
            return _corrected(command, _known(finding))
        case c.RemindFinding() | c.SuperviseFinding():
            return decide_clock(command, _known(finding))
        case c.ReinspectFinding():
            return _reinspect(command, _known(finding))
        case _:
            return [_step(command, _unhindered(command, finding))]


def _step(command: Stepping, known: Known) -> f.Event:
    match command:
        case c.DispatchFinding() | c.AllotFinding():
            return _dispatched(command, known)
        case c.VerifyFinding() | c.WriteOffFinding() | c.ListFinding() | c.ReopenFinding():
            return _opened_or_not(command, known)
        case c.ReturnFinding() | c.StartHandling() | c.ExtendFinding() | c.FeedBackFinding():
            return _handled(command, known)
        case c.RecheckFinding() | c.CloseFinding():
            return _ended(command, known)
        case _:
            assert_never(command)


def _known(finding: Finding) -> Known:
    if isinstance(finding, Unreported):
        raise because.FindingUnknown
    return finding


def _unhindered(command: Stepping, finding: Finding) -> Known:
    if (why := hindrance(type(command), finding)) is not None:
        raise why
    return _known(finding)


FINDING: Decider[c.Command, Finding, f.Event] = Decider(initial=Unreported(), decide=decide, evolve=evolve)


def _report(command: c.ReportFinding, finding: Finding) -> list[f.Event]:
    if isinstance(finding, Known):
        told = (command.place, command.matter, command.source, command.summary)
        if command.source.visit_id is not None or told == (
            finding.place,
            finding.matter,
            finding.source,
            finding.summary,
        ):
            return []  # The id is derived from visit and item, or the network made somebody send it again.
        raise because.FindingReportedOtherwise
    _checked_photos(command.photos)
    return [
        f.FindingReported(
            place=command.place,
            department=command.department,
            matter=command.matter,
            severity=command.severity,
            is_veto=command.is_veto,
            urgency=Urgency.URGENT if command.is_veto else Urgency.NORMAL,
            summary=_said(command.summary),
            photos=command.photos,
            source=command.source,
            by=command.by,
            at=command.at,
            limit=command.limit,
        )
    ]


def _corrected(command: c.NoteSourceCorrected, known: Known) -> list[f.Event]:
    if command.visit_version <= known.source_version:
        return []
    return [
        f.FindingSourceCorrected(
            visit_version=command.visit_version, is_still_failed=command.is_still_failed, at=command.at
        )
    ]


def _opened_or_not(
    command: c.VerifyFinding | c.WriteOffFinding | c.ListFinding | c.ReopenFinding, known: Known
) -> f.Event:
    by, at = command.by, command.at
    match command:
        case c.VerifyFinding():
            return f.FindingVerified(
                note=_said(command.note), is_on_site=command.is_on_site, by=by, at=at, limit=command.limit
            )
        case c.WriteOffFinding():
            return f.FindingWrittenOff(reason=_said(command.reason), by=by, at=at)
        case c.ReopenFinding():
            return f.FindingReopened(round=known.round, reason=_said(command.reason), by=by, at=at, limit=command.limit)
        case c.ListFinding():
            return f.FindingListed(reason=_said(command.reason), by=by, at=at)
        case _:
            assert_never(command)


def _dispatched(command: c.DispatchFinding | c.AllotFinding, known: Known) -> f.Event:
    suggestion = command.suggestion
    department = command.department or suggestion.department
    if not department:
        raise because.OwnerUnknown
    if isinstance(command, c.AllotFinding) or department != suggestion.department:
        reason = command.reason.strip()
        if not reason:
            raise because.DispatchUnexplained(suggested=suggestion.department or "—")
    kind = f.FindingAllotted if isinstance(command, c.AllotFinding) else f.FindingDispatched
    return kind(
        round=known.round + 1,
        is_rework=known.is_rework,
        department=department,
        owner=known.owner,
        region=known.place.region,
        category=known.place.category,
        matter=known.matter,
        urgency=command.urgency,
        ground=suggestion.ground,
        matrix=suggestion.matrix,
        suggested_department=suggestion.department,
        reason=command.reason.strip(),
        by=command.by,
        at=command.at,
        limit=command.limit,
    )


def _handled(command: c.ReturnFinding | c.StartHandling | c.ExtendFinding | c.FeedBackFinding, known: Known) -> f.Event:
    number, by, at = known.round, command.by, command.at
    match command:
        case c.ReturnFinding():
            owner = command.suggested_department.strip()
            if not owner or owner == known.handler:
                raise because.ReturnToItself
            return f.FindingReturned(
                round=number,
                reason=_said(command.reason),
                suggested_department=owner,
                times=known.returns + 1,
                by=by,
                at=at,
                limit=command.limit,
            )
        case c.StartHandling():
            return f.HandlingStarted(round=number, by=by, at=at)
        case c.ExtendFinding():
            if known.limit is None or at > known.limit.due_at:
                raise because.ExtensionTooLate
            return f.FindingExtended(round=number, reason=_said(command.reason), by=by, at=at, limit=command.limit)
        case c.FeedBackFinding():
            _checked_photos(command.photos)
            return f.FindingFedBack(
                round=number,
                measures=_said(command.measures),
                photos=command.photos,
                by=by,
                at=at,
                limit=command.limit,
            )
        case _:
            assert_never(command)


def _ended(command: c.RecheckFinding | c.CloseFinding, known: Known) -> f.Event:
    if isinstance(command, c.CloseFinding):
        return f.FindingClosed(
            round=known.round,
            conclusion=_said(command.conclusion),
            rating=command.rating,
            by=command.by,
            at=command.at,
        )
    return f.FindingRechecked(
        round=known.round,
        is_passed=command.is_passed,
        note=_said(command.note),
        by=command.by,
        at=command.at,
        limit=None if command.is_passed else command.limit,
    )


def _reinspect(command: c.ReinspectFinding, known: Known) -> list[f.Event]:
    if command.sample_id in known.samples:
        return []
    if (why := hindrance(c.ReinspectFinding, known)) is not None:
        raise why
    return [
        f.FindingReinspected(
            round=known.round,
            sample_id=command.sample_id,
            is_fixed=command.is_fixed,
            note=_said(command.note),
            by=command.by,
            at=command.at,
            limit=None if command.is_fixed else command.limit,
        )
    ]


def _said(words: str) -> str:
    if not words.strip():
        raise because.FindingWordsMissing
    return words.strip()


def _checked_photos(photos: tuple[str, ...]) -> None:
    bad = next((photo for photo in photos if not SHA256_HEX.fullmatch(photo)), "")
    if bad or len(set(photos)) != len(photos) or len(photos) > PHOTOS_MAX:
        raise because.FindingPhotoNotHashed(value=bad or (photos[0] if photos else ""), maximum=PHOTOS_MAX)
