"""A complaint by the citizen herself (网页、扫码投诉), without signing in.

One rule: nothing that tells who she is goes into the log in the clear, her network address included. What the client
makes (the form's id, the secret) makes a second click and a lost answer the same complaint with the same secret.
"""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date
from typing import Final
from uuid import UUID

from fastapi import Depends, Request, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_inspection.api.name_book import NameBook
from mingjing_inspection.api.receipt import receipt_of
from mingjing_inspection.codec import COMPLAINTS, PREMISES_KNOWN
from mingjing_inspection.domain.citizen_refusals import ContactMissing, DisputeNeedsAPerson
from mingjing_inspection.domain.complaint import (
    TEXT_CHARACTERS_MAX,
    Attribution,
    Channel,
    Intake,
    MatchedBy,
    TakeComplaint,
    Taken,
    Track,
)
from mingjing_inspection.domain.complaint_voice import Identity
from mingjing_inspection.domain.follow_secret import checked, web_number
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.intake.sealing import findable, sealed
from mingjing_inspection.intake.voices import Speaker, new_secret, open_voice, told_by
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
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.log import Envelope
from mingjing_kernel.readable import in_groups
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys

HOURLY: Final = "20/hour"
DAILY: Final = "60/day"
"""By one network address. Behind one address of a mobile network are many families of one shut institution."""
TITLE_CHARACTERS: Final = 60


class CitizenBody(BaseModel):
    """What a citizen writes. ``form_id`` is made by the client, one a form; so may be the secret."""

    form_id: UUID = Field(description="New for each form; sent again it is the same complaint")
    secret: str = Field(default="", max_length=40, description="Sixteen characters; empty: one is made")
    institution_id: UUID | None = Field(default=None, description="From the code at the door or the public page")
    respondent: str = Field(default="", max_length=300)
    place: str = Field(default="", max_length=300)
    text: str = Field(max_length=TEXT_CHARACTERS_MAX - 1_100, description="What happened")
    request: str = Field(default="", max_length=1_000, description="What is asked")
    claimed_fen: int | None = Field(default=None, ge=0, le=10**12)
    tracks: list[Track] = Field(default_factory=list, max_length=3, description="Empty: read from the text")
    identity: Identity
    name: Unmasked = Field(default="", max_length=100)
    phone: Unmasked = Field(default="", max_length=40)
    relation: str = Field(default="", max_length=40, description="To whom it concerns, where she speaks for another")
    represented: Unmasked = Field(default="", max_length=100)


class CitizenAccepted(Accepted):
    """It stands. The secret is shown now and never again."""

    number: str
    secret: str = Field(description="With the number it opens the complaint 查询码，请妥善保存，不再显示")
    told_by: date = Field(description="Until then she is told whether it is taken up 最迟答复是否受理的日期")
    receipt: Receipt | None = None


def make_router(kit: Kit) -> Router:
    """Without signing in."""
    router = Router(tags=["public 公众查询"])
    names, keys = NameBook(kit), Keys(kit)

    @router.post(
        "/public/complaints",
        status_code=201,
        summary="网上投诉举报 complain",
        dependencies=[Depends(kit.throttled(HOURLY)), Depends(kit.throttled(DAILY))],
    )
    async def complain_as_citizen(
        request: Request,
        body: CitizenBody,
        response: Response,
        written: Envelope = Depends(kit.written_by_visitor),
    ) -> CitizenAccepted:
        """Send ``form_id`` as Idempotency-Key, too: sent again, it gets the same answer. 遗失查询码不能找回。"""
        filed = await request.json()
        return await take(kit, names, keys, body, response, written, filed)

    return router


