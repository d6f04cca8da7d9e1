"""Inspection put together: the one place that names everything this service does."""

from __future__ import annotations

from mingjing_inspection.api import (
    complaint,
    complaint_file,
    finding,
    finding_figures,
    finding_handling,
    institution,
    lead,
    own_record,
    rectification,
    rectification_steps,
    task,
    visit,
)
from mingjing_inspection.api.evidence import EVIDENCE
from mingjing_inspection.api.reads import READS
from mingjing_inspection.codec import AGGREGATES
from mingjing_inspection.domain.texts import rule_texts
from mingjing_inspection.intake.finding_duty import NAME as FINDINGS
from mingjing_inspection.intake.finding_duty import FindingDuty
from mingjing_inspection.intake.reaction_duty import NAME as REACTIONS
from mingjing_inspection.intake.reaction_duty import ReactionDuty
from mingjing_inspection.messaging.inbound import INBOUND
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_inspection.policy.finding_limits import RULES as FINDING_RULES
from mingjing_inspection.policy.rectification_terms import RECTIFICATION_TERMS
from mingjing_inspection.projections.complaints import COMPLAINTS_READ
from mingjing_inspection.projections.deadlines import DEADLINES, DEADLINES_READ
from mingjing_inspection.projections.finding_rounds import FINDING_ROUNDS
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.kept_aside import COMPLAINT_FILES_READ, KEPT_ASIDE
from mingjing_inspection.projections.leads import LEADS_READ
from mingjing_inspection.projections.premises import PREMISES_READ
from mingjing_inspection.projections.reactions import REACTIONS_READ
from mingjing_inspection.projections.rectifications import RECTIFICATIONS_READ
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.subjects import SUBJECTS_READ
from mingjing_inspection.projections.tasks import TASKS_READ
from mingjing_inspection.projections.timeline import TIMELINE
from mingjing_inspection.projections.visit_issues import VISIT_ISSUES
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
        make_reads_model(METADATA),
        *EVIDENCE.lists.models,
        SUBJECTS_READ,
        *unsealing_models(METADATA),
        FINDINGS_READ,
        FINDING_ROUNDS,
        VISIT_ISSUES,
        RECTIFICATIONS_READ,
        LEADS_READ,
        REACTIONS_READ,
        DEADLINES_READ,
    ),
    routers=(
        visit.make_router,
        own_record.make_router,  # before the complaints: an address of its own, and no complaint's id
        complaint.make_router,
        complaint_file.make_router,
        task.make_router,
        task.make_steps_router,
        institution.make_router,
        finding.make_router,
        finding.make_opening_router,
        finding_handling.make_router,
        finding_figures.make_router,
        rectification.make_router,
        rectification_steps.make_router,
        lead.make_router,
    ),
    outbound=OUTBOUND,
    inbound=INBOUND,
    settings=InspectionSettings,
    reads=READS,
    uploads={"/complaint-files": FILE_BYTES_MAX},
    rules=rule_texts,
    subjects=SUBJECTS_READ.table,
    evidence=EVIDENCE,
    policies=(*FINDING_RULES, RECTIFICATION_TERMS),
    deadlines=DEADLINES,
    duties={FINDINGS: FindingDuty, REACTIONS: ReactionDuty},
)
