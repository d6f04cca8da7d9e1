"""The pen: writes one batch in one statement over one connection.

The one rule: it says whether the batch was written, and decides nothing about what follows from that.
"""

from __future__ import annotations

from typing import Any

from mingjing_kernel.log.batch import Batch
from mingjing_kernel.log.pack import move_arguments, write_arguments, write_statement


class Pen:
    """Statements, prepared when they are first needed: a log whose service has no inbox has no table of cursors."""

    def __init__(self, schema: str, connection: Any) -> None:
        self._schema = schema
        self._connection = connection
        self._plain: Any = None
        self._moving: Any = None

    async def write(self, batch: Batch, *, moves: bool = False) -> bool:
        """Whether it is written: not when the head, or with ``moves`` a cursor, stands elsewhere by now."""
        if moves and batch.moves:
            if self._moving is None:
                self._moving = await self._connection.prepare(write_statement(self._schema, moves=True))
            return await self._moving.fetchval(*write_arguments(batch), *move_arguments(batch)) is not None
        if not len(batch):
            return True  # every work was refused or repeated: there is nothing to remember
        if self._plain is None:
            self._plain = await self._connection.prepare(write_statement(self._schema))
        return await self._plain.fetchval(*write_arguments(batch)) is not None