async def take(
    kit: Kit, names: NameBook, keys: Keys, body: CitizenBody, response: Response, written: Envelope, filed: object
) -> CitizenAccepted:
    """Take it down, let its citizen follow it, and give her the receipt; the same again for the same form."""
    _check(body)
    secret = checked(body.secret) if body.secret else new_secret()
    written = replace(keys.keyed(written), client="")  # her address is nobody's business
    number = web_number(keys.index().keyed("web-number", body.form_id.bytes))
    id_ = complaint_id(Channel.WEB, number)
    desk = await names.desk(Channel.WEB, written.actor)
    command = await _command(kit, id_, number, body, desk)
    is_there = isinstance((await kit.log.state(COMPLAINTS, id_))[0], Taken)
    person = None if is_there else _person(body, command.attribution)  # who was erased gets no key by a repetition
    if person is not None:
        command = changed(command, complainant=(await sealed(keys, {id_: person}))[id_])
    outcome = await kit.log.handle(COMPLAINTS, id_, command, written)
    is_new = bool(outcome.events) and not outcome.repeated
    if person is not None and is_new:
        await findable(keys, {id_: person})
    represented = "" if body.identity is Identity.ANONYMOUS else body.represented
    speaker = Speaker(identity=body.identity, relation=body.relation, represented=represented)
    await open_voice(kit, keys, id_, command, speaker, secret, written)
    receipt = await receipt_of(kit, keys, id_, filed, written, may_seal=is_new) if outcome.events else None
    return CitizenAccepted(
        **accepted(response, outcome).model_dump(),
        number=number,
        secret=in_groups(secret),
        told_by=await told_by(kit, command.intake.received_at, command.region, command.category),
        receipt=receipt,
    )


def _check(body: CitizenBody) -> None:
    if body.identity is Identity.ANONYMOUS:
        if Track.DISPUTE in body.tracks:
            raise DisputeNeedsAPerson
    elif not body.phone.strip():
        raise ContactMissing


async def _command(kit: Kit, id_: UUID, number: str, body: CitizenBody, desk: Desk) -> TakeComplaint:
    before = (await kit.log.state(COMPLAINTS, id_))[0]
    attribution, department, category = await _attributed(kit, body, desk)
    said = _said(body)
    tracks = tuple(dict.fromkeys(body.tracks)) if body.tracks else tracks_of("", said["text"])
    if body.identity is Identity.ANONYMOUS:
        tracks = tuple(Track.REPORT if track is Track.DISPUTE else track for track in tracks)
    return TakeComplaint(
        intake=Intake(
            number=number,
            channel=Channel.WEB,
            received_at=before.intake.received_at if isinstance(before, Taken) else desk.taken_at,
            declared="、".join(_WORDS[track] for track in body.tracks),
            **masked_words(said, _name(body), institutions_number(attribution), represented=body.represented),
            is_anonymous=body.identity is Identity.ANONYMOUS,
            claimed_fen=body.claimed_fen,
        ),
        tracks=tuple(dict.fromkeys(tracks)),
        within_remit=is_within_remit(said["title"], "", said["text"], attribution.institution_id is not None),
        attribution=attribution,
        region=desk.region_of(attribution, said["place"]),
        department=department,
        category=category,
        taken_by=desk.taken_by,
        taken_at=desk.taken_at,
    )


_WORDS: Final = {Track.DISPUTE: "投诉", Track.REPORT: "举报", Track.WORK_ORDER: "咨询"}


async def _attributed(kit: Kit, body: CitizenBody, desk: Desk) -> tuple[Attribution, str, str]:
    """By the code that she scanned, where it is an institution's; else by what she wrote."""
    if body.institution_id is not None:
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, body.institution_id))[0]
        if premises.names is not None:
            by_code = Attribution(institution_id=body.institution_id, by=MatchedBy.BY_HAND, evidence=body.respondent)
            return by_code, premises.department, premises.category
    typed = Typed(respondent=body.respondent, uscc="", title="", text=body.text)
    attribution = desk.index.match(typed)
    competence = desk.competent.get(attribution.institution_id) if attribution.institution_id else None
    if competence is None:
        return attribution, desk.department, ""
    return attribution, competence.department, competence.category


def _said(body: CitizenBody) -> dict[str, str]:
    asks = body.request.strip()
    text = f"{body.text}\n诉求：{asks}" if asks and body.text.strip() else body.text
    title = (asks or body.text.strip()).splitlines()[:1]
    return {
        "title": title[0][:TITLE_CHARACTERS] if title else "",
        "text": text,
        "respondent": body.respondent,
        "place": body.place,
    }


def _name(body: CitizenBody) -> str:
    return "" if body.identity is Identity.ANONYMOUS else body.name


def _person(body: CitizenBody, attribution: Attribution) -> Person | None:
    """Nothing of an anonymous citizen, whatever she typed into the fields; numbers in her words are sealed."""
    said, name = _said(body), _name(body)
    words = sealed_words(said, masked_words(said, name, institutions_number(attribution), represented=body.represented))
    phone = "" if body.identity is Identity.ANONYMOUS else body.phone
    person = Person(name=name, phone=phone, words=words)
    return person if person.is_named or words else None
