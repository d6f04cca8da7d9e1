"""Everything that somebody sends has a limit, and the document says it: one number that no list can hold, or a text
that no index takes, would stop the lists of everybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from architecture.source import CLONE
from architecture.test_reads import SERVICES

OWN_WORDS = {
    "accuracy_metres", "latitude_e7", "longitude_e7", "rating", "institution_stars", "lesson_stars", "note",
}  # fmt: skip
"""The domain refuses these in its own words, or takes a report of a bad device with a doubt."""
ENDS = {
    "integer": {"maximum", "exclusiveMaximum", "enum", "const"},
    "string": {"maxLength", "format", "enum", "const", "pattern", "contentMediaType"},
}


def without_end(schema: dict[str, Any], known: dict[str, Any], name: str, seen: set[str]) -> Iterator[str]:
    """Fields that hold a number or a text of any size; what lists and maps hold is counted by their own limits."""
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        if model not in seen:
            seen.add(model)
            yield from without_end(known[model], known, model, seen)
        return
    ends = ENDS.get(schema.get("type", ""))
    if ends is not None and not ends & schema.keys() and name.rpartition(".")[2] not in OWN_WORDS:
        yield name
    for kind in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(kind, []):
            yield from without_end(one, known, name, seen)
    if "$ref" in schema.get("items", {}):
        yield from without_end(schema["items"], known, name, seen)
    for field, one in schema.get("properties", {}).items():
        yield from without_end(one, known, f"{name}.{field}", seen)


@pytest.mark.parametrize("name", SERVICES)
def test_every_field_of_a_request_has_an_end(name: str) -> None:
    document = json.loads((CLONE / f"docs/api/{name}.openapi.json").read_text(encoding="utf-8"))
    seen: set[str] = set()
    found = [
        field
        for operations in document["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for field in without_end(content.get("schema", {}), document["components"]["schemas"], "", seen)
    ]
    assert found == []
