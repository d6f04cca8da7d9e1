"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from typing import Any

from mingjing_inspection.acts import COMPLAINT_ACTS, TASK_ACTS, VISIT_ACTS
from mingjing_inspection.acts_findings import DRAW_SAMPLE, FINDING_ACTS
from mingjing_inspection.acts_rectification import LEAD_ACTS, RECTIFICATION_ACTS
from mingjing_inspection.domain import (
    complaint,
    complaint_file,
    finding_facts,
    finding_sample,
    lead,
    premises,
    reaction,
    rectification_facts,
    task_facts,
    visit,
)
from mingjing_inspection.domain.complaint import COMPLAINT
from mingjing_inspection.domain.complaint_file import COMPLAINT_FILE
from mingjing_inspection.domain.finding_rules import FINDING
from mingjing_inspection.domain.finding_sample import FINDING_SAMPLE
from mingjing_inspection.domain.lead import LEAD
from mingjing_inspection.domain.premises import PREMISES
from mingjing_inspection.domain.reaction import REACTION
from mingjing_inspection.domain.rectification import RECTIFICATION
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.visit import VISIT
from mingjing_kernel.audit.receipted import FILING_RECEIPT
from mingjing_kernel.codec import Codec, Upcast
from mingjing_kernel.log import Aggregate
from mingjing_kernel.sealed.streams import SEALING


