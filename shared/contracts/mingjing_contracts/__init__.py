"""Messages that cross services. One module a publishing service, two where it tells much; classes are versioned.

The one rule: nothing here but pydantic models. Whoever imports a contract imports no service.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from mingjing_contracts.envelope import Contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Contract", "contracts_by_subject"]


@lru_cache(maxsize=1)
def contracts_by_subject() -> Mapping[str, type[Contract]]:
    """Every contract of this package, by subject, sorted. Raises ``TypeError`` when two share a subject or a name."""
    found: dict[str, type[Contract]] = {}
    names: dict[str, type[Contract]] = {}
    for contract in _declared():
        for key, table in ((contract.subject, found), (contract.__name__, names)):
            other = table.setdefault(key, contract)
            if other is not contract:
                raise TypeError(f"{contract.__module__} and {other.__module__} both declare {key}")
    return MappingProxyType(dict(sorted(found.items())))


def _declared() -> Iterator[type[Contract]]:
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for value in vars(module).values():
            is_ours = isinstance(value, type) and issubclass(value, Contract) and value.__module__ == module.__name__
            if is_ours and "subject" in value.__dict__:
                yield value
