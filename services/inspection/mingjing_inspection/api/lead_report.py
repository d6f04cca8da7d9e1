"""Leads about places over HTTP: an officer, an operator or a complaint opens one, more is seen, and who it is about.

One rule: the client makes the id, and the same id is the same bytes; names and telephones are sealed before anything
else is done with them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace as struct_replace
from pydantic import BaseModel, Field

from mingjing_inspection.acts_leads import OPEN_LEAD_PEOPLE, REPORT_LEAD, SEE_AGAIN
from mingjing_inspection.api.complainant_opening import PurposeBody
from mingjing_inspection.api.complaint import standing
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.lead import lead_seen
from mingjing_inspection.api.lead_other import keep_other
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.domain.lead import Known
from mingjing_inspection.domain.lead_facts import ReportLead, SeeAgain
from mingjing_inspection.domain.lead_refusals import (
    LeadPersonUnknown,
    LeadRegionMissing,
    LeadReportedAlready,
    LeadSourceMissing,
)
from mingjing_inspection.domain.lead_terms import LeadOrigin, LeadPerson, LeadPosition
from mingjing_inspection.domain.lead_told import Told
from mingjing_inspection.domain.site_place import place_possible
from mingjing_inspection.geometry.coordinates import point_wgs84
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.lead_sealing import findable_people, sealed_people
from mingjing_inspection.intake.lead_terms import take_on_days
from mingjing_inspection.matching.lead_category import category_of
from mingjing_inspection.sources.lead_form import (
    LeadBody,
    SightingBody,
    masked,
    people_of,
    prices_of,
    times_of,
)
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import CommandIdReused, Envelope
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.opening import Why
from mingjing_kernel.sealed.redact import redacted


class LeadAccepted(Accepted):
    """The lead stands; ``region`` is the grid in which its position lies, or what was stated."""

    region: str
    by_position: bool = Field(description="Whether a surveyed grid in force has the position")
    photos: list[str] = Field(description="Keep the originals until they are sent as evidence of this lead")


class LeadPersonOpened(BaseModel):
    """Who it is, and what was said where something in it is masked for everybody else."""

    name: str
    phone: str
    words: dict[str, str]


def make_router(kit: Kit) -> Router:
    """Report a lead, add to it, open who it is about."""
    router = Router(tags=["lead 线索"])
    keys, book = Keys(kit), GridBook(kit)

    @router.put("/leads/{lead_id}", status_code=201, summary="上报线索 report a lead about a place")
    async def report_lead(
        lead_id: UUID,
        body: LeadBody,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> LeadAccepted:
        """Send the same bytes again as often as the network needs.

        Other bytes under the same id are refused, and kept with the lead for somebody else to decide on.
        """
        where = await _placed(kit, book, body)
        people = people_of(body)
        command = _command(kit, body, where, written.actor)
        days = await take_on_days(kit.log, command.at, command.region, command.category)
        command = replace(command, take_on_days=days)
        allow(caller.scope, REPORT_LEAD, command)
        if command.origin is LeadOrigin.COMPLAINT:
            if body.complaint_id is None:
                raise LeadSourceMissing
            await standing(kit, body.complaint_id, caller.scope)
        told = replace(command.told, people=await sealed_people(keys, lead_id, people))
        # The id in the address names the command, whatever key the device sends with a later try; its bytes are kept
        # as a keyed digest, for they name people.
        written = struct_replace(keys.keyed(written), command_id=derived_id("report-lead", lead_id))
        try:
            outcome = await kit.log.handle(LEADS, lead_id, replace(command, told=told), written)
        except (CommandIdReused, LeadReportedAlready):
            await keep_other(kit, keys, lead_id, command, people, written)
            raise
        if people and outcome.events and not outcome.repeated:
            await findable_people(keys, lead_id, people)
        known = (await kit.log.state(LEADS, lead_id))[0]
        assert isinstance(known, Known), "it was reported just now, or before"
        assert known.report is not None, "under this command"
        return LeadAccepted(
            **accepted(response, outcome).model_dump(),
            region=known.report.region,
            by_position=known.report.version_id is not None,
            photos=list(known.report.told.photos),
        )

    _seeing(router, kit)
    _opening(router, kit, keys)
    return router


def _seeing(router: Router, kit: Kit) -> None:
    @router.post("/leads/{lead_id}/sightings", summary="补充线索 add what was seen again")
    async def see_again(
        lead_id: UUID,
        body: SightingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Times, prices, photos, or a word."""
        await kit.up_to_date()
        allow(scope, SEE_AGAIN, await lead_seen(kit, lead_id, scope))
        command = SeeAgain(
            times=times_of(body.times),
            prices=prices_of(body.prices),
            photos=tuple(body.photos),
            note=redacted(body.note.strip()),
            seen_at=body.seen_at,
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(LEADS, lead_id, command, written))


