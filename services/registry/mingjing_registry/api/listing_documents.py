"""Documents of a blacklisting over HTTP: prior notice, decision, repair and removal, as PDF, for officials.

One rule: they leave as long as the file is kept, and to officials only: after a removal nothing of a listing is public.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from mingjing_kernel.documents.printing import PDF, pdf_answer, pressed
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.sealed.keys import Keys
from mingjing_registry.api.documents import DocumentItem, DocumentUnknown, items_of
from mingjing_registry.codec import BLACKLISTINGS
from mingjing_registry.documents import issuing
from mingjing_registry.documents.wording_lists import title_of
from mingjing_registry.domain.blacklist import File, subject_of
from mingjing_registry.domain.blacklist_refusals import ListingUnknown
from mingjing_registry.sources.divisions import division


def make_router(kit: Kit) -> Router:
    """List and file."""
    router = Router(prefix="/blacklist/files/{listing_id}", tags=["document 公文"])
    county, keys = division(kit.settings.county_code), Keys(kit)

    @router.get("/documents", summary="案卷公文清单 documents of a file")
    async def listing_documents(listing_id: UUID, scope: Scope = Depends(kit.scope)) -> list[DocumentItem]:
        """The latest first; each is made from one fact whenever it is asked for, and is always the same."""
        facts, _ = await _facts(kit, scope, listing_id)
        return items_of(facts, title_of)

    @router.get("/documents/{version}", response_class=Response, responses=PDF, summary="案卷公文 one of them as PDF")
    async def listing_document(listing_id: UUID, version: int, scope: Scope = Depends(kit.scope)) -> Response:
        """In official layout, with its number, a QR code, and the proof of the fact attached to the file."""
        facts, file = await _facts(kit, scope, listing_id)
        until = [fact for fact in facts if fact.version <= version]
        marks = await keys.marks().masked([subject_of(listing_id)]) if file.party.person else {}
        name = marks.get(subject_of(listing_id), {}).get("name", "")
        made = issuing.listing_decision(until, name, county.name) if until and until[-1].version == version else None
        if made is None:
            raise DocumentUnknown
        printed = await pressed(
            "official",
            made,
            number=issuing.number_of(until[-1]),
            address=f"{kit.settings.door_url}/listings/{listing_id}",
            fact=until[-1],
            proof=await kit.proof_of(until[-1].position),
            fonts=kit.settings.font_dir,
        )
        return pdf_answer(printed, f"{made.title}-{made.addressee}.pdf")

    return router


async def _facts(kit: Kit, scope: Scope, listing_id: UUID) -> tuple[Sequence[Recorded[Any]], File]:
    facts = await kit.log.history(BLACKLISTINGS, listing_id)
    state = BLACKLISTINGS.decider.fold(fact.event for fact in facts)
    if not isinstance(state, File) or not scope.allows(role=OFFICIALS, **state.within.dimensions()):
        raise ListingUnknown
    return facts, state
