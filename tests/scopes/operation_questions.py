"""The questions about joint operations: the operations themselves, each member's part, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import MetaData

from mingjing_inspection.projections import operations
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.tasks import TASKS_READ
from mingjing_kernel.identity import OFFICIALS
from scopes.question import Question, of_each, whole

_JOINED = (operations.OPERATIONS_READ, operations.OPERATION_MEMBERS)
_TAKES_PART: Mapping[str, Any] = {"answer": "YES", "referred": []}
_FOLDER = "mingjing_inspection/projections"
OPERATION_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/operations.py:operations_in": (METADATA, (
        whole(lambda scope, at: operations.operations_in(scope, at=at), "operation_id", of=_JOINED, roles=OFFICIALS,
              values=_TAKES_PART),
    )),
    f"{_FOLDER}/operations.py:pool_in": (METADATA, (
        Question(asks=of_each(lambda scope, id, at: operations.pool_in(scope, id, at=at), "item_id"),
                 of=(*_JOINED, operations.POOLED_EVIDENCE), roles=OFFICIALS, values=_TAKES_PART),
    )),
    f"{_FOLDER}/operations.py:members_in": (METADATA, (
        Question(asks=of_each(lambda scope, id, at: operations.members_in(scope, id, at=at), "operation_id"),
                 of=(*_JOINED, TASKS_READ, FINDINGS_READ), roles=OFFICIALS, values=_TAKES_PART),
    )),
}  # fmt: skip
