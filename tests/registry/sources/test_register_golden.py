"""What the sample county's files came to when each row was examined by itself: whatever is done to read them faster,
every row says the same. ``golden.json`` was written by the slow reading and is never written by a test.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from mingjing_registry.intake.importing import aside_id_of
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import ParsedFile, parse

GOLDEN = Path(__file__).parent / "golden.json"


def digest(value: Any) -> str:
    """Of what is said: a field that a later release adds and leaves empty changes nothing."""
    return sha256(json.dumps(full(msgspec.to_builtins(value)), sort_keys=True).encode()).hexdigest()[:16]


def full(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: full(one) for key, one in value.items() if one not in (None, "", [], False)}
    return [full(one) for one in value] if isinstance(value, list) else value


def said(parsed: ParsedFile) -> dict[str, Any]:
    """All of it in short, and the kept-aside rows in full."""
    return {
        "register": parsed.register,
        "stated_on": str(parsed.stated_on),
        "skipped": digest(parsed.skipped),
        "lines": [digest(line) for line in parsed.lines],
        "kept_aside": [
            {
                "at": f"{line.sheet} {line.number}",
                "id": str(aside_id_of(line.kind, line.cells)),
                "problems": [[problem.code, problem.field, problem.suggestion] for problem in line.problems],
            }
            for line in parsed.kept_aside
        ],
    }


def test_every_row_of_the_county_is_read_as_it_always_was(registry_files: dict[str, bytes]) -> None:
    county = division("330106")
    now = {name: said(parse(content, county)) for name, content in registry_files.items()}
    assert now == json.loads(GOLDEN.read_text(encoding="utf-8"))
