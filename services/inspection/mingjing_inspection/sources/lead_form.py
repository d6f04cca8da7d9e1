"""A lead as a device or an operator writes it: its form, and what of it goes on with numbers and names masked.

One rule: what names a person leaves this file as something to be sealed, and nowhere else.
"""

from __future__ import annotations

import json
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_inspection.domain.lead_terms import (
    ADDRESS_CHARACTERS_MAX,
    DAY_MINUTES,
    PEOPLE_MAX,
    PHOTOS_MAX,
    PRICES_MAX,
    TEXT_CHARACTERS_MAX,
    TIMES_MAX,
    Cover,
    Per,
    PriceHint,
    TaughtAt,
    Venue,
)
from mingjing_inspection.geometry.coordinates import System
from mingjing_inspection.sources.complaint_row import Person
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed import Unmasked
from mingjing_kernel.sealed.redact import redacted

FEN_MAX = 100_000_000
REGION = r"^([0-9]{6}([0-9]{3}){0,3})?$"


class TimeBody(BaseModel):
    """When somebody teaches there, in China's time."""

    weekday: int = Field(ge=1, le=7, description="1 Monday to 7 Sunday")
    begins: int = Field(ge=0, le=DAY_MINUTES, description="Minutes after midnight")
    ends: int = Field(ge=0, le=DAY_MINUTES)


class PriceBody(BaseModel):
    """What is said to be asked."""

    fen: int = Field(ge=1, le=FEN_MAX)
    per: Per


class LeadPersonBody(BaseModel):
    """Who teaches, or takes the money. Sealed at once; nobody reads it again without a purpose on record."""

    name: Unmasked = Field(default="", max_length=100)
    phone: Unmasked = Field(default="", max_length=40)


class WhereBody(BaseModel):
    """Where it is, in 1e-7 degrees of the system that is named."""

    longitude_e7: int
    latitude_e7: int
    accuracy_metres: int = Field(default=0, ge=0, le=100_000)
    coordinates: System = System.WGS84
    is_mock: bool = Field(default=False, description="The device says that another program made it up 虚拟定位")


class SightingBody(BaseModel):
    """What was seen again."""

    times: list[TimeBody] = Field(default=[], max_length=TIMES_MAX)
    prices: list[PriceBody] = Field(default=[], max_length=PRICES_MAX)
    photos: list[str] = Field(
        default=[], max_length=PHOTOS_MAX, description="SHA-256 (hex) of the original files, sent as evidence"
    )
    note: str = Field(default="", max_length=TEXT_CHARACTERS_MAX)
    seen_at: Moment


class LeadBody(BaseModel):
    """A lead about a place for which no institution is known."""

    origin: Literal["FIELD", "OPERATOR", "COMPLAINT"]
    address: str = Field(default="", max_length=ADDRESS_CHARACTERS_MAX)
    venue: Venue = Venue.UNKNOWN
    cover: Cover = Cover.NONE
    description: str = Field(max_length=TEXT_CHARACTERS_MAX)
    photos: list[str] = Field(
        default=[], max_length=PHOTOS_MAX, description="SHA-256 (hex) of the original files, sent as evidence"
    )
    times: list[TimeBody] = Field(default=[], max_length=TIMES_MAX)
    prices: list[PriceBody] = Field(default=[], max_length=PRICES_MAX)
    people: list[LeadPersonBody] = Field(default=[], max_length=PEOPLE_MAX)
    position: WhereBody | None = None
    region: str = Field(default="", pattern=REGION, description="Counts where no grid in force has the position")
    suspects_teacher: bool = Field(
        default=False, description="An in-service school teacher may teach there: told to education discipline alone"
    )
    complaint_id: UUID | None = Field(default=None, description="Of the complaint that it came from")
    seen_at: Moment


def times_of(times: list[TimeBody]) -> tuple[TaughtAt, ...]:
    """As the domain has them."""
    return tuple(TaughtAt(weekday=one.weekday, begins=one.begins, ends=one.ends) for one in times)


def prices_of(prices: list[PriceBody]) -> tuple[PriceHint, ...]:
    """As the domain has them."""
    return tuple(PriceHint(fen=one.fen, per=one.per) for one in prices)


def masked(body: LeadBody) -> dict[str, str]:
    """Address and description, with persons' numbers and the names given masked."""
    names = [person.name for person in body.people]
    return {"address": redacted(body.address.strip(), names), "description": redacted(body.description.strip(), names)}


def people_of(body: LeadBody) -> list[Person]:
    """Who is to be sealed; with the words where something in them is masked, the first person has them."""
    said = {"address": body.address.strip(), "description": body.description.strip()}
    people = [Person(name=one.name, phone=one.phone) for one in body.people if one.name or one.phone]
    if said == masked(body):
        return people
    words = json.dumps(said, ensure_ascii=False)
    first = people[0] if people else Person(name="", phone="")
    return [Person(name=first.name, phone=first.phone, words=words), *people[1:]]
