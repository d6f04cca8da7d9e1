"""What a benchmark says: one figure beside its raw limit, measured in the same run.

The one rule: no figure without its limit, no limit from another run.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``value`` in ``unit``; ``raw`` is what the parts below can do at most, ``ratio`` is value / raw."""

    name: str
    value: float
    unit: str
    raw: float | None = None
    raw_is: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How much of the raw limit; ``None`` where there is no limit to compare with."""
        return self.value / self.raw if self.raw else None

    def line(self) -> str:
        """One line for a person."""
        beside = f"  raw {self.raw:,.0f} ({self.raw_is})  ratio {self.ratio:.2f}" if self.raw and self.ratio else ""
        more = "  ".join(f"{key} {_shown(value)}" for key, value in self.details.items())
        return f"{self.name}: {self.value:,.1f} {self.unit}{beside}  {more}".rstrip()

    def json(self) -> str:
        """One object for a program."""
        return json.dumps({**asdict(self), "ratio": self.ratio}, ensure_ascii=False)


def percentile(sorted_values: list[float], share: float) -> float:
    """The value below which ``share`` of the sorted values lie."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))] if sorted_values else 0.0


def milliseconds(seconds: float) -> float:
    """Rounded for people."""
    return round(seconds * 1_000, 3)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
