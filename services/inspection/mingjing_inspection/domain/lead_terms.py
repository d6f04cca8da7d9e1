"""Words of a lead (线索) about teaching without a licence: where, under which name, when, for what price, and who.

One rule: names and telephones of persons are sealed before they come here, and the description has them masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mingjing_kernel.sealed import Sealed

PHOTOS_MAX = 60
PHOTOS_ALL_MAX = 300
"""Of one lead with all that was seen again."""
TIMES_MAX = 21
PRICES_MAX = 20
PEOPLE_MAX = 5
SIGHTINGS_MAX = 200
TEXT_CHARACTERS_MAX = 4_000
ADDRESS_CHARACTERS_MAX = 300
DAY_MINUTES = 24 * 60


class LeadOrigin(StrEnum):
    """What opened it."""

    VETO = "VETO"
    """一票否决项"""
    RECTIFICATION_FAILED = "RECTIFICATION_FAILED"
    """整改未到位"""
    REPORT_VERIFIED = "REPORT_VERIFIED"
    """举报核查属实"""
    FIELD = "FIELD"
    """巡查发现（非登记场所）"""
    OPERATOR = "OPERATOR"
    """来电来访登记"""
    COMPLAINT = "COMPLAINT"
    """投诉举报转办"""
    CHILDCARE = "CHILDCARE"
    """以托管名义开展培训（检查项 C13）"""


class Venue(StrEnum):
    """What kind of place it is (L06 art. 18 names homes, hotels, cafés)."""

    UNKNOWN = "UNKNOWN"
    """不详"""
    HOME = "HOME"
    """居民住宅"""
    HOTEL = "HOTEL"
    """酒店宾馆"""
    CAFE = "CAFE"
    """咖啡厅等"""
    OFFICE = "OFFICE"
    """写字楼"""
    SHOP = "SHOP"
    """临街商铺"""
    DEDICATED = "DEDICATED"
    """专门培训场所"""
    ONLINE = "ONLINE"
    """线上"""


class Cover(StrEnum):
    """Under which name it is done (L06 art. 18; L21)."""

    NONE = "NONE"
    """无名目"""
    CONSULTING = "CONSULTING"
    """咨询"""
    CULTURE = "CULTURE"
    """文化传播"""
    HOUSEKEEPING = "HOUSEKEEPING"
    """家政服务"""
    LIVE_IN_TUTOR = "LIVE_IN_TUTOR"
    """住家教师"""
    SHARED_TUTOR = "SHARED_TUTOR"
    """众筹私教"""
    STUDY_TOUR = "STUDY_TOUR"
    """研学"""
    CAMP = "CAMP"
    """冬夏令营"""
    CHILDCARE = "CHILDCARE"
    """托管"""
    MESSAGING = "MESSAGING"
    """即时通讯、直播"""


class Per(StrEnum):
    """For what a price is asked."""

    LESSON = "LESSON"
    """每课时"""
    HOUR = "HOUR"
    """每小时"""
    MONTH = "MONTH"
    """每月"""
    TERM = "TERM"
    """每学期"""
    COURSE = "COURSE"
    """每期"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtAt:
    """When somebody teaches there: weekday 1 (Monday) to 7, minutes after midnight in China."""

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceHint:
    """What is said to be asked, in fen."""

    fen: int
    per: Per


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPosition:
    """Where it is, in 1e-7 degrees of WGS-84."""

    longitude_e7: int
    latitude_e7: int
    accuracy_metres: int
    is_mock: bool = False
    """The device says that another program made it up (虚拟定位)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPerson:
    """Somebody who is said to teach or to take money there, sealed under a key of this lead alone.

    ``words``: the description as it was told, where numbers or names had to be masked in it; of the first person only.
    """

    name: Sealed[str] | None = None
    phone: Sealed[str] | None = None
    words: Sealed[str] | None = None


def person_of(lead_id: UUID, number: int) -> str:
    """Whose key seals it: one person of one lead. The same man in two leads has two keys."""
    return f"lead-person-{lead_id}-{number}"


def lead_of(subject: str) -> str:
    """The lead of such a person; empty for any other subject."""
    head, _, _ = subject.rpartition("-")
    return head.removeprefix("lead-person-") if head.startswith("lead-person-") else ""
