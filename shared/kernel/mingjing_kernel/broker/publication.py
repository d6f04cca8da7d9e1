"""From fact to message: what of the log the other services are told, derived and never stored.

The one rule: the same log and the same ``OUTBOUND`` give the same messages, byte for byte, whoever derives them: the
relay that publishes or the HTTP endpoint from which a consumer fills a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.log import Recorded

if TYPE_CHECKING:
    from mingjing_kernel.log import Log

Outbound: TypeAlias = Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]]
"""Domain event class -> contract, or ``None`` when this one is nobody else's business."""

WINDOW_MAX = 2_000
"""Positions that are looked through at once."""
_COLUMNS = "position, stream, version, type, data, meta, occurred_at, recorded_at"


@dataclass(frozen=True, slots=True)
class Publication:
    """One message, ready to be sent."""

    position: int
    previous: int
    """Position of the message before it; 0 for the first. Beyond a consumer's cursor: something is missing."""
    subject: str
    time: str
    """When it was true, RFC 3339."""
    data: bytes


class Outbox:
    """Derives the messages of one service from its log. Holds no storage of its own."""

    def __init__(self, log: Log, service: str, outbound: Outbound) -> None:
        self.log = log
        self.service = service
        self._outbound = dict(outbound)
        self._names = _stored_names(log, self._outbound)

    async def between(self, after: int, upto: int, previous: int) -> list[Publication]:
        """The messages of positions ``(after, upto]``, in order; ``previous`` is the position of the one before."""
        if upto <= after or not self._names:
            return []
        # Events that nobody else hears of stay in the database.
        rows = await self.log.pool.fetch(
            f'SELECT {_COLUMNS} FROM "{self.log.schema}".events '
            "WHERE position > $1 AND position <= $2 AND type = ANY($3::text[]) ORDER BY position",
            after,
            upto,
            self._names,
        )
        found: list[Publication] = []
        outbound, recorded = self._outbound, self.log.recorded
        for row in rows:
            fact = recorded(row)
            contract = outbound[type(fact.event)](fact)
            if contract is not None:
                time = fact.occurred_at.isoformat()
                found.append(Publication(fact.position, previous, contract.subject, time, contract.to_bytes()))
                previous = fact.position
        return found


def _stored_names(log: Log, outbound: Mapping[type[Any], Any]) -> list[str]:
    """Stored names, retired ones included, whose events may become a message."""
    names: set[str] = set()
    for aggregate in log.aggregates:
        codec = aggregate.codec
        names |= {name for name, kind in codec.types.items() if kind in outbound}
        for name in codec.retired:
            present = name
            while present in codec.retired:
                present = codec.retired[present].into
            if codec.types[present] in outbound:
                names.add(name)
    return sorted(names)
