"""Complainant (投诉人): who complained, apart from what was said.

One rule: one complaint, one subject. The same person under two complaints has two keys, so that nothing links them.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from mingjing_kernel.sealed import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainant:
    """Who complained, sealed under a key made for this one complaint: the respondent must never learn it.

    ``words``: what was said, where numbers or the name had to be masked in it: JSON, by field. Of an anonymous
    complaint it may be the only part. Source: Order 20, art. 33, kept by Order 121.
    """

    name: Sealed[str] | None
    phone: Sealed[str] | None
    words: Sealed[str] | None = None


def subject_of(complaint_id: UUID) -> str:
    """Whose key seals it: the complainant of this one complaint, so that erasing one complaint erases one person."""
    return f"complainant-{complaint_id}"


def complaint_of(subject: str) -> UUID | None:
    """The complaint that a subject complained in; ``None`` of a subject that is no complainant."""
    prefix, _, rest = subject.partition("-")
    return UUID(rest) if prefix == "complainant" else None
