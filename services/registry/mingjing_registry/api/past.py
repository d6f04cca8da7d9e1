"""Days and positions. One rule: an act is dated by when it was done in China, not by when it was typed in."""

from __future__ import annotations

from datetime import date

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import AsOf, Kit
from mingjing_kernel.log import Envelope


def day_of(kit: Kit, written: Envelope) -> date:
    """The day of an act: today, or what ``Mingjing-Occurred-At`` says."""
    return shanghai_date(written.occurred_at or kit.now())


async def position_of(kit: Kit, as_of: AsOf | None) -> int | None:
    """The log position that a question about the past means."""
    if as_of is None:
        return None
    if as_of.position is not None:
        return as_of.position
    assert as_of.moment is not None
    return await kit.log.position_at(as_of.moment)
