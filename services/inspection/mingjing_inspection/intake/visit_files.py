"""A visit's files (巡查照片、录音录像、签名): their hashes stand in the report, their bytes come as evidence.

The one rule: a report is never lost because a file is late, or is not what was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from mingjing_inspection.domain.visit import Observation
from mingjing_inspection.domain.visit_refusals import EvidenceNotInReport
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Undeclared
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Envelope, Work


async def evidence_works(
    kit: Kit, visit_id: UUID, seen: Observation, named: Sequence[UUID], caller: Principal, written: Envelope
) -> list[Work]:
    """Attach what is here or on its way already, in the report's own transaction.

    What nobody declared yet belongs to the visit by its own manifest as soon as it is declared. Raises
    ``EvidenceUnknown`` for somebody else's, ``EvidenceNotInReport`` for what is no photo of the report.
    """
    desk = kit.evidence
    works = list[Work]()
    for id in named if desk else ():
        assert desk is not None
        state, _ = await kit.log.state(EVIDENCE, id)
        if isinstance(state, Undeclared):
            continue
        await desk.custody.attachable(id, caller)
        if state.manifest.sha256 not in seen.files:
            raise EvidenceNotInReport(evidence_id=id)
        works.append(desk.custody.attach_work(id, Thing(kind="visit", id=visit_id), caller, written))
    return works


async def here_already(kit: Kit, seen: Observation, declared: Sequence[UUID], sender: str) -> list[UUID]:
    """Of the evidence that a manifest lists for a visit: what was sent before the report, and belongs to it."""
    if not declared or kit.evidence is None:
        return []
    states = await kit.log.states(EVIDENCE, declared)
    return [
        id
        for id, state in states.items()
        if not isinstance(state, Undeclared) and state.by == sender and state.manifest.sha256 in seen.files
    ]
