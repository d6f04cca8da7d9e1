"""What the product declares: every service's streams, found and not listed, so that none can be forgotten."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from functools import cache
from typing import Any

from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate


@cache
def services() -> dict[str, Any]:
    """Every ``mingjing_<name>.service.SERVICE`` that is installed."""
    found = {}
    for module in sorted(pkgutil.iter_modules(), key=lambda module: module.name):
        if not module.name.startswith("mingjing_"):
            continue
        if importlib.util.find_spec(f"{module.name}.service") is None:
            continue
        declared = getattr(importlib.import_module(f"{module.name}.service"), "SERVICE", None)
        if declared is not None:
            found[declared.name] = declared
    return found


def aggregates() -> list[tuple[str, Aggregate]]:
    """Every stream kind of every service."""
    return [(name, aggregate) for name, service in services().items() for aggregate in service.streams]


def codecs() -> dict[str, Codec[Any]]:
    """Stored name, retired ones included -> the codec that must decode it for ever."""
    return {
        stored: aggregate.codec
        for _, aggregate in aggregates()
        for stored in (*aggregate.codec.types, *aggregate.codec.retired)
    }