def _opening(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/leads/{lead_id}/people/{number}", summary="查看线索涉及人员 open who the lead is about")
    async def open_person(
        lead_id: UUID,
        number: int,
        body: PurposeBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> LeadPersonOpened:
        """The purpose is on record before you read the name; who looked, when and why can be asked for ever."""
        await kit.up_to_date()
        allow(scope, OPEN_LEAD_PEOPLE, await lead_seen(kit, lead_id, scope))
        return await opened_person(kit, keys, (lead_id, number), body, written)


async def opened_person(
    kit: Kit, keys: Keys, which: tuple[UUID, int], body: PurposeBody, written: Envelope
) -> LeadPersonOpened:
    """The person of a lead with this number, in the clear; the opening is on that person's record first."""
    lead_id, number = which
    known = (await kit.log.state(LEADS, lead_id))[0]
    people = known.people if isinstance(known, Known) else ()
    if not 0 <= number < len(people):
        raise LeadPersonUnknown
    opened = await keys.vault().open(
        _sealed_fields(people[number]),
        stream=LEADS.stream(lead_id),
        why=Why(purpose=body.purpose, explanation=body.explanation),
        envelope=grounded(written, body.explanation),
    )
    words = json.loads(opened.get("words", "{}"))
    return LeadPersonOpened(name=opened.get("name", ""), phone=opened.get("phone", ""), words=words)


@dataclass(frozen=True, slots=True)
class _Where:
    position: LeadPosition | None
    region: str
    version_id: UUID | None


async def _placed(kit: Kit, book: GridBook, body: LeadBody) -> _Where:
    """The grid in force at the position; what was stated where there is none."""
    if body.position is None:
        if not body.region:
            raise LeadRegionMissing
        return _Where(None, body.region, None)
    place_possible(body.position.longitude_e7, body.position.latitude_e7)
    longitude, latitude = point_wgs84(body.position.coordinates, body.position.longitude_e7, body.position.latitude_e7)
    position = LeadPosition(
        longitude_e7=longitude,
        latitude_e7=latitude,
        accuracy_metres=body.position.accuracy_metres,
        is_mock=body.position.is_mock,
    )
    grids = await book.on(shanghai_date(kit.now()))
    grid = grids.index.at(longitude, latitude) if grids else ""
    if grids is not None and grid:
        return _Where(position, grid, grids.version_id)
    if not body.region:
        raise LeadRegionMissing
    return _Where(position, body.region, None)


def _command(kit: Kit, body: LeadBody, where: _Where, by: str) -> ReportLead:
    told = Told(
        **masked(body),
        venue=body.venue,
        cover=body.cover,
        photos=tuple(dict.fromkeys(body.photos)),
        times=times_of(body.times),
        prices=prices_of(body.prices),
        people=(),
        position=where.position,
        suspects_teacher=body.suspects_teacher,
        source_id=body.complaint_id,
        seen_at=body.seen_at,
    )
    return ReportLead(
        origin=LeadOrigin(body.origin),
        told=told,
        region=where.region,
        version_id=where.version_id,
        department=kit.settings.lead_department,
        category=category_of(body.description),
        by=by,
        at=kit.now(),
    )


def _sealed_fields(person: LeadPerson) -> dict[str, Sealed[str]]:
    fields = {"name": person.name, "phone": person.phone, "words": person.words}
    return {field: value for field, value in fields.items() if value is not None}
