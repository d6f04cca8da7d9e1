"""Inspection put together: the one place that names everything this service does."""

from __future__ import annotations

from mingjing_inspection.api import (
    bulletin,
    bundle,
    call,
    campaign,
    checklist,
    checklist_mapping,
    complaint,
    complaint_bulletin,
    complaint_figures,
    complaint_file,
    complaint_group,
    complaint_header,
    complaint_routing,
    complaint_suggestion,
    complaint_track,
    complaint_voice,
    conduct_lead,
    coverage,
    draw,
    finding,
    finding_figures,
    finding_handling,
    follow,
    follow_secret,
    grid,
    grid_post,
    grid_version,
    head_count,
    hotspot,
    institution,
    interest,
    lead,
    lead_cluster,
    lead_other,
    lead_report,
    lead_triage,
    open311,
    operation,
    operation_pool,
    overdue_notice,
    own_record,
    own_round,
    post_file,
    public_complaint,
    public_draw,
    rectification,
    rectification_steps,
    site_place,
    suggestion,
    supervision,
    supervision_phone,
    task,
    task_steps,
    topic,
    track_message,
    track_relations,
    track_steps,
    visit,
    visit_part,
    way,
)
from mingjing_inspection.api.evidence import EVIDENCE
from mingjing_inspection.api.reads import READS
from mingjing_inspection.codec import AGGREGATES
from mingjing_inspection.domain.texts import rule_texts
from mingjing_inspection.geometry.geojson import (
    FILE_BYTES_MAX as GRID_FILE_BYTES_MAX,
)
from mingjing_inspection.intake.assigning import AssigningDuty
from mingjing_inspection.intake.bulletins import issue_daily
from mingjing_inspection.intake.checklist_texts import kept_checklists
from mingjing_inspection.intake.citizen_photos import FORM_BYTES_MAX as PHOTO_FORM_BYTES_MAX
from mingjing_inspection.intake.complainant_duty import NAME as COMPLAINANTS
from mingjing_inspection.intake.complainant_duty import ComplainantDuty
from mingjing_inspection.intake.complaint_bulletins import issue_complaints_daily
from mingjing_inspection.intake.finding_duty import (
    NAME as FINDINGS,
)
from mingjing_inspection.intake.finding_duty import FindingDuty
from mingjing_inspection.intake.group_duty import NAME as GROUPS
from mingjing_inspection.intake.group_duty import GroupDuty
from mingjing_inspection.intake.held_parts import NAME as HELD_PARTS
from mingjing_inspection.intake.held_parts import HeldPartsDuty
from mingjing_inspection.intake.hotspots import (
    NAME as HOTSPOTS,
)
from mingjing_inspection.intake.hotspots import plan_hotspots
from mingjing_inspection.intake.planning import PlanningDuty
from mingjing_inspection.intake.reaction_duty import (
    NAME as REACTIONS,
)
from mingjing_inspection.intake.reaction_duty import ReactionDuty
from mingjing_inspection.intake.redrawing import RedrawingDuty
from mingjing_inspection.intake.suggestion_duty import NAME as SUGGESTIONS
from mingjing_inspection.intake.suggestion_duty import SuggestionDuty
from mingjing_inspection.intake.task_supervision import supervise_daily
from mingjing_inspection.intake.track_duty import NAME as TRACKS
from mingjing_inspection.intake.track_duty import TrackDuty
from mingjing_inspection.messaging.inbound import INBOUND
from mingjing_inspection.messaging.outbound import OUTBOUND
from mingjing_inspection.policy.bulletin_rules import BULLETIN_RULE
from mingjing_inspection.policy.complaint_bulletin_rules import COMPLAINT_BULLETIN_RULE
from mingjing_inspection.policy.complaint_routing_rules import ROUTING_RULES
from mingjing_inspection.policy.complaint_times import RULES as COMPLAINT_RULES
from mingjing_inspection.policy.finding_limits import (
    RULES as FINDING_RULES,
)
from mingjing_inspection.policy.grid_rules import GRID_RULES
from mingjing_inspection.policy.joint_powers import JOINT_POWERS
from mingjing_inspection.policy.lead_rules import LEAD_RULES
from mingjing_inspection.policy.office_hours import OFFICE_HOURS
from mingjing_inspection.policy.patrol_rules import RULES
from mingjing_inspection.policy.rectification_terms import RECTIFICATION_TERMS
from mingjing_inspection.policy.reminders import REMINDERS
from mingjing_inspection.policy.suggestion_rules import SUGGESTION_RULES
from mingjing_inspection.policy.visits import VISIT_RULES
from mingjing_inspection.policy.voice_rules import VOICE_RULES
from mingjing_inspection.projections.calls import CALLS_READ
from mingjing_inspection.projections.campaigns import CAMPAIGNS_READ
from mingjing_inspection.projections.complaint_groups import GROUPS_READ
from mingjing_inspection.projections.complaint_tracks import TRACKS_READ
from mingjing_inspection.projections.complaint_voices import COMPLAINT_VOICES_READ
from mingjing_inspection.projections.complaint_words import COMPLAINT_WORDS_READ
from mingjing_inspection.projections.complaints import COMPLAINTS_READ
from mingjing_inspection.projections.conduct_leads import CONDUCT_LEADS_READ
from mingjing_inspection.projections.coverage import COVERAGE_READ
from mingjing_inspection.projections.deadlines import (
    DEADLINES,
    DEADLINES_READ,
)
from mingjing_inspection.projections.draws import DRAWS_READ
from mingjing_inspection.projections.enrolled_pupils import PUPILS_READ
from mingjing_inspection.projections.finding_rounds import FINDING_ROUNDS
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.grid_posts import GRID_POSTS_READ
from mingjing_inspection.projections.grid_versions import GRID_VERSIONS_READ
from mingjing_inspection.projections.hotspot_visits import HOTSPOT_VISITS_READ
from mingjing_inspection.projections.interests import INTERESTS_READ
from mingjing_inspection.projections.kept_aside import COMPLAINT_FILES_READ, KEPT_ASIDE
from mingjing_inspection.projections.lead_steps import LEAD_LINKS_READ, LEAD_STEPS_READ
from mingjing_inspection.projections.leads import LEADS_READ
from mingjing_inspection.projections.operations import OPERATION_MEMBERS, OPERATIONS_READ, POOLED_EVIDENCE
from mingjing_inspection.projections.overdue_notices import OVERDUE_NOTICES_READ
from mingjing_inspection.projections.post_files import POST_FILES_READ, POST_ROWS_READ
from mingjing_inspection.projections.premises import PREMISES_READ
from mingjing_inspection.projections.reactions import REACTIONS_READ
from mingjing_inspection.projections.rectifications import RECTIFICATIONS_READ
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.site_places import SITE_PLACES_READ
from mingjing_inspection.projections.subjects import SUBJECTS_READ
from mingjing_inspection.projections.supervision import SUPERVISION_READ
from mingjing_inspection.projections.supervision_phones import SUPERVISION_PHONES_READ
from mingjing_inspection.projections.tasks import TASKS_READ
from mingjing_inspection.projections.timeline import TIMELINE
from mingjing_inspection.projections.track_clocks import CLOCKS_READ
from mingjing_inspection.projections.track_openings import OPENINGS_READ
from mingjing_inspection.projections.visit_issues import VISIT_ISSUES
from mingjing_inspection.projections.visit_parts import VISIT_PARTS_READ
from mingjing_inspection.projections.visits import VISITS_READ
from mingjing_inspection.settings import InspectionSettings
from mingjing_inspection.sources.checklist_file import BYTES_MAX as CHECKLIST_BYTES_MAX
from mingjing_inspection.sources.post_file import BYTES_MAX as POST_FILE_BYTES_MAX
from mingjing_inspection.sources.table import FILE_BYTES_MAX
from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.sealed.unsealings import unsealing_models
from mingjing_kernel.service import Service
from mingjing_kernel.service.duty import once_a_day

