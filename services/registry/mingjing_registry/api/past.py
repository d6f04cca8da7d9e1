"""Days. One rule: an act is dated by when it was done in China, not by when it was typed in."""

from __future__ import annotations

from datetime import date

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Envelope


def day_of(kit: Kit, written: Envelope) -> date:
    """The day of an act: today, or what ``Mingjing-Occurred-At`` says."""
    return shanghai_date(written.occurred_at or kit.now())
