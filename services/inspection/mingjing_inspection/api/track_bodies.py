"""What a caller sends with each step of a track. One rule: numbers of persons in free text are masked before anything
else is done with it; who complained is known elsewhere, sealed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_terms import (
    TERMS_MAX,
    WORDS_MAX,
    Ending,
    Ground,
    Likeness,
    OrderKind,
    Satisfaction,
    Side,
)
from mingjing_kernel.limits import FEN_MAX
from mingjing_kernel.sealed.redact import redacted

Words = Annotated[str, Field(max_length=WORDS_MAX), AfterValidator(redacted)]
DEPARTMENTS_MAX = 10


class NothingBody(BaseModel):
    """The step says it all."""


class SplitBody(BaseModel):
    """Why the complaint is handled as one more thing."""

    reason: Words


class TriageBody(BaseModel):
    """What a report is about."""

    matter: Matter
    note: Words = ""


class ClassificationBody(BaseModel):
    """What a caller wants, and what about."""

    order_kind: OrderKind
    matter: Matter
    note: Words = ""


class RoutingBody(BaseModel):
    """Whose it is. Without a department the table's is taken; without a matter the one that was found before."""

    matter: Matter | None = None
    department: str = Field(default="", max_length=60)
    reason: Words = ""


class TrackReturnBody(BaseModel):
    """Not ours, and whose it is."""

    reason: Words
    suggested_department: str = Field(max_length=60)


class JurisdictionBody(BaseModel):
    """Which departments differ, and on what."""

    reason: Words
    departments: list[Annotated[str, Field(max_length=60)]] = Field(max_length=DEPARTMENTS_MAX)


class JurisdictionDecisionBody(BaseModel):
    """Whose it is for good."""

    department: str = Field(max_length=60)
    reason: Words


class NoteBody(BaseModel):
    """What was found or said."""

    note: Words


class TrackReasonBody(BaseModel):
    """Why."""

    reason: Words


class TextBody(BaseModel):
    """What was told, in plain words."""

    text: Words


class TrackExtensionBody(BaseModel):
    """Why more time is needed, and how the caller was told."""

    reason: Words
    told: Words


class CheckBody(BaseModel):
    """What somebody is to look at."""

    reason: Words
    days: int = Field(default=3, ge=1, le=30, description="Until when, in days")


class CallBackBody(BaseModel):
    """What the caller says of it."""

    satisfaction: Satisfaction
    note: Words = ""


class TrackClosureBody(BaseModel):
    """What it came to."""

    conclusion: Words


class LinkBody(BaseModel):
    """Which other track, and what they have in common."""

    other: UUID
    likeness: Likeness
    reason: Words


class MergerBody(BaseModel):
    """Into which other track of the same kind."""

    into: UUID
    reason: Words


class AcceptanceBody(BaseModel):
    """How the complainant was told, and whether money is asked back of which order."""

    told: Words
    asks_refund: bool = False
    contract_id: UUID | None = Field(default=None, description="The order; its release is frozen (X9)")


class RefusalBody(BaseModel):
    """The ground, in the instrument that the complaint falls under, and how the complainant was told."""

    ground: Ground
    note: Words
    told: Words


class ContractBody(BaseModel):
    """Which order it is about after all."""

    contract_id: UUID
    reason: Words


class StatementBody(BaseModel):
    """What a side says."""

    side: Side
    text: Words


class AppraisalBody(BaseModel):
    """What is to be appraised."""

    subject: Words


class AppraisalResultBody(BaseModel):
    """What the appraisal says."""

    result: Words


class AgreementBody(BaseModel):
    """The terms, a sentence each."""

    terms: list[Words] = Field(min_length=1, max_length=TERMS_MAX)
    refund_fen: int = Field(default=0, ge=0, le=FEN_MAX)
    pay_by: date | None = None


class TerminationBody(BaseModel):
    """Why there is no agreement."""

    ground: Ending
    note: Words


class ReplyBody(BaseModel):
    """The answer; whether what the caller said is so, where something was said."""

    text: Words
    is_substantiated: bool | None = None


class ExtractBody(BaseModel):
    """Of which order, and for what."""

    contract_id: UUID
    purpose: Words
