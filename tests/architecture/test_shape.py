"""Sizes, names and words: what a reader of any file may count on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from architecture.source import CLONE, files, modules, place, tree

LINES_MAX = 400
FUNCTION_LINES_MAX = 40
FILE_NAMES_BANNED = frozenset({"utils", "util", "helpers", "helper", "base", "common", "manager", "managers", "misc"})
IDENTIFIERS_BANNED = {
    "escrow": "custody account 托管账户",
    "school-grounds": "teaching site 教学点",
    "branch_school": "teaching site 教学点",
    "training_school": "institution 机构: it is not a school",
    "freeze_account": "release hold 暂停拨付: only a court freezes",
    "account_freeze": "release hold 暂停拨付: only a court freezes",
    "class_hour": "lesson 课时",
    "gridman": "grid officer 网格员",
    "amount_cents": "amount_fen",
    "amount_yuan": "amount_fen",
}
"""The glossary decides; the word on the right is used instead."""
WORDS_BANNED = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b|\.\./shared\b|/work/|/home/[a-z]|\b(design|domain|style|stack|eventlog|peers)\.md\b"
    r"|\bissue #?\d|[Aa]s an AI\b"
)
TEXT = frozenset({".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".po", ".sql", ".ts", ".tsx", ".conf", ".txt", ""})
NAMES_THE_WORDS = Path(__file__)


def python_files() -> list[Path]:
    return [path for path in modules() if "migrations" not in path.parts]


def product_files() -> list[Path]:
    return [path for path in python_files() if "tests" not in path.parts]


def test_a_file_can_be_read_in_one_sitting() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LINES_MAX} == {}


def test_a_function_fits_on_a_screen() -> None:
    assert [found for path in product_files() for found in long_functions(path)] == []


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            own = node.end_lineno - node.lineno + 1 - nested_lines(node) - docstring_lines(node)
            if own > FUNCTION_LINES_MAX:
                yield f"{place(path, node)} {node.name}: {own} lines"


def nested_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Closures count for themselves: a router factory is as long as its routes are many."""
    inner = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sum((node.end_lineno or 0) - node.lineno + 1 for node in inner if node is not function)


def docstring_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return (first.end_lineno or 0) - first.lineno + 1 if is_text else 0


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [place(path) for path in modules() if path.stem in FILE_NAMES_BANNED] == []


def test_one_noun_a_concept() -> None:
    found = []
    for path in python_files():
        if path == NAMES_THE_WORDS:
            continue
        for node in ast.walk(tree(path)):
            for word in IDENTIFIERS_BANNED:
                if word in identifier(node).lower():
                    found.append(f"{place(path, node)} {identifier(node)}: say {IDENTIFIERS_BANNED[word]}")
    assert found == []


def identifier(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
        case _:
            return ""


def test_nothing_is_left_for_later_and_nothing_points_outside_the_clone() -> None:
    found = []
    for path in files():
        if path.suffix in TEXT and path != NAMES_THE_WORDS and path.name != "uv.lock":
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
                if match := WORDS_BANNED.search(line):
                    found.append(f"{path.relative_to(CLONE)}:{number}: {match[0]}")
    assert found == []


def test_a_module_says_what_it_is_for() -> None:
    silent = [
        path for path in product_files() if path.read_text(encoding="utf-8") and not ast.get_docstring(tree(path))
    ]
    assert [place(path) for path in silent] == []
