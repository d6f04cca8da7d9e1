"""Which step of a track is in order when (办理顺序): a table by command, kind and stage.

One rule: ``hindrance`` says why a track as it stands does not take a step; the decider asks it first, and so does
whoever shows what may be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain import track_refusals as because
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_track import Known, State, Unopened
from mingjing_inspection.domain.track_terms import Side, Stage, TrackClock
from mingjing_kernel.refusal import Refusal

RETURNS_MAX: Final = 1
REOPENED_MAX: Final = 3
Stages = frozenset[Stage]
STAGES: Mapping[Track, Stages] = MappingProxyType(
    {
        Track.DISPUTE: frozenset({
            Stage.RECEIVED, Stage.SPLIT, Stage.ROUTED, Stage.ACCEPTED, Stage.NOT_ACCEPTED, Stage.MEDIATING,
            Stage.SUSPENDED_APPRAISAL, Stage.AGREED, Stage.TERMINATED, Stage.NOTIFIED, Stage.FOLLOWED_UP, Stage.CLOSED,
        }),
        Track.REPORT: frozenset({
            Stage.RECEIVED, Stage.TRIAGED, Stage.ROUTED, Stage.VERIFYING, Stage.FILED, Stage.NOT_FILED,
            Stage.INFORMED, Stage.CLOSED,
        }),
        Track.WORK_ORDER: frozenset({
            Stage.CREATED, Stage.CLASSIFIED, Stage.DISPATCHED, Stage.SIGNED, Stage.RETURNED, Stage.HANDLING,
            Stage.EXTENDED, Stage.REPLIED, Stage.CALLBACK, Stage.REWORK, Stage.SUPERVISED, Stage.CLOSED,
        }),
    }
)  # fmt: skip
"""The stages of each kind."""
_OPEN = {kind: stages - {Stage.CLOSED} for kind, stages in STAGES.items()}
_ROUTED = {
    Track.DISPUTE: frozenset({Stage.ROUTED}),
    Track.REPORT: frozenset({Stage.ROUTED}),
    Track.WORK_ORDER: frozenset({Stage.DISPATCHED}),
}
_MEDIATION = frozenset({Stage.ACCEPTED, Stage.MEDIATING, Stage.SUSPENDED_APPRAISAL})
_WORKED_ON = frozenset({Stage.SIGNED, Stage.HANDLING, Stage.EXTENDED, Stage.REWORK, Stage.SUPERVISED})
_BEFORE_MEDIATION = frozenset({Stage.RECEIVED, Stage.SPLIT, Stage.ROUTED})


def _dispute(*stages: Stage) -> Mapping[Track, Stages]:
    return {Track.DISPUTE: frozenset(stages)}


def _report(*stages: Stage) -> Mapping[Track, Stages]:
    return {Track.REPORT: frozenset(stages)}


def _order(*stages: Stage) -> Mapping[Track, Stages]:
    return {Track.WORK_ORDER: frozenset(stages)}


IN_ORDER: Mapping[type, Mapping[Track, Stages]] = MappingProxyType(
    {
        c.TriageReport: _report(Stage.RECEIVED),
        c.ClassifyOrder: _order(Stage.CREATED, Stage.RETURNED),
        c.RouteTrack: {
            **_dispute(Stage.SPLIT), **_report(Stage.TRIAGED), **_order(Stage.CLASSIFIED, Stage.RETURNED),
        },
        c.ReturnTrack: _ROUTED,
        c.DisputeJurisdiction: _ROUTED,
        c.DecideJurisdiction: {**_dispute(Stage.SPLIT), **_report(Stage.TRIAGED), **_order(Stage.RETURNED)},
        c.RespondFirst: _OPEN,
        c.ExtendTrack: {**_report(Stage.VERIFYING), **_order(Stage.SIGNED, Stage.HANDLING)},
        c.OrderOnSiteCheck: {
            Track.DISPUTE: _MEDIATION, **_report(Stage.ROUTED, Stage.VERIFYING), Track.WORK_ORDER: _WORKED_ON,
        },
        c.CallBack: {**_dispute(Stage.NOTIFIED), **_order(Stage.REPLIED)},
        c.CloseTrack: {
            **_dispute(Stage.NOT_ACCEPTED, Stage.FOLLOWED_UP),
            **_report(Stage.INFORMED, Stage.FILED, Stage.NOT_FILED),
            **_order(Stage.CALLBACK, Stage.SUPERVISED),
        },
        c.ReopenTrack: dict.fromkeys(Track, frozenset({Stage.CLOSED})),
        c.ListTrack: _OPEN,
        c.LinkTrack: STAGES,
        c.MergeTrack: {
            **_dispute(*_BEFORE_MEDIATION),
            **_report(Stage.RECEIVED, Stage.TRIAGED, Stage.ROUTED, Stage.VERIFYING),
            **_order(
                Stage.CREATED, Stage.CLASSIFIED, Stage.DISPATCHED, Stage.RETURNED, Stage.SIGNED, Stage.HANDLING,
                Stage.EXTENDED,
            ),
        },
        c.UnmergeTrack: STAGES,
        d.AcceptDispute: _dispute(Stage.ROUTED),
        d.RefuseDispute: _dispute(Stage.ROUTED),
        d.NameContract: _dispute(*_MEDIATION),
        d.StartMediation: _dispute(Stage.ACCEPTED),
        d.TakeStatement: _dispute(*_MEDIATION),
        d.BeginAppraisal: _dispute(Stage.MEDIATING),
        d.EndAppraisal: _dispute(Stage.SUSPENDED_APPRAISAL),
        d.ReachAgreement: _dispute(Stage.MEDIATING),
        d.TerminateMediation: _dispute(*_MEDIATION),
        d.WithdrawDispute: _dispute(*_BEFORE_MEDIATION, *_MEDIATION),
        d.NotifyComplainant: _dispute(Stage.AGREED, Stage.TERMINATED),
        d.StartVerification: _report(Stage.ROUTED),
        d.ConfirmReport: _report(Stage.VERIFYING),
        d.DeclineFiling: _report(Stage.VERIFYING),
        d.InformReporter: _report(Stage.FILED, Stage.NOT_FILED),
        d.SignOrder: _order(Stage.DISPATCHED),
        d.StartOrder: _order(Stage.SIGNED),
        d.ReplyOrder: _order(Stage.HANDLING, Stage.EXTENDED, Stage.REWORK, Stage.SUPERVISED),
        d.AskLedgerExtract: {
            Track.DISPUTE: _MEDIATION, **_report(Stage.VERIFYING), Track.WORK_ORDER: _WORKED_ON,
        },
    }
)  # fmt: skip
"""At which stages each kind takes a step."""
_WHILE_MERGED = (c.UnmergeTrack, c.LinkTrack)


def hindrance(step: type[Any], state: State) -> Refusal | None:
    """Why the track as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(state, Unopened):
        return None if step is c.OpenTrack else because.TrackUnknown()
    stages = IN_ORDER.get(step)
    if stages is None:
        return None
    if state.merged_into is not None and step not in _WHILE_MERGED:
        return because.TrackIsMerged()
    return _out_of_order(step, state, stages) or _PARTICULAR.get(step, _nothing)(state)


