"""Moments that somebody sends: aware, within what lists and calendars can hold.

The one rule: what is accepted can be folded, shown in China's time and read back, today and in every replay.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from mingjing_kernel.clock import SHANGHAI

FIRST = datetime(1900, 1, 1, tzinfo=SHANGHAI)
END = datetime(9999, 12, 31, 16, tzinfo=UTC)
"""When the last year that has four digits is over in China: some write it for "no end"."""
OFFSET_MAX = timedelta(hours=14)
"""No place on earth is further from UTC; PostgreSQL reads no text with sixteen hours."""


def plausible(moment: datetime) -> datetime:
    """The moment itself. Raises ``ValueError``, in words for whoever sent it, beyond the years and the time zones."""
    if abs(moment.utcoffset() or timedelta()) > OFFSET_MAX:
        raise ValueError("The time zone is none: no place is further than 14 hours from UTC.")
    if not FIRST <= moment < END:
        raise ValueError("The moment lies outside the years 1900 to 9999.")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(plausible)]
"""A request field for a moment."""
