"""The questions behind the suggestions at intake: which institutions may be named, which complaints are clustered."""

from __future__ import annotations

from sqlalchemy import MetaData

from mingjing_inspection.projections.premises import PREMISES_READ, premises_in
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS
from scopes.question import Question, of_each

_FOLDER = "mingjing_inspection/projections"
SUGGESTION_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/premises.py:premises_in": (METADATA, (
        Question(asks=of_each(lambda scope, id, _at: premises_in(scope, [id]), "institution_id"),
                 of=(PREMISES_READ,), roles=OFFICIALS, keeps_history=False),
    )),
}  # fmt: skip
