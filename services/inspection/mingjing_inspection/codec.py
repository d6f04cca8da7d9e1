"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from typing import Any

from mingjing_inspection import (
    draw as lots,
)
from mingjing_inspection.acts import (
    CHECKLIST_ACTS,
    COMPLAINT_ACTS,
    TASK_ACTS,
    VISIT_ACTS,
)
from mingjing_inspection.acts_findings import (
    DRAW_SAMPLE,
    FINDING_ACTS,
)
from mingjing_inspection.acts_grid import (
    GRID_POST_ACTS,
    GRID_VERSION_ACTS,
)
from mingjing_inspection.acts_operation import OPERATION_ACTS
from mingjing_inspection.acts_plans import (
    DRAW_ACTS,
    INTEREST_ACTS,
    STEP_ACTS,
)
from mingjing_inspection.acts_rectification import (
    RECTIFICATION_ACTS,
)
from mingjing_inspection.codec_checklist_file import CHECKLIST_FILES
from mingjing_inspection.codec_figures import FIGURES
from mingjing_inspection.codec_files import FILES
from mingjing_inspection.codec_leads import CONDUCT_LEADS, HOTSPOT_VISITS, LEAD_LINKS, LEADS
from mingjing_inspection.codec_overdue import OVERDUE_NOTICES
from mingjing_inspection.codec_public import PUBLIC
from mingjing_inspection.codec_tracks import (
    CALLS,
    COMPLAINANT_COUNTS,
    GROUPS,
    TRACKS,
)
from mingjing_inspection.domain import (
    bulletin,
    bundle,
    campaign,
    checklist_versions,
    closed_door,
    complaint,
    complaint_file,
    draw_facts,
    finding_facts,
    finding_sample,
    grid_post,
    grid_version_facts,
    interest,
    operation_facts,
    premises,
    reaction,
    rectification_facts,
    site_place,
    supervision,
    task_facts,
    task_move,
    task_steps,
    visit,
    visit_part,
)
from mingjing_inspection.domain.bulletin import BULLETIN
from mingjing_inspection.domain.bundle import BUNDLE
from mingjing_inspection.domain.campaign import CAMPAIGN
from mingjing_inspection.domain.checklist import CHECKLISTS
from mingjing_inspection.domain.checklist_versions import VERSIONS
from mingjing_inspection.domain.closed_door import CLOSED_DOOR
from mingjing_inspection.domain.complaint import COMPLAINT
from mingjing_inspection.domain.complaint_file import COMPLAINT_FILE
from mingjing_inspection.domain.draw import make_draw
from mingjing_inspection.domain.finding_rules import FINDING
from mingjing_inspection.domain.finding_sample import FINDING_SAMPLE
from mingjing_inspection.domain.grid_post import GRID_POST
from mingjing_inspection.domain.grid_version import GRID_VERSION
from mingjing_inspection.domain.head_count import HEAD_COUNT, HeadsCounted
from mingjing_inspection.domain.interest import INTEREST
from mingjing_inspection.domain.operation import OPERATION
from mingjing_inspection.domain.premises import PREMISES
from mingjing_inspection.domain.reaction import REACTION
from mingjing_inspection.domain.rectification import RECTIFICATION
from mingjing_inspection.domain.supervision import SUPERVISION
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.visit import VISIT
from mingjing_inspection.domain.visit_part import VISIT_PART
from mingjing_kernel.audit.receipted import FILING_RECEIPT
from mingjing_kernel.codec import Codec, Upcast
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate
from mingjing_kernel.sealed.streams import SEALING


