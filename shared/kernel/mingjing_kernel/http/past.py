"""Questions about the past. The one rule: a moment and a log position are the same question, asked in two ways.

A moment counts what was stored until then, so it is turned into the last position that was recorded by then.
"""

from __future__ import annotations

from datetime import date, datetime

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.reading import AsOf


async def position_of(kit: Kit, as_of: AsOf | None) -> int | None:
    """The log position that a question about the past means; ``None`` for now. Returns when the lists show it.

    Raises ``MomentNotYetCome``, ``PositionNotYetWritten``: nobody can say what will have been known then.
    """
    if as_of is None:
        return None
    position = as_of.position
    if position is None:
        assert as_of.moment is not None
        position = await kit.log.position_at(as_of.moment)
    await kit.caught_up(position, "as_of")
    return position


def moment_of(kit: Kit, as_of: AsOf | None) -> datetime:
    """The moment from which a question looks at what is late; now, where it names a position or nothing."""
    return as_of.moment if as_of and as_of.moment else kit.now()


async def day_of(kit: Kit, as_of: AsOf | None) -> date:
    """The day in China of a question: today, or that of the moment in the past. Ask ``position_of`` first."""
    if as_of is None:
        return shanghai_date(kit.now())
    if as_of.moment is not None:
        return shanghai_date(as_of.moment)
    assert as_of.position is not None
    # Before the first fact there is no day; that of the first will do.
    last = await kit.log.read(as_of.position - 1, 1)
    return shanghai_date(last[0].recorded_at if last else kit.now())
