"""The threat model keeps its word: each test that it names exists, each row has one or says what it waits for."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from architecture.source import CLONE

TEXT = (CLONE / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| T\d\d \|", line)]
PARTS = ("access", "acts", "identity", "sealed", "evidence", "proof")


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((CLONE / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )  # fmt: skip


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert name in functions_of(path)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:5])
def test_every_threat_is_met_or_says_what_it_waits_for(row: str) -> None:
    number, threat, actor, meets, shown, controls = (cell.strip() for cell in row.strip("|").split(" | "))
    assert number
    assert all((threat, actor, meets))
    waits = re.findall(r"pending merge: (\w+)", shown)
    assert NAMED.search(shown) or waits
    assert set(waits) <= set(PARTS)
    assert re.fullmatch(r"8\.1\.\d+(\.\d+)?(, 8\.1\.\d+(\.\d+)?)*", controls)


def test_threats_are_numbered_and_what_is_referred_to_is_there() -> None:
    numbers = [row[2:5] for row in ROWS]
    assert numbers == [f"T{number:02}" for number in range(1, len(ROWS) + 1)]
    assert set(re.findall(r"\bT\d\d\b", TEXT)) <= set(numbers)
    gaps = re.findall(r"^- \*\*(G\d+) ", TEXT, re.MULTILINE)
    assert set(re.findall(r"\bG\d+\b(?!B)", TEXT)) == set(gaps)


def test_every_control_that_a_threat_names_is_in_the_table_of_controls() -> None:
    listed = set(re.findall(r"^\| (8\.1\.[\d.]+) \|", TEXT, re.MULTILINE))
    named = {control for row in ROWS for control in re.findall(r"8\.1\.\d+(?:\.\d+)?", row.rpartition(" | ")[2])}
    assert named <= listed


def test_whoever_finds_a_weakness_finds_where_to_report_it() -> None:
    said = (CLONE / "SECURITY.md").read_text(encoding="utf-8")
    assert "docs/security.md" in said
    assert re.search(r"\d+ 个工作日", said)
