"""Reactions (联动): which facts and messages ask for one, and what came of each.

One rule: a row is due from the fact of this service that asks for it until a note says what was done, or why nothing
was; what another service tells is answered and noted at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Boolean, Column, DateTime, Index, Select, Table, Text, Uuid, and_, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.finding_facts import (
    FindingFedBack,
    FindingListed,
    FindingRechecked,
    FindingReminded,
    FindingReported,
    FindingSupervised,
)
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.lead_facts import LeadReported, UnlicensedPremisesFound
from mingjing_inspection.domain.lead_others import LeadOtherSettled
from mingjing_inspection.domain.reaction import ReactionNoted
from mingjing_inspection.domain.rectification_facts import (
    RectificationLapsed,
    RectificationRechecked,
    RectificationReminded,
    RectificationSelfReported,
)
from mingjing_inspection.domain.task_steps import TaskEscalated
from mingjing_inspection.domain.track_facts import TrackListed, TrackReminded, TrackSupervised
from mingjing_inspection.domain.track_handling_facts import ReportVerified
from mingjing_inspection.domain.visit_facts import VisitCorrected, VisitReported
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OFFICIALS, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

X5: Final = "X5"
"""A hazard lets nobody go on: an order and a pause are proposed, and a lead is opened."""
X6: Final = "X6"
"""A rectification failed: a lead is opened, to be verified."""
X7: Final = "X7"
"""A report was verified: a lead with the proposal of a case is opened; a person decides on the case."""
RECHECK: Final = "RECHECK"
"""A department has fed back: somebody goes and looks whether it is so."""
RECTIFIED: Final = "RECTIFIED"
"""An institution says that it is put right, or its time ran out: somebody goes and looks."""
RECHECKED: Final = "RECHECKED"
"""Somebody has looked whether it is put right: nobody goes for it any more, nor for the finding behind it."""
X17: Final = "X17"
"""Unlicensed premises were found: the registry is told, the triage begins."""
X18: Final = "X18"
"""A school teacher is suspected: a lead for education discipline alone; so is what is on record of it."""
X20: Final = "X20"
"""A step is nearly late, late, or on a superior's list: whoever can do something about it is told."""
CHILDCARE: Final = "C13"
CHILDCARE_ITEM: Final = "C13"
"""A visit found childcare used as cover (检查项 C13): a lead is opened."""
LATE: Final = (
    FindingReminded,
    FindingSupervised,
    FindingListed,
    TaskEscalated,
    RectificationReminded,
    RectificationLapsed,
    TrackReminded,
    TrackSupervised,
    TrackListed,
)
"""What asks for X20."""
BATCH_MAX: Final = 200

reactions_table = Table(
    "reactions",
    METADATA,
    Column("reaction_id", Uuid, primary_key=True),
    Column("reaction", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("source_id", Uuid),
    Column("institution_id", Uuid),
    Column("is_due", Boolean, nullable=False),
    *scope_columns(),
    Column("did", JSONB, nullable=False),
    Column("why", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, index=True),
)
_IS_LATER: Final = reactions_table.c.reaction.in_([literal_column(f"'{one}'") for one in (X20, RECHECKED)])
"""What tells somebody, or takes a visit back. Spelt out, not bound: only so does the index answer the question."""
Index("reactions_due", _IS_LATER, reactions_table.c.reaction_id, postgresql_where=reactions_table.c.is_due)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a reaction and the fact that asks for it."""
    if isinstance(fact.event, ReactionNoted):
        yield (fact.id,)
    else:
        yield from ((derived_id("reaction", reaction, _trigger(fact)),) for reaction in asked_by(fact.event))


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if not isinstance(event, ReactionNoted):
        return {
            "reaction_id": key[0],
            "reaction": next(one for one in asked_by(event) if derived_id("reaction", one, _trigger(fact)) == key[0]),
            "occasion": _trigger(fact),
            "source_id": fact.id,
            "institution_id": None,
            "is_due": True,
            "department": "",
            "region": "",
            "category": "",
            "did": [],
            "why": "",
            "since": fact.recorded_at,
        }
    asked = {"source_id": row["source_id"], "since": row["since"]} if row else {"source_id": None, "since": event.at}
    return asked | {
        "reaction_id": key[0],
        "reaction": event.reaction,
        "occasion": event.occasion,
        "institution_id": event.institution_id,
        "is_due": False,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "did": list(event.did),
        "why": event.why,
    }


REACTIONS_READ = ReadModel(
    name="reactions",
    table=reactions_table,
    nouns=("finding", "rectification", "complaint-track", "reaction", "lead", "visit", "task"),
    keys=keys,
    fold=fold,
    history=True,
)


def asked_by(event: object) -> tuple[str, ...]:
    """Which reactions a fact asks for: a deadline that passes in silence is told, and somebody goes and looks."""
    late = (X20,) if isinstance(event, LATE) else ()
    goes = (RECTIFIED,) if isinstance(event, RectificationSelfReported | RectificationLapsed) else ()
    stays = (RECHECKED,) if isinstance(event, RectificationRechecked | FindingRechecked) else ()
    other = _asked_by(event)
    return (*late, *goes, *stays, *((other,) if other else ()))


def _asked_by(event: object) -> str | None:
    match event:
        case FindingReported(is_veto=True):
            return X5
        case RectificationRechecked(is_passed=False):
            return X6
        case FindingFedBack():
            return RECHECK
        case FindingReported(matter=Matter.IN_SERVICE_TEACHER):
            return X18
        case LeadReported(told=told) if told.suspects_teacher:
            return X18
        case LeadOtherSettled(suspects_teacher=True):
            return X18
        case UnlicensedPremisesFound():
            return X17
        case VisitReported(failed=failed) | VisitCorrected(failed=failed) if CHILDCARE_ITEM in failed:
            return CHILDCARE
        case ReportVerified():
            return X7
        case _:
            return None


def reactions_due() -> Select[Any]:
    """What the duty of reactions has to do next. What acts goes before what tells (X20) or takes back (RECHECKED):
    thousands that are late at once, after an import, or that an upgrade asks for anew, must not keep a hazard waiting.
    """
    rows = reactions_table.c
    return select(*rows).where(rows.is_due).order_by(_IS_LATER, rows.reaction_id).limit(BATCH_MAX)


def reactions_in(
    scope: Scope, *, reaction: str | None = None, is_idle: bool | None = None, at: int | None = None
) -> Select[Any]:
    """What came of each, for whoever may see where it was; what is due shows nowhere. ``is_idle``: did nothing."""
    rows = REACTIONS_READ.at(at).c
    here = {"department": rows.department, "region": rows.region, "category": rows.category}
    statement = select(*(rows[name] for name in REACTIONS_READ.columns)).where(
        ~rows.is_due,
        or_(
            and_(rows.reaction != X18, scope.where(roles=OFFICIALS, **here)),
            and_(rows.reaction == X18, scope.where(roles=Role.DISCIPLINE_OFFICER, **here)),
        ),
    )
    if reaction is not None:
        statement = statement.where(rows.reaction == reaction)
    if is_idle is not None:
        did_nothing = rows.did == []
        statement = statement.where(did_nothing if is_idle else ~did_nothing)
    return statement


def _trigger(fact: Recorded[Any]) -> str:
    return f"{fact.stream}:{fact.version}"
