"""A citizen's photo as evidence of her complaint (诉求人照片): the same way in as an officer's, under nobody's name.

One rule: she adds to her own complaint and sees nothing of it; the file is kept, checked and shown as any evidence is.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from uuid import UUID

from mingjing_inspection.domain.complaint_voice_refusals import PhotoUnreadable, TooManyPhotos
from mingjing_inspection.intake.voices import Followed
from mingjing_kernel.evidence.facts import Manifest, Thing
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import ANY, Grant, Principal, Role
from mingjing_kernel.log import Envelope

MEGABYTES_MAX: Final = 8
PHOTO_BYTES_MAX: Final = MEGABYTES_MAX * 1024 * 1024
FORM_BYTES_MAX: Final = PHOTO_BYTES_MAX + 64 * 1024
"""Of the whole form: the photo and what stands around it."""
_BEGINNINGS: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


async def keep_photo(kit: Kit, found: Followed, content: bytes) -> UUID:
    """Its id: of this complaint and these bytes, so that a second click keeps nothing twice.

    Raises ``PhotoUnreadable``, ``TooManyPhotos``, and what evidence refuses of a file that is not what it seems.
    """
    media_type = _media_type(content)
    if media_type is None or len(content) > PHOTO_BYTES_MAX or kit.evidence is None:
        raise PhotoUnreadable(megabytes=MEGABYTES_MAX)
    digest = sha256(content)
    id = derived_id("complaint-photo", found.complaint_id, digest.hexdigest())
    if id in found.voice.photos:
        return id
    if len(found.voice.photos) >= found.numbers["photos"]:
        raise TooManyPhotos(maximum=found.numbers["photos"])
    intake, citizen = kit.evidence.intake, _citizen(found.complaint_id)
    manifest = Manifest(
        size_bytes=len(content),
        sha256=digest.hexdigest(),
        media_type=media_type,
        thing=Thing(kind="complaint", id=found.complaint_id),
        device="",
    )
    await intake.declare(id, manifest, kit.now(), citizen, _written(citizen, id, "declare"))
    standing = await intake.standing(id, citizen)
    if standing.offset == 0:
        await intake.take_part(id, 0, content, digest.digest(), citizen)
    await intake.finish(id, citizen, _written(citizen, id, "finish"))
    return id


def _citizen(complaint_id: UUID) -> Principal:
    """Good for adding to complaints; that it is this one alone, its caller sees to. It names nobody."""
    grant = Grant(Role.HOTLINE_OPERATOR, ANY, ANY, ANY)
    return Principal(subject=f"citizen:{complaint_id}", kind="public", grants=(grant,))


def _written(citizen: Principal, id: UUID, step: str) -> Envelope:
    return Envelope(command_id=derived_id("complaint-photo", step, id), actor=citizen.subject)


def _media_type(content: bytes) -> str | None:
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
