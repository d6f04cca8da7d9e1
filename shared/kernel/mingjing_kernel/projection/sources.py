"""Which sources a fold stands on: its own module and every module of the product that it imports, however far away.

The one rule: names and texts only, no paths and no clock, so that the same release gives the same answer everywhere. Of
the kernel only its value modules count (``clock``, ``codec``, ``refusal``: files directly in the package). What lies in
its folders is mechanics, which hands a fold its events and never changes what the fold makes of them.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

KERNEL = "mingjing_kernel"
SOURCES_REMEMBERED_MAX = 1_000


def sources_of(functions: Iterable[Callable[..., Any]]) -> dict[str, str]:
    """The text of every module that these functions may depend on, by its name, in the order of the names.

    Raises ``LookupError`` when a function's own source is not at hand: its changes could not be told.
    """
    found: dict[str, str] = {}
    for root in sorted({_module_of(function) for function in functions}):
        own = root.partition(".")[0]
        found |= _texts([root, f"{KERNEL}.codec"], own)
        if root not in found:
            raise LookupError(f"{root}: its source is not at hand")
        # A retired form reaches a fold through its upcaster. The codec names every event of the service, so it is not
        # followed: the events that a fold knows, the fold's own module imports.
        if (codec := _text(_spec_of(f"{own}.codec"))) is not None:
            found[f"{own}.codec"] = codec
    return dict(sorted(found.items()))


def _texts(roots: list[str], own: str) -> dict[str, str]:
    """The modules of the package ``own`` and the value modules of the kernel that can be reached from ``roots``."""
    texts: dict[str, str] = {}
    waiting, seen = list(roots), set(roots)
    while waiting:
        name = waiting.pop()
        spec = _spec_of(name) if _is_within(name, own) or _is_value(name) else None
        text = _text(spec)
        if spec is None or text is None:
            continue
        texts[name] = text
        package = name if spec.submodule_search_locations is not None else name.rpartition(".")[0]
        further = {each for each in _imports(text, package) if each not in seen}
        seen |= further
        waiting += further
    return texts


def _text(spec: ModuleSpec | None) -> str | None:
    if spec is None or spec.origin is None:
        return None
    return importlib.util.decode_source(Path(spec.origin).read_bytes())


@functools.lru_cache(SOURCES_REMEMBERED_MAX)
def _imports(text: str, package: str) -> tuple[str, ...]:
    """What a module imports, and perhaps more: of ``from a import b`` nobody knows yet whether ``a.b`` is a module."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            named |= {base, *(f"{base}.{each.name}" for each in node.names)}
    return tuple(sorted({step for name in named for step in _steps(name)}))


def _steps(name: str) -> Iterator[str]:
    """``a.b.c`` runs ``a`` and ``a.b``, too."""
    parts = name.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)))


def _spec_of(name: str) -> ModuleSpec | None:
    """Where a module comes from; ``None`` for a name that is none (a class, a constant)."""
    if name in sys.modules:
        return sys.modules[name].__spec__
    above = name.rpartition(".")[0]
    if above:
        parent = _spec_of(above)
        if parent is None or parent.submodule_search_locations is None:
            return None
    return importlib.util.find_spec(name)


def _module_of(function: Callable[..., Any]) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return function.__module__


def _is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _is_value(name: str) -> bool:
    """A module of the kernel that stands directly in its package."""
    package, _, rest = name.partition(".")
    if package != KERNEL or not rest or "." in rest:
        return False
    spec = _spec_of(name)
    return spec is not None and spec.submodule_search_locations is None
