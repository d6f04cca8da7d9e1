"""Officers that a task can be given to: who holds a grant to carry it out, and has no interest in the institution."""

from __future__ import annotations

from uuid import UUID

from mingjing_inspection.acts import ACCEPT_TASK
from mingjing_inspection.codec import INTERESTS
from mingjing_inspection.domain.interest import Interests
from mingjing_inspection.domain.task_refusals import OfficerHasInterest, OfficerUnknown
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Dimensions, Scope


async def require_officers(kit: Kit, officers: tuple[str, ...], here: Dimensions, institution_id: UUID | None) -> None:
    """Raise ``OfficerUnknown`` or ``OfficerHasInterest`` for the first to whom a task there cannot be given."""
    directory, now = await kit.directory.current(), kit.now()
    for officer in officers:
        if not Scope(directory.grants_of(officer, now)).may(ACCEPT_TASK, here):
            raise OfficerUnknown(officer=officer)
        stated: Interests = (await kit.log.state(INTERESTS, derived_id("interest", officer)))[0]
        if institution_id in stated.kinds:
            raise OfficerHasInterest(officer=officer)
