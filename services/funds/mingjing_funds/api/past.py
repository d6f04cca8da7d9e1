"""``as_of``: which position of the log is meant. The one rule: a moment counts what was stored until then."""

from __future__ import annotations

from mingjing_kernel.http import AsOf, Kit


async def position_of(kit: Kit, as_of: AsOf | None) -> int | None:
    """The position, or ``None`` for now."""
    if as_of is None:
        return None
    if as_of.position is not None:
        return as_of.position
    assert as_of.moment is not None
    return await kit.log.position_at(as_of.moment)
