"""Words of the citizen's side of a complaint: how she is known, how it came, and how it stands while she speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mingjing_inspection.domain.complaint import Track
from mingjing_kernel.sealed import Sealed


class Identity(StrEnum):
    """How she wants to be known."""

    NAMED = "NAMED"
    """实名"""
    CONFIDENTIAL = "CONFIDENTIAL"
    """隐去身份：the authority may know her, nobody else; said on every list"""
    ANONYMOUS = "ANONYMOUS"
    """匿名"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the channel itself brought along: of a school, a letter, a report in the media, a superior's order.

    ``place``: the school, the medium or the ordering authority; ``reference``: the letter's or the order's number;
    ``link``: where it was published; ``due_on``: the day that the superior set.
    """

    place: str = ""
    reference: str = ""
    link: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How the complaint stands while she speaks: closed since when, and until when it may be taken up again."""

    closed_at: datetime
    reopen_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOpened:
    """The citizen can follow the complaint, with its number and a secret that only she has."""

    number: str
    tracks: tuple[Track, ...]
    identity: Identity
    relation: str
    represented: Sealed[str] | None
    origin: Origin | None
    secret_digest: str
    department: str
    region: str
    category: str
    opened_at: datetime
