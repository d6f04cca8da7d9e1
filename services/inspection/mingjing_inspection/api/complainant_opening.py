"""Opening who complained (查看投诉人): for one purpose of a closed list, on record before the name is read.

One rule: whichever page it is asked from, it is opened here, and counted in the stream of the complaint.
"""

from __future__ import annotations

import json
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complaint import Taken
from mingjing_inspection.domain.complaint_refusals import ComplainantUnknown
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Why
from mingjing_kernel.sealed.purpose import Purpose


class ComplainantOpened(BaseModel):
    """Who complained, and what was said where something in it is masked for everybody else."""

    name: str
    phone: str
    words: dict[str, str]


class PurposeBody(BaseModel):
    """Why somebody must know who complained: one purpose of the list, and the case in words."""

    purpose: Purpose
    explanation: str = Field(max_length=1_000, description="The number of the case, and what for")


async def opened(kit: Kit, keys: Keys, complaint_id: UUID, body: PurposeBody, written: Envelope) -> ComplainantOpened:
    """Of a complaint for which the caller has been allowed it. Raises ``ComplainantUnknown`` of an anonymous one."""
    taken: Taken = (await kit.log.state(COMPLAINTS, complaint_id))[0]
    person = taken.complainant
    fields = {"name": person.name, "phone": person.phone, "words": person.words} if person else {}
    known = {field: value for field, value in fields.items() if value is not None}
    if not known:
        raise ComplainantUnknown
    stream = COMPLAINTS.stream(complaint_id)
    found = await keys.vault().open(
        known,
        stream=stream,
        why=Why(purpose=body.purpose, explanation=body.explanation),
        envelope=grounded(written, body.explanation),
    )
    words = json.loads(found.get("words", "{}"))
    return ComplainantOpened(name=found.get("name", ""), phone=found.get("phone", ""), words=words)
