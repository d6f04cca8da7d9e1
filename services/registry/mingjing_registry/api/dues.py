"""Until when an act is wanted: the clocks of the list of deadlines, put to the acts that each waits for.

One rule: nothing is reckoned here; the day is the one that the list of deadlines shows, moved by notices and pauses.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import AvailableActions, Kit
from mingjing_kernel.http.actions import due
from mingjing_kernel.identity import Act, Scope
from mingjing_registry import acts
from mingjing_registry.projections.check_deadlines import ANNUAL_REPORT, RESTRICTION
from mingjing_registry.projections.deadlines import DEADLINES, DEADLINES_READ, LICENCE_DECISION, RECTIFICATION
from mingjing_registry.projections.list_deadlines import REMOVAL, REPAIR

AWAITED: Mapping[str, tuple[Act, ...]] = MappingProxyType(
    {
        REMOVAL.name: (acts.WITHDRAW_LISTING,),
        REPAIR.name: (acts.ACCEPT_REPAIR, acts.GRANT_REPAIR, acts.REFUSE_REPAIR),
        LICENCE_DECISION.name: (acts.APPROVE, acts.REFUSE),
        RECTIFICATION.name: (acts.END_RECTIFICATION,),
        ANNUAL_REPORT.name: (acts.SUBMIT_REPORT,),
        RESTRICTION.name: (acts.RECHECK,),
    }
)
"""Which acts stop a clock."""


async def with_dues(kit: Kit, scope: Scope, id: UUID, found: AvailableActions) -> AvailableActions:
    """The same actions of one thing, with the last day of each that a clock waits for."""
    clocks = DEADLINES.deadlines_in(scope, DEADLINES_READ)
    rows = clocks.selected_columns
    wanted = clocks.where(rows.id == id, rows.rule.in_(list(AWAITED)), rows.paused_on.is_(None))
    async with kit.connection() as connection:
        running = (await connection.execute(wanted)).all()
    dues = {act.name: row.due_on for row in running for act in AWAITED[row.rule]}
    return found.model_copy(update={"actions": due(found.actions, dues, shanghai_date(kit.now()))})
