"""After-school providers 课后服务机构: the county's list, the schools that chose each, its evaluation, who left why.

One rule: an institution's own fact takes it off the list at once, here; the fact that tells the schools follows when
the keeper of deadlines has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Integer, Select, Table, Text, Uuid, and_, case, func, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain import provider_facts as f
from mingjing_registry.domain.evaluation import POINTS, Part
from mingjing_registry.domain.institution import InstitutionAmended
from mingjing_registry.domain.provider_standing import lost_by
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA, scope_columns

providers_table = Table(
    "providers",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("services", JSONB, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("is_listed", Boolean, nullable=False),
    Column("decision_reference", Text, nullable=False),
    Column("from_on", Date),
    Column("until_on", Date),
    Column("agreements", JSONB, nullable=False),
    Column("deductions", JSONB, nullable=False),
    Column("deducted", Integer, nullable=False),
    *(Column(f"{part.value}_taken", Integer, nullable=False) for part in Part),
    Column("evaluations", JSONB, nullable=False),
    Column("left_ground", Text, nullable=False),
    Column("left_reason", Text, nullable=False),
    Column("left_on", Date),
    Column("schools_told", JSONB, nullable=False),
    Column("return_asked_on", Date),
    Column("version", Integer, nullable=False),
)
_FACTS = (
    f.ProviderProposed
    | f.ProviderSelected
    | f.ProviderChosen
    | f.AgreementEnded
    | f.PointsDeducted
    | f.DeductionWithdrawn
    | f.EvaluationClosed
    | f.ProviderLeft
    | f.ReturnFact
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution that was ever proposed."""
    event = fact.event
    if isinstance(event, _FACTS | InstitutionAmended) or lost_by(event):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, f.ProviderProposed):
        return _proposed(key, row, event) | {"version": fact.version}
    if row is None:
        return None
    if isinstance(event, _FACTS):
        return row | _changed(row, event) | {"version": fact.version}
    if isinstance(event, InstitutionAmended):
        return row | _moved(event)
    cause = lost_by(event)
    if cause and row["is_listed"]:
        return row | {"is_listed": False, "left_reason": cause, "left_on": event.on}
    return row


def _proposed(key: Key, row: Row | None, event: f.ProviderProposed) -> Row:
    return {
        "institution_id": key[0],
        **event.within.dimensions(),
        "services": list(event.services),
        "state": "proposed",
        "is_listed": False,
        "decision_reference": "",
        "from_on": None,
        "until_on": None,
        "agreements": [],
        **_scored([]),
        "evaluations": row["evaluations"] if row else [],
        "left_ground": "",
        "left_reason": "",
        "left_on": None,
        "schools_told": [],
        "return_asked_on": None,
    }


def _changed(row: Row, event: object) -> Row:
    match event:
        case f.ProviderSelected(decision_reference=reference, from_on=from_on, until_on=until_on):
            term = {"decision_reference": reference, "from_on": from_on, "until_on": until_on}
            return {"state": "selected", "is_listed": True, **term}
        case f.ProviderChosen():
            chosen = {
                "agreement_id": str(event.agreement_id),
                "school_id": str(event.school_id),
                "from_on": event.from_on.isoformat(),
                "until_on": event.until_on.isoformat(),
            }
            return {"agreements": [*row["agreements"], chosen]}
        case f.AgreementEnded(agreement_id=agreement_id):
            return {"agreements": [one for one in row["agreements"] if one["agreement_id"] != str(agreement_id)]}
        case f.ProviderLeft():
            return {
                "state": "left",
                "is_listed": False,
                "left_ground": event.ground.value,
                "left_reason": event.reason or row["left_reason"],
                "left_on": row["left_on"] or event.on,
                "agreements": [],
                "schools_told": [str(school) for school in event.schools],
            }
        case f.ProviderReturnDue(on=on):
            return {"return_asked_on": on}
        case f.ProviderReturnDeclined():
            return {"return_asked_on": None}
        case _:
            return _evaluated(row, event)


def _evaluated(row: Row, event: object) -> Row:
    match event:
        case f.PointsDeducted(deduction=deduction):
            entry = {
                "entry_id": str(deduction.entry_id),
                "part": deduction.part.value,
                "points": deduction.points,
                "reason": deduction.reason,
                "evidence_sha256": deduction.evidence_sha256,
                "found_on": deduction.found_on.isoformat(),
            }
            return _scored([*row["deductions"], entry])
        case f.DeductionWithdrawn(entry_id=entry_id):
            return _scored([one for one in row["deductions"] if one["entry_id"] != str(entry_id)])
        case f.EvaluationClosed():
            closed = {
                "period": event.period,
                "total": event.score.total,
                "grade": event.score.grade,
                "patrol": event.score.patrol,
                "plan": event.score.plan,
                "effect": event.score.effect,
                "satisfaction": event.score.satisfaction,
                "policy_version": event.policy_version,
                "on": event.on.isoformat(),
            }
            return _scored([]) | {"evaluations": [*row["evaluations"], closed]}
        case _:
            return {}


def _scored(entries: list[Any]) -> Row:
    """The entries with what they take together; how many points that leaves is what the policy in force says."""
    taken = {f"{part.value}_taken": sum(one["points"] for one in entries if one["part"] == part) for part in Part}
    return {"deductions": entries, "deducted": sum(taken.values()), **taken}


def _moved(event: InstitutionAmended) -> Row:
    stated = event.particulars
    return {
        "region": stated.region,
        "category": stated.categories[0].value if stated.categories else "",
        "department": stated.departments[0] if stated.departments else event.listing.register,
    }


PROVIDERS_READ = ReadModel(
    name="providers", table=providers_table, nouns=("provider", "institution"), keys=keys, fold=fold, history=True
)


def providers_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    is_listed: bool | None = None,
    state: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The providers that an official may see, each under the name that it had then."""
    rows, of = PROVIDERS_READ.at(at).c, INSTITUTIONS_READ.at(at).alias("provider_named").c
    named = select(of.name).where(of.institution_id == rows.institution_id).scalar_subquery()
    named_so = func.coalesce(named, "").label("institution_name")
    statement = select(*(rows[name] for name in PROVIDERS_READ.columns), named_so).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if is_listed is not None:
        statement = statement.where(rows.is_listed.is_(is_listed))
    return statement.where(rows.state == state) if state else statement


def with_points(statement: Select[Any], places: Mapping[tuple[str, str], Mapping[Part, int]]) -> Select[Any]:
    """The same with what is left of each one's points, no part below nothing, by how many the parts have at its region
    and category.
    """
    here = statement.selected_columns

    def left(points: Mapping[Part, int]) -> Any:
        return sum(func.greatest(points[part] - here[f"{part.value}_taken"], 0, type_=Integer) for part in Part)

    at = [
        (and_(here.region == region, here.category == category), left(points))
        for (region, category), points in places.items()
    ]
    return statement.add_columns((case(*at, else_=left(POINTS)) if at else left(POINTS)).label("points"))
