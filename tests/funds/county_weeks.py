"""The sample county's answers, and its weeks as the funds service is told of them."""

from __future__ import annotations

import json
from typing import Any

from mingjing.county import County
from mingjing.county.weekly import Posting, masters, postings

__all__ = ["Posting", "masters", "postings", "truth"]


def truth() -> dict[str, Any]:
    """The answers."""
    with County() as county:
        found: dict[str, Any] = json.loads(county.read("truth.json"))
        return found
