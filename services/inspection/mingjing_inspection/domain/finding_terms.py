"""Words of a finding (问题案卷): what it is about, where it came from, how pressing it is, and the limits of its steps.

One rule: a limit is reckoned once, by the numbers in force on that day, and stands in the fact that starts it; nothing
that is edited later gives anybody more time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

PHOTOS_MAX = 60
TEXT_CHARACTERS_MAX = 4_000


class Matter(StrEnum):
    """What a finding is about; each item of the checklist has one."""

    LICENCE = "LICENCE"
    """办学许可与法人登记"""
    SCOPE = "SCOPE"
    """培训范围"""
    STAFF = "STAFF"
    """从业人员"""
    TEACHING_TIME = "TEACHING_TIME"
    """培训时间"""
    FEES = "FEES"
    """收费"""
    CUSTODY = "CUSTODY"
    """预收费监管"""
    CONTRACT = "CONTRACT"
    """合同"""
    MATERIALS = "MATERIALS"
    """培训材料"""
    FIRE_SAFETY = "FIRE_SAFETY"
    """场所与消防"""
    HYGIENE = "HYGIENE"
    """卫生与食品"""
    ADVERTISING = "ADVERTISING"
    """广告"""
    HIDDEN_TRAINING = "HIDDEN_TRAINING"
    """隐形变异培训"""
    CHILDCARE_COVER = "CHILDCARE_COVER"
    """以托管名义培训"""
    PERSONAL_DATA = "PERSONAL_DATA"
    """学员信息"""
    WAGES_RENT = "WAGES_RENT"
    """欠薪欠租"""
    IN_SERVICE_TEACHER = "IN_SERVICE_TEACHER"
    """在职教师有偿补课"""
    FRAUD = "FRAUD"
    """涉嫌诈骗"""
    SCHOOL = "SCHOOL"
    """学校方面（校内收费、课后服务）"""
    OTHER = "OTHER"
    """其他"""


MATTER_OF_ITEM: Mapping[str, Matter] = MappingProxyType(
    {f"C{number:02}": matter for number, matter in enumerate(list(Matter)[:15], start=1)}
)
"""The fifteen item groups of the checklist, in their order."""


def matter_of(item: str) -> Matter:
    """What a failed item is about; a later checklist may ask more than we have a word for."""
    return MATTER_OF_ITEM.get(item[:3], Matter.OTHER)


class Origin(StrEnum):
    """How a finding came about."""

    VISIT = "VISIT"
    """巡查发现"""
    BY_HAND = "BY_HAND"
    """人工上报"""


class Urgency(StrEnum):
    """How soon it must be handled."""

    URGENT = "URGENT"
    """紧急"""
    NORMAL = "NORMAL"
    """一般"""
    COMPLEX = "COMPLEX"
    """复杂"""


class Step(StrEnum):
    """The steps that have a clock."""

    VERIFY = "VERIFY"
    """核实立案"""
    DISPATCH = "DISPATCH"
    """派遣"""
    HANDLE = "HANDLE"
    """处置"""
    RECHECK = "RECHECK"
    """核查结案"""


class Rating(StrEnum):
    """The last of the seven steps: how well it was handled."""

    GOOD = "GOOD"
    """好"""
    FAIR = "FAIR"
    """一般"""
    POOR = "POOR"
    """差"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long a step may take: until ``due_at``, with a reminder at ``remind_at``.

    Exactly one of ``working_days`` and ``hours`` says how it was counted; ``policy`` is the version of the numbers.
    """

    step: Step
    started_at: datetime
    remind_at: datetime
    due_at: datetime
    policy: str
    working_days: int | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a finding was opened from: an item of a visit, or somebody's own words."""

    origin: Origin
    visit_id: UUID | None = None
    visit_version: int = 0
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it was found; an unlicensed room has no institution and no site, but an address."""

    institution_id: UUID | None
    site_id: UUID | None
    region: str
    category: str
    address: str = ""
