"""Who speaks in a complaint that an official takes down, and what its channel brought along.

One rule: each channel's own details have a place of their own (school, letter, medium, superior's order), so that
nobody writes them into the text.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_inspection.domain.complaint import TakeComplaint
from mingjing_inspection.domain.complaint_voice import Identity, Origin
from mingjing_inspection.intake.voices import Speaker, new_secret, open_voice
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.readable import in_groups
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted


class OriginBody(BaseModel):
    """What the channel says of itself: of a school, a letter, a report in the media, an order of a superior."""

    place: str = Field(default="", max_length=200, description="学校、媒体或交办单位 school, medium or authority")
    reference: str = Field(default="", max_length=100, description="来信或交办编号 number of the letter or order")
    link: str = Field(default="", max_length=500, pattern=r"^(https?://\S*)?$", description="报道链接 where it stands")
    due_on: date | None = Field(default=None, description="交办期限 the day that the superior set")


class SpeakingBody(BaseModel):
    """Beside what was said: how she wants to be known, for whom she speaks, and where it came from."""

    is_confidential: bool = Field(default=False, description="隐去身份 known to the authority alone")
    relation: str = Field(default="", max_length=40, description="代理关系 to whom it concerns, if to another")
    represented: Unmasked = Field(default="", max_length=100, description="被代理人 for whom she speaks; sealed")
    origin: OriginBody | None = None


async def let_follow(
    kit: Kit, keys: Keys, id: UUID, taken: TakeComplaint, body: SpeakingBody, outcome: Outcome, written: Envelope
) -> str:
    """The secret with which its citizen follows it, to be read to her; empty for a repetition: it is shown once."""
    if outcome.repeated or not outcome.events:
        return ""
    secret = new_secret()
    identity = Identity.CONFIDENTIAL if body.is_confidential else Identity.NAMED
    speaker = Speaker(
        identity=Identity.ANONYMOUS if taken.intake.is_anonymous else identity,
        relation=body.relation,
        represented=body.represented,
        origin=_origin(body.origin),
    )
    await open_voice(kit, keys, id, taken, speaker, secret, written)
    return in_groups(secret)


def _origin(body: OriginBody | None) -> Origin | None:
    if body is None:
        return None
    place, reference = redacted(body.place), redacted(body.reference)
    return Origin(place=place, reference=reference, link=body.link, due_on=body.due_on)
