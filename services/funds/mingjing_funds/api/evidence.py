"""What evidence may belong to here: alerts, whose closing rests on what somebody found.

The one rule: fund regulators collect and keep it; everybody who may read about money sees that it is there.
"""

from __future__ import annotations

from mingjing_funds.acts import WRITERS
from mingjing_funds.projections.evidence import EVIDENCE_LISTS, alert_ended, alert_within
from mingjing_funds.projections.schema import READERS
from mingjing_kernel.evidence.desk import EvidencePlan
from mingjing_kernel.evidence.reach import ThingKind
from mingjing_kernel.identity import Role

EVIDENCE = EvidencePlan(
    lists=EVIDENCE_LISTS,
    kinds=(
        ThingKind(
            kind="alert",
            zh="预警",
            en="alert",
            within=alert_within,
            adding=WRITERS,
            seeing=frozenset(READERS),
            originals=frozenset({Role.FUND_REGULATOR, Role.CASE_OFFICER, Role.APPROVER}),
            ended=alert_ended,
            kept_months=60,
        ),
    ),
)
