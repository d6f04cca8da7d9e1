"""One all-in-one for the whole folder, and somebody who calls it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chaos.box import Box
from chaos.drill import Drill
from chaos.load import Caller, Ledger


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """Everything up. Not below pytest's own directory: the next session of pytest on this machine closes that to
    PostgreSQL's user.
    """
    with tempfile.TemporaryDirectory(prefix="mingjing-chaos-", ignore_cleanup_errors=True) as directory:
        made = Box(Path(directory) / "data")
        try:
            print(f"first start: {made.start():.1f} s")  # noqa: T201
            yield made
            assert made.stop() == 0, made.said()
        finally:
            made.end()


@pytest.fixture(scope="session")
async def drill(box: Box) -> AsyncIterator[Drill]:
    """The box, somebody with every role who never gives up, and everything that was promised to them."""
    caller = Caller(box.urls, Ledger())
    yield Drill(box, caller, caller.ledger)
    await caller.close()
