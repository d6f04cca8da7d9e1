"""The same for what every service has from the kernel: persons and their requests, openings, and who read what.

They are asked of the tables of a service that has them; the functions are the same everywhere.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.service import SERVICE
from mingjing_kernel.identity import OFFICIALS, Role, Scope
from mingjing_kernel.reads.router import reads_in, volumes_on
from mingjing_kernel.sealed.subjects import subjects_in
from mingjing_kernel.sealed.unsealings import REVIEWERS, RIGHTS_OFFICERS, requests_in, unsealings_in
from mingjing_registry.projections.deadlines import DEADLINES, DEADLINES_READ
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA as REGISTRY
from scopes.question import FILED, NOW, Question, Row, listed

MODELS = {model.name: model for model in SERVICE.read_models}
READS = MODELS["reads"].table


def _id(row: Row) -> str:
    return str(row.id)


def _bit(row: Row) -> int:
    return 1 << row.number


def read_by_one(connection: Connection, scope: Scope, _at: int | None) -> list[UUID]:
    """The rows that one reader's total was made of: each counts for another power of two."""
    found = connection.execute(volumes_on(READS, scope, NOW.date())).mappings().all()
    things = sum(row["things"] for row in found)
    counted = [UUID(int=number + 1) for number in range(things.bit_length()) if things >> number & 1]
    assert sum(row["reads"] for row in found) == len(counted)
    return counted


_READ: dict[str, Any] = {
    "of": (MODELS["reads"],),
    "roles": {Role.AUDITOR},
    "dimensions": FILED,
    "keeps_history": False,
}
_PLACE = {"place": lambda row: row.number}

KERNEL_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    "mingjing_kernel/sealed/subjects.py:subjects_in": (METADATA, (
        Question(asks=listed(lambda scope, at: subjects_in(scope, MODELS["subjects"].at(at)), "subject"),
                 of=(MODELS["subjects"],), roles=RIGHTS_OFFICERS, dimensions=FILED, values={"subject": _id}),
    )),
    "mingjing_kernel/sealed/unsealings.py:unsealings_in": (METADATA, (
        Question(asks=listed(lambda scope, at: unsealings_in(scope, MODELS["unsealings"].at(at), NOW), "unsealing_id"),
                 of=(MODELS["unsealings"],), roles=REVIEWERS, dimensions=FILED),
    )),
    "mingjing_kernel/sealed/unsealings.py:requests_in": (METADATA, (
        Question(asks=listed(lambda scope, at: requests_in(scope, MODELS["subject_requests"].at(at), NOW),
                             "request_id"),
                 of=(MODELS["subject_requests"],), roles=RIGHTS_OFFICERS, dimensions=FILED),
    )),
    "mingjing_kernel/deadlines/plan.py:deadlines_in": (REGISTRY, (
        Question(asks=listed(lambda scope, at: DEADLINES.deadlines_in(scope, DEADLINES_READ, at), "id"),
                 of=(DEADLINES_READ, INSTITUTIONS_READ), roles=OFFICIALS, values={"rule": "licence-expiry"}),
    )),
    "mingjing_kernel/reads/router.py:reads_in": (METADATA, (
        Question(asks=listed(lambda scope, _at: reads_in(READS, scope), "reader"), values={"reader": _id, **_PLACE},
                 **_READ),
    )),
    "mingjing_kernel/reads/router.py:volumes_on": (METADATA, (
        Question(asks=read_by_one, values={"reader": "one", "count": _bit, **_PLACE}, **_READ),
    )),
}  # fmt: skip

KERNEL_CONDITIONS = {
    "mingjing_kernel/evidence/reach.py:may_add": "whether evidence may be added, by the kind of its thing",
    "mingjing_kernel/evidence/reach.py:require_seeing": "the same for seeing; the addresses of evidence are asked",
    "mingjing_kernel/service/subject_desk.py:row": "one row of subjects_in",
    "mingjing_kernel/service/subject_desk.py:standing": "the same",
    "mingjing_kernel/service/subject_desk.py:among": "rows of subjects_in",
}
"""What takes a scope there and answers nobody by itself, each with why."""
