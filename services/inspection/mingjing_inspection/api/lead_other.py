"""Other reports under a lead's id (同号异文) over HTTP: kept when they come, decided on by somebody else."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace as struct_replace
from pydantic import BaseModel, Field

from mingjing_inspection.acts_leads import SETTLE_OTHER
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.lead import lead_seen
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.domain.lead import Known
from mingjing_inspection.domain.lead_facts import ReportLead
from mingjing_inspection.domain.lead_others import KeepOther, SettleOther
from mingjing_inspection.intake.lead_sealing import findable_people, sealed_people
from mingjing_inspection.sources.complaint_row import Person
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, VersionConflict
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

TRIES_MAX = 5


class OtherDecision(BaseModel):
    """Whether what it says counts, and why."""

    is_taken: bool = Field(description="As seen again: its times, prices, photos and words are added to the lead")
    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Decide on one."""
    router = Router(tags=["lead 线索"])

    @router.post("/leads/{lead_id}/others/{number}/decision", summary="处理同号异文 decide on another report")
    async def settle_other(
        lead_id: UUID,
        number: int,
        body: OtherDecision,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Not by its sender. The first report stays what it was, whatever is decided."""
        await kit.up_to_date()
        allow(scope, SETTLE_OTHER, await lead_seen(kit, lead_id, scope))
        reason = redacted(body.reason.strip())
        command = SettleOther(number=number, is_taken=body.is_taken, reason=reason, by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(LEADS, lead_id, command, grounded(written, reason)))

    return router


async def keep_other(
    kit: Kit, keys: Keys, lead_id: UUID, said: ReportLead, people: list[Person], written: Envelope
) -> None:
    """Other bytes came under a lead's id: they are kept with the lead, whoever wrote them. Raises
    ``LeadOthersTooMany``.

    Persons are numbered on from those of the lead, each under a key of their own; two that come at once take turns.
    """
    content = written.digest.hex()
    for _ in range(TRIES_MAX):
        known, version = await kit.log.state(LEADS, lead_id)
        if not isinstance(known, Known) or known.report is None:
            return  # a reaction opened it under an id of its own making: there is no other report beside it
        first = len(known.people)
        told = replace(said.told, people=await sealed_people(keys, lead_id, people, first))
        command = KeepOther(told=told, content=content, by=said.by, at=said.at)
        keeping = struct_replace(
            written,
            command_id=derived_id("keep-other-lead", lead_id, content),
            expected_version=version,
        )
        try:
            outcome = await kit.log.handle(LEADS, lead_id, command, keeping)
        except VersionConflict:
            continue
        if people and outcome.events and not outcome.repeated:
            await findable_people(keys, lead_id, people, first)
        return
