"""Joint operations (联合检查行动): one row each, one for each member's part, one for each shared piece of evidence.

One rule: an operation is seen by whoever is within one of its members; the pool by whoever takes part.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Integer, Select, Table, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain import operation_facts as o
from mingjing_inspection.domain.operation import Stage
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_inspection.projections.tasks import OPEN, TASKS_READ
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

YES, NO, AWAITED = "YES", "NO", "AWAITED"
"""What a member answered."""

operations_table = Table(
    "operations",
    METADATA,
    Column("operation_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("stage", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("members", JSONB, nullable=False),
    Column("targets", Integer, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("planned_by", Text, nullable=False),
    Column("planned_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
)
operation_members_table = Table(
    "operation_members",
    METADATA,
    Column("operation_id", Uuid, primary_key=True),
    Column("department", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("said", Text, nullable=False),
)
pooled_evidence_table = Table(
    "pooled_evidence",
    METADATA,
    Column("operation_id", Uuid, primary_key=True),
    Column("item_id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("visit_id", Uuid, nullable=False),
    Column("site_id", Uuid, nullable=False),
    Column("officer", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("pooled_by", Text, nullable=False),
    Column("pooled_at", DateTime(timezone=True), nullable=False),
    Column("referred", JSONB, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an operation."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case o.OperationPlanned() as event:
            return {
                "operation_id": key[0],
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "stage": Stage.PLANNED.value,
                "title": event.title,
                "members": list(event.members),
                "targets": len(event.targets),
                "held_on": event.held_on,
                "reason": event.reason,
                "legal_basis": event.legal_basis,
                "conclusion": "",
                "planned_by": event.by,
                "planned_at": event.at,
                "version": fact.version,
            }
        case _ if row is not None:
            return row | {"version": fact.version} | _step(fact.event)
        case _:
            return row


def member_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """A row for each member, with the plan; its answer touches its own."""
    match fact.event:
        case o.OperationPlanned() as event:
            yield from ((fact.id, department) for department in event.members)
        case o.OperationAnswered() as event:
            yield (fact.id, event.department)
        case _:
            return


def fold_member(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case o.OperationPlanned() as event:
            answer = YES if key[1] == event.department else AWAITED
            place = {"region": event.region, "category": event.category}
            return {"operation_id": key[0], "department": key[1], **place, "answer": answer, "said": ""}
        case o.OperationAnswered() as event if row is not None:
            return row | {"answer": YES if event.takes_part else NO, "said": event.reason}
        case _:
            return row


def item_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a shared piece."""
    if isinstance(fact.event, o.EvidencePooled | o.EvidenceReferred):
        yield (fact.id, fact.event.item_id)


def fold_item(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case o.EvidencePooled() as event:
            source = event.source
            return {
                "operation_id": key[0],
                "item_id": key[1],
                "owner": source.department,
                **{name: getattr(source, name) for name in ("visit_id", "site_id", "officer", "taken_at", "sha256")},
                "note": event.note,
                "pooled_by": event.by,
                "pooled_at": event.at,
                "referred": [],
            }
        case o.EvidenceReferred() as event if row is not None:
            reference = {
                "department": event.department,
                "visit_id": str(event.visit_id) if event.visit_id else None,
                "finding_id": str(event.finding_id) if event.finding_id else None,
                "by": event.by,
                "at": event.at.isoformat(),
            }
            return row | {"referred": [*row["referred"], reference]}
        case _:
            return row


_NOUNS = ("operation",)
OPERATIONS_READ = ReadModel(name="operations", table=operations_table, nouns=_NOUNS, keys=keys, fold=fold, history=True)
OPERATION_MEMBERS = ReadModel(
    name="operation_members",
    table=operation_members_table,
    nouns=_NOUNS,
    keys=member_keys,
    fold=fold_member,
    history=True,
)
POOLED_EVIDENCE = ReadModel(
    name="pooled_evidence", table=pooled_evidence_table, nouns=_NOUNS, keys=item_keys, fold=fold_item, history=True
)


def operations_in(scope: Scope, *, stage: str | None = None, at: int | None = None) -> Select[Any]:
    """The operations of the caller's departments, as they stood after position ``at``."""
    rows = OPERATIONS_READ.at(at).c
    statement = select(*(rows[name] for name in OPERATIONS_READ.columns)).where(
        rows.operation_id.in_(_joined(scope, (YES, NO, AWAITED), at))
    )
    return statement if stage is None else statement.where(rows.stage == stage)


def pool_in(scope: Scope, operation_id: UUID, *, at: int | None = None) -> Select[Any]:
    """What is shared in an operation, for those who take part."""
    rows = POOLED_EVIDENCE.at(at).c
    return select(*(rows[name] for name in POOLED_EVIDENCE.columns)).where(
        rows.operation_id == operation_id, rows.operation_id.in_(_joined(scope, (YES,), at))
    )


def members_in(scope: Scope, operation_id: UUID, *, at: int | None = None) -> Select[Any]:
    """Each member's part in sums: tasks, those done, what remains, what it found, and how much of that is closed."""
    members, tasks, findings = OPERATION_MEMBERS.at(at).c, TASKS_READ.at(at).c, FINDINGS_READ.at(at).c
    own = tasks.rule == rule_of(operation_id)
    mine = (own, tasks.department == members.department)
    found = select(func.count()).where(*mine, findings.visit_id == tasks.visit_id)

    def counted(*conditions: Any) -> Any:
        return select(func.count()).where(*mine, *conditions).scalar_subquery()

    return (
        select(
            members.operation_id,
            members.department,
            members.answer,
            members.said,
            counted().label("tasks"),
            counted(tasks.visit_id.is_not(None)).label("visited"),
            counted(tasks.state.in_(OPEN)).label("remaining"),
            counted(tasks.state == "CANCELLED").label("cancelled"),
            counted(tasks.outcome == "ISSUES").label("with_issues"),
            found.scalar_subquery().label("findings"),
            found.where(findings.stage.in_(("CLOSED", "WRITTEN_OFF"))).scalar_subquery().label("findings_over"),
            found.where(findings.is_veto).scalar_subquery().label("vetoes"),
        )
        .where(
            members.operation_id == operation_id,
            members.operation_id.in_(_joined(scope, (YES, NO, AWAITED), at)),
        )
        .order_by(members.department)
    )


def rule_of(operation_id: UUID) -> str:
    """What the tasks of an operation name as their cause."""
    return f"operation:{operation_id}"


def _joined(scope: Scope, answers: tuple[str, ...], at: int | None) -> Select[Any]:
    rows = OPERATION_MEMBERS.at(at).c
    return select(rows.operation_id).where(
        rows.answer.in_(answers),
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )


def _step(event: object) -> Row:
    match event:
        case o.OperationLaunched():
            return {"stage": Stage.UNDER_WAY.value}
        case o.OperationConcluded():
            return {"stage": Stage.CONCLUDED.value, "conclusion": event.conclusion}
        case o.OperationCancelled():
            return {"stage": Stage.CANCELLED.value, "conclusion": event.reason}
        case _:
            return {}
