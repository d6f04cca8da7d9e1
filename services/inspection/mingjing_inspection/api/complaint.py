"""Complaints over HTTP: an operator takes one, a person says whom it is about, lists for whoever must answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import ATTRIBUTE_COMPLAINT, OPEN_COMPLAINANT, TAKE_COMPLAINT
from mingjing_inspection.api.complainant_opening import ComplainantOpened, PurposeBody, opened
from mingjing_inspection.api.complaint_columns import COLUMNS
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.name_book import NameBook
from mingjing_inspection.api.people import people_in
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.api.receipt import receipt_of
from mingjing_inspection.api.speaking import SpeakingBody, let_follow
from mingjing_inspection.codec import COMPLAINTS, PREMISES_KNOWN
from mingjing_inspection.domain.complaint import (
    TEXT_CHARACTERS_MAX,
    AttributeComplaint,
    Attribution,
    Channel,
    Intake,
    MatchedBy,
    TakeComplaint,
    Track,
    hindrance,
)
from mingjing_inspection.domain.complaint_refusals import ComplaintNotTaken
from mingjing_inspection.domain.premises import InstitutionNotNoted, Premises
from mingjing_inspection.intake.sealing import findable, sealed
from mingjing_inspection.intake.track_opening import opened_at_once
from mingjing_inspection.projections.complaints import complaints_in
from mingjing_inspection.sources.classification import is_within_remit, tracks_of
from mingjing_inspection.sources.complaint_row import (
    Desk,
    Person,
    complaint_id,
    institutions_number,
    masked_words,
    sealed_words,
)
from mingjing_inspection.sources.matching import Typed
from mingjing_kernel.audit.receipts import Receipt
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    page_of,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys


class ComplainantBody(BaseModel):
    """Who complains. Sealed at once; nobody reads it again without a purpose on record."""

    name: Unmasked = Field(default="", max_length=100)
    phone: Unmasked = Field(default="", max_length=40)


class ComplaintBody(SpeakingBody):
    """What an operator writes down. ``declared`` is the caller's own word: 投诉, 举报, 咨询 …"""

    number: str = Field(max_length=60)
    channel: Channel
    received_at: Moment
    declared: str = Field(max_length=40)
    title: str = Field(default="", max_length=300)
    text: str = Field(max_length=TEXT_CHARACTERS_MAX + 1)
    respondent: str = Field(default="", max_length=300)
    uscc: str = Field(default="", max_length=40)
    place: str = Field(default="", max_length=300)
    claimed_fen: int | None = Field(default=None, ge=0, le=FEN_MAX)
    institution_id: UUID | None = Field(default=None, description="If the operator knows; else it is matched")
    tracks: list[Track] | None = Field(default=None, description="If the operator knows; else from the text")
    complainant: ComplainantBody | None = Field(default=None, description="Absent: anonymous")


class AttributionBody(BaseModel):
    """Whom the complaint is about, and how you know."""

    institution_id: UUID
    reason: str = Field(max_length=1_000)


class ComplaintAccepted(Accepted):
    """The complaint stands."""

    complaint_id: UUID
    institution_id: UUID | None
    matched_by: MatchedBy
    match_evidence: str
    is_urgent: bool
    secret: str = Field(default="", description="To follow it with, shown once 查询码，请告知投诉人")
    receipt: Receipt | None = Field(default=None, description="Give it to the complainant 请交给投诉人保存")