def _without_words(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form kept persons' numbers in the text itself; nothing of it was sealed."""
    person = fields.get("complainant")
    return {**fields, "complainant": {**person, "words": None} if person else None}


VISIT_CODEC: Codec[visit.Event] = Codec(
    {
        "inspection.visit-reported.v1": visit.VisitReported,
        "inspection.visit-corrected.v1": visit.VisitCorrected,
    }
)

COMPLAINT_CODEC: Codec[complaint.Event] = Codec(
    {
        "inspection.complaint-taken.v2": complaint.ComplaintTaken,
        "inspection.handling-noted.v1": complaint.HandlingNoted,
        "inspection.complaint-attributed.v1": complaint.ComplaintAttributed,
        "inspection.complainant-corrected.v1": complaint.ComplainantCorrected,
    },
    {"inspection.complaint-taken.v1": Upcast("inspection.complaint-taken.v2", _without_words)},
)

COMPLAINT_FILE_CODEC: Codec[complaint_file.Event] = Codec(
    {
        "inspection.file-imported.v1": complaint_file.FileImported,
        "inspection.row-kept-aside.v1": complaint_file.RowKeptAside,
        "inspection.row-mended.v1": complaint_file.RowMended,
    }
)

TASK_CODEC: Codec[task_facts.Event] = Codec(
    {
        "inspection.task-planned.v1": task_facts.TaskPlanned,
        "inspection.task-planned-without-site.v1": task_facts.TaskPlannedWithoutSite,
        "inspection.task-located.v1": task_facts.TaskLocated,
        "inspection.task-accepted.v1": task_facts.TaskAccepted,
        "inspection.task-submitted.v1": task_facts.TaskSubmitted,
        "inspection.task-closed.v1": task_facts.TaskClosed,
    }
)

PREMISES_CODEC: Codec[premises.Event] = Codec(
    {
        "inspection.institution-noted.v1": premises.InstitutionNoted,
        "inspection.name-noted.v1": premises.NameNoted,
        "inspection.site-noted.v1": premises.SiteNoted,
        "inspection.site-closure-noted.v1": premises.SiteClosureNoted,
        "inspection.alert-noted.v1": premises.AlertNoted,
    }
)

FINDING_CODEC: Codec[finding_facts.Event] = Codec(
    {
        "inspection.finding-reported.v1": finding_facts.FindingReported,
        "inspection.finding-source-corrected.v1": finding_facts.FindingSourceCorrected,
        "inspection.finding-verified.v1": finding_facts.FindingVerified,
        "inspection.finding-written-off.v1": finding_facts.FindingWrittenOff,
        "inspection.finding-dispatched.v1": finding_facts.FindingDispatched,
        "inspection.finding-allotted.v1": finding_facts.FindingAllotted,
        "inspection.finding-returned.v1": finding_facts.FindingReturned,
        "inspection.handling-started.v1": finding_facts.HandlingStarted,
        "inspection.finding-extended.v1": finding_facts.FindingExtended,
        "inspection.finding-fed-back.v1": finding_facts.FindingFedBack,
        "inspection.finding-rechecked.v1": finding_facts.FindingRechecked,
        "inspection.finding-closed.v1": finding_facts.FindingClosed,
        "inspection.finding-reopened.v1": finding_facts.FindingReopened,
        "inspection.finding-reinspected.v1": finding_facts.FindingReinspected,
        "inspection.finding-reminded.v1": finding_facts.FindingReminded,
        "inspection.finding-supervised.v1": finding_facts.FindingSupervised,
        "inspection.finding-listed.v1": finding_facts.FindingListed,
    }
)
FINDING_SAMPLE_CODEC: Codec[finding_sample.Event] = Codec(
    {"inspection.finding-sample-drawn.v1": finding_sample.FindingSampleDrawn}
)

RECTIFICATION_CODEC: Codec[rectification_facts.Event] = Codec(
    {
        "inspection.rectification-proposed.v1": rectification_facts.RectificationProposed,
        "inspection.rectification-ordered.v1": rectification_facts.RectificationOrdered,
        "inspection.rectification-declined.v1": rectification_facts.RectificationDeclined,
        "inspection.recruiting-pause-decided.v1": rectification_facts.RecruitingPauseDecided,
        "inspection.rectification-served.v1": rectification_facts.RectificationServed,
        "inspection.rectification-self-reported.v1": rectification_facts.RectificationSelfReported,
        "inspection.rectification-lapsed.v1": rectification_facts.RectificationLapsed,
        "inspection.rectification-rechecked.v1": rectification_facts.RectificationRechecked,
    }
)
LEAD_CODEC: Codec[lead.Event] = Codec(
    {
        "inspection.lead-opened.v1": lead.LeadOpened,
        "inspection.lead-verification-started.v1": lead.LeadVerificationStarted,
        "inspection.lead-concluded.v1": lead.LeadConcluded,
    }
)
REACTION_CODEC: Codec[reaction.Event] = Codec({"inspection.reaction-noted.v1": reaction.ReactionNoted})

VISITS = Aggregate("visit", VISIT, VISIT_CODEC, VISIT_ACTS)
COMPLAINTS = Aggregate("complaint", COMPLAINT, COMPLAINT_CODEC, COMPLAINT_ACTS)
COMPLAINT_FILES = Aggregate("complaint-file", COMPLAINT_FILE, COMPLAINT_FILE_CODEC)
TASKS = Aggregate("task", TASK, TASK_CODEC, TASK_ACTS)
PREMISES_KNOWN = Aggregate("premises", PREMISES, PREMISES_CODEC)
FINDINGS = Aggregate("finding", FINDING, FINDING_CODEC, FINDING_ACTS)
FINDING_SAMPLES = Aggregate("finding-sample", FINDING_SAMPLE, FINDING_SAMPLE_CODEC, (DRAW_SAMPLE,))
RECTIFICATIONS = Aggregate("rectification", RECTIFICATION, RECTIFICATION_CODEC, RECTIFICATION_ACTS)
LEADS = Aggregate("lead", LEAD, LEAD_CODEC, LEAD_ACTS)
REACTIONS = Aggregate("reaction", REACTION, REACTION_CODEC)

AGGREGATES: tuple[Aggregate, ...] = (
    VISITS,
    COMPLAINTS,
    COMPLAINT_FILES,
    TASKS,
    PREMISES_KNOWN,
    FINDINGS,
    FINDING_SAMPLES,
    RECTIFICATIONS,
    LEADS,
    REACTIONS,
    FILING_RECEIPT,
    *SEALING,
)
