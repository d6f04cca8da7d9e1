"""What an institution offers and an applicant hands in, as bodies: the same parts as in the domain, with limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from pydantic import BaseModel, Field

from mingjing_kernel.limits import FEN_MAX
from mingjing_registry.domain.profile import Content, Mode, Profile, Stage

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class PriceBody(BaseModel):
    """One line of the price list."""

    item: str = Field(min_length=1, max_length=100)
    total_fen: int = Field(ge=0, le=FEN_MAX)
    lessons: int = Field(ge=1, le=10_000)
    minutes_per_lesson: int = Field(ge=1, le=600)


class SlotBody(BaseModel):
    """One line of the timetable."""

    item: str = Field(min_length=1, max_length=100)
    weekday: int = Field(ge=1, le=7, description="1 周一 Monday")
    begins_minute: int = Field(ge=0, le=1_440, description="Minutes after midnight")
    ends_minute: int = Field(ge=0, le=1_440)


class ProfileBody(BaseModel):
    """What the institution offers, to whom, for how much."""

    modes: list[Mode] = Field(default=[], max_length=2)
    stages: list[Stage] = Field(default=[], max_length=4)
    organizer: str = Field(default="", max_length=200)
    registering_body: str = Field(default="", max_length=200)
    registration_valid_until: date | None = None
    contract_version: str = Field(default="", max_length=100)
    prices: list[PriceBody] = Field(default=[], max_length=500)
    prices_published_at: str = Field(default="", max_length=500)
    class_size_max: int | None = Field(default=None, ge=1, le=1_000)
    timetable: list[SlotBody] = Field(default=[], max_length=1_000)
    icp_filing: str = Field(default="", max_length=100)
    hotline: str = Field(default="", max_length=100)

    def profile(self) -> Profile:
        """As the domain has it."""
        return msgspec.convert(self.model_dump(), Profile)


class PremisesBody(BaseModel):
    """One address."""

    address: str = Field(min_length=1, max_length=500)
    area_m2: int = Field(ge=1, le=1_000_000)
    students_max: int = Field(ge=1, le=100_000, description="Students in the same session at most")
    lease_until: date | None = None


class StaffBody(BaseModel):
    """Staff in counts, as the papers declare."""

    total: Count
    teaching: Count
    full_time_teachers: Count
    unqualified: Count = 0
    in_service: Count = 0
    blacklisted: Count = 0
    foreigners_abroad: Count = 0
    foreigners_unlawful: Count = 0


class MaterialsBody(BaseModel):
    """Materials in counts, as the papers declare."""

    filed: Count
    unreviewed: Count = 0
    overseas: Count = 0
    ahead_of_syllabus: Count = 0
    adverts_in_breach: Count = 0


class CapitalBody(BaseModel):
    """The four no's 四个不得."""

    is_listed: bool
    is_capitalized: bool
    is_foreign_controlled: bool


class ContentBody(BaseModel):
    """What the organizer hands in."""

    profile: ProfileBody
    premises: list[PremisesBody] = Field(default=[], max_length=100)
    staff: StaffBody | None = None
    materials: MaterialsBody | None = None
    capital: CapitalBody | None = None
    custody_agreement: str = Field(default="", max_length=200)
    papers: list[str] = Field(default=[], max_length=100)

    def content(self) -> Content:
        """As the domain has it."""
        return msgspec.convert(self.model_dump(), Content)
