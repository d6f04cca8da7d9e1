"""Bundles over HTTP (离线包): a device declares what it brings, sends the parts in any order, and asks what is missing.

One rule: nothing whole is turned away. The answer to a part says what became of it and carries the receipt for its
bytes; only what the network broke is to be sent again.

Photos, recordings and signatures are parts, too; their bytes go to ``/evidence/{part_id}`` (tus 1.0, resumable).
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import REPORT_VISIT
from mingjing_inspection.codec import BUNDLES, VISIT_PARTS, VISITS
from mingjing_inspection.domain.bundle import (
    PART_BYTES_MAX,
    PARTS_MAX,
    DeclareBundle,
    Declared,
    Part,
    PartKind,
)
from mingjing_inspection.domain.bundle_refusals import BundleOfAnother, BundleUnknown, PartDamaged, PartNotInManifest
from mingjing_inspection.domain.visit import Reported
from mingjing_inspection.domain.visit_part import Parts as Lying
from mingjing_inspection.domain.visit_part import PartStage
from mingjing_inspection.intake.bundle_book import BundleBook
from mingjing_inspection.intake.doors import Doors
from mingjing_inspection.intake.part_settling import Settling
from mingjing_inspection.intake.parts import Became, Parts
from mingjing_inspection.intake.reporting import ReceiptBook, Sent
from mingjing_kernel.audit.receipts import Receipt
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Kept, Undeclared, stage_of
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.problem import MEDIA_TYPE, problem_of, reference_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.redact import redacted

NOT_HERE = "MISSING"
_STATUS = {PartStage.HELD: 202, PartStage.CONTESTED: 409, PartStage.ASIDE: 422}


class PartBody(BaseModel):
    """One part of the manifest."""

    model_config = ConfigDict(extra="forbid")

    part_id: UUID = Field(description="Chosen by the device; of a report, the visit's; of a file, the evidence's")
    visit_id: UUID = Field(description="The visit that it is about")
    kind: PartKind
    sha256: str = Field(max_length=64, description="Of the bytes, lower-case hexadecimal")
    size_bytes: int = Field(ge=1, le=2**40)


class ManifestBody(BaseModel):
    """What the device is going to send."""

    model_config = ConfigDict(extra="forbid")

    parts: list[PartBody] = Field(min_length=1, max_length=PARTS_MAX)
    officer: str = Field(
        default="", max_length=200, description="Who made the reports, as the device knows; of another: refused"
    )
    device: str = Field(default="", max_length=200, description="Which device, e.g. its model and number")
    device_sent_at: Moment = Field(description="The device's clock at the moment of sending this")


class PartStanding(BaseModel):
    """What became of one part so far."""

    part_id: UUID
    visit_id: UUID
    kind: PartKind
    stage: str = Field(
        description="MISSING 未到, TAKEN 已采纳, HELD 等待前序, CONTESTED 同号异文, ASIDE 搁置, DISMISSED 不予采纳; of "
        "evidence: MISSING, or as /evidence says"
    )
    waits_for_site: UUID | None = None
    waits_for_version: int | None = None
    why: str = Field(default="", description="Problem type, where it was kept aside")
    why_zh: str = ""
    why_en: str = ""


class BundleStanding(Accepted):
    """The bundle and its parts. What is MISSING is to be sent; all else is with us."""

    bundle_id: UUID
    clock_skew_seconds: int = Field(description="The device's clock minus ours when it declared the bundle")
    parts: list[PartStanding]


class PartAnswer(Accepted):
    """What became of a part. Keep the receipt: it proves that we have these bytes, and since when."""

    part_id: UUID
    visit_id: UUID
    stage: PartStage
    waits_for_site: UUID | None = None
    waits_for_version: int | None = None
    task_refused: str = Field(default="", description="Problem type, when the task would not take this visit")
    receipt: Receipt | None = None
    filed: dict[str, Any] = Field(description="What the receipt commits to")


def make_router(kit: Kit) -> Router:
    """For devices."""
    router = Router(tags=["bundle 离线包"])
    book, receipts = BundleBook(kit), ReceiptBook(kit)
    parts = Parts(kit, receipts, Settling(kit, Doors(kit)))

    @router.put("/bundles/{bundle_id}", status_code=201, summary="登记离线包 declare what is to come")
    async def declare_bundle(
        bundle_id: UUID,
        body: ManifestBody,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> BundleStanding:
        """The same manifest once more changes nothing, and says what is still missing.

        For officers: whoever may report no visit anywhere has nothing to bring.
        """
        caller.scope.require(REPORT_VISIT, Dimensions(UNDIVIDED, UNDIVIDED, UNDIVIDED))
        if body.officer not in ("", caller.subject):
            raise BundleOfAnother
        command = DeclareBundle(
            officer=caller.subject,
            device=redacted(body.device),
            parts=tuple(Part(**one.model_dump()) for one in body.parts),
            device_sent_at=body.device_sent_at,
            received_at=kit.now(),
        )
        done = accepted(response, await kit.log.handle(BUNDLES, bundle_id, command, written))
        bundle = await _own(book, bundle_id, caller)
        return await _standing(kit, bundle_id, bundle, done)

    @router.get("/bundles/{bundle_id}", summary="离线包 what of it is here")
    async def bundle_standing(bundle_id: UUID, caller: Principal = Depends(kit.caller)) -> BundleStanding:
        """For whoever declared it."""
        bundle = await _own(book, bundle_id, caller)
        return await _standing(kit, bundle_id, bundle, Accepted(position=await kit.log.head(), version=1))

    @router.put(
        "/bundles/{bundle_id}/parts/{part_id}",
        status_code=201,
        summary="上传报告 send a report or a correction",
        responses={code: {"model": PartAnswer} for code in (202, 409, 422)},
    )
    async def take_part(
        bundle_id: UUID,
        part_id: UUID,
        request: Request,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Any:
        """The body is the very bytes of the manifest, as application/octet-stream.

        201: taken. 202: held, and what it waits for. 409: other bytes stand under this id; both are kept. 422: kept
        aside, and why; or, with no receipt, the bytes are not those of the manifest: send them again.
        """
        bundle = await _own(book, bundle_id, caller)
        sent = await _sent(kit, bundle_id, bundle, part_id, request)
        became = await parts.take(sent, bundle, caller, written)
        done = accepted(response, became.outcome)
        response.headers["Mingjing-Position"] = str(max(became.position, became.placed))
        return _answered(sent, became, done, request, response)

    return router


async def _own(book: BundleBook, bundle_id: UUID, caller: Principal) -> Declared:
    bundle = await book.of(bundle_id)
    if not isinstance(bundle, Declared) or bundle.officer != caller.subject:
        raise BundleUnknown
    return bundle


async def _sent(kit: Kit, bundle_id: UUID, bundle: Declared, part_id: UUID, request: Request) -> Sent:
    """The part, if its bytes are those of the manifest. Raises ``PartNotInManifest``, ``PartDamaged``."""
    part = bundle.part(part_id)
    if part is None or part.kind is PartKind.EVIDENCE:
        raise PartNotInManifest
    content = await request.body()
    if (len(content), hashlib.sha256(content).hexdigest()) != (part.size_bytes, part.sha256):
        raise PartDamaged
    assert len(content) <= PART_BYTES_MAX
    return Sent(
        kind=part.kind,
        part_id=part.part_id,
        visit_id=part.visit_id,
        officer=bundle.officer,
        sha256=part.sha256,
        content=content,
        bundle_id=bundle_id,
        clock_skew_seconds=bundle.clock_skew_seconds,
        received_at=kit.now(),
    )


def _answered(sent: Sent, became: Became, done: Accepted, request: Request, response: Response) -> Any:
    waits = became.waits_for
    said = PartAnswer(
        position=became.position,
        version=done.version,
        repeated=done.repeated,
        part_id=sent.part_id,
        visit_id=sent.visit_id,
        stage=became.stage,
        waits_for_site=waits.site_id if waits else None,
        waits_for_version=waits.visit_version or None if waits else None,
        task_refused=became.task_refused,
        receipt=became.receipt,
        filed=sent.filed,
    )
    status = _STATUS.get(became.stage, 201)
    if became.refusal is None or status < 400:
        response.status_code = status
        return said
    problem = problem_of(became.refusal, status=status, reference=reference_of(request.scope))
    document = problem.model_dump(exclude_none=True) | said.model_dump(mode="json")
    headers = {name: response.headers[name] for name in ("mingjing-position", "etag")}
    return JSONResponse(document, status_code=status, media_type=MEDIA_TYPE, headers=headers)


async def _standing(kit: Kit, bundle_id: UUID, bundle: Declared, done: Accepted) -> BundleStanding:
    """Asked of the log, not of lists: a device drops what it is told that we have."""
    visit_ids = list({one.visit_id for one in bundle.parts})
    files = [one.part_id for one in bundle.parts if one.kind is PartKind.EVIDENCE]
    visits = await kit.log.states(VISITS, visit_ids)
    lying = await kit.log.states(VISIT_PARTS, visit_ids)
    evidence = await kit.log.states(EVIDENCE, files) if files else {}
    return BundleStanding(
        **done.model_dump(),
        bundle_id=bundle_id,
        clock_skew_seconds=bundle.clock_skew_seconds,
        parts=[
            PartStanding(
                part_id=one.part_id,
                visit_id=one.visit_id,
                kind=one.kind,
                **(
                    _of_file(one, evidence[one.part_id], bundle.officer)
                    if one.kind is PartKind.EVIDENCE
                    else _of_part(one, visits[one.visit_id], lying[one.visit_id])
                ),
            )
            for one in bundle.parts
        ],
    )


def _of_file(part: Part, state: Any, officer: str) -> dict[str, Any]:
    if isinstance(state, Undeclared) or state.by != officer or state.manifest.sha256 != part.sha256:
        return {"stage": NOT_HERE}
    return {"stage": "TAKEN" if isinstance(state, Kept) else stage_of(state).value}


def _of_part(part: Part, visit: Any, parts: Lying) -> dict[str, Any]:
    if isinstance(visit, Reported) and part.sha256 in visit.contents:
        return {"stage": PartStage.TAKEN.value}
    found = parts.known.get((part.part_id, part.sha256))
    if found is None:
        return {"stage": NOT_HERE}
    waits, why = found.waits_for, found.why
    return {
        "stage": found.stage.value,
        "waits_for_site": waits.site_id if waits else None,
        "waits_for_version": waits.visit_version or None if waits else None,
        "why": why.code if why else "",
        "why_zh": why.zh if why else "",
        "why_en": why.en if why else "",
    }
