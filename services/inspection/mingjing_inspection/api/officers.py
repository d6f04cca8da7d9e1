"""Officers that a task can be given to: whoever holds a grant to carry it out, as the log says now."""

from __future__ import annotations

from mingjing_inspection.acts import ACCEPT_TASK
from mingjing_inspection.domain.task_refusals import OfficerUnknown
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Dimensions, Scope


async def require_officers(kit: Kit, officers: tuple[str, ...], here: Dimensions) -> None:
    """Raise ``OfficerUnknown`` for the first who may not carry out a task there."""
    standing, now = await kit.directory.current(), kit.now()
    for officer in officers:
        if not Scope(standing.grants_of(officer, now)).may(ACCEPT_TASK, here):
            raise OfficerUnknown(officer=officer)
