"""The product's own files, for tests that read code."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CLONE = Path(__file__).parents[2]
SERVICES = ("registry", "inspection", "funds", "console")
PACKAGES = ("mingjing", *(f"mingjing_{name}" for name in (*SERVICES, "contracts", "kernel")))


IGNORED = frozenset({".git", ".venv", ".mingjing", "node_modules", "dist", "__pycache__"})
"""What no file of the product lies in, where there is no git to ask."""


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the product: known to git, or new and not ignored."""
    command = ["git", "-c", "core.quotepath=off", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=CLONE, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        parts = ((path, path.relative_to(CLONE).parts) for path in CLONE.rglob("*"))
        return tuple(path for path, names in parts if path.is_file() and not hidden(names))
    paths = [CLONE / name.decode() for name in listed.stdout.split(b"\0") if name]
    return tuple(path for path in paths if path.is_file())


def hidden(names: tuple[str, ...]) -> bool:
    """Whether a path is a tool's, not ours."""
    return bool(IGNORED & set(names)) or any(name.endswith("_cache") or name == ".hypothesis" for name in names[:-1])


def modules(*folders: str) -> Iterator[Path]:
    """Python files, all or those that have one of ``folders`` in their path."""
    for path in files():
        if path.suffix == ".py" and (not folders or set(folders) & set(path.relative_to(CLONE).parts)):
            yield path


def domain_modules() -> list[Path]:
    """What must be pure."""
    return [path for path in modules("domain", "policy") if "services" in path.relative_to(CLONE).parts]


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """``file:line`` for a message."""
    line = getattr(node, "lineno", 0)
    return f"{path.relative_to(CLONE)}:{line}" if line else str(path.relative_to(CLONE))
