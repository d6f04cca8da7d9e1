"""Fixtures of the audit's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import Databases
from kernel.audit.burgled import Burgled, prepare, prepare_sm3


@pytest.fixture
def burgled(databases: Databases) -> Iterator[Burgled]:
    url = databases.prepared("audit", prepare)
    yield Burgled(url)
    databases.drop(url)


@pytest.fixture
def burgled_sm3(databases: Databases) -> Iterator[Burgled]:
    url = databases.prepared("audit-sm3", prepare_sm3)
    yield Burgled(url)
    databases.drop(url)
