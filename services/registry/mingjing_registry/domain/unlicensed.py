"""Unlicensed premises (无证办学场所) that an inspection verified: an address with photos, and no institution (X17).

One rule: an entry is no institution and gets no number; it says where somebody taught without a licence, and when that
was found. The case is inspection's (O1 and O2, 校外培训行政处罚暂行办法 art. 17 and 18).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What was found; ``photos`` are SHA-256 digests of evidence that inspection keeps."""

    address: str
    region: str
    department: str
    category: str
    venue: str
    cover: str
    photos: tuple[str, ...]
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnlicensed:
    """Inspection says that it found them."""

    premises: Premises
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlicensedNoted:
    """They are on the list."""

    premises: Premises
    noted_at: datetime


def _decide(command: NoteUnlicensed, noted: UnlicensedNoted | None) -> list[UnlicensedNoted]:
    if noted is not None and noted.premises == command.premises:
        return []
    return [UnlicensedNoted(premises=command.premises, noted_at=command.noted_at)]


def _evolve(_noted: UnlicensedNoted | None, event: UnlicensedNoted) -> UnlicensedNoted:
    return event


UNLICENSED: Decider[NoteUnlicensed, UnlicensedNoted | None, UnlicensedNoted] = Decider(None, _decide, _evolve)
