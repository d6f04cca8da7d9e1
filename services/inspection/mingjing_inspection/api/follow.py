"""Following a complaint by number and secret (凭回执查询): how it stands, and what its citizen says to it.

One rule: the secret opens what she may do and shows nothing of what was said: who finds a receipt learns a stage and a
date, never a name, a word or an institution.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from fastapi import Depends, File, Form, Response, UploadFile
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_inspection.codec_public import VOICES
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_progress import Stage
from mingjing_inspection.domain.complaint_voice import (
    WORDS_CHARACTERS_MAX,
    AddPhoto,
    AddWords,
    AnswerCallBack,
    AskReopening,
    Command,
    WithdrawDispute,
)
from mingjing_inspection.domain.voice_answer import Reply
from mingjing_inspection.intake.citizen_photos import keep_photo
from mingjing_inspection.intake.voice_steps import steps_of
from mingjing_inspection.intake.voices import Followed, followed, masked_and_sealed
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys

ASKED_AT_MOST: Final = "20/minute"
SAID_AT_MOST: Final = "30/hour"
PHOTOS: Final = "/public/complaints/photos"


class KeyBody(BaseModel):
    """What stands on the receipt."""

    number: str = Field(max_length=60)
    secret: str = Field(max_length=40)


class WordsBody(KeyBody):
    """Something more. ``addition_id`` is made by the client: sent again it is the same."""

    addition_id: UUID
    text: Unmasked = Field(max_length=WORDS_CHARACTERS_MAX + 1)


class CallBackBody(KeyBody):
    """Whether she is satisfied; ``rating`` of how it was handled, 1 to 5."""

    is_satisfied: bool
    rating: int
    text: Unmasked = Field(default="", max_length=WORDS_CHARACTERS_MAX + 1)


class ReasonBody(KeyBody):
    """Why it should be taken up again; or, if she wants to say it, why she withdraws."""

    reason: Unmasked = Field(default="", max_length=WORDS_CHARACTERS_MAX + 1)


class FollowAnswer(BaseModel):
    """How it stands, in as few words as there are."""

    number: str
    received_at: datetime
    stage: Stage
    closed_at: datetime | None
    next_on: date | None = Field(description="Until when the next word is due, or she must act; null: no date is set")
    reopen_until: date | None
    tracks: list[Track]
    additions: int
    photos: int
    may_add: bool
    may_add_photo: bool
    may_answer: bool
    may_reopen: bool
    may_withdraw: bool
    reopening_asked: bool
    is_withdrawn: bool
    waits: bool = Field(description="What was said last is not answered yet")
    reply: Reply | None = Field(description="What an official answered last, one of a few sentences")
    replied_at: datetime | None


def make_router(kit: Kit) -> Router:
    """Without signing in; the number and the secret are in the body, so that no address and no log line has them."""
    router = Router(tags=["public 公众查询"])
    keys = Keys(kit)
    _looking(router, kit, keys)
    _adding(router, kit, keys)
    _ending(router, kit, keys)
    _showing(router, kit, keys)
    return router


def _looking(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post(
        "/public/complaints/follow",
        summary="凭编号和查询码查看进度 how my complaint stands",
        dependencies=[Depends(kit.throttled(ASKED_AT_MOST))],
    )
    async def follow_complaint(body: KeyBody) -> FollowAnswer:
        """A wrong number and a wrong secret are answered alike."""
        return _answer(await followed(kit, keys, body.number, body.secret), shanghai_date(kit.now()))


def _adding(router: Router, kit: Kit, keys: Keys) -> None:
    limit = [Depends(kit.throttled(SAID_AT_MOST))]

    @router.post("/public/complaints/additions", status_code=201, summary="补充 add", dependencies=limit)
    async def add_words(
        body: WordsBody, response: Response, written: Envelope = Depends(kit.written_by_visitor)
    ) -> Accepted:
        """Numbers of persons in it are masked for whoever reads it, and sealed."""
        found = await followed(kit, keys, body.number, body.secret)
        text, whole = await masked_and_sealed(keys, found.complaint_id, "added", body.text)
        command = AddWords(
            addition_id=body.addition_id,
            text=text,
            sealed=whole,
            additions_max=found.numbers["additions"],
            added_at=kit.now(),
        )
        return await _said(kit, keys, found, command, response, written)

    @router.post("/public/complaints/call-back", status_code=201, summary="答复回访 call-back", dependencies=limit)
    async def answer_call_back(
        body: CallBackBody, response: Response, written: Envelope = Depends(kit.written_by_visitor)
    ) -> Accepted:
        """After the closing; one closing, one answer."""
        found = await followed(kit, keys, body.number, body.secret)
        text, whole = await masked_and_sealed(keys, found.complaint_id, "call-back", body.text)
        command = AnswerCallBack(
            is_satisfied=body.is_satisfied,
            rating=body.rating,
            text=text,
            sealed=whole,
            closing=found.closing,
            answered_at=kit.now(),
        )
        return await _said(kit, keys, found, command, response, written)


def _ending(router: Router, kit: Kit, keys: Keys) -> None:
    limit = [Depends(kit.throttled(SAID_AT_MOST))]

    @router.post("/public/complaints/reopening", status_code=201, summary="申请重新办理 reopen", dependencies=limit)
    async def ask_reopening(
        body: ReasonBody, response: Response, written: Envelope = Depends(kit.written_by_visitor)
    ) -> Accepted:
        """Within the window of the policy ``complaint-voice``, with a reason."""
        found = await followed(kit, keys, body.number, body.secret)
        reason, whole = await masked_and_sealed(keys, found.complaint_id, "reopening", body.reason)
        command = AskReopening(
            reason=reason,
            sealed=whole,
            closing=found.closing,
            today=shanghai_date(kit.now()),
            reopenings_max=found.numbers["reopenings"],
            asked_at=kit.now(),
        )
        return await _said(kit, keys, found, command, response, written)

    @router.post("/public/complaints/withdrawal", status_code=201, summary="撤回投诉 withdraw", dependencies=limit)
    async def withdraw_own_dispute(
        body: ReasonBody, response: Response, written: Envelope = Depends(kit.written_by_visitor)
    ) -> Accepted:
        """The dispute ends; what was reported goes on (Order 20, art. 7)."""
        found = await followed(kit, keys, body.number, body.secret)
        reason, whole = await masked_and_sealed(keys, found.complaint_id, "withdrawal", body.reason)
        command = WithdrawDispute(reason=reason, sealed=whole, withdrawn_at=kit.now(), tracks=found.tracks)
        return await _said(kit, keys, found, command, response, written)


def _showing(router: Router, kit: Kit, keys: Keys) -> None:
    limit = [Depends(kit.throttled(SAID_AT_MOST))]

    @router.post(PHOTOS, status_code=201, summary="补充照片 add a photo", dependencies=limit)
    async def add_photo(
        response: Response,
        number: str = Form(max_length=60),
        secret: str = Form(max_length=40),
        photo: UploadFile = File(),
        written: Envelope = Depends(kit.written_by_visitor),
    ) -> Accepted:
        """The same photo once more is the same. It is evidence of the complaint, with its own chain of custody."""
        found = await followed(kit, keys, number, secret)
        evidence_id = await keep_photo(kit, found, await photo.read())
        command = AddPhoto(evidence_id=evidence_id, photos_max=found.numbers["photos"], added_at=kit.now())
        return await _said(kit, keys, found, command, response, written)


async def _said(
    kit: Kit, keys: Keys, found: Followed, command: Command, response: Response, written: Envelope
) -> Accepted:
    """Her network address is not kept, and the digest of a request that holds the secret is a keyed one."""
    own = replace(keys.keyed(written), client="")
    steps = await steps_of(kit.log, found.complaint_id, command, own)
    works = [Work(VOICES, found.complaint_id, command, own), *steps]
    said, *_ = await kit.log.handle_many(works, settle=_only_with_her_words)
    assert isinstance(said, Outcome)
    return accepted(response, said)


async def _only_with_her_words(_connection: object, results: list[Outcome | Exception]) -> None:
    """What her own stream refuses changes no track either."""
    if not isinstance(results[0], Outcome):
        raise results[0]


def _answer(found: Followed, today: date) -> FollowAnswer:
    voice, progress, closing = found.voice, found.progress, found.closing
    is_open = closing is not None and today <= closing.reopen_until
    can_still = closing is not None and closing.closed_at not in voice.reopened
    return FollowAnswer(
        number=voice.opened.number,
        received_at=progress.received_at,
        stage=progress.stage,
        closed_at=progress.closed_at,
        next_on=found.next_on,
        reopen_until=closing.reopen_until if closing else None,
        tracks=list(found.tracks),
        additions=len(voice.additions),
        may_add=len(voice.additions) < found.numbers["additions"],
        photos=len(voice.photos),
        may_add_photo=len(voice.photos) < found.numbers["photos"],
        may_answer=closing is not None and closing.closed_at not in voice.answered,
        may_reopen=is_open and can_still and len(voice.reopened) < found.numbers["reopenings"],
        may_withdraw=Track.DISPUTE in found.tracks and not voice.is_withdrawn,
        reopening_asked=bool(voice.reopened),
        is_withdrawn=voice.is_withdrawn,
        waits=voice.waits,
        reply=voice.replied.reply if voice.replied else None,
        replied_at=voice.replied.at if voice.replied else None,
    )
