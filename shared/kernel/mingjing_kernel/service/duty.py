"""Duties (自动任务): what a service does by itself, beside what the kernel does for every service.

The one rule: a duty says what it did, or why it did nothing; trouble is said and waited for, never raised.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from mingjing_kernel.service.host import Host


class Duty(Protocol):
    """One of them, in one process. Routers of the service reach it as ``kit.duties[name]``."""

    async def run(self) -> None:
        """Until cancelled, in whichever process carries the checkpoints."""
        ...

    def readiness(self) -> dict[str, Any]:
        """What the last look came to: for the health page."""
        ...


MakeDuty: TypeAlias = Callable[["Host"], Duty]
