"""Which numbers the rules use here and now.

One rule: they are asked for once a request and go into the command, so that the event cites what was used.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_registry.domain.check import Numbers

NOTICE_DAYS_MIN = 30


async def admission_numbers(_kit: Kit, _institution_id: UUID, _on: date) -> Numbers:
    """Those in force for the institution's region and category on the day."""
    return Numbers()


async def notice_days(_kit: Kit, _institution_id: UUID, _on: date) -> int:
    """How long the public is told before a closure or relocation."""
    return NOTICE_DAYS_MIN
