"""Verify a double-random draw over 120,000 institutions from its public notice: everything is drawn again.

Raw limit: the SHA-256 hashes alone, as many as there are lots, over messages of the same length.
"""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Any

from figure import Figure
from mingjing_inspection import draw as lots
from stage import Options

NAME = "draw-verify"
USES = {"events"}
INSTITUTIONS = 120_000
INSPECTORS = 2_000
SHARE = 20
"""One of so many is drawn."""
WEIGHTS = (1, 1, 1, 1, 1, 1, 2, 2, 4, 6)
TURNS = 3


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many institutions there are. Of some turns the best counts."""
    notice = _notice(options.events or INSTITUTIONS)
    value, raw = min(_seconds(notice) for _ in range(TURNS)), min(_raw(notice) for _ in range(TURNS))
    population = notice["population"]
    return Figure(
        name=NAME, value=value, unit="s", raw=raw, raw_is="its hashes alone, in seconds",
        details={
            "institutions": len(population["institutions"]), "lots": _lots(notice), "drawn": len(notice["drawn"]),
            "inspectors": len(population["inspectors"]), "conflicts": len(population["conflicts"]),
        },
    )  # fmt: skip


def _notice(size: int) -> dict[str, Any]:
    codes = [lots.code_of(f"{number:032x}", f"id-{number}", f"机构{number}") for number in range(size)]
    inspectors = [lots.code_of(f"{number:032x}", f"inspector-{number}", "") for number in range(INSPECTORS)]
    population = {
        "select": max(1, size // SHARE),
        "each": 2,
        "institutions": [[code, WEIGHTS[number % len(WEIGHTS)]] for number, code in enumerate(codes)],
        "inspectors": inspectors,
        "conflicts": [[inspectors[number % INSPECTORS], code] for number, code in enumerate(codes[::50])],
    }
    at, drawn, numbers = (
        "2026-07-01T02:00:00+00:00",
        lots.drawn(population, "5eed", "7"),
        dict(zip(codes, range(size), strict=True)),
    )
    opened = [(numbers[code], code) for code, _ in drawn]
    moments = dict.fromkeys(("frozen_at", "committed_at", "public_value_due_at", "public_value_at", "drawn_at"), at)
    return {
        "format": lots.FORMAT, "population": population, "population_hash": lots.hash_of(population), "seed": "5eed",
        "commitment": lots.commitment_to("5eed"), "public_value": "7", "drawn": drawn, **moments,
        "opened": [
            {"code": code, "salt": f"{number:032x}", "id": f"id-{number}", "name": f"机构{number}"}
            for number, code in opened
        ],
    }  # fmt: skip


def _seconds(notice: dict[str, Any]) -> float:
    began = time.perf_counter()
    wrong = lots.verify(notice)
    seconds = time.perf_counter() - began
    assert wrong == [], wrong
    return seconds


def _raw(notice: dict[str, Any]) -> float:
    messages = [f"lot\n{'0' * 64}\n{'0' * 32}\n{number % 10}".encode() for number in range(_lots(notice))]
    began = time.perf_counter()
    for message in messages:
        sha256(message).hexdigest()
    return time.perf_counter() - began


def _lots(notice: dict[str, Any]) -> int:
    return sum(weight for _, weight in notice["population"]["institutions"])
