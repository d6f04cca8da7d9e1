"""Golden files: what was released, byte for byte. They are added and never rewritten.

The one rule: there is no function here that overwrites. Whoever must change one (an event that never left a
developer's machine) deletes the file by hand and says why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "golden"


def golden_path(kind: str, name: str) -> Path:
    """``golden/events/funds.contract-paid.v1.json``."""
    return GOLDEN / kind / f"{name}.json"


def names_of(kind: str) -> set[str]:
    """Every name that has a golden file of this kind."""
    return {path.name.removesuffix(".json") for path in (GOLDEN / kind).glob("*.json")}


def load(kind: str, name: str) -> Any:
    """What was released."""
    return json.loads(golden_path(kind, name).read_text(encoding="utf-8"))


def add(kind: str, name: str, content: Any) -> None:
    """Write a golden file that does not exist yet."""
    path = golden_path(kind, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    with path.open("x", encoding="utf-8") as file:  # "x": an existing file is an error
        file.write(text)
