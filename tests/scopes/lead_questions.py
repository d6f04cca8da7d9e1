"""The questions to leads about places, what hangs together with them, and leads about teachers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_inspection.projections.conduct_leads import CONDUCT_LEADS_READ, conduct_leads_in
from mingjing_inspection.projections.evidence import lead_within
from mingjing_inspection.projections.hotspot_visits import HOTSPOT_VISITS_READ, hotspot_visits_in
from mingjing_inspection.projections.lead_steps import LEAD_LINKS_READ, LEAD_STEPS_READ, links_in, steps_of
from mingjing_inspection.projections.leads import LEADS_READ, lead_heat, leads_in
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, Role, Scope
from mingjing_registry.projections.schema import METADATA as REGISTRY
from mingjing_registry.projections.unlicensed import UNLICENSED_READ, unlicensed_in
from scopes.question import Question, listed, of_each, whole, within


def heated(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The sums by region, beside the leads that they count."""
    shown = listed(lambda scope, at: leads_in(scope, at=at), "lead_id")(connection, scope, at)
    rows = connection.execute(lead_heat(scope, 15, at=at)).mappings()
    assert sum(row["leads"] for row in rows) == len(shown)
    return shown


def with_lead(scope: Scope, lead_id: UUID, at: int | None) -> Any:
    """The steps of one lead."""
    return steps_of(scope, lead_id, at)


_FOLDER = "mingjing_inspection/projections"
LEAD_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/leads.py:lead_heat": (METADATA, (
        Question(asks=heated, of=(LEADS_READ,), roles=OFFICIALS, values={"institution_id": lambda row: None}),
    )),
    f"{_FOLDER}/lead_steps.py:steps_of": (METADATA, (
        Question(asks=of_each(with_lead, "lead_id"), of=(LEADS_READ, LEAD_STEPS_READ), roles=OFFICIALS),
    )),
    f"{_FOLDER}/lead_steps.py:links_in": (METADATA, (
        whole(lambda scope, at: links_in(scope, at=at), "first", of=(LEADS_READ, LEAD_LINKS_READ), roles=OFFICIALS),
    )),
    f"{_FOLDER}/conduct_leads.py:conduct_leads_in": (METADATA, (
        whole(lambda scope, at: conduct_leads_in(scope, at=at), "lead_id", of=(CONDUCT_LEADS_READ,),
              roles=(Role.DISCIPLINE_OFFICER,)),
    )),
    f"{_FOLDER}/hotspot_visits.py:hotspot_visits_in": (METADATA, (
        whole(lambda scope, at: hotspot_visits_in(scope, at=at), "visit_id", of=(HOTSPOT_VISITS_READ,),
              roles=OFFICIALS),
    )),
    f"{_FOLDER}/evidence.py:lead_within": (METADATA, (
        within(lead_within, "lead_id", OFFICIALS, of=(LEADS_READ,)),
    )),
    "mingjing_registry/projections/unlicensed.py:unlicensed_in": (REGISTRY, (
        whole(lambda scope, at: unlicensed_in(scope, at=at), "lead_id", of=(UNLICENSED_READ,), roles=OFFICIALS),
    )),
}  # fmt: skip