def _out_of_order(step: type[Any], known: Known, stages: Mapping[Track, Stages]) -> Refusal | None:
    if known.kind not in stages:
        return because.NotOfThisKind()
    if known.stage in stages[known.kind]:
        return None
    if known.stage is Stage.CLOSED:
        return because.TrackIsOver()
    return because.TrackIsOpen() if step is c.ReopenTrack else because.StepNotInOrder(stage=known.stage.value)


def _nothing(_known: Known) -> Refusal | None:
    return None


def _may_route(known: Known) -> Refusal | None:
    return because.JurisdictionOpen() if known.is_disputed else None


def _may_return(known: Known) -> Refusal | None:
    if known.is_final:
        return because.RoutedForGood()
    return because.ReturnedBefore() if known.returns >= RETURNS_MAX else None


def _may_differ(known: Known) -> Refusal | None:
    return because.RoutedForGood() if known.is_final else None


def _may_decide(known: Known) -> Refusal | None:
    return None if known.is_disputed else because.JurisdictionNotDisputed()


def _may_accept(known: Known) -> Refusal | None:
    return because.PartiesNeeded() if known.is_anonymous else None


def _may_extend(known: Known) -> Refusal | None:
    if known.is_extended:
        return because.TrackExtendedBefore()
    return None if extended(known) is not None else because.NoTimeToExtend()


def extended(known: Known) -> TrackClock | None:
    """Which clock an extension is of."""
    clock = TrackClock.VERIFY if known.kind is Track.REPORT else TrackClock.HANDLE
    return clock if clock in known.clocks else None


def _may_name(known: Known) -> Refusal | None:
    if not known.asks_refund:
        return because.NothingAsked()
    return because.RespondentOpen() if known.institution_id is None else None


def _may_agree(known: Known) -> Refusal | None:
    return None if known.heard == frozenset(Side) else because.StatementsMissing()


def _may_close(known: Known) -> Refusal | None:
    waits = known.stage in (Stage.FILED, Stage.NOT_FILED) and not known.is_anonymous
    return because.InformFirst() if waits else None


def _may_reopen(known: Known) -> Refusal | None:
    return because.ReopenedTooOften(maximum=REOPENED_MAX) if known.reopened >= REOPENED_MAX else None


def _may_list(known: Known) -> Refusal | None:
    return because.ListedBefore() if known.is_listed else None


def _may_unmerge(known: Known) -> Refusal | None:
    return None if known.merged_into is not None else because.TrackNotMerged()


_PARTICULAR: Mapping[type, Any] = MappingProxyType(
    {
        c.RouteTrack: _may_route,
        c.ReturnTrack: _may_return,
        c.DisputeJurisdiction: _may_differ,
        c.DecideJurisdiction: _may_decide,
        d.AcceptDispute: _may_accept,
        c.ExtendTrack: _may_extend,
        d.NameContract: _may_name,
        d.ReachAgreement: _may_agree,
        c.CloseTrack: _may_close,
        c.ReopenTrack: _may_reopen,
        c.ListTrack: _may_list,
        c.UnmergeTrack: _may_unmerge,
    }
)
"""What else hinders a step that is in order."""
