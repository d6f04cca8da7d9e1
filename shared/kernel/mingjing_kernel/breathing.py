"""Long work in the process that answers everybody: it lets the others have their turn.

The one rule: nobody waits for more than a moment of it. A bare ``asyncio.sleep(0)`` lets each of the others take one
step, and an answer takes many.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

WORK_SECONDS: Final = 0.02
PAUSE_SECONDS: Final = 0.003


class Breath:
    """Ask ``is_due`` after each small piece, and ``taken`` when it is."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether others have waited for long enough."""
        return time.monotonic() - self._since >= WORK_SECONDS

    async def taken(self) -> None:
        """Wait while others work."""
        await asyncio.sleep(PAUSE_SECONDS)
        self._since = time.monotonic()
