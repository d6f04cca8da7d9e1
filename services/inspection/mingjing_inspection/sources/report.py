"""Reports and corrections as a device writes them: their form, and how the bytes of a part are read.

One rule: an online request and a part that comes days later are read by the same models, so that a device writes one
form. What is whole and cannot be read says where.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mingjing_inspection.domain.bundle_refusals import PartUnreadable
from mingjing_inspection.domain.visit import (
    PHOTOS_MAX,
    Answer,
    Finding,
    Observation,
    Outcome,
    Position,
    Signatory,
    Signature,
)
from mingjing_kernel.http.strict_json import check_json
from mingjing_kernel.moment import Moment
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.redact import redacted

RECORDINGS_SENT_MAX = 20
COMPANIONS_SENT_MAX = 20
Form = TypeVar("Form", bound="BaseModel")


class AnswerBody(BaseModel):
    """The answer to one checklist item."""

    item: str = Field(max_length=20)
    finding: Finding
    remark: str = Field(default="", max_length=1_000)
    photos: list[str] = Field(default=[], max_length=PHOTOS_MAX)


class PositionBody(BaseModel):
    """Where the device was; WGS 84, in 1e-7 degrees."""

    latitude_e7: int
    longitude_e7: int
    accuracy_metres: int
    is_mock: bool = False


class SignatureBody(BaseModel):
    """A signature, or why the institution gave none."""

    model_config = ConfigDict(from_attributes=True)

    by: Signatory
    image: str = Field(default="", max_length=64, description="SHA-256 (hex) of the picture, sent as evidence")
    refusal: str = Field(default="", max_length=400, description="Of the institution only: why it does not sign")


class ObservationBody(BaseModel):
    """What the officer saw."""

    outcome: Outcome
    checklist: str = Field(max_length=40)
    answers: list[AnswerBody] = Field(default=[], max_length=100)
    photos: list[str] = Field(description="SHA-256 (hex) of the original photo files", max_length=PHOTOS_MAX + 1)
    position: PositionBody
    visited_at: Moment = Field(description="By the device's clock")
    note: str = ""
    recordings: list[str] = Field(
        default=[], max_length=RECORDINGS_SENT_MAX, description="SHA-256 (hex) of sound and video files"
    )
    signatures: list[SignatureBody] = Field(default=[], max_length=4)
    companions: list[str] = Field(
        default=[], max_length=COMPANIONS_SENT_MAX, description="Subjects of the other officers who were there"
    )

    def observation(self) -> Observation:
        """The same for the domain."""
        return Observation(
            outcome=self.outcome,
            checklist=self.checklist,
            answers=tuple(
                Answer(item=one.item, finding=one.finding, remark=redacted(one.remark), photos=tuple(one.photos))
                for one in self.answers
            ),
            photos=tuple(self.photos),
            position=Position(**self.position.model_dump()),
            visited_at=self.visited_at,
            note=redacted(self.note),
            recordings=tuple(self.recordings),
            signatures=tuple(
                Signature(by=one.by, image=one.image, refusal=redacted(one.refusal)) for one in self.signatures
            ),
            companions=tuple(self.companions),
        )


class ReportForm(BaseModel):
    """A report as it stands in a part: the device's clock at sending stands in the manifest."""

    institution_id: UUID
    site_id: UUID
    task_id: UUID | None = None
    observation: ObservationBody


class CorrectionBody(BaseModel):
    """A correction of a report."""

    corrects_version: int = Field(ge=1, le=10_000)
    observation: ObservationBody
    reason: str = Field(max_length=1_000)


class CorrectionForm(CorrectionBody):
    """A correction as it stands in a part: it says of which visit it is."""

    visit_id: UUID


def read_report(content: bytes) -> ReportForm:
    """Raises ``PartUnreadable``."""
    return _read(content, ReportForm, "report")


def read_correction(content: bytes) -> CorrectionForm:
    """Raises ``PartUnreadable``."""
    return _read(content, CorrectionForm, "correction")


def _read(content: bytes, form: type[Form], kind: str) -> Form:
    try:
        check_json(content)
        document: Any = json.loads(content)
        return form.model_validate(document)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "$"
        raise PartUnreadable(kind=kind, where=where, field=where) from wrong
    except (Refusal, ValueError, RecursionError) as wrong:
        raise PartUnreadable(kind=kind, where="JSON") from wrong
