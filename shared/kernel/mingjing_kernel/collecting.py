"""The garbage collector, told how we work: many small objects that go away by themselves, hardly ever a cycle.

Python looks for cycles after every 700 new objects; reading a page of 10,000 events that is a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 100)


def collect_seldom() -> None:
    """For as long as the process lives."""
    gc.set_threshold(*_SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """For a long piece of work in a process that is somebody else's."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
