"""The questions behind the suggestions at intake: which institutions may be named, which complaints are clustered, and
which are found by their words.
"""

from __future__ import annotations

from sqlalchemy import MetaData

from mingjing_inspection.projections.complaint_words import COMPLAINT_WORDS_READ
from mingjing_inspection.projections.complaints import COMPLAINTS_READ, complaints_in
from mingjing_inspection.projections.premises import PREMISES_READ, premises_in
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS
from scopes.question import Question, of_each, whole

_FOLDER = "mingjing_inspection/projections"
WORDS = {"pairs": ["te", "ex", "xt"]}
"""Of ``text``, with which the title of every row begins."""
SEARCHED_COMPLAINTS = whole(
    lambda scope, _at: complaints_in(scope, search="text"), "complaint_id",
    of=(COMPLAINTS_READ, COMPLAINT_WORDS_READ), roles=OFFICIALS, values=WORDS, keeps_history=False,
)  # fmt: skip
"""Asked of today alone: a complaint that was taken is never gone, and the words are kept once."""
SUGGESTION_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/premises.py:premises_in": (METADATA, (
        Question(asks=of_each(lambda scope, id, _at: premises_in(scope, [id]), "institution_id"),
                 of=(PREMISES_READ,), roles=OFFICIALS, keeps_history=False),
    )),
}  # fmt: skip
