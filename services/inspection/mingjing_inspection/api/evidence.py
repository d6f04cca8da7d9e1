"""What evidence may belong to here, and who may do what with it: photos of visits and findings, papers of complaints.

The one rule: a display copy is for whoever sees the record; the very bytes show people, places and voices, and are for
those who decide on them.
"""

from __future__ import annotations

from mingjing_inspection.acts import INTAKE, PATROL, PLANNING
from mingjing_inspection.acts_leads import REPORTING
from mingjing_inspection.projections.evidence import (
    EVIDENCE_LISTS,
    complaint_ended,
    complaint_within,
    finding_ended,
    finding_within,
    lead_within,
    operation_ended,
    operation_within,
    rectification_ended,
    rectification_within,
    visit_ended,
    visit_within,
)
from mingjing_inspection.projections.leads import lead_ended
from mingjing_kernel.evidence.desk import EvidencePlan
from mingjing_kernel.evidence.reach import ThingKind
from mingjing_kernel.identity import OFFICIALS, Role

DECIDING = frozenset({Role.INSPECTOR, Role.CASE_OFFICER, Role.LEGAL_REVIEWER, Role.APPROVER})

EVIDENCE = EvidencePlan(
    lists=EVIDENCE_LISTS,
    kinds=(
        ThingKind(
            kind="visit",
            zh="巡查",
            en="visit",
            within=visit_within,
            adding=PATROL,
            seeing=OFFICIALS,
            originals=DECIDING,
            ended=visit_ended,
            kept_months=120,
        ),
        ThingKind(
            kind="operation",
            zh="联合检查",
            en="joint operation",
            within=operation_within,
            adding=PATROL | PLANNING,
            seeing=OFFICIALS,
            originals=DECIDING,
            ended=operation_ended,
            kept_months=120,
        ),
        ThingKind(
            kind="finding",
            zh="问题案卷",
            en="finding",
            within=finding_within,
            adding=PATROL | PLANNING,
            seeing=OFFICIALS,
            originals=DECIDING,
            ended=finding_ended,
            kept_months=120,
        ),
        ThingKind(
            kind="rectification",
            zh="限期整改",
            en="rectification",
            within=rectification_within,
            adding=PATROL | PLANNING | {Role.INSTITUTION},
            seeing=OFFICIALS,
            originals=DECIDING,
            ended=rectification_ended,
            kept_months=120,
        ),
        ThingKind(
            kind="complaint",
            zh="投诉举报",
            en="complaint or report",
            within=complaint_within,
            adding=INTAKE,
            seeing=INTAKE | DECIDING | {Role.AUDITOR},
            originals=INTAKE | {Role.LEGAL_REVIEWER, Role.APPROVER},
            ended=complaint_ended,
            kept_months=120,
        ),
        ThingKind(
            kind="lead",
            zh="线索",
            en="lead",
            within=lead_within,
            adding=REPORTING,
            seeing=OFFICIALS,
            originals=DECIDING,
            ended=lead_ended,
            kept_months=120,
        ),
    ),
)
"""A complaint's documents may name the complainant: who sees the complaint does not see them for that alone."""
