"""A line of the base ledger 台账: one institution by kind, mode, nature and standing, from which day to which.

One rule: an institution is *there* from the first day of its first licence until it is cancelled, revoked or closed;
that a licence is withheld or has run out ends nothing. A conversion counts from its approval (S0:132, S1:189).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from mingjing_registry.domain.particulars import Category
from mingjing_registry.domain.profile import Mode


class Kind(StrEnum):
    """What is taught 学科类、非学科类."""

    SUBJECT = "subject"
    NON_SUBJECT = "non-subject"
    MIXED = "mixed"
    """Both: counted with the subject ones wherever these are asked for."""
    UNKNOWN = "unknown"

    @property
    def zh(self) -> str:
        """As a table shows it."""
        return {"subject": "学科类", "non-subject": "非学科类", "mixed": "学科与非学科", "unknown": "未载明"}[
            self.value
        ]


class Medium(StrEnum):
    """Where it is taught 线上、线下."""

    OFFLINE = "offline"
    ONLINE = "online"
    BOTH = "both"
    UNKNOWN = "unknown"

    @property
    def zh(self) -> str:
        """As a table shows it."""
        return {"offline": "线下", "online": "线上", "both": "线上线下", "unknown": "未载明"}[self.value]


class Ending(StrEnum):
    """How an institution came to be there no more."""

    CANCELLED = "cancelled"
    """注销."""
    REVOKED = "revoked"
    """吊销."""
    CLOSED = "closed"
    """Closed down 关闭, its licence not yet cancelled."""


SUBJECT_KINDS = frozenset({Kind.SUBJECT, Kind.MIXED})
"""What counts as subject training."""


def kind_of(categories: Iterable[Category]) -> Kind:
    """Of the categories that a register states."""
    found = {category is Category.SUBJECT for category in categories}
    if not found:
        return Kind.UNKNOWN
    if len(found) > 1:
        return Kind.MIXED
    return Kind.SUBJECT if found.pop() else Kind.NON_SUBJECT


def medium_of(modes: Iterable[Mode]) -> Medium:
    """Of the modes that the record states."""
    found = set(modes)
    if not found:
        return Medium.UNKNOWN
    return Medium.BOTH if len(found) > 1 else Medium(found.pop().value)


def stronger(before: Ending | None, after: Ending) -> Ending:
    """What is told of an end that came in two steps: the licence's own, not that of the business."""
    return after if before is None or before is Ending.CLOSED else before
