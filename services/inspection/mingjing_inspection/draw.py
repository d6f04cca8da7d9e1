#!/usr/bin/env python3
"""The double-random draw 双随机抽查: how it is drawn, and how anybody draws it again from the public notice.

    python draw.py NOTICE.json [EARLIER_NOTICE.json]

Needs Python 3.11 and nothing else. Ends with 0 when everything matches; with 1 when something does not, and says what.

1. Who may be drawn stands in the population under a *code*: ``H("code", salt, id, name)``, its first 32 digits. Names
   stay closed: a weight tells what the authority thinks of somebody. Of whoever is drawn, salt, id and name are opened.
2. The population is frozen: its text (``hash_of``) is hashed, and the hash is published.
3. The authority commits to a seed by publishing ``H("seed", seed)``, and says which later public value it will use.
4. When that value is known: ``mixed = H("mix", population hash, seed, value)``. Nobody could know it before.
5. An institution has as many lots as its weight; lot n has the number ``H("lot", mixed, code, n)``. Its lowest lot
   counts, and the ``select`` lowest institutions are drawn, the lowest first.
6. Inspectors stand in a circle in the order of ``H("inspector", mixed, code)``. Each institution in turn gets the first
   ``each`` of them that have no conflict with it; they go to the end of the circle, who was passed over stays.
``H`` is SHA-256 over its parts, one a line, as 64 hexadecimal digits. Mingjing itself draws with this very file.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from typing import Any

FORMAT = "mingjing/draw/v1"
CODE_DIGITS = 32
WEIGHT_MAX = 10
FIXED = ("plan", "attempt", "title", "authority", "region", "population_hash", "left_out", "policy", "frozen_at",
         "commitment", "committed_at", "public_source", "public_value_due_at")  # fmt: skip
"""What may not differ between two notices of one draw."""


def digest(*parts: str) -> str:
    """``H``."""
    return sha256("\n".join(parts).encode()).hexdigest()


def code_of(salt: str, id: str, name: str) -> str:
    """Under which somebody stands in the population."""
    return digest("code", salt, id, name)[:CODE_DIGITS]


def commitment_to(seed: str) -> str:
    """What is published of a seed before it is."""
    return digest("seed", seed)


def hash_of(population: dict[str, Any]) -> str:
    """What stands for the population: of its text, a line each, sorted within its kind."""
    lines = [FORMAT, f"select {population['select']:d}", f"each {population['each']:d}"]
    lines += sorted(f"institution {code} {weight:d}" for code, weight in population["institutions"])
    lines += sorted(f"inspector {code}" for code in population["inspectors"])
    lines += sorted(f"conflict {inspector} {institution}" for inspector, institution in population["conflicts"])
    return digest(*lines)


def drawn(population: dict[str, Any], seed: str, value: str) -> list[list[Any]]:
    """``[institution, [inspector, …]]`` in the order in which they are drawn."""
    mixed = digest("mix", hash_of(population), seed, value)
    lowest = (
        (min(digest("lot", mixed, code, str(lot)) for lot in range(1, weight + 1)), code)
        for code, weight in population["institutions"]
    )
    circle = deque(sorted(population["inspectors"], key=lambda code: digest("inspector", mixed, code)))
    conflicts = {(inspector, institution) for inspector, institution in population["conflicts"]}
    found: list[list[Any]] = []
    for _, institution in nsmallest(population["select"], lowest):
        free = (one for one in circle if (one, institution) not in conflicts)
        dealt = [one for one, _ in zip(free, range(population["each"]), strict=False)]
        for one in dealt:
            circle.remove(one)
            circle.append(one)
        found.append([institution, dealt])
    return found


def verify(notice: Any, earlier: Any = None) -> list[str]:
    """What in a notice does not match, in words; nothing where all of it does."""
    try:
        found = [*_population(notice), *_earlier(notice, earlier)]
        return found if found or not is_drawn(notice) else [*_result(notice)]
    except (AttributeError, KeyError, TypeError, ValueError) as broken:
        return [f"不是完整的抽查公告 not a whole notice of a draw: {broken}. 请重新下载 fetch it anew"]


def is_drawn(notice: dict[str, Any]) -> bool:
    """Whether it has a result, or any part of one."""
    return not {"seed", "public_value", "drawn_at", "drawn", "opened"}.isdisjoint(notice)


def _population(notice: dict[str, Any]) -> Iterator[str]:
    population = notice["population"]
    if notice["format"] != FORMAT:
        yield f"格式不是 the format is not {FORMAT}"
    codes = [*(code for code, _ in population["institutions"]), *population["inspectors"]]
    if len(set(codes)) != len(codes):
        yield "同一代码出现两次 a code stands in the population twice"
    stray = {code for pair in population["conflicts"] for code in pair}.difference(codes)
    if stray or not all(len(code) == CODE_DIGITS and set(code) <= set("0123456789abcdef") for code in codes):
        yield f"代码应为 codes are {CODE_DIGITS} hexadecimal digits, and conflicts name none but these {stray or ''}"
    if not all(1 <= weight <= WEIGHT_MAX for _, weight in population["institutions"]):
        yield f"权重应为 weights are to be 1–{WEIGHT_MAX}"
    if (found := hash_of(population)) != notice["population_hash"]:
        yield f"名单与摘要不符 the population does not match its hash {notice['population_hash']}: it gives {found}"


def _earlier(notice: dict[str, Any], earlier: Any) -> Iterator[str]:
    for name in FIXED if earlier is not None else ():
        if notice[name] != earlier[name]:
            yield f"与先前公告不符 not as published before: {name} = {notice[name]}, 先前为 was {earlier[name]}"


def _result(notice: dict[str, Any]) -> Iterator[str]:
    population, seed, value = notice["population"], notice["seed"], notice["public_value"]
    if commitment_to(seed) != notice["commitment"]:
        yield f"种子与承诺不符 the seed is not the one committed to: {commitment_to(seed)}"
    if not (value.isascii() and value.isdigit()):
        yield f"公开值只能是数字 the public value is digits only, so that it has one spelling: {value}"
    order = ("frozen_at", "committed_at", "public_value_due_at", "public_value_at", "drawn_at")
    moments = [datetime.fromisoformat(notice[name]) for name in order]
    for name, before, after in zip(order[1:], moments, moments[1:], strict=False):
        if after < before:
            yield f"时间顺序不对 too early: {name}"
    again, published = drawn(population, seed, value), notice["drawn"]
    for number, (mine, theirs) in enumerate(zip(again, published, strict=False), 1):
        if mine != theirs:
            yield f"第{number}个结果不符 result {number} is not what is drawn: {theirs}, 应为 should be {mine}"
            break
    if len(again) != len(published):
        yield f"抽中数不符 as many are drawn: {len(published)}, 应为 should be {len(again)}"
    opened = {one["code"]: one for one in notice["opened"]}
    for institution, _ in published:
        one = opened.get(institution)
        if one is None or code_of(one["salt"], one["id"], one["name"]) != institution:
            yield f"机构代码与名称不符 a code does not open to its name: {institution} {one and one['name']}"


if __name__ == "__main__":
    given = [json.loads(Path(name).read_bytes()) for name in sys.argv[1:3]]
    wrong = verify(*given)
    right = (
        "✓ 公告全部相符 all of it matches" if not wrong and is_drawn(given[0]) else "✓ 名单相符，尚未抽取 not drawn yet"
    )
    sys.stdout.write("".join(f"✗ {one}\n" for one in wrong) or f"{right}\n")
    sys.exit(bool(wrong))
