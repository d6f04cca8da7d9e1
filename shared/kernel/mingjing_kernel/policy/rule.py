"""Rules with numbers (带参数的规则), as a service declares them: which numbers, within which bounds, on what basis.

Pure. The one rule: a number that a law or a policy may change stands here, with its unit, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
NUMBER_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a rule: its value where nobody has decided otherwise, its bounds and its unit."""

    name: str
    zh: str
    en: str
    default: int
    at_least: int = 0
    at_most: int = NUMBER_MAX
    unit: str
    """``days``, ``working-days``, ``months``, ``percent``, ``flag`` (0 or 1), ``openings``, ``score``, …"""

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself."""
        if not NAME.fullmatch(self.name) or not self.at_least <= self.default <= self.at_most:
            raise ValueError(f"number {self.name!r}: kebab-case, and its default within its bounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule with its numbers. Its name is for ever: versions in the log are of it."""

    name: str
    zh: str
    en: str
    numbers: tuple[Number, ...]
    legal_basis: str

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself."""
        if not NAME.fullmatch(self.name) or not self.numbers or len(self.by_name) < len(self.numbers):
            raise ValueError(f"rule {self.name!r}: kebab-case, with numbers of different names")

    @property
    def by_name(self) -> Mapping[str, Number]:
        """Its numbers."""
        return MappingProxyType({number.name: number for number in self.numbers})
