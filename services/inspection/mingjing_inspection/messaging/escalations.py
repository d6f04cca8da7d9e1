"""What the funds service could not get done in its time (预警超时升级): on record here, where the level above reads it.

One rule: an escalation changes nobody's work and sends nobody anywhere; a RED alert has sent somebody already (X1).
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from mingjing_contracts.funds import AlertEscalatedV1
from mingjing_inspection.codec import PREMISES_KNOWN, REACTIONS
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reaction import NoteReaction
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Log, Work

ESCALATED: Final = "ESCALATED"
LEVEL_ABOVE_TOLD: Final = "level-above-told"
SUPERVISION: Final = "教监管函〔2021〕2号；国办发〔2018〕80号"


class Services(Protocol):
    """What the reaction needs of its host."""

    @property
    def log(self) -> Log:
        """The service's own log."""
        ...

    @property
    def settings(self) -> Any:
        """The service's settings."""
        ...


async def note_escalation(message: Message[AlertEscalatedV1], host: Services) -> list[Work]:
    """One record for each step that was late; where the institution stands, else where the account does."""
    told = message.contract
    premises = Premises()
    if told.institution_id is not None:
        premises, _ = await host.log.state(PREMISES_KNOWN, told.institution_id)
    note = NoteReaction(
        reaction=ESCALATED,
        occasion=f"alert:{told.alert_id} {told.clock}",
        did=(LEVEL_ABOVE_TOLD,),
        institution_id=told.institution_id,
        why="",
        department=premises.department or told.department or host.settings.lead_department,
        region=premises.region or told.region or host.settings.county_code,
        category=premises.category,
        at=told.escalated_at,
    )
    id = derived_id("reaction", ESCALATED, told.alert_id, told.clock, told.escalated_at.isoformat())
    envelope = message.envelope("note-escalation", reason=told.explanation_zh, legal_basis=SUPERVISION)
    return [Work(REACTIONS, id, note, envelope)]
