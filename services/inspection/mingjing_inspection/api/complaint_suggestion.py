"""Suggestions for a complaint that is stored (智能提示): for those of files and exports, which nobody typed here.

One rule: as while somebody types: each names its words, nothing is stored and nothing decided. Who agrees says so
(``/complaints/{id}/attribution``, and the classification of its tracks), with her own name under it.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_inspection.api.complaint import complaint_seen
from mingjing_inspection.api.name_book import NameBook
from mingjing_inspection.api.suggestion import (
    LIMIT,
    LINKED_MAX,
    CandidateItem,
    DepartmentItem,
    TrackItem,
    UrgencyItem,
    WeighedItem,
    advised,
    owner_by,
    visible,
)
from mingjing_inspection.intake.complaint_routes import routing_known
from mingjing_inspection.matching.advice import advice
from mingjing_inspection.matching.clues import CLUES_VERSION
from mingjing_inspection.matching.linking import SHOWN_MAX, Said
from mingjing_inspection.matching.text_model import text_model
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal


class StoredSuggestions(BaseModel):
    """What the stored words lead to. ``missing``: what the complaint does not say yet, and a person may confirm."""

    complaint_id: UUID
    institution_id: UUID | None = Field(description="Whom it is about, as it was said or matched before")
    missing: list[str] = Field(description="Of institution_id, category")
    institutions: list[CandidateItem] = Field(description="Confirmed by POST /complaints/{id}/attribution")
    tracks: TrackItem
    concerns: list[WeighedItem]
    categories: dict[str, str] = Field(description="By category, the word that spoke of it")
    departments: list[DepartmentItem] = Field(description="By the table in force on the day of receipt")
    urgency: UrgencyItem
    versions: dict[str, str]


def make_router(kit: Kit) -> Router:
    """The one address."""
    router, names = Router(tags=["complaint 投诉举报"]), NameBook(kit)

    @router.get(
        "/complaints/{complaint_id}/suggestions",
        summary="智能提示 whom and what a stored complaint is about",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def suggest_stored(complaint_id: UUID, caller: Principal = Depends(kit.caller)) -> StoredSuggestions:
        """Of its masked words, for whoever sees it: those of imported files lack what an operator would have asked."""
        row = await complaint_seen(kit, complaint_id, caller.scope)
        said = Said(
            text=row["text"], title=row["title"], respondent=row["respondent"], uscc="", place=row["place"], phone=""
        )
        linked = await visible(kit, caller, (await names.linker()).candidates(said, LINKED_MAX))
        known = row["institution_id"] or (linked[0].institution_id if linked and linked[0].is_sure else None)
        category = row["category"] or next((one.category for one in linked if one.institution_id == known), "")
        table, day = await routing_known(kit.log), shanghai_date(row["received_at"])
        told = advice(
            text_model(),
            row["title"],
            row["text"],
            category,
            is_ours=known is not None,
            owner=partial(owner_by, table, day, row["region"]),
        )
        return StoredSuggestions(
            complaint_id=complaint_id,
            institution_id=row["institution_id"],
            missing=[field for field in ("institution_id", "category") if not row[field]],
            institutions=linked[:SHOWN_MAX],
            **advised(told),
            versions={"linking": CLUES_VERSION, "model": told.reading.version, "urgency": told.urgency_rule},
        )

    return router
