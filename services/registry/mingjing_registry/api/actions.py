"""What may be done to an institution now: its acts, each group with the thing that it is about.

One rule: the acts on a change or an annual check are kept apart by that change and that year; the others by the
institution as a whole.
"""

from __future__ import annotations

from uuid import UUID

from mingjing_kernel.http import AvailableActions, Kit
from mingjing_kernel.http.actions import actions_of
from mingjing_kernel.identity import Dimensions, Principal
from mingjing_kernel.refusal import Refusal
from mingjing_registry.acts import CHANGE_ACTS, CHECK_ACTS, INSTITUTION_ACTS
from mingjing_registry.api.dues import with_dues
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.application import SignRenewal
from mingjing_registry.domain.hindrance import hindrance
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.licence import ApproveLicence, RenewLicence
from mingjing_registry.domain.licensing import terms_of
from mingjing_registry.intake.number_guard import number_hindrance, signed_number


async def actions_on(kit: Kit, institution_id: UUID, caller: Principal, here: Dimensions) -> AvailableActions:
    """The acts of an institution for a caller who is known to see it."""
    standing = await kit.log.standing(INSTITUTIONS, institution_id)
    known: Known = standing.state
    others = await _others_numbers(kit, institution_id, known)
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
            lambda step: hindrance(step, standing.state) or others.get(step),
            separation=INSTITUTIONS.separation,
            hands=standing.hands,
            thing=thing,
        )
    ]
    said = AvailableActions(version=standing.version, actions=found)
    return await with_dues(kit, caller.scope, institution_id, said)


async def _others_numbers(kit: Kit, institution_id: UUID, known: Known) -> dict[type, Refusal]:
    """Steps after which it would teach under a number that is another institution's."""
    numbers = {ApproveLicence: signed_number(known), RenewLicence: terms_of(known.licence).number}
    numbers[SignRenewal] = numbers[RenewLicence]
    found = {number: await number_hindrance(kit, institution_id, number) for number in {*numbers.values()}}
    return {step: why for step, number in numbers.items() if (why := found[number]) is not None}
