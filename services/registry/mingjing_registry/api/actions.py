"""What may be done to an institution now: its acts, each group with the thing that it is about.

One rule: the acts on a change or an annual check are kept apart by that change and that year; the others by the
institution as a whole.
"""

from __future__ import annotations

from uuid import UUID

from mingjing_kernel.http import AvailableActions, Kit
from mingjing_kernel.http.actions import actions_of
from mingjing_kernel.identity import Dimensions, Principal
from mingjing_registry.acts import CHANGE_ACTS, CHECK_ACTS, INSTITUTION_ACTS
from mingjing_registry.api.dues import with_dues
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.hindrance import hindrance
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import ApproveLicence
from mingjing_registry.intake.number_guard import number_hindrance, signed_number


async def actions_on(kit: Kit, institution_id: UUID, caller: Principal, here: Dimensions) -> AvailableActions:
    """The acts of an institution for a caller who is known to see it."""
    standing = await kit.log.standing(INSTITUTIONS, institution_id)
    known: Known = standing.state
    taken = await number_hindrance(kit, institution_id, signed_number(known))
    pending, current = known.changes.pending, known.annual_checks.current
    groups = (
        (INSTITUTION_ACTS, None),
        (CHANGE_ACTS, pending.number if pending else None),
        (CHECK_ACTS, current.year if current else None),
    )
    found = [
        action
        for acts, thing in groups
        for action in actions_of(
            acts,
            caller,
            here,
            lambda step: hindrance(step, standing.state) or (taken if step is ApproveLicence else None),
            separation=INSTITUTIONS.separation,
            hands=standing.hands,
            thing=thing,
        )
    ]
    said = AvailableActions(version=standing.version, actions=found)
    return await with_dues(kit, caller.scope, institution_id, said)
