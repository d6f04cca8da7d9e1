"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from typing import Any

from mingjing_inspection.acts import COMPLAINT_ACTS, TASK_ACTS, VISIT_ACTS
from mingjing_inspection.acts_grid import GRID_POST_ACTS, GRID_VERSION_ACTS
from mingjing_inspection.domain import (
    complaint,
    complaint_file,
    grid_post,
    grid_version_facts,
    premises,
    site_place,
    task_facts,
    task_move,
    visit,
)
from mingjing_inspection.domain.complaint import COMPLAINT
from mingjing_inspection.domain.complaint_file import COMPLAINT_FILE
from mingjing_inspection.domain.grid_post import GRID_POST
from mingjing_inspection.domain.grid_version import GRID_VERSION
from mingjing_inspection.domain.premises import PREMISES
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

VISITS = Aggregate("visit", VISIT, VISIT_CODEC, VISIT_ACTS)
COMPLAINTS = Aggregate("complaint", COMPLAINT, COMPLAINT_CODEC, COMPLAINT_ACTS)
COMPLAINT_FILES = Aggregate("complaint-file", COMPLAINT_FILE, COMPLAINT_FILE_CODEC)
TASKS = Aggregate("task", TASK, TASK_CODEC, TASK_ACTS)
PREMISES_KNOWN = Aggregate("premises", PREMISES, PREMISES_CODEC)
GRID_VERSIONS = Aggregate("grid-version", GRID_VERSION, GRID_VERSION_CODEC, GRID_VERSION_ACTS)
GRID_POSTS = Aggregate("grid-post", GRID_POST, GRID_POST_CODEC, GRID_POST_ACTS)

AGGREGATES: tuple[Aggregate, ...] = (
    VISITS,
    COMPLAINTS,
    COMPLAINT_FILES,
    TASKS,
    PREMISES_KNOWN,
    GRID_VERSIONS,
    GRID_POSTS,
    FILING_RECEIPT,
    *SEALING,
)
