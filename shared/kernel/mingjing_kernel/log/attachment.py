"""What a caller writes beside its events, in the same transaction.

The one rule: an attachment that fails takes its own group down and nobody else's; one that fails quietly is found out.
"""

from __future__ import annotations

from typing import Any

import asyncpg

from mingjing_kernel.log.batch import Group
from mingjing_kernel.log.envelope import Result

_ITS_END = (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
            asyncpg.ReadOnlySQLTransactionError, asyncpg.InternalClientError)  # fmt: skip
"""What ends a connection for certain, although the driver may not have noticed yet. Asked for something while it reads
the server's good-bye, asyncpg raises ``InternalClientError: another operation is in progress``.
"""


class AttachmentFailed(Exception):
    """Carries the group, and why."""

    def __init__(self, group: Group, reason: Exception) -> None:
        super().__init__(str(reason))
        self.group, self.reason = group, reason


async def attach(group: Group, connection: Any, results: list[Result]) -> None:
    """Run the attachment. Raises ``AttachmentFailed``, or the connection's end if that is what happened."""
    if group.attach is None:
        return
    try:
        await group.attach(connection, results)
        # If it swallowed an error of PostgreSQL, the transaction is dead and COMMIT would roll back without a word.
        await connection.execute("SELECT 1")
    except (*_ITS_END, asyncpg.DeadlockDetectedError):  # nobody's fault: the whole batch is tried again
        raise
    except Exception as reason:  # its own fault, its own failure: a wrong argument is an InterfaceError too
        if connection.is_closed():
            raise ConnectionError(str(reason)) from reason
        raise AttachmentFailed(group, reason) from reason
