"""What a lead says of a place (线索内容), as it was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingjing_inspection.domain.lead_terms import Cover, LeadPerson, LeadPosition, PriceHint, TaughtAt, Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a lead says of a place; ``description`` with persons' numbers and names masked.

    ``source_id`` is the complaint or the visit that it came from. ``suspects_teacher``: an in-service school teacher
    may teach there, which is for education discipline alone (X18).
    """

    address: str
    venue: Venue
    cover: Cover
    description: str
    photos: tuple[str, ...]
    times: tuple[TaughtAt, ...]
    prices: tuple[PriceHint, ...]
    people: tuple[LeadPerson, ...]
    position: LeadPosition | None
    suspects_teacher: bool
    source_id: UUID | None
    seen_at: datetime