def _without_words(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form kept persons' numbers in the text itself; nothing of it was sealed."""
    person = fields.get("complainant")
    return {**fields, "complainant": {**person, "words": None} if person else None}


def _graded(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form named what failed and left its gravity to the checklist; all were of a shipped version."""
    asked = CHECKLISTS.get(fields["observation"]["checklist"])
    failings = [
        {
            "item": item.code,
            "severity": item.severity.value,
            "immediate_veto": item.immediate_veto,
            "legal_basis": item.legal_basis,
        }
        for item in (asked.items if asked else ())
        if item.code in fields["failed"]
    ]
    return {**fields, "failings": failings}


def _of_nobody(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form left it to the order whose rectification it is."""
    return {**fields, "institution_id": None}


def _in_one_fact(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form held the whole population."""
    return {**fields, "candidates": 0, "left_out": 0}


VISIT_CODEC: Codec[visit.Event] = Codec(
    {
        "inspection.visit-reported.v2": visit.VisitReported,
        "inspection.visit-corrected.v2": visit.VisitCorrected,
    },
    {
        "inspection.visit-reported.v1": Upcast("inspection.visit-reported.v2", _graded),
        "inspection.visit-corrected.v1": Upcast("inspection.visit-corrected.v2", _graded),
    },
)
HEAD_COUNT_CODEC: Codec[HeadsCounted] = Codec({"inspection.heads-counted.v1": HeadsCounted})
CHECKLIST_CODEC: Codec[checklist_versions.Event] = Codec(
    {
        "inspection.checklist-proposed.v1": checklist_versions.ChecklistProposed,
        "inspection.checklist-approved.v1": checklist_versions.ChecklistApproved,
        "inspection.checklist-withdrawn.v1": checklist_versions.ChecklistWithdrawn,
    }
)
BUNDLE_CODEC: Codec[bundle.BundleDeclared] = Codec({"inspection.bundle-declared.v1": bundle.BundleDeclared})
VISIT_PART_CODEC: Codec[visit_part.Event] = Codec(
    {
        "inspection.part-held.v1": visit_part.PartHeld,
        "inspection.part-kept-aside.v1": visit_part.PartKeptAside,
        "inspection.part-taken.v1": visit_part.PartTaken,
        "inspection.part-dismissed.v1": visit_part.PartDismissed,
    }
)
CLOSED_DOOR_CODEC: Codec[closed_door.DoorClosedTwice] = Codec(
    {"inspection.door-closed-twice.v1": closed_door.DoorClosedTwice}
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
        "inspection.task-assigned.v1": task_steps.TaskAssigned,
        "inspection.task-declined.v1": task_steps.TaskDeclined,
        "inspection.task-handed-over.v1": task_steps.TaskHandedOver,
        "inspection.task-started.v1": task_steps.TaskStarted,
        "inspection.task-reviewed.v1": task_steps.TaskReviewed,
        "inspection.task-cancelled.v1": task_steps.TaskCancelled,
        "inspection.task-escalated.v1": task_steps.TaskEscalated,
        "inspection.task-moved.v1": task_move.TaskMoved,
    }
)

PREMISES_CODEC: Codec[premises.Event] = Codec(
    {
        "inspection.institution-noted.v1": premises.InstitutionNoted,
        "inspection.name-noted.v1": premises.NameNoted,
        "inspection.site-noted.v1": premises.SiteNoted,
        "inspection.site-closure-noted.v1": premises.SiteClosureNoted,
        "inspection.alert-noted.v1": premises.AlertNoted,
        "inspection.site-placed.v1": site_place.SitePlaced,
        "inspection.sites-resolved.v1": site_place.SitesResolved,
    }
)

GRID_VERSION_CODEC: Codec[grid_version_facts.Event] = Codec(
    {
        "inspection.grids-drafted.v1": grid_version_facts.GridsDrafted,
        "inspection.areas-drawn.v1": grid_version_facts.AreasDrawn,
        "inspection.grid-features-kept-aside.v1": grid_version_facts.FeaturesKeptAside,
        "inspection.grid-feature-dropped.v1": grid_version_facts.FeatureDropped,
        "inspection.grids-proposed.v1": grid_version_facts.GridsProposed,
        "inspection.grids-returned.v1": grid_version_facts.GridsReturned,
        "inspection.grids-approved.v1": grid_version_facts.GridsApproved,
        "inspection.grids-withdrawn.v1": grid_version_facts.GridsWithdrawn,
        "inspection.grids-redrawn.v1": grid_version_facts.GridsRedrawn,
    }
)

GRID_POST_CODEC: Codec[grid_post.Event] = Codec(
    {
        "inspection.grid-post-filled.v1": grid_post.PostFilled,
        "inspection.grid-post-vacated.v1": grid_post.PostVacated,
    }
)

DRAW_CODEC: Codec[draw_facts.Event] = Codec(
    {
        "inspection.draw-frozen.v2": draw_facts.DrawFrozen,
        "inspection.draw-population-added.v1": draw_facts.DrawPopulationAdded,
        "inspection.draw-committed.v1": draw_facts.DrawCommitted,
        "inspection.lots-drawn.v1": draw_facts.LotsDrawn,
        "inspection.draw-published.v1": draw_facts.DrawPublished,
        "inspection.draw-annulled.v1": draw_facts.DrawAnnulled,
    },
    {"inspection.draw-frozen.v1": Upcast("inspection.draw-frozen.v2", _in_one_fact)},
)

INTEREST_CODEC: Codec[interest.Event] = Codec(
    {
        "inspection.interest-stated.v1": interest.InterestStated,
        "inspection.interest-withdrawn.v1": interest.InterestWithdrawn,
    }
)

SUPERVISION_CODEC: Codec[supervision.Event] = Codec(
    {
        "inspection.whitelist-standing-noted.v1": supervision.WhitelistStandingNoted,
        "inspection.blacklist-standing-noted.v1": supervision.BlacklistStandingNoted,
        "inspection.watch-begun.v1": supervision.WatchBegun,
        "inspection.watch-ended.v1": supervision.WatchEnded,
    }
)

REACTION_CODEC: Codec[reaction.ReactionNoted] = Codec({"inspection.reaction-noted.v1": reaction.ReactionNoted})

CAMPAIGN_CODEC: Codec[campaign.CampaignOrdered] = Codec({"inspection.campaign-ordered.v1": campaign.CampaignOrdered})
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
        "inspection.rectification-reminded.v1": rectification_facts.RectificationReminded,
        "inspection.rectification-rechecked.v2": rectification_facts.RectificationRechecked,
    },
    {"inspection.rectification-rechecked.v1": Upcast("inspection.rectification-rechecked.v2", _of_nobody)},
)

BULLETIN_CODEC: Codec[bulletin.BulletinIssued] = Codec({"inspection.bulletin-issued.v1": bulletin.BulletinIssued})
OPERATION_CODEC: Codec[operation_facts.Event] = Codec(
    {
        "inspection.operation-planned.v1": operation_facts.OperationPlanned,
        "inspection.operation-answered.v1": operation_facts.OperationAnswered,
        "inspection.operation-launched.v1": operation_facts.OperationLaunched,
        "inspection.evidence-pooled.v1": operation_facts.EvidencePooled,
        "inspection.evidence-referred.v1": operation_facts.EvidenceReferred,
        "inspection.operation-concluded.v1": operation_facts.OperationConcluded,
        "inspection.operation-cancelled.v1": operation_facts.OperationCancelled,
    }
)

VISITS = Aggregate("visit", VISIT, VISIT_CODEC, VISIT_ACTS)
HEAD_COUNTS = Aggregate("head-count", HEAD_COUNT, HEAD_COUNT_CODEC)
"""By the id of the visit."""
CHECKLIST_VERSIONS = Aggregate("checklist", VERSIONS, CHECKLIST_CODEC, CHECKLIST_ACTS)
CHECKLISTS_ID = derived_id("checklists", "patrol")
"""The one stream of all versions: which is in force is decided over them together."""
BUNDLES = Aggregate("bundle", BUNDLE, BUNDLE_CODEC)
VISIT_PARTS = Aggregate("visit-part", VISIT_PART, VISIT_PART_CODEC)
"""By the id of the visit that the parts are about."""
CLOSED_DOORS = Aggregate("closed-door", CLOSED_DOOR, CLOSED_DOOR_CODEC)
"""By the id of the site."""
COMPLAINTS = Aggregate("complaint", COMPLAINT, COMPLAINT_CODEC, COMPLAINT_ACTS)
COMPLAINT_FILES = Aggregate("complaint-file", COMPLAINT_FILE, COMPLAINT_FILE_CODEC)
TASKS = Aggregate("task", TASK, TASK_CODEC, (*TASK_ACTS, *STEP_ACTS))
PREMISES_KNOWN = Aggregate("premises", PREMISES, PREMISES_CODEC)
FINDINGS = Aggregate("finding", FINDING, FINDING_CODEC, FINDING_ACTS)
FINDING_SAMPLES = Aggregate("finding-sample", FINDING_SAMPLE, FINDING_SAMPLE_CODEC, (DRAW_SAMPLE,))
RECTIFICATIONS = Aggregate("rectification", RECTIFICATION, RECTIFICATION_CODEC, RECTIFICATION_ACTS)

DRAWS = Aggregate("draw", make_draw(lots), DRAW_CODEC, DRAW_ACTS)
INTERESTS = Aggregate("interest", INTEREST, INTEREST_CODEC, INTEREST_ACTS)
SUPERVISIONS = Aggregate("supervision", SUPERVISION, SUPERVISION_CODEC)
REACTIONS = Aggregate("reaction", REACTION, REACTION_CODEC)
CAMPAIGNS = Aggregate("campaign", CAMPAIGN, CAMPAIGN_CODEC)

PLANS: tuple[Aggregate, ...] = (DRAWS, INTERESTS, SUPERVISIONS, REACTIONS, CAMPAIGNS)
BULLETINS = Aggregate("bulletin", BULLETIN, BULLETIN_CODEC)
"""By the first day of the half of the month."""
OPERATIONS = Aggregate("operation", OPERATION, OPERATION_CODEC, OPERATION_ACTS)
GRID_VERSIONS = Aggregate("grid-version", GRID_VERSION, GRID_VERSION_CODEC, GRID_VERSION_ACTS)
GRID_POSTS = Aggregate("grid-post", GRID_POST, GRID_POST_CODEC, GRID_POST_ACTS)

AGGREGATES: tuple[Aggregate, ...] = (
    VISITS,
    HEAD_COUNTS,
    CHECKLIST_VERSIONS,
    CHECKLIST_FILES,
    BUNDLES,
    VISIT_PARTS,
    CLOSED_DOORS,
    COMPLAINTS,
    TRACKS,
    GROUPS,
    COMPLAINANT_COUNTS,
    CALLS,
    COMPLAINT_FILES,
    TASKS,
    PREMISES_KNOWN,
    *PLANS,
    OVERDUE_NOTICES,
    FINDINGS,
    FINDING_SAMPLES,
    RECTIFICATIONS,
    LEADS,
    LEAD_LINKS,
    CONDUCT_LEADS,
    HOTSPOT_VISITS,
    OPERATIONS,
    BULLETINS,
    *FIGURES,
    GRID_VERSIONS,
    GRID_POSTS,
    *FILES,
    FILING_RECEIPT,
    *PUBLIC,
    *SEALING,
)
