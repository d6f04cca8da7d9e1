"""What taking lists in needs of the service."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.log import Log


class Registry(Protocol):
    """What importing needs of the service."""

    @property
    def log(self) -> Log:
        """The service's log."""
        ...

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for queries over its read models."""
        ...

    async def up_to_date(self) -> None:
        """Wait until the read models show all that is written by now. Raises ``ListsBehind``."""
        ...
