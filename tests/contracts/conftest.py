"""``pytest tests/contracts --update-golden`` adds golden files for what has none yet."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="add golden files for new names; never rewrite one")


@pytest.fixture(scope="session")
def may_add_golden(request: pytest.FixtureRequest) -> bool:
    """Whether missing golden files are written instead of reported."""
    return bool(request.config.getoption("--update-golden", default=False))
