"""Carrying out what a batch leads to: its works, and on record beside them every message that has to be parked.

Which works are refused is known only inside their transaction, too late to add a fact to it. So the facts are handed in
with the works, on expectation: at first, that no work is refused. A transaction that finds otherwise gives itself up,
and the next one is handed the facts for what this one found. Where nothing has to be parked that is one statement with
nothing added to it; where a work is refused it is two transactions.

The one rule: what is committed was expected exactly. So a parked message, the fact that it was parked and the cursor
beyond it are one commit or none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from mingjing_kernel.broker.reacting import Hopeless, Reacted
from mingjing_kernel.log.envelope import LogBusy, Move, Work

if TYPE_CHECKING:
    from mingjing_kernel.log import Log

ATTEMPTS_MAX = 4
"""Two do, unless another process of this service makes refused works possible, or possible ones refused, meanwhile."""


class FoundOtherwise(Exception):
    """Other messages are hopeless than was expected: nothing of this attempt was written."""

    def __init__(self, hopeless: list[Hopeless]) -> None:
        super().__init__(f"{len(hopeless)} messages are hopeless")
        self.hopeless = hopeless


async def carry_out(
    log: Log,
    reacted: Reacted,
    parking: Callable[[Sequence[Hopeless]], list[Work]],
    settle: Callable[[Any, Sequence[Hopeless]], Awaitable[None]],
    move: Move,
) -> list[Hopeless]:
    """Write the works, what ``parking`` puts on record of hopeless messages, and what ``settle`` writes beside it.

    ``move`` is what ``settle`` comes to when nothing is hopeless (see ``Log.handle_many``). Raises ``LogBusy`` when the
    rest of the service moves too fast; then nothing was written.
    """
    expected = list(reacted.hopeless)
    for _ in range(ATTEMPTS_MAX):
        try:
            await _attempt(log, reacted, parking(expected), expected, settle, None if expected else move)
        except FoundOtherwise as found:
            expected = found.hopeless
        else:
            return expected
    raise LogBusy


async def _attempt(
    log: Log,
    reacted: Reacted,
    records: Sequence[Work],
    expected: Sequence[Hopeless],
    settle: Callable[[Any, Sequence[Hopeless]], Awaitable[None]],
    move: Move | None,
) -> None:
    count = len(reacted.works)

    async def compare(connection: Any, results: Sequence[object]) -> None:
        found = reacted.refused(results[:count])
        if _reasons(found) != _reasons(expected):
            raise FoundOtherwise(found)
        for result in results[count:]:
            if isinstance(result, Exception):
                raise result  # what cannot be put on record must not be passed over either
        await settle(connection, found)

    await log.handle_many([*reacted.works, *records], settle=compare, move=move)


def _reasons(hopeless: Sequence[Hopeless]) -> dict[int, str]:
    """What the record says of them; the wording of a reason may differ."""
    return {item.message.position: item.reason.code() for item in hopeless}
