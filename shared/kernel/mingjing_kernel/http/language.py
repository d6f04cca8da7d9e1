"""The reader's language, where an answer has only room for one: table headings, documentation pages."""

from __future__ import annotations

from typing import Literal, TypeAlias

from starlette.requests import Request

Language: TypeAlias = Literal["zh", "en"]
RANGES_MAX = 20


def language_of(request: Request) -> Language:
    """Chinese unless the caller prefers English (``Accept-Language``, RFC 9110 12.5.4)."""
    wishes = [_wish(part) for part in request.headers.get("accept-language", "").split(",")[:RANGES_MAX]]
    weights: dict[str, float] = {}
    for tag, weight in wishes:
        weights[tag] = max(weight, weights.get(tag, 0.0))
    return "en" if weights.get("en", 0.0) > max(weights.get("zh", 0.0), weights.get("*", 0.0)) else "zh"


def _wish(part: str) -> tuple[str, float]:
    tag, _, parameters = part.strip().partition(";")
    try:
        weight = float(parameters.strip().removeprefix("q=")) if parameters else 1.0
    except ValueError:
        weight = 0.0
    return tag.strip().partition("-")[0].lower(), weight
