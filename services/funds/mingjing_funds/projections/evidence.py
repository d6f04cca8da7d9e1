"""Evidence (证据) of this service: its lists, and which alert is within whose scope.

The one rule: evidence is scoped as what it belongs to, by the very columns that the list of alerts is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from mingjing_funds.projections.alerts import alerts_table
from mingjing_funds.projections.schema import METADATA, visible
from mingjing_kernel.evidence.lists import make_lists
from mingjing_kernel.identity import Role, Scope

EVIDENCE_LISTS = make_lists(METADATA)


def alert_within(scope: Scope, roles: Collection[Role], alert_id: UUID) -> Select[Any]:
    """One row when the alert was raised and the scope reaches it in one of the roles."""
    return select(alerts_table.c.alert_id).where(
        alerts_table.c.alert_id == alert_id, visible(scope, alerts_table, roles)
    )


def alert_ended(alert_id: UUID) -> Select[Any]:
    """On which day the alert was closed, or cleared by itself."""
    rows = alerts_table.c
    return select(rows.ended_on).where(rows.alert_id == alert_id, rows.ended_on.is_not(None))
