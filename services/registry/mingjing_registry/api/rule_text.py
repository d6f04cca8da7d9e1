"""What a rule asks and what was seen, in both languages: the shape that the tables of sentences share."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str


class Asked(NamedTuple):
    """What a rule asks, and on what basis."""

    needed: Text
    basis: str
