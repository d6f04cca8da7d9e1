"""What a register says about an institution: the basic group of the six information groups (S0:89).

One rule: absent is an empty string, an empty tuple or ``None``, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Nature(StrEnum):
    """How the legal person is registered 法人登记."""

    FOR_PROFIT = "for_profit"
    """Company 公司, at market regulation."""
    NON_PROFIT = "non_profit"
    """Private non-enterprise unit 民办非企业单位, at civil affairs."""
    UNKNOWN = "unknown"


class Category(StrEnum):
    """Training category 培训类别; exactly one competent department answers for each (``competence.py``)."""

    SUBJECT = "subject"
    """学科类: curriculum subjects."""
    ART = "art"
    SPORT = "sport"
    TECHNOLOGY = "technology"
    OTHER = "other"
    """Other non-subject training 其他非学科: quality, handicraft, study trips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """The basic, funds and head-count groups of one institution, as a register states them."""

    name: str
    uscc: str
    """Unified social credit code 统一社会信用代码 (GB 32100), 18 characters."""
    former_names: tuple[str, ...] = ()
    nature: Nature = Nature.UNKNOWN
    categories: tuple[Category, ...] = ()
    items: tuple[str, ...] = ()
    """Training items 培训项目 as written: 舞蹈, 编程."""
    departments: tuple[str, ...] = ()
    """Competent departments 主管部门, one a category, in the order of ``categories``."""
    region: str = ""
    """9-digit town of the main site, or the 6-digit division when the town is not known (GB/T 2260, GB/T 10114)."""
    legal_representative: str = ""
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    staff_count: int | None = None
    student_count: int | None = None
    area_m2: int | None = None
    custody_bank: str = ""
    """As the register reports it; whether the account is active is for the funds service to say."""
    custody_account: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which register a statement comes from, and how far it may change what another one said."""

    register: str
    """The department that keeps the list: ``education``."""
    stated_on: date | None = None
    """The day that the list says it describes."""
    issuing: bool = True
    """True when the row carries a licence number: the list of the department that issued it prevails."""
    overriding: bool = False
    """A person has looked at the contradiction and decided for this row."""
