"""Who may act on an institution. One rule: what a caller may not see, a refusal does not tell of."""

from __future__ import annotations

from uuid import UUID

from mingjing_kernel.http import Kit
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Act, Dimensions, Scope
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.refusals import InstitutionUnknown
from mingjing_registry.intake.jurisdiction import here_of as here_of
from mingjing_registry.intake.jurisdiction import within_of as within_of


async def acted_on(kit: Kit, scope: Scope, act: Act, institution_id: UUID) -> Known:
    """The institution, if the caller may do this to it. Raises ``InstitutionUnknown``, ``OutsideScope``."""
    known, here = await standing(kit, institution_id)
    scope.require(act, here, seen=scope.allows(role=OFFICIALS, **here._asdict()))
    return known


async def standing(kit: Kit, institution_id: UUID) -> tuple[Known, Dimensions]:
    """The institution as it stands, and where it stands for grants. Raises ``InstitutionUnknown``."""
    state, _ = await kit.log.state(INSTITUTIONS, institution_id)
    if not isinstance(state, Known):
        raise InstitutionUnknown
    return state, here_of(state)


def allow_register(scope: Scope, act: Act, department: str, region: str) -> None:
    """Raise ``OutsideScope`` unless the caller keeps this department's register: its list has every category."""
    scope.require(act, Dimensions(department, region, UNDIVIDED))


def allow_row(scope: Scope, act: Act, department: str, region: str) -> None:
    """The same for a row that stands already: what the caller may not see, the refusal does not tell of."""
    here = Dimensions(department, region, UNDIVIDED)
    scope.require(act, here, seen=scope.allows(role=OFFICIALS, **here._asdict()))
