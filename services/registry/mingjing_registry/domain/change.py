"""Changes that need approval 变更 (R15, L08 arts 53–55) and conversions 转型 (S0:132, S1:189–191).

One rule: until a change is approved nothing of the record moves; when it is, the record and the change are one
decision, with old and new side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_registry.domain.particulars import Category


class ChangeKind(StrEnum):
    """What is to change."""

    ORGANIZER = "organizer"
    NAME = "name"
    REPRESENTATIVE = "representative"
    CATEGORY = "category"
    ADDRESS = "address"
    MERGER = "merger"
    """Into another institution 合并."""
    SPLIT = "split"
    """Into several 分立."""
    TO_NON_SUBJECT = "to-non-subject"
    """Subject → non-subject 学科转非学科: another department becomes competent."""
    TO_NON_PROFIT = "to-non-profit"
    """For-profit → non-profit 营转非."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be, of which a kind needs only its own part."""

    name: str = ""
    organizer: str = ""
    legal_representative: str = ""
    categories: tuple[Category, ...] = ()
    departments: tuple[str, ...] = ()
    """Competent departments of the new categories."""
    address: str = ""
    region: str = ""
    others: tuple[UUID, ...] = ()
    """The other institutions of a merger or split."""
    liquidation_reference: str = ""
    """Report of the financial liquidation before a merger, split or change of organizer (L08 arts 53, 54)."""
    consent_reference: str = ""
    """The new competent department's word that it takes the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeChange:
    """The institution applies for a change; ``number`` names the application."""

    number: str
    kind: ChangeKind
    wish: Wish
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveChange:
    """Another officer agrees. ``uscc``: the new code of a conversion to non-profit, where it is known by then."""

    number: str
    decision_reference: str
    uscc: str = ""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseChange:
    """Another officer does not."""

    number: str
    reason: str
    on: date


Command: TypeAlias = ProposeChange | ApproveChange | RefuseChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProposed:
    """A change is pending."""

    number: str
    kind: ChangeKind
    wish: Wish
    before: Wish
    """What stood before, in the same parts."""
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApproved:
    """The change is made; what follows of it on the record stands beside this fact."""

    number: str
    kind: ChangeKind
    decision_reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRefused:
    """Everything stays as it was."""

    number: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTransferred:
    """The file moved to another competent department 档案移交."""

    from_department: str
    to_department: str
    consent_reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnapprovedChangeNoticed:
    """A later edition of the same register states what needs approval (L08 art 54) otherwise, and nobody approved it
    here: the record follows the register, and funds is told (F27). It may be approved afterwards.
    """

    kind: ChangeKind
    register: str
    on: date


Event: TypeAlias = ChangeProposed | ChangeApproved | ChangeRefused | FileTransferred | UnapprovedChangeNoticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """An approved merger into others."""

    number: str
    decision_reference: str
    into: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The pending change, the numbers of those that were decided, and the merger that was approved."""

    pending: ChangeProposed | None = None
    decided: frozenset[str] = frozenset()
    merger: Merger | None = None
