"""The questions to findings, rectifications, leads: who sees one, and what is counted of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_inspection.projections.finding_rounds import FINDING_ROUNDS, Period, finding_figures
from mingjing_inspection.projections.findings import FINDINGS_READ, findings_in
from mingjing_inspection.projections.leads import LEADS_READ, leads_in
from mingjing_inspection.projections.overdue_notices import OVERDUE_NOTICES_READ, overdue_notices_in
from mingjing_inspection.projections.rectifications import (
    RECTIFICATIONS_READ,
    rectification_ledger,
    rectifications_in,
)
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, Role, Scope
from scopes.question import NOW, Driven, Question, driven, listed, whole

PERIOD = Period(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), now=NOW + timedelta(days=1))
HANDLED: dict[str, Any] = {"handler_department": lambda row: row.department}
"""Given to the department whose file it is: seen by nobody else."""


def figured(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The figures, by everything, beside the findings that they count."""
    shown = listed(lambda scope, at: findings_in(scope, at=at), "finding_id")(connection, scope, at)
    for by in ("all", "department", "matter", "town"):
        rows = driven(finding_figures(Driven(connection), scope, PERIOD, by=by, at=at))  # type: ignore[arg-type]
        assert sum(row["accepted"] for row in rows) == len(shown)
        assert sum(row["dispatched"] for row in rows) == len(shown)
    return shown


def struck_off(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The ledger, by department and by town, beside the rectifications that it counts."""
    shown = listed(lambda scope, at: rectifications_in(scope, at=at), "rectification_id")(connection, scope, at)
    for by in ("department", "town"):
        rows = connection.execute(rectification_ledger(scope, NOW.date(), by=by, at=at)).mappings()
        assert sum(row["ordered"] for row in rows) == len(shown)
    return shown


_PUT_RIGHT: dict[str, Any] = {
    "of": (RECTIFICATIONS_READ,), "roles": OFFICIALS, "holders": {Role.INSTITUTION: lambda row: row.id},
}  # fmt: skip
_FOLDER = "mingjing_inspection/projections"
FINDING_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/findings.py:findings_in": (METADATA, (
        whole(lambda scope, at: findings_in(scope, at=at), "finding_id", of=(FINDINGS_READ,), roles=OFFICIALS,
              values=HANDLED),
    )),
    f"{_FOLDER}/finding_rounds.py:finding_figures": (METADATA, (
        Question(asks=figured, of=(FINDINGS_READ, FINDING_ROUNDS), roles=OFFICIALS, values=HANDLED),
    )),
    f"{_FOLDER}/rectifications.py:rectifications_in": (METADATA, (
        whole(lambda scope, at: rectifications_in(scope, at=at), "rectification_id", **_PUT_RIGHT),
    )),
    f"{_FOLDER}/rectifications.py:rectification_ledger": (METADATA, (Question(asks=struck_off, **_PUT_RIGHT),)),
    f"{_FOLDER}/overdue_notices.py:overdue_notices_in": (METADATA, (
        whole(lambda scope, at: overdue_notices_in(scope, at=at), "notice_id", of=(OVERDUE_NOTICES_READ,),
              roles=OFFICIALS, holders={Role.INSTITUTION: lambda row: row.id}),
    )),
    f"{_FOLDER}/leads.py:leads_in": (METADATA, (
        whole(lambda scope, at: leads_in(scope, at=at), "lead_id", of=(LEADS_READ,), roles=OFFICIALS),
    )),
}  # fmt: skip
