"""A rule of the import: what breaking it costs, and its sentences in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem costs."""

    ASIDE = "aside"
    LOOK = "look"
    TIDIED = "tidied"


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentence and remedy; ``{written}`` and ``{suggestion}`` are filled in."""

    severity: Severity
    en: str
    zh: str
    remedy_en: str = ""
    remedy_zh: str = ""
    source: str = ""
