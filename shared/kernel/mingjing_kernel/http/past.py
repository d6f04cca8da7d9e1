"""Questions about the past. The one rule: a moment and a log position are the same question, asked in two ways.

A moment counts what was stored until then, so it is turned into the last position that was recorded by then.
"""

from __future__ import annotations

from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.reading import AsOf


async def position_of(kit: Kit, as_of: AsOf | None) -> int | None:
    """The log position that a question about the past means; ``None`` for now."""
    if as_of is None:
        return None
    if as_of.position is not None:
        return as_of.position
    assert as_of.moment is not None
    return await kit.log.position_at(as_of.moment)
