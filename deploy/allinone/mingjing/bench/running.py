"""Finds and runs a benchmark by its name. They live beside the tests, not in the product's wheels."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mingjing_kernel import loop
from mingjing_kernel.refusal import Invalid, Refusal

_MODULES = {"http": "over_http", "import": "register_import"}
"""A module may not hide one of the standard library, nor be called by a word of the language."""
_SUPPORT = frozenset(
    {
        "figure",
        "funds_stage",
        "stage",
        "deposits",
        "balances",
        "services",
        "sealing",
        "match_sample",
        "register_file",
        "nation",
        "families",
        "complaint_truth",
        "wire",
    }
)


class NoBenchFolder(Refusal):
    """This installation has no ``bench/`` folder."""

    sentence = "The benchmarks are part of the source tree, and this installation has none."
    remedy = "Clone the repository and run ./mingjing bench there."


class BenchUnknown(Refusal):
    """There is no benchmark of this name."""

    sentence = "There is no benchmark called {name}."
    remedy = "Choose one of: {known}."


class OptionUnused(Invalid):
    """This benchmark does not look at an option that was given."""

    sentence = "The benchmark {name} does not use {flags}."
    remedy = "Leave it out; this benchmark uses: {used}."


def folder() -> Path:
    """The checkout's ``bench/``. Raises ``NoBenchFolder``."""
    found = Path(__file__).resolve().parents[4] / "bench"
    if not (found / "figure.py").exists():
        raise NoBenchFolder
    return found


def names() -> list[str]:
    """Every benchmark, as one types it."""
    return sorted(_typed(path.stem) for path in folder().glob("*.py") if path.stem not in _SUPPORT)


def run(name: str, progress: Callable[[int, int], None], **options: Any) -> Any:
    """Run one benchmark and return its ``Figure``; an option that is None was not given.

    Raises ``BenchUnknown``, and ``OptionUnused`` rather than measure something else than was asked for.
    """
    known = names()
    if name not in known:
        raise BenchUnknown(name=name, known=", ".join(known))
    sys.path.insert(0, str(folder()))
    module = importlib.import_module(module_of(name))
    given = {option: value for option, value in options.items() if value is not None}
    if unused := sorted(given.keys() - module.USES):
        raise OptionUnused(name=name, flags=_flags(unused), used=_flags(sorted(module.USES)))
    stage = importlib.import_module("stage")
    return loop.run(module.run(stage.Options(**given, progress=progress)))


def module_of(name: str) -> str:
    """The module of a benchmark, by the name that one types."""
    return _MODULES.get(name, name.replace("-", "_"))


def _flags(options: list[str]) -> str:
    return ", ".join(f"--{option.replace('_', '-')}" for option in options)


def _typed(module: str) -> str:
    return {value: key for key, value in _MODULES.items()}.get(module, module.replace("_", "-"))
