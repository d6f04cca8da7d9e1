"""The event loop and the collector that every process of ours runs with.

The one rule: nobody calls ``asyncio.run``. Its loop makes a new buffer of 256 KiB for whatever comes in, which on a
virtual machine costs more than what is done with it; a replay read its rows at five sixths of this speed.
"""

from __future__ import annotations

import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

from mingjing_kernel.collecting import collect_seldom

Result = TypeVar("Result")


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run until ``main`` returns."""
    calm_collector()
    return uvloop.run(main)


def calm_collector() -> None:
    """What is loaded now lives for ever: the garbage collector need not look at it again, and seldom at the rest.

    Only for a process that is all ours: what is thrown away later in one that goes on (a test's host) would stay.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()
