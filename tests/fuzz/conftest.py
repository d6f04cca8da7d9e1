"""A lived-in county to be fuzzed: the demo's first week, on servers and processes of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.box import Box
from fuzz.callers import HERE, Callers


@pytest.fixture(scope="session")
def callers() -> Iterator[Callers]:
    """People with every role here, and people with every role in another county."""
    with tempfile.TemporaryDirectory(prefix="mingjing-fuzz-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        box = Box(Path(directory) / "data", "demo", "--weeks", "1")
        try:
            box.start()
            box.await_said("Ctrl-C")
            with Callers(box) as made:
                made.learn(HERE)
                yield made
        finally:
            box.stop()
            box.end()
