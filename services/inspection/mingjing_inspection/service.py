"""Inspection put together: the one place that names everything this service does."""

from __future__ import annotations

from mingjing_inspection.api import (
    complaint,
    complaint_file,
    grid,
    grid_post,
    grid_version,
    institution,
    own_record,
    site_place,
    task,
    visit,
)
from mingjing_inspection.api.evidence import EVIDENCE
from mingjing_inspection.api.reads import READS
from mingjing_inspection.codec import AGGREGATES
from mingjing_inspection.domain.texts import rule_texts
from mingjing_inspection.geometry.geojson import FILE_BYTES_MAX as GRID_FILE_BYTES_MAX
from mingjing_inspection.intake.redrawing import RedrawingDuty
from mingjing_inspection.messaging.inbound import INBOUND
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_inspection.policy.grid_rules import GRID_RULES
from mingjing_inspection.projections.complaints import COMPLAINTS_READ
from mingjing_inspection.projections.grid_posts import GRID_POSTS_READ
from mingjing_inspection.projections.grid_versions import GRID_VERSIONS_READ
from mingjing_inspection.projections.kept_aside import COMPLAINT_FILES_READ, KEPT_ASIDE
from mingjing_inspection.projections.premises import PREMISES_READ
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.site_places import SITE_PLACES_READ
from mingjing_inspection.projections.subjects import SUBJECTS_READ
from mingjing_inspection.projections.tasks import TASKS_READ
from mingjing_inspection.projections.timeline import TIMELINE
from mingjing_inspection.projections.visits import VISITS_READ
from mingjing_inspection.settings import InspectionSettings
from mingjing_inspection.sources.table import FILE_BYTES_MAX
from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.sealed.unsealings import unsealing_models
from mingjing_kernel.service import Service

SERVICE = Service(
    name="inspection",
    package="mingjing_inspection",
    title="Inspection 检查投诉",
    description="看到的与听到的：巡查、投诉举报、检查任务。What was seen and said: visits, complaints, tasks.",
    aggregates=AGGREGATES,
    read_models=(
        VISITS_READ,
        COMPLAINTS_READ,
        TASKS_READ,
        TIMELINE,
        PREMISES_READ,
        COMPLAINT_FILES_READ,
        KEPT_ASIDE,
        GRID_VERSIONS_READ,
        GRID_POSTS_READ,
        SITE_PLACES_READ,
        make_reads_model(METADATA),
        *EVIDENCE.lists.models,
        SUBJECTS_READ,
        *unsealing_models(METADATA),
    ),
    routers=(
        visit.make_router,
        own_record.make_router,  # before the complaints: an address of its own, and no complaint's id
        complaint.make_router,
        complaint_file.make_router,
        task.make_router,
        task.make_steps_router,
        institution.make_router,
        grid_version.make_router,
        grid_version.make_steps_router,
        grid.make_router,
        grid_post.make_router,
        site_place.make_router,
    ),
    outbound=OUTBOUND,
    inbound=INBOUND,
    settings=InspectionSettings,
    reads=READS,
    uploads={"/complaint-files": FILE_BYTES_MAX, "/grid-versions": GRID_FILE_BYTES_MAX},
    policies=GRID_RULES,
    duties={"grid-redrawing": RedrawingDuty},
    rules=rule_texts,
    subjects=SUBJECTS_READ.table,
    evidence=EVIDENCE,
)
