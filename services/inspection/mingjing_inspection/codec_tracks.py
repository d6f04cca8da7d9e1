"""Stored names of the facts of complaints being handled (投诉办理); ``codec`` takes the aggregates into its list.

One rule: as there: chosen by hand, append-only.
"""

from __future__ import annotations

from typing import Any

from mingjing_inspection.acts_tracks import GROUP_ACTS, TRACK_ACTS
from mingjing_inspection.domain import (
    call,
    complainant_count,
    complaint_group,
    complaint_track,
    track_facts,
    track_handling_facts,
)
from mingjing_inspection.domain.track_rules import TRACK
from mingjing_kernel.codec import Codec, Upcast
from mingjing_kernel.log import Aggregate

TRACK_CODEC: Codec[complaint_track.Event] = Codec(
    {
        "inspection.track-opened.v1": track_facts.TrackOpened,
        "inspection.track-split.v1": track_facts.TrackSplit,
        "inspection.track-closed-elsewhere.v1": track_facts.TrackClosedElsewhere,
        "inspection.channel-closure-noted.v1": track_facts.ChannelClosureNoted,
        "inspection.track-attributed.v1": track_facts.TrackAttributed,
        "inspection.report-triaged.v1": track_facts.ReportTriaged,
        "inspection.order-classified.v1": track_facts.OrderClassified,
        "inspection.track-routed.v1": track_facts.TrackRouted,
        "inspection.track-returned.v1": track_facts.TrackReturned,
        "inspection.jurisdiction-disputed.v1": track_facts.JurisdictionDisputed,
        "inspection.track-responded.v1": track_facts.TrackResponded,
        "inspection.track-extended.v1": track_facts.TrackExtended,
        "inspection.on-site-check-ordered.v1": track_facts.OnSiteCheckOrdered,
        "inspection.track-called-back.v1": track_facts.TrackCalledBack,
        "inspection.track-closed.v1": track_facts.TrackClosed,
        "inspection.track-reopened.v1": track_facts.TrackReopened,
        "inspection.track-reminded.v1": track_facts.TrackReminded,
        "inspection.track-supervised.v1": track_facts.TrackSupervised,
        "inspection.track-listed.v1": track_facts.TrackListed,
        "inspection.track-linked.v1": track_facts.TrackLinked,
        "inspection.track-merged.v1": track_facts.TrackMerged,
        "inspection.track-unmerged.v1": track_facts.TrackUnmerged,
        "inspection.dispute-accepted.v1": track_handling_facts.DisputeAccepted,
        "inspection.dispute-not-accepted.v1": track_handling_facts.DisputeNotAccepted,
        "inspection.contract-named.v1": track_handling_facts.ContractNamed,
        "inspection.mediation-started.v1": track_handling_facts.MediationStarted,
        "inspection.statement-taken.v1": track_handling_facts.StatementTaken,
        "inspection.appraisal-begun.v1": track_handling_facts.AppraisalBegun,
        "inspection.appraisal-ended.v1": track_handling_facts.AppraisalEnded,
        "inspection.agreement-reached.v1": track_handling_facts.AgreementReached,
        "inspection.mediation-terminated.v1": track_handling_facts.MediationTerminated,
        "inspection.dispute-withdrawn.v1": track_handling_facts.DisputeWithdrawn,
        "inspection.complainant-notified.v1": track_handling_facts.ComplainantNotified,
        "inspection.report-verification-started.v1": track_handling_facts.VerificationStarted,
        "inspection.report-verified.v1": track_handling_facts.ReportVerified,
        "inspection.report-not-filed.v1": track_handling_facts.ReportNotFiled,
        "inspection.reporter-informed.v1": track_handling_facts.ReporterInformed,
        "inspection.order-signed.v1": track_handling_facts.OrderSigned,
        "inspection.order-handling-started.v1": track_handling_facts.OrderHandlingStarted,
        "inspection.order-replied.v1": track_handling_facts.OrderReplied,
        "inspection.ledger-extract-asked.v1": track_handling_facts.LedgerExtractAsked,
        "inspection.ledger-extract-received.v1": track_handling_facts.LedgerExtractReceived,
    }
)

TRACKS = Aggregate("complaint-track", TRACK, TRACK_CODEC, TRACK_ACTS)
"""By an id made of complaint and kind."""


def _uncounted(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form counted nobody."""
    return {**fields, "people": None}


GROUP_CODEC: Codec[complaint_group.Event] = Codec(
    {
        "inspection.complaint-group-formed.v1": complaint_group.GroupFormed,
        "inspection.complaint-group-joined.v1": complaint_group.GroupJoined,
        "inspection.complaint-group-left.v2": complaint_group.GroupLeft,
        "inspection.group-representatives-named.v1": complaint_group.RepresentativesNamed,
        "inspection.group-mediator-appointed.v1": complaint_group.MediatorAppointed,
        "inspection.complaint-group-dissolved.v1": complaint_group.GroupDissolved,
    },
    {"inspection.complaint-group-left.v1": Upcast("inspection.complaint-group-left.v2", _uncounted)},
)
GROUPS = Aggregate("complaint-group", complaint_group.GROUP, GROUP_CODEC, GROUP_ACTS)


def _spoken(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form knew calls only."""
    return {**fields, "medium": call.Medium.VOICE.value}


CALL_CODEC: Codec[call.CallNoted] = Codec(
    {"inspection.call-noted.v2": call.CallNoted},
    {"inspection.call-noted.v1": Upcast("inspection.call-noted.v2", _spoken)},
)
CALLS = Aggregate("call", call.CALL, CALL_CODEC)
"""By an id made of telephone system and reference."""
COMPLAINANT_COUNT_CODEC: Codec[complainant_count.ComplainantsCounted] = Codec(
    {"inspection.complainants-counted.v1": complainant_count.ComplainantsCounted}
)
COMPLAINANT_COUNTS = Aggregate("complainant-count", complainant_count.COMPLAINANT_COUNT, COMPLAINANT_COUNT_CODEC)
"""By the id of the institution."""