class ComplaintItem(BaseModel):
    """A complaint as it stands now. The person stands under a pseudonym of this complaint, with masked fields."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: UUID
    number: str
    channel: str
    received_at: datetime
    department: str
    region: str
    category: str
    tracks: list[Track]
    within_remit: bool
    declared: str
    title: str
    text: str
    respondent: str
    place: str
    is_anonymous: bool
    complainant: str = Field(default="", description="投诉人-7K3QH: the same within this complaint only")
    complainant_masked: dict[str, str] = Field(default_factory=dict, description="Gone when the person is erased")
    claimed_fen: int | None
    institution_id: UUID | None
    matched_by: MatchedBy
    match_evidence: str
    is_urgent: bool
    urgent_words: list[str]
    urgency_rule: str
    status: str
    result: str
    due_on: date | None


def make_router(kit: Kit) -> Router:
    """Complaints one by one; whole files have a router of their own."""
    router = Router(tags=["complaint 投诉举报"])
    names, keys = NameBook(kit), Keys(kit)

    @router.post("/complaints", status_code=201, summary="受理投诉 take a complaint")
    async def take_complaint(
        request: Request,
        body: ComplaintBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ComplaintAccepted:
        """The same number on the same channel is the same complaint. The receipt is for the JSON that you sent."""
        written = keys.keyed(written)
        desk = await names.desk(body.channel, written.actor)
        command = await _command(kit, body, desk)
        allow(scope, TAKE_COMPLAINT, command)
        id_ = complaint_id(body.channel, body.number)
        person = _person(body, command.attribution)
        if person is not None:
            command = replace(command, complainant=(await sealed(keys, {id_: person}))[id_])
        outcome = await kit.log.handle(COMPLAINTS, id_, command, written)
        is_new = bool(outcome.events) and not outcome.repeated
        _, _, secret, (taken, _) = await asyncio.gather(  # none waits for another: their facts share a commit
            findable(keys, {id_: person} if person is not None and is_new else {}),
            opened_at_once(kit.log, id_, outcome, kit.now()),
            let_follow(kit, keys, id_, command, body, outcome, written),
            kit.log.state(COMPLAINTS, id_),
        )
        may_seal = not outcome.repeated or body.complainant is None  # nobody who was erased comes back by a repetition
        receipt = (
            await receipt_of(kit, keys, id_, await request.json(), written, may_seal=may_seal)
            if outcome.events
            else None
        )
        return ComplaintAccepted(
            **accepted(response, outcome).model_dump(),
            receipt=receipt,
            secret=secret,
            complaint_id=id_,
            institution_id=taken.institution_id,
            matched_by=command.attribution.by,
            match_evidence=command.attribution.evidence,
            is_urgent=taken.is_urgent,
        )

    @router.post("/complaints/{complaint_id}/attribution", summary="认定被投诉机构 say whom it is about")
    async def attribute(
        complaint_id: UUID,
        body: AttributionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For complaints that nobody could match, or that were matched wrongly."""
        await standing(kit, complaint_id, scope)
        premises = await _premises(kit, body.institution_id)
        allow(scope, ATTRIBUTE_COMPLAINT, premises)
        command = AttributeComplaint(
            institution_id=body.institution_id,
            department=premises.department,
            category=premises.category,
            reason=body.reason,
            attributed_by=written.actor,
            attributed_at=kit.now(),
        )
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(COMPLAINTS, complaint_id, command, grounds))

    @router.post("/complaints/{complaint_id}/complainant", summary="查看投诉人 open who complained")
    async def open_complainant(
        complaint_id: UUID,
        body: PurposeBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ComplainantOpened:
        """The purpose is on record before you read the name; who looked, when and why can be asked for ever."""
        seen = await standing(kit, complaint_id, scope)
        allow(scope, OPEN_COMPLAINANT, seen)
        return await opened(kit, keys, complaint_id, body, written)

    @router.get("/complaints", response_model=Page[ComplaintItem], summary="投诉列表 complaints")
    async def complaints(
        institution_id: UUID | None = None,
        is_urgent: bool | None = None,
        is_matched: bool | None = None,
        number: str = Query(default="", max_length=60, description="编号 the whole number"),
        search: str = Query(default="", max_length=100, description="标题、内容、被反映对象中的字词 words in it"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first. Words are looked for in what is shown: what is masked is found by nobody."""
        statement = complaints_in(
            scope,
            institution_id=institution_id,
            is_urgent=is_urgent,
            is_matched=is_matched,
            number=number.strip(),
            search=search.strip(),
            at=await position_of(kit, as_of),
        )
        rows = statement.selected_columns
        listing = Listing(
            name="complaints",
            statement=statement,
            keys=(rows.received_at, rows.complaint_id),
            columns=COLUMNS,
            is_descending=True,
        )
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, ComplaintItem)
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
        return Page[ComplaintItem](
            items=[ComplaintItem.model_validate(row) for row in await people_in(keys, found)], next=cursor
        )

    @router.get("/complaints/{complaint_id}", summary="投诉 one complaint")
    async def complaint(
        complaint_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> ComplaintItem:
        """As it stands, or stood."""
        (row,) = await people_in(keys, [await complaint_seen(kit, complaint_id, scope, as_of)])
        return ComplaintItem.model_validate(row)

    _actions(router, kit)
    return router


def _actions(router: Router, kit: Kit) -> None:
    @router.get(
        "/complaints/{complaint_id}/available-actions", summary="可办事项 what may be done to it now, and until when"
    )
    async def complaint_actions(complaint_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        here = dimensions_of(ComplaintItem.model_validate(await standing(kit, complaint_id, caller.scope)))
        return await available_actions(kit, COMPLAINTS, complaint_id, caller, here, hindrance)


async def complaint_seen(kit: Kit, complaint_id: UUID, scope: Scope, as_of: AsOf | None = None) -> Mapping[str, Any]:
    """Its row, if the caller sees it. Raises ``ComplaintNotTaken``."""
    statement = complaints_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.complaint_id == complaint_id)
    async with kit.connection() as connection:
        row: Mapping[str, Any] | None = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise ComplaintNotTaken
    return row


async def standing(kit: Kit, complaint_id: UUID, scope: Scope) -> ComplaintItem:
    """What a write is decided on: nobody is told that there is no complaint which they have just written down."""
    await kit.up_to_date()
    return ComplaintItem.model_validate(await complaint_seen(kit, complaint_id, scope))


async def _premises(kit: Kit, institution_id: UUID) -> Premises:
    premises: Premises = (await kit.log.state(PREMISES_KNOWN, institution_id))[0]
    if premises.names is None:
        raise InstitutionNotNoted
    return premises


def _said(body: ComplaintBody) -> dict[str, str]:
    return {"title": body.title, "text": body.text, "respondent": body.respondent, "place": body.place}


def _name(body: ComplaintBody) -> str:
    return body.complainant.name if body.complainant else ""


def _person(body: ComplaintBody, attribution: Attribution) -> Person | None:
    """Whom the operator names, and what is masked in the words; ``None`` where there is nothing to seal."""
    given, said = body.complainant or ComplainantBody(), _said(body)
    masked = masked_words(said, given.name, institutions_number(attribution), represented=body.represented)
    words = sealed_words(said, masked)
    person = Person(name=given.name, phone=given.phone, words=words)
    return person if person.is_named or words else None


async def _command(kit: Kit, body: ComplaintBody, desk: Desk) -> TakeComplaint:
    if body.institution_id is not None:
        premises = await _premises(kit, body.institution_id)
        by_hand = Attribution(institution_id=body.institution_id, by=MatchedBy.BY_HAND, evidence=body.respondent)
        attribution, department, category = by_hand, premises.department, premises.category
    else:
        typed = Typed(respondent=body.respondent, uscc=body.uscc, title=body.title, text=body.text)
        attribution = desk.index.match(typed)
        competence = desk.competent.get(attribution.institution_id) if attribution.institution_id else None
        department = competence.department if competence else desk.department
        category = competence.category if competence else ""
    return TakeComplaint(
        intake=Intake(
            number=body.number.strip(),
            channel=body.channel,
            received_at=body.received_at,
            declared=body.declared,
            **masked_words(_said(body), _name(body), institutions_number(attribution), represented=body.represented),
            is_anonymous=body.complainant is None,
            claimed_fen=body.claimed_fen,
        ),
        tracks=tuple(dict.fromkeys(body.tracks)) if body.tracks else tracks_of(body.declared, body.text),
        within_remit=is_within_remit(body.title, "", body.text, attribution.institution_id is not None),
        attribution=attribution,
        region=desk.region_of(attribution, body.place),
        department=department,
        category=category,
        taken_by=desk.taken_by,
        taken_at=desk.taken_at,
    )
