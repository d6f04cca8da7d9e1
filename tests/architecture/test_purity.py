"""The domain is pure by an allow-list of names, finer than the import contracts can be.

What the domain knows: parts of the standard library that compute, its own service's domain and policies, the kernel's
decider, refusals and value types. Time and identifiers arrive inside commands.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from architecture.source import CLONE, domain_modules, place, tree

COMPUTES = frozenset({
    "__future__", "abc", "bisect", "calendar", "collections", "collections.abc", "dataclasses", "datetime", "enum",
    "fractions", "functools", "hashlib", "heapq", "itertools", "math", "operator", "re", "string", "types", "typing",
    "unicodedata", "uuid", "zlib",
})  # fmt: skip
KERNEL_NAMES = {
    "mingjing_kernel.decider": {"Decider", "changed", "fact"},
    "mingjing_kernel.readable": {"READABLE", "as_typed"},
    "mingjing_kernel.refusal": {"Refusal", "Invalid", "NotFound"},
    "mingjing_kernel.clock": {"SHANGHAI", "end_of", "shanghai_date"},
    "mingjing_kernel.months": {"months_after"},
    "mingjing_kernel.policy.rule": {"Number", "Rule"},
    "mingjing_kernel.sealed": {"Sealed"},
    "mingjing_kernel.state": {"State", "changed", "field"},
    "mingjing_kernel.text": {"Bilingual"},
    "mingjing_kernel.working_days": {"RELEASED", "WorkingDays", "working_days_after"},
    "mingjing_kernel.access.facts": {
        "AccessRevoked", "Fact", "GrantGiven", "GrantTaken", "Manner", "PersonLocked", "PersonUnlocked", "Revoked",
        "SubstituteDismissed", "SubstituteNamed",
    },
    "mingjing_kernel.access.terms": {"NOT_PASSED_ON", "Terms"},
}  # fmt: skip
"""Value types and pure functions; never the clock, never the maker of identifiers."""
IMPURE_CALLS = frozenset({"now", "utcnow", "today", "uuid1", "uuid4", "uuid7", "getenv", "open", "print", "input"})
FLOATS_ARE = "money, counts and rates are integers (fen, units, basis points): a float loses fen in silence"


def imports(path: Path) -> Iterator[tuple[ast.stmt, str, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, node.module or "", alias.name) for alias in node.names)


def is_allowed(path: Path, module: str, name: str) -> bool:
    own = path.relative_to(CLONE).parts[2]
    in_policy = "policy" in path.parts
    mine = (f"{own}.domain", f"{own}.policy") if in_policy else (f"{own}.domain",)
    if module in COMPUTES or module.startswith(mine):
        return True
    if module == own and name in {"domain", "policy"}:
        return True
    return name in KERNEL_NAMES.get(module, set())


def test_the_domain_imports_only_what_computes() -> None:
    strange = [
        f"{place(path, node)} imports {module} {name}"
        for path in domain_modules()
        for node, module, name in imports(path)
        if not is_allowed(path, module, name)
    ]
    assert strange == []


def test_the_domain_asks_no_clock_and_does_no_io() -> None:
    assert [found for path in domain_modules() for found in effects(path)] == []


def effects(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        asks = isinstance(node, ast.Call) and called(node) in IMPURE_CALLS
        if asks or isinstance(node, ast.Await | ast.AsyncFunctionDef):
            yield place(path, node)


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def test_the_domain_counts_without_floats() -> None:
    assert [found for path in domain_modules() for found in floats(path)] == [], FLOATS_ARE


def floats(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        match node:
            case ast.Constant(value=float()) | ast.Name(id="float"):
                yield place(path, node)
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield f"{place(path, node)} divides with /"
            case _:
                continue


def test_the_sieve_catches_what_it_should() -> None:
    path = CLONE / "services/funds/mingjing_funds/domain/x.py"
    assert not is_allowed(path, "mingjing_kernel.clock", "system_clock")
    assert not is_allowed(path, "mingjing_kernel.identifiers", "new_id")
    assert not is_allowed(path, "mingjing_registry.domain.licence", "Licence")
    assert not is_allowed(path, "mingjing_funds.policy.limits", "LIMITS")
    assert not is_allowed(path, "os", "")
    assert is_allowed(path, "mingjing_funds.domain.money", "fen")
