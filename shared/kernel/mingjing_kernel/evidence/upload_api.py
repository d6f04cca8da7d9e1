"""Sending evidence over HTTP: manifest, resumable parts (tus 1.0), acknowledgement.

The one rule: an answer of success means that it is on disk. Parts are no commands and stand in no log; the manifest
and the acknowledgement do.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from fastapi import Depends, Header, Request, Response

from mingjing_kernel.evidence.desk import EvidenceDesk
from mingjing_kernel.evidence.media import (
    MEDIA_TYPES,
    OPEN_BYTES_MAX,
    OPEN_UPLOADS_MAX,
    PART_BYTES_MAX,
    PART_BYTES_MIN,
    UPLOAD_DAYS_MAX,
)
from mingjing_kernel.evidence.models import Declared, EvidencePolicy, KindBody, ManifestBody, Receipt, TypeBody
from mingjing_kernel.evidence.refusals import PartMalformed, UploadOffsetElsewhere
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.problem import answer
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import accepted
from mingjing_kernel.identity import Principal
from mingjing_kernel.log.envelope import Envelope, Outcome

UPLOADS = "/evidence-uploads"
"""Where parts go: these addresses take ``PART_BYTES_MAX`` a request."""
TUS = {"Tus-Resumable": "1.0.0", "Tus-Version": "1.0.0", "Tus-Extension": "checksum,termination",
       "Tus-Checksum-Algorithm": "sha256", "Cache-Control": "no-store"}  # fmt: skip
PART_TYPE = "application/offset+octet-stream"
_OFFSET_MAX = 2**40


def make_upload_router(kit: Kit, desk: EvidenceDesk) -> Router:
    """What a device needs to send evidence."""
    router = Router(tags=["evidence 证据"])

    @router.get("/evidence-policy", summary="可接收的证据 what may be sent, and how")
    async def evidence_policy(_: Principal = Depends(kit.caller)) -> EvidencePolicy:
        """For devices: types, sizes, limits."""
        return _policy(desk)

    @router.put("/evidence/{evidence_id}", status_code=201, summary="登记证据 declare a file before it is sent")
    async def declare_evidence(
        evidence_id: UUID,
        body: ManifestBody,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Declared:
        """The device chooses the id; the same manifest once more changes nothing and says how far the upload got."""
        outcome = await desk.intake.declare(evidence_id, body.manifest(), body.device_sent_at, caller, written)
        standing = await desk.intake.standing(evidence_id, caller)
        done = accepted(response, outcome)
        return Declared(**done.model_dump(), upload=f"{UPLOADS}/{evidence_id}", offset=standing.offset)

    @router.head(UPLOADS + "/{evidence_id}", summary="续传位置 how far an upload got (tus 1.0)")
    async def upload_offset(evidence_id: UUID, caller: Principal = Depends(kit.caller)) -> Response:
        """``Upload-Offset`` is where to go on after the network broke off."""
        standing = await desk.intake.standing(evidence_id, caller)
        return _stands(200, standing.offset, standing.size_bytes)

    @router.patch(UPLOADS + "/{evidence_id}", status_code=204, summary="上传分片 send a part (tus 1.0)")
    async def send_part(
        evidence_id: UUID,
        request: Request,
        upload_offset: int = Header(ge=0, le=_OFFSET_MAX, description="Where the part begins"),
        upload_checksum: str = Header(max_length=100, description="'sha256 <base64>' of the part's own bytes"),
        caller: Principal = Depends(kit.caller),
    ) -> Response:
        """A part is kept whole or not at all; the same part at the same place may be sent again."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != PART_TYPE:
            raise PartMalformed(reason="its content type is not application/offset+octet-stream")
        checksum, content = _checksum(upload_checksum), await request.body()
        try:
            standing = await desk.intake.take_part(evidence_id, upload_offset, content, checksum, caller)
        except UploadOffsetElsewhere as elsewhere:
            stands = {"Upload-Offset": str(elsewhere.values["offset"])}
            return answer(elsewhere, request, headers=TUS | stands)
        return _stands(204, standing.offset, standing.size_bytes)

    @router.delete(UPLOADS + "/{evidence_id}", status_code=204, summary="放弃上传 drop what was sent (tus 1.0)")
    async def give_up_upload(evidence_id: UUID, caller: Principal = Depends(kit.caller)) -> Response:
        """The declaration stands; the file may be sent from its beginning."""
        await desk.intake.give_up(evidence_id, caller)
        return Response(status_code=204, headers=TUS)

    @router.put("/evidence/{evidence_id}/receipt", summary="完成上传，取得回执 finish, and get the acknowledgement")
    async def finish_upload(
        evidence_id: UUID,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Receipt:
        """Both digests of the whole file, as a fact in the log. Asked again, the same acknowledgement."""
        done = await desk.intake.finish(evidence_id, caller, written)
        accepted(response, Outcome(done.position, done.version, (done.fact,), done.repeated))
        return Receipt.of(evidence_id, done)

    return router


def _policy(desk: EvidenceDesk) -> EvidencePolicy:
    return EvidencePolicy(
        types=[
            TypeBody(
                name=one.name,
                zh=one.zh,
                bytes_max=one.bytes_max,
                has_display_copy=one.has_display_copy,
                read=one.read,
            )
            for one in MEDIA_TYPES.values()
        ],
        kinds=[KindBody(kind=one.kind, zh=one.zh, en=one.en) for one in desk.plan.kinds],
        part_bytes_min=PART_BYTES_MIN,
        part_bytes_max=PART_BYTES_MAX,
        open_uploads_max=OPEN_UPLOADS_MAX,
        open_bytes_max=OPEN_BYTES_MAX,
        upload_days_max=UPLOAD_DAYS_MAX,
        scan=desk.kit.settings.evidence_scan,
    )


def _checksum(text: str) -> bytes:
    algorithm, _, encoded = text.strip().partition(" ")
    try:
        checksum = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        checksum = b""
    if algorithm.lower() != "sha256" or len(checksum) != 32:
        raise PartMalformed(reason="Upload-Checksum is not 'sha256 <base64>'")
    return checksum


def _stands(status: int, offset: int, size_bytes: int) -> Response:
    return Response(status_code=status, headers=TUS | {"Upload-Offset": str(offset), "Upload-Length": str(size_bytes)})
