"""Questions about the past. One rule: a moment and a log position are the same question, asked in two ways."""

from __future__ import annotations

from mingjing_kernel.http import AsOf, Kit


async def position_of(kit: Kit, as_of: AsOf | None) -> int | None:
    """The log position that a question about the past means."""
    if as_of is None:
        return None
    if as_of.position is not None:
        return as_of.position
    assert as_of.moment is not None
    return await kit.log.position_at(as_of.moment)
