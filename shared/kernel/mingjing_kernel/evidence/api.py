"""Evidence over HTTP: what there is, its chain of custody, its display copy, the original on record.

The one rule: a file that a stranger made is never a page of ours: originals come as attachments in a sandbox, and what
is shown was drawn by us.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import msgspec
from fastapi import Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from mingjing_kernel.broker.parking import ReasonNeeded
from mingjing_kernel.evidence.desk import EvidenceDesk
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.media import MEDIA_TYPES
from mingjing_kernel.evidence.models import (
    TEXT_LENGTH_MAX,
    CustodyStep,
    EvidenceItem,
    PurposeBody,
    ThingBody,
    TransferBody,
)
from mingjing_kernel.evidence.refusals import EvidenceUnknown
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Kept
from mingjing_kernel.evidence.store import CHUNK_BYTES
from mingjing_kernel.http import Accepted, Asked, AsOf, Column, Listing, Page, accepted, answer_list, asked, position_of
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.log.envelope import Envelope

STEPS_MAX = 1_000
SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
COLUMNS = (
    Column("evidence_id", "证据编号", "Evidence"),
    Column("stage", "状态", "Stage"),
    Column("media_type", "类型", "Type"),
    Column("size_bytes", "字节数", "Bytes", "integer"),
    Column("sha256", "SHA-256", "SHA-256"),
    Column("sm3", "SM3", "SM3"),
    Column("captured_at", "拍摄时间", "Captured at", "moment"),
    Column("clock_difference_seconds", "时钟偏差秒", "Clock difference, seconds", "integer"),
    Column("received_at", "接收时间", "Received at", "moment"),
    Column("sender", "提交人", "Sender"),
    Column("device", "设备", "Device"),
)


def make_evidence_router(kit: Kit, desk: EvidenceDesk) -> Router:
    """Mounted by every service that keeps evidence. Nobody destroys any by hand: what ends it is retention."""
    router = Router(prefix="/evidence", tags=["evidence 证据"])
    _add_reading(router, kit, desk)
    _add_bytes(router, kit, desk)
    _add_acts(router, kit, desk)
    return router


def _add_reading(router: Router, kit: Kit, desk: EvidenceDesk) -> None:
    @router.get("", response_model=Page[EvidenceItem], summary="证据列表 what belongs to a record")
    async def evidence_of_thing(
        kind: str = Query(max_length=40, examples=["visit"]),
        thing_id: UUID = Query(),
        caller: Principal = Depends(kit.caller),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Whoever may see the record may see its evidence. Latest first."""
        await desk.reach.require_seeing(caller.scope, Thing(kind=kind, id=thing_id))
        statement = desk.plan.lists.of_thing(kind, thing_id, await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="evidence",
            statement=statement,
            keys=(rows.declared_at, rows.evidence_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, EvidenceItem)

    @router.get("/{evidence_id}", summary="证据 one piece of evidence")
    async def one_evidence(evidence_id: UUID, caller: Principal = Depends(kit.caller)) -> EvidenceItem:
        """As it stands now."""
        await desk.custody.seen(evidence_id, caller)
        await kit.up_to_date()
        rows = desk.plan.lists.evidence.table
        async with kit.connection() as connection:
            found = await connection.execute(rows.select().where(rows.c.evidence_id == evidence_id))
            row = found.mappings().one_or_none()
        if row is None:
            raise EvidenceUnknown
        return EvidenceItem.model_validate(dict(row))

    @router.get("/{evidence_id}/custody", summary="保管链 who had it when, and who looked")
    async def custody(evidence_id: UUID, caller: Principal = Depends(kit.caller)) -> list[CustodyStep]:
        """Every fact of it, oldest first, at most the last thousand; each can be proved by its position."""
        await desk.custody.seen(evidence_id, caller)
        facts = (await kit.log.history(EVIDENCE, evidence_id))[-STEPS_MAX:]
        return [
            CustodyStep(
                position=fact.position,
                fact=fact.type,
                occurred_at=fact.occurred_at,
                recorded_at=fact.recorded_at,
                actor=fact.meta.actor,
                reason=fact.meta.reason,
                legal_basis=fact.meta.legal_basis,
                details=msgspec.to_builtins(fact.event, builtin_types=(datetime,)),
            )
            for fact in facts
        ]


def _add_bytes(router: Router, kit: Kit, desk: EvidenceDesk) -> None:
    @router.get(
        "/{evidence_id}/copy",
        response_class=Response,
        responses={200: {"content": {"image/jpeg": {}, "application/pdf": {}}}},
        summary="展示副本（带水印） the display copy, with a watermark",
    )
    async def display_copy(evidence_id: UUID, caller: Principal = Depends(kit.caller)) -> Response:
        """Made for you, now; that you looked is a fact of the chain of custody."""
        drawn = await desk.custody.copy(evidence_id, caller)
        watermark = {"Mingjing-Watermark": "chinese" if drawn.is_chinese else "ascii"}
        return Response(drawn.content, media_type=drawn.media_type, headers=SANDBOX | watermark)

    @router.post(
        "/{evidence_id}/original",
        response_class=StreamingResponse,
        responses={200: {"content": {"application/octet-stream": {}}}},
        summary="取用原件 the very bytes, on record",
    )
    async def original(
        evidence_id: UUID,
        body: PurposeBody,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> StreamingResponse:
        """Checked against the digest before the first byte leaves; that you took it, and what for, is a fact."""
        async with desk.custody.original(evidence_id, body.purpose, caller, written) as (kept, file, outcome):
            opened = file.open("rb")
        return StreamingResponse(
            _pieces(opened), media_type="application/octet-stream", headers=_as_attachment(kept, outcome.position)
        )


def _add_acts(router: Router, kit: Kit, desk: EvidenceDesk) -> None:
    caller_of, written_of = kit.caller, kit.written
    hold_name = Path(min_length=1, max_length=TEXT_LENGTH_MAX, description="E.g. the number of the case")

    @router.post("/{evidence_id}/things", summary="关联记录 say that it belongs to one more record")
    async def attach_evidence(
        evidence_id: UUID,
        body: ThingBody,
        response: Response,
        caller: Principal = Depends(caller_of),
        written: Envelope = Depends(written_of),
    ) -> Accepted:
        thing = Thing(kind=body.kind, id=body.id)
        return accepted(response, await desk.custody.attach(evidence_id, thing, caller, written))

    @router.put("/{evidence_id}/holds/{hold}", summary="保全 nothing is destroyed while it lasts; needs a reason")
    async def hold_evidence(
        evidence_id: UUID,
        response: Response,
        hold: str = hold_name,
        caller: Principal = Depends(caller_of),
        written: Envelope = Depends(written_of),
    ) -> Accepted:
        return accepted(response, await desk.custody.hold(evidence_id, hold, caller, _reasoned(written)))

    @router.delete("/{evidence_id}/holds/{hold}", summary="解除保全 lift a hold; needs a reason and another person")
    async def lift_hold(
        evidence_id: UUID,
        response: Response,
        hold: str = hold_name,
        caller: Principal = Depends(caller_of),
        written: Envelope = Depends(written_of),
    ) -> Accepted:
        return accepted(response, await desk.custody.lift(evidence_id, hold, caller, _reasoned(written)))

    @router.post("/{evidence_id}/transfers", summary="移送 hand it on to another authority; needs a reason")
    async def transfer_evidence(
        evidence_id: UUID,
        body: TransferBody,
        response: Response,
        caller: Principal = Depends(caller_of),
        written: Envelope = Depends(written_of),
    ) -> Accepted:
        return accepted(response, await desk.custody.transfer(evidence_id, body.to, caller, _reasoned(written)))


def _reasoned(written: Envelope) -> Envelope:
    if not written.reason.strip():
        raise ReasonNeeded
    return written


def _as_attachment(kept: Kept, position: int) -> dict[str, str]:
    name = f"evidence-{kept.sha256[:16]}{MEDIA_TYPES[kept.media_type].extensions[0]}"
    return SANDBOX | {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(kept.size_bytes),
        "Repr-Digest": f"sha-256=:{_base64(kept.sha256)}:",
        "Mingjing-Position": str(position),
    }


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


async def _pieces(opened: IO[bytes]) -> AsyncIterator[bytes]:
    with opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
            yield chunk
