"""Acts on evidence that take different people, declared once. Who may is for each kind of record to say (``reach.py``).

The one rule: whoever placed a hold does not lift it; the facts themselves say who that was.
"""

from __future__ import annotations

from typing import Final

from mingjing_kernel.evidence.facts import EvidenceHeld, EvidenceHoldLifted, HoldEvidence, LiftHold
from mingjing_kernel.identity.act import Act
from mingjing_kernel.identity.role import OFFICIALS


def _hold(fact: EvidenceHeld | EvidenceHoldLifted) -> str:
    return fact.hold


HOLD_EVIDENCE: Final = Act(
    name="hold-evidence",
    zh="保全证据",
    en="hold evidence",
    roles=OFFICIALS,
    asks=HoldEvidence,
    leaves=(EvidenceHeld,),
    thing=_hold,
)
LIFT_EVIDENCE_HOLD: Final = Act(
    name="lift-evidence-hold",
    zh="解除证据保全",
    en="lift a hold on evidence",
    roles=OFFICIALS,
    asks=LiftHold,
    leaves=(EvidenceHoldLifted,),
    apart_from=frozenset({"hold-evidence"}),
    thing=_hold,
)
EVIDENCE_ACTS: Final = (HOLD_EVIDENCE, LIFT_EVIDENCE_HOLD)
