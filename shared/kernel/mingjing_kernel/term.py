"""A term in two languages: a value of a refusal's sentence that reads differently in each.

The one rule: whoever puts a sentence together takes ``zh`` for the Chinese one; ``str()`` is the English.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """The same in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """English."""
        return self.en
