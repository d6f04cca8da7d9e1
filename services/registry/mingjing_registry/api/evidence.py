"""What evidence may belong to here: the papers of an institution's licence, the photos of its premises.

The one rule: who keeps the register adds to it; the very papers are for those who decide on them.
"""

from __future__ import annotations

from mingjing_kernel.evidence.desk import EvidencePlan
from mingjing_kernel.evidence.reach import ThingKind
from mingjing_kernel.identity import OFFICIALS, Role
from mingjing_registry.acts import LICENSING, PUNISHING
from mingjing_registry.projections.evidence import EVIDENCE_LISTS, institution_ended, institution_within

EVIDENCE = EvidencePlan(
    lists=EVIDENCE_LISTS,
    kinds=(
        ThingKind(
            kind="institution",
            zh="机构",
            en="institution",
            within=institution_within,
            adding=LICENSING | PUNISHING,
            seeing=OFFICIALS,
            originals=LICENSING | PUNISHING | {Role.LEGAL_REVIEWER},
            ended=institution_ended,
            kept_months=360,
        ),
    ),
)
