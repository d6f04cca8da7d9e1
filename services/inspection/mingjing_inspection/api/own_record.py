"""A complainant and her own data: who looked at it, and putting it right.

One rule: who names the number of a complaint and the telephone that was given with it is its complainant; a wrong
number and a wrong telephone are answered alike, and few are answered at all, so that neither can be guessed.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts import CORRECT_COMPLAINANT
from mingjing_inspection.api.complaint import ComplainantBody, standing
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.complaint import Channel, CorrectComplainant
from mingjing_inspection.intake.sealing import findable, sealed
from mingjing_inspection.projections.subjects import SUBJECTS_READ
from mingjing_inspection.sources.complaint_row import Person, complaint_id
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import NotFound
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.service.subject_desk import OwnRecords, SubjectRecord

ASKED_AT_MOST = "10/minute"
"""By one caller: a telephone has 10,000 endings, and nobody types that fast."""


class NotYourComplaint(NotFound):
    """No complaint has this number, or it was given with another telephone."""

    sentence = "There is no complaint under this number and telephone."
    remedy = "Check both: the number is on your receipt, the telephone is the one that you gave."
    field = "number"


class OwnRecordBody(BaseModel):
    """What a complainant knows of her complaint."""

    channel: Channel
    number: str = Field(max_length=60)
    phone: str = Field(max_length=40)


class CorrectionBody(BaseModel):
    """What is right, in full, and who asked for it."""

    complainant: ComplainantBody
    reason: str = Field(max_length=1_000)


_OWN: Final[WeakKeyDictionary[Kit, OwnRecords]] = WeakKeyDictionary()


def own_records(kit: Kit) -> OwnRecords:
    """One of a service, whichever address asks: what is a wrong telephone here is a wrong one there."""
    if kit not in _OWN:
        _OWN[kit] = OwnRecords(kit, SUBJECTS_READ.table)
    return _OWN[kit]


def make_router(kit: Kit) -> Router:
    """For complainants, and for the staff who put their particulars right."""
    router = Router(tags=["complaint 投诉举报"])
    keys, own = Keys(kit), own_records(kit)

    @router.post(
        "/complaints/own-record",
        summary="查询本人信息的查看记录 who looked at my data",
        dependencies=[Depends(kit.throttled(ASKED_AT_MOST))],
    )
    async def own_record(body: OwnRecordBody) -> SubjectRecord:
        """Without signing in: who opened your name and telephone, when, for which purpose, and how long it is kept."""
        subject = subject_of(complaint_id(body.channel, body.number))
        if not await own.is_hers(subject, body.phone):
            raise NotYourComplaint
        return await own.of(subject)

    @router.post("/complaints/{complaint_id}/complainant/correction", status_code=201, summary="更正投诉人 correct")
    async def correct(
        complaint_id: UUID,
        body: CorrectionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """At the person's request (PIPL art. 46). What stood before stays sealed in the log until it is erased."""
        allow(scope, CORRECT_COMPLAINANT, await standing(kit, complaint_id, scope))
        person = Person(name=body.complainant.name, phone=body.complainant.phone)
        command = CorrectComplainant(
            complainant=(await sealed(keys, {complaint_id: person}))[complaint_id],
            reason=body.reason,
            corrected_by=written.actor,
            corrected_at=kit.now(),
        )
        grounds = keys.keyed(grounded(written, body.reason))
        outcome = await kit.log.handle(COMPLAINTS, complaint_id, command, grounds)
        if outcome.events and not outcome.repeated:
            await findable(keys, {complaint_id: person})
        return accepted(response, outcome)

    return router
