"""Documents over HTTP: certificates, notices and decisions as PDF; the poster and the QR code of a site's door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from mingjing_kernel.documents.document import Title, in_words
from mingjing_kernel.documents.printing import PDF, pdf_answer, pressed
from mingjing_kernel.documents.typesetting import qr_svg
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.refusal import NotFound
from mingjing_registry.api.permission import here_of
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.documents import issuing
from mingjing_registry.documents.wording import title_of
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import Licensed
from mingjing_registry.domain.refusals import InstitutionUnknown, SiteUnknown
from mingjing_registry.projections import institutions, sites
from mingjing_registry.sources.divisions import division

LIMIT = "60/minute"
SVG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}}


class DocumentUnknown(NotFound):
    """This fact gives no document."""

    sentence = "There is no document of this number."
    remedy = "Look at the list of its documents."
    field = "version"


class LicenceNotInForce(NotFound):
    """A certificate states a licence in force, and so does the poster at a door."""

    sentence = "There is no licence in force."
    remedy = "Look the institution up; a notice or decision may be among its documents."


class DocumentItem(BaseModel):
    """One document that can be printed."""

    version: int = Field(description="Its number in the address: the fact's version in the thing's stream")
    position: int = Field(description="Of the fact in the log")
    number: str
    title: str
    title_en: str
    recorded_at: datetime


def items_of(facts: Sequence[Recorded[Any]], titled: Callable[[object], Title | None]) -> list[DocumentItem]:
    """The documents of a thing's facts, the latest first."""
    return [
        DocumentItem(
            version=fact.version,
            position=fact.position,
            number=issuing.number_of(fact),
            title=title[0],
            title_en=title[1],
            recorded_at=fact.recorded_at,
        )
        for fact in reversed(facts)
        if (title := titled(fact.event)) is not None
    ]


def make_router(kit: Kit) -> Router:
    """For officials."""
    router = Router(prefix="/institutions/{institution_id}", tags=["document 公文"])
    county = division(kit.settings.county_code)

    @router.get("/documents", summary="公文清单 its documents")
    async def documents(institution_id: UUID, scope: Scope = Depends(kit.scope)) -> list[DocumentItem]:
        """The latest first; each is made from one fact whenever it is asked for, and is always the same."""
        facts = await _facts(kit, scope, institution_id)
        return items_of(facts, title_of)

    @router.get("/documents/{version}", response_class=Response, responses=PDF, summary="公文 one document as PDF")
    async def document(institution_id: UUID, version: int, scope: Scope = Depends(kit.scope)) -> Response:
        """In official layout, with its number, a QR code, and the proof of the fact attached to the file."""
        facts = [fact for fact in await _facts(kit, scope, institution_id) if fact.version <= version]
        known = _known(facts)
        if not facts or facts[-1].version != version:
            raise DocumentUnknown
        made = issuing.decision(facts[-1], known, county.name)
        if made is None:
            raise DocumentUnknown
        printed = await pressed(
            "official",
            made,
            number=issuing.number_of(facts[-1]),
            address=f"{kit.settings.door_url}/institutions/{institution_id}",
            fact=facts[-1],
            proof=await kit.proof_of(facts[-1].position),
            fonts=kit.settings.font_dir,
        )
        return pdf_answer(printed, f"{made.title}-{known.particulars.name}.pdf")

    @router.get(
        "/certificate", response_class=Response, responses=PDF, summary="许可登记信息 the licence as registered"
    )
    async def certificate(
        institution_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Response:
        """Of a licence in force, now or as of a day; proved by the last fact of the institution by then."""
        at = await position_of(kit, as_of)
        facts = await _facts(kit, scope, institution_id, at)
        known = _known(facts)
        if not isinstance(known.licence, Licensed):
            raise LicenceNotInForce
        async with kit.connection() as connection:
            rows = (await connection.execute(sites.published(scope, institution_id, at))).mappings().all()
        made = issuing.certificate(known, sorted(row["address"] for row in rows), county.name)
        printed = await pressed(
            "certificate",
            made,
            number=issuing.number_of(facts[-1]),
            address=f"{kit.settings.door_url}/institutions/{institution_id}",
            fact=facts[-1],
            proof=await kit.proof_of(facts[-1].position),
            fonts=kit.settings.font_dir,
        )
        return pdf_answer(printed, f"{made.title}-{known.particulars.name}.pdf")

    return router


class Door(BaseModel):
    """What the QR code at a door leads to."""

    site_id: UUID
    institution_id: UUID
    name: str
    address: str
    approved_on: date | None
    licence_state: str
    is_in_force: bool = Field(description="false: pay nothing here, though the address was approved once")


def make_door_router(kit: Kit) -> Router:
    """For everybody who stands in front of it."""
    router = Router(
        prefix="/public/sites/{site_id}", tags=["public 公众查询"], dependencies=[Depends(kit.throttled(LIMIT))]
    )

    @router.get("", summary="门牌核对 the site behind a door's code")
    async def door(site_id: UUID, scope: Scope = Depends(kit.visitor_scope)) -> Door:
        """An approved site, and whether its licence is in force; of any other there is nothing to see."""
        return await _door(kit, scope, site_id)

    @router.get("/qr", response_class=Response, responses=SVG, summary="门牌二维码 the code itself")
    async def qr(site_id: UUID, scope: Scope = Depends(kit.visitor_scope)) -> Response:
        """As SVG."""
        await _door(kit, scope, site_id)
        return Response(qr_svg(f"{kit.settings.door_url}/s/{site_id}"), media_type="image/svg+xml")

    @router.get("/poster", response_class=Response, responses=PDF, summary="门牌海报 the poster for the door")
    async def poster(site_id: UUID, scope: Scope = Depends(kit.visitor_scope)) -> Response:
        """One A4 page, as long as the licence is in force."""
        found = await _door(kit, scope, site_id)
        if not found.is_in_force:
            raise LicenceNotInForce
        made = issuing.poster(found.name, found.address, in_words(found.approved_on), kit.settings.hotline)
        address = f"{kit.settings.door_url}/s/{site_id}"
        printed = await pressed("poster", made, address=address, fonts=kit.settings.font_dir)
        return pdf_answer(printed, f"门牌-{found.name}.pdf")

    return router


async def _door(kit: Kit, scope: Scope, site_id: UUID) -> Door:
    async with kit.connection() as connection:
        site = (await connection.execute(sites.door(scope, site_id))).mappings().one_or_none()
        if site is None:
            raise SiteUnknown
        statement = institutions.published(scope)
        statement = statement.where(statement.selected_columns.institution_id == site["institution_id"])
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise SiteUnknown
    state = row["licence_state"]
    return Door(**site, name=row["name"], licence_state=state, is_in_force=state in institutions.IN_FORCE)


async def _facts(kit: Kit, scope: Scope, institution_id: UUID, at: int | None = None) -> Sequence[Recorded[Any]]:
    facts = await kit.log.history(INSTITUTIONS, institution_id, at)
    if not scope.allows(role=OFFICIALS, **here_of(_known(facts))._asdict()):
        raise InstitutionUnknown
    return facts


def _known(facts: Sequence[Recorded[Any]]) -> Known:
    state = INSTITUTIONS.decider.fold(fact.event for fact in facts)
    if not isinstance(state, Known):
        raise InstitutionUnknown
    return state