SERVICE = Service(
    name="inspection",
    package="mingjing_inspection",
    title="Inspection 检查投诉",
    description="看到的与听到的：巡查、投诉举报、检查任务。What was seen and said: visits, complaints, tasks.",
    aggregates=AGGREGATES,
    read_models=(
        VISITS_READ,
        VISIT_PARTS_READ,
        COMPLAINTS_READ,
        COMPLAINT_WORDS_READ,
        TRACKS_READ,
        CLOCKS_READ,
        OPENINGS_READ,
        GROUPS_READ,
        CALLS_READ,
        TASKS_READ,
        TIMELINE,
        PREMISES_READ,
        COMPLAINT_FILES_READ,
        KEPT_ASIDE,
        GRID_VERSIONS_READ,
        GRID_POSTS_READ,
        POST_FILES_READ,
        POST_ROWS_READ,
        SITE_PLACES_READ,
        make_reads_model(METADATA),
        *EVIDENCE.lists.models,
        SUPERVISION_READ,
        COVERAGE_READ,
        CAMPAIGNS_READ,
        DRAWS_READ,
        INTERESTS_READ,
        REACTIONS_READ,
        OVERDUE_NOTICES_READ,
        DEADLINES_READ,
        SUBJECTS_READ,
        *unsealing_models(METADATA),
        FINDINGS_READ,
        FINDING_ROUNDS,
        VISIT_ISSUES,
        RECTIFICATIONS_READ,
        LEADS_READ,
        LEAD_STEPS_READ,
        LEAD_LINKS_READ,
        CONDUCT_LEADS_READ,
        HOTSPOT_VISITS_READ,
        OPERATIONS_READ,
        OPERATION_MEMBERS,
        POOLED_EVIDENCE,
        COMPLAINT_VOICES_READ,
        SUPERVISION_PHONES_READ,
        PUPILS_READ,
    ),
    routers=(
        checklist.make_router,
        checklist_mapping.make_router,
        own_round.make_router,
        visit.make_router,
        head_count.make_router,
        bundle.make_router,
        visit_part.make_router,
        own_record.make_router,  # before the complaints: an address of its own, and no complaint's id
        suggestion.make_router,  # the same
        topic.make_router,  # the same
        complaint_voice.make_router,
        public_complaint.make_router,
        follow.make_router,
        follow_secret.make_router,
        open311.make_router,
        supervision_phone.make_router,
        complaint.make_router,
        complaint_suggestion.make_router,
        complaint_file.make_router,
        complaint_header.make_router,
        complaint_track.make_router,
        complaint_figures.make_router,
        complaint_routing.make_router,
        complaint_group.make_router,
        call.make_router,
        track_message.make_router,
        track_steps.make_router,
        track_relations.make_router,
        task.make_router,
        task.make_steps_router,
        task_steps.make_router,
        way.make_router,
        campaign.make_router,
        coverage.make_router,
        supervision.make_router,
        draw.make_router,
        draw.make_steps_router,
        interest.make_router,
        public_draw.make_router,
        institution.make_router,
        finding.make_router,
        finding.make_opening_router,
        finding_handling.make_router,
        finding_figures.make_router,
        rectification.make_router,
        rectification_steps.make_router,
        lead.make_router,
        lead_report.make_router,
        lead_other.make_router,
        lead_triage.make_router,
        lead_cluster.make_router,
        conduct_lead.make_router,
        hotspot.make_router,
        grid_version.make_router,
        grid_version.make_steps_router,
        grid.make_router,
        grid_post.make_router,
        post_file.make_router,
        site_place.make_router,
        operation.make_router,
        operation.make_steps_router,
        operation_pool.make_router,
        overdue_notice.make_router,
        bulletin.make_router,
        complaint_bulletin.make_router,
    ),
    policies=(
        *RULES,
        *VISIT_RULES,
        *FINDING_RULES,
        OFFICE_HOURS,
        REMINDERS,
        RECTIFICATION_TERMS,
        *GRID_RULES,
        *JOINT_POWERS.values(),
        BULLETIN_RULE,
        *LEAD_RULES,
        *SUGGESTION_RULES,
        *VOICE_RULES,
        *COMPLAINT_RULES,
        COMPLAINT_BULLETIN_RULE,
        *ROUTING_RULES,
    ),
    deadlines=DEADLINES,
    duties={
        "planning": PlanningDuty,
        "task-supervision": once_a_day(supervise_daily),
        "grid-redrawing": RedrawingDuty,
        "task-assigning": AssigningDuty,
        FINDINGS: FindingDuty,
        REACTIONS: ReactionDuty,
        HOTSPOTS: once_a_day(plan_hotspots),
        "bulletin": once_a_day(issue_daily),
        "complaint-bulletin": once_a_day(issue_complaints_daily),
        SUGGESTIONS: SuggestionDuty,
        TRACKS: TrackDuty,
        HELD_PARTS: HeldPartsDuty,
        GROUPS: GroupDuty,
        COMPLAINANTS: ComplainantDuty,
    },
    outbound=OUTBOUND,
    inbound=INBOUND,
    settings=InspectionSettings,
    reads=READS,
    uploads={
        "/complaint-files": FILE_BYTES_MAX,
        "/checklist-previews": CHECKLIST_BYTES_MAX,
        "/checklist-proposals": CHECKLIST_BYTES_MAX,
        "/grid-post-files": POST_FILE_BYTES_MAX,
        "/grid-post-previews": POST_FILE_BYTES_MAX,
        "/grid-versions": GRID_FILE_BYTES_MAX,
        follow.PHOTOS: PHOTO_FORM_BYTES_MAX,
    },
    rules=rule_texts,
    kept_rules=kept_checklists,
    subjects=SUBJECTS_READ.table,
    evidence=EVIDENCE,
)
