"""Following a complaint that came by another way (补发查询码、凭电话查进度): imported, or with its secret lost.

One rule: who names the number and the telephone that was given with it sees how far her dispute or request got and does
nothing to it, because a respondent may know both. That somebody reported a breach, too, or that she hid who she is, is
told by secret only; who wants to act is handed one by an official who spoke with her.
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Response
from pydantic import AfterValidator, BaseModel, Field

from mingjing_inspection.acts_public import HAND_SECRET
from mingjing_inspection.acts_tracks import HANDLED, TRACK_ACTS
from mingjing_inspection.api.complaint import standing
from mingjing_inspection.api.follow import FollowAnswer
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.own_record import NotYourComplaint, OwnRecordBody, own_records
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.codec_public import VOICES
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.complaint import Complaint, Taken, Track
from mingjing_inspection.domain.complaint_refusals import ComplainantUnknown
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.complaint_voice import Identity, Speaking, Voice
from mingjing_inspection.domain.voice_secret import HandSecret, TelephoneUnknown
from mingjing_inspection.intake.voice_steps import tracks_of
from mingjing_inspection.intake.voices import Standing, digest_of, new_secret, standing_of
from mingjing_inspection.policy.voice_rules import COMPLAINT_SECRET
from mingjing_inspection.sources.complaint_row import complaint_id as id_of
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.identity.hands import require_apart
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force
from mingjing_kernel.readable import in_groups
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

ASKED_AT_MOST: Final = "10/minute"
REASON_CHARACTERS_MAX: Final = 1_000


class HandingBody(BaseModel):
    """How the official knows that it is she."""

    reason: Annotated[str, Field(max_length=REASON_CHARACTERS_MAX), AfterValidator(redacted)]


class SecretAccepted(Accepted):
    """It stands; the secret is shown once."""

    number: str
    secret: str = Field(description="Read it to her; empty for a repetition 查询码，只显示一次")


def make_router(kit: Kit) -> Router:
    """For citizens without a secret, and for the officials who hand one."""
    router = Router(tags=["public 公众查询"])
    keys, own = Keys(kit), own_records(kit)

    @router.post(
        "/public/complaints/follow-by-phone",
        summary="凭编号和电话查进度 how it stands, by number and telephone",
        dependencies=[Depends(kit.throttled(ASKED_AT_MOST))],
    )
    async def follow_by_phone(body: OwnRecordBody) -> FollowAnswer:
        """Any complaint with a telephone, imported ones too; of a report nothing is told. A wrong number, a wrong
        telephone, a mere report and a hidden identity are answered alike, and five wrong telephones lock the complaint
        for a while. A stage and dates, and nothing that could be done.
        """
        id_ = id_of(body.channel, body.number)
        if not await own.is_hers(subject_of(id_), body.phone):
            raise NotYourComplaint
        taken: Complaint = (await kit.log.state(COMPLAINTS, id_))[0]
        known = [] if await _is_hidden(kit, id_) else await _told_by_phone(kit, id_)
        if not known or not isinstance(taken, Taken):
            raise NotYourComplaint
        stands = await standing_of(kit, id_, taken.region, "", known)
        if stands is None:
            raise NotYourComplaint
        return _shown(stands, [one.kind for one in known], body.number.strip())

    @router.post(
        "/complaints/{complaint_id}/follow-secret",
        status_code=201,
        summary="交付查询码 hand a secret to follow it with",
    )
    async def hand_secret(
        complaint_id: UUID,
        body: HandingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> SecretAccepted:
        """After a call to the telephone that stands in the complaint, by somebody who did not handle it: with the
        secret the call-back is answered. The secret before it opens nothing any more.
        """
        item = await standing(kit, complaint_id, scope)
        allow(scope, HAND_SECRET, item)
        taken: Taken = (await kit.log.state(COMPLAINTS, complaint_id))[0]
        if taken.complainant is None:
            raise ComplainantUnknown
        if taken.complainant.phone is None:
            raise TelephoneUnknown
        await _is_apart(kit, complaint_id, written)
        numbers = await in_force(kit.log, COMPLAINT_SECRET, shanghai_date(kit.now()), item.region, item.category)
        secret = new_secret()
        command = HandSecret(
            number=item.number,
            tracks=tuple(item.tracks),
            identity=Identity.ANONYMOUS if taken.intake.is_anonymous else Identity.NAMED,
            secret_digest=digest_of(keys, secret),
            department=item.department,
            region=item.region,
            category=item.category,
            handed_max=numbers["handed"],
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        outcome = await kit.log.handle(VOICES, complaint_id, command, grounded(written, body.reason))
        told = "" if outcome.repeated else in_groups(secret)
        return SecretAccepted(**accepted(response, outcome).model_dump(), number=item.number, secret=told)

    return router


async def _is_hidden(kit: Kit, complaint_id: UUID) -> bool:
    voice: Voice = (await kit.log.state(VOICES, complaint_id))[0]
    return isinstance(voice, Speaking) and voice.opened.identity is Identity.CONFIDENTIAL


async def _told_by_phone(kit: Kit, complaint_id: UUID) -> list[Known]:
    """The respondent has the number from the mediation agreement: a report is none of his business."""
    return [one for one in (await tracks_of(kit.log, complaint_id)).values() if one.kind is not Track.REPORT]


async def _is_apart(kit: Kit, complaint_id: UUID, written: Envelope) -> None:
    """Not for whoever handled one of its tracks: she would call herself back."""
    handling = [act for act in TRACK_ACTS if act.name in HANDLED]
    for id in await tracks_of(kit.log, complaint_id):
        require_apart(HAND_SECRET, written, handling, (await kit.log.standing(TRACKS, id)).hands)


def _shown(stands: Standing, kinds: list[Track], number: str) -> FollowAnswer:
    """A stage and dates: no more than somebody may learn who knows a telephone."""
    progress, closing = stands.progress, stands.closing
    return FollowAnswer(
        number=number,
        received_at=progress.received_at,
        stage=progress.stage,
        closed_at=progress.closed_at,
        next_on=stands.next_on,
        reopen_until=closing.reopen_until if closing else None,
        tracks=kinds,
        additions=0,
        photos=0,
        may_add=False,
        may_add_photo=False,
        may_answer=False,
        may_reopen=False,
        may_withdraw=False,
        reopening_asked=False,
        is_withdrawn=False,
        waits=False,
        reply=None,
        replied_at=None,
    )
