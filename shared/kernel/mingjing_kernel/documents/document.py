"""What an official document says, before it is set in type.

One rule: a document states facts of the log; nothing is written by hand, so the same fact gives the same document for
ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

PIECE_DIGITS: Final = 8
ZERO_WIDTH_SPACE: Final = "\u200b"
Title: TypeAlias = tuple[str, str]
"""Chinese and English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One labelled line of a certificate or a notice: 有效期至 / 2029年6月30日."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Title, addressee, paragraphs, labelled lines; who issues it and when."""

    title: str
    title_en: str
    addressee: str
    """Whom it is served on 主送; empty for an announcement 公告, which is addressed to everybody."""
    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    rights: str = ""
    """How to contest it: 行政复议 within 60 days, lawsuit within 6 months."""
    authority: str = ""
    issued_on: str = ""


def in_pieces(digits: str) -> str:
    """A long run of digits that may go on in the next line: without a place to break at it left the page."""
    starts = range(0, len(digits), PIECE_DIGITS)
    return ZERO_WIDTH_SPACE.join(digits[begins : begins + PIECE_DIGITS] for begins in starts)


def in_words(day: date | None) -> str:
    """2026年7月1日, as documents write it; a dash where there is no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "——"
