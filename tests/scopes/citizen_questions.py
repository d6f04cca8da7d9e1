"""The questions about what citizens say to their complaints."""

from __future__ import annotations

from sqlalchemy import MetaData

from mingjing_inspection.projections import complaint_voices
from mingjing_inspection.projections.schema import METADATA as INSPECTION
from mingjing_kernel.identity import OFFICIALS
from scopes.question import Question, whole

CITIZEN_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    "mingjing_inspection/projections/complaint_voices.py:complaint_voices_in": (INSPECTION, (
        whole(lambda scope, at: complaint_voices.complaint_voices_in(scope, at=at), "complaint_id",
              of=(complaint_voices.COMPLAINT_VOICES_READ,), roles=OFFICIALS),
    )),
}  # fmt: skip
