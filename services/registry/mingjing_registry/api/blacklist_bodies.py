"""What a step of a listing says, and the command that follows from it.

One rule: days that a law counts are counted here, from the numbers of the policy and the working days of the
calendar, so that the domain is given a day and never a count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from mingjing_kernel.sealed.redact import redacted
from mingjing_registry.domain import annulment
from mingjing_registry.domain import blacklist as b
from mingjing_registry.domain.annulment import Body
from mingjing_registry.domain.listing_terms import Grade, ListingNumbers

FreeText = Annotated[str, AfterValidator(redacted)]
"""Words: mobile and identity numbers in them are masked before anything is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When a step is done, by which numbers, and how working days are counted."""

    on: date
    numbers: ListingNumbers
    days_after: Callable[[date, int], date]


class StepBody(BaseModel):
    """Every step becomes one command."""

    def command(self, at: Circumstances) -> b.Command:
        """The command under these circumstances."""
        raise NotImplementedError


class ReviewBody(StepBody):
    """The legal reviewer's opinion 法制审核意见."""

    agrees: bool
    opinion: FreeText = Field(max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """On, or back."""
        return b.ReviewListing(agrees=self.agrees, opinion=self.opinion, on=at.on)


class NoticeBody(StepBody):
    """Facts, reasons and rights, as the party was told them 告知书."""

    notice_reference: str = Field(max_length=200)
    served_on: date
    reasons: FreeText = Field(max_length=4_000)
    rights: FreeText = Field(max_length=2_000, description="陈述、申辩、听证的权利")

    def command(self, at: Circumstances) -> b.Command:
        """The window is counted in working days from service."""
        return b.ServeListingNotice(
            **self.model_dump(), respond_by=at.days_after(self.served_on, at.numbers.notice_working_days), on=at.on
        )


class StatementBody(StepBody):
    """What the party stated."""

    statement: FreeText = Field(max_length=10_000)
    received_on: date

    def command(self, at: Circumstances) -> b.Command:
        """Within the window."""
        return b.RecordStatement(**self.model_dump(), on=at.on)


class HearingRequestBody(StepBody):
    """When the party asked."""

    received_on: date

    def command(self, at: Circumstances) -> b.Command:
        """Within the window."""
        return b.RequestHearing(received_on=self.received_on, on=at.on)


class HearingBody(StepBody):
    """The hearing's written record 听证笔录."""

    record_reference: str = Field(max_length=200)
    held_on: date

    def command(self, at: Circumstances) -> b.Command:
        """After it was held."""
        return b.HoldHearing(**self.model_dump(), on=at.on)


class DecisionBody(StepBody):
    """The decision document 列入决定书."""

    document_number: str = Field(max_length=200)
    grade: Grade
    months: int = Field(ge=1, le=120)
    reason: FreeText = Field(max_length=4_000)
    answer: FreeText = Field(default="", max_length=4_000, description="对陈述申辩的采纳情况")

    def command(self, at: Circumstances) -> b.Command:
        """By the numbers in force on that day."""
        return b.DecideListing(
            document_number=self.document_number,
            grade=self.grade,
            months=self.months,
            reason=self.reason,
            answer=self.answer,
            numbers=at.numbers,
            on=at.on,
        )


class RejectionBody(StepBody):
    """Why not."""

    reason: FreeText = Field(max_length=4_000)

    def command(self, at: Circumstances) -> b.Command:
        """The file ends."""
        return b.RejectListing(reason=self.reason, on=at.on)


class ConsentBody(StepBody):
    """The superior's reply 上级批复."""

    consents: bool
    reference: str = Field(max_length=200)
    reason: FreeText = Field(default="", max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """Without consent the file ends."""
        return b.ConsentToListing(**self.model_dump(), on=at.on)


class PublicationBody(StepBody):
    """What the public reads."""

    summary: FreeText = Field(max_length=2_000, description="公布的事由摘要，不得含自然人信息")
    is_public: bool = Field(default=True, description="Only one of grade minor may stay unpublished")

    def command(self, at: Circumstances) -> b.Command:
        """From this day."""
        return b.PublishListing(**self.model_dump(), on=at.on)


class RepairApplicationBody(StepBody):
    """The application for credit repair 信用修复申请."""

    application_reference: str = Field(max_length=200)
    received_on: date

    def command(self, at: Circumstances) -> b.Command:
        """To be taken in, or refused, within so many working days."""
        accept_by = at.days_after(self.received_on, at.numbers.repair_accept_working_days)
        return b.ApplyForRepair(**self.model_dump(), accept_by=accept_by, on=at.on)


class RepairAcceptanceBody(StepBody):
    """What the application proves: corrected, all duties done, commitment made in public."""

    correction_reference: str = Field(max_length=200)
    duties_reference: str = Field(max_length=200)
    commitment_reference: str = Field(max_length=200)

    def command(self, at: Circumstances) -> b.Command:
        """To be decided within so many working days."""
        decide_by = at.days_after(at.on, at.numbers.repair_decide_working_days)
        return b.AcceptRepair(**self.model_dump(), decide_by=decide_by, on=at.on)


class RepairRefusalBody(StepBody):
    """Why not."""

    reason: FreeText = Field(max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """The listing goes on."""
        return b.RefuseRepair(reason=self.reason, on=at.on)


class RepairBody(StepBody):
    """Why it is granted."""

    reason: FreeText = Field(max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """Publication, sharing and use end."""
        return b.GrantRepair(reason=self.reason, on=at.on)


class AnnulmentBody(StepBody):
    """Who annulled the decision that the listing rests on, by which document, and since when that is known here."""

    body: Body = Field(description="行政复议机关、人民法院或者原决定机关")
    reference: str = Field(max_length=200)
    annulled_on: date
    known_on: date = Field(description="When the document reached this office: the clock runs from here")

    def command(self, at: Circumstances) -> b.Command:
        """The removal is due within so many working days."""
        count = at.numbers.withdrawal_working_days
        return annulment.RecordAnnulment(
            **self.model_dump(),
            working_days=count,
            remove_by=at.days_after(self.known_on, count),
            rule=at.numbers.version,
            on=at.on,
        )


class AnnulmentRetractionBody(StepBody):
    """By what the decision stands after all."""

    reference: str = Field(max_length=200)
    reason: FreeText = Field(max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """The file goes on as it was."""
        return annulment.RetractAnnulment(**self.model_dump(), on=at.on)


class WithdrawalBody(StepBody):
    """The penalty was annulled, or the listing was an error."""

    cause: Literal["annulled", "corrected"]
    reference: str = Field(max_length=200)
    known_on: date = Field(description="When the annulment took effect, or the error was found")
    reason: FreeText = Field(max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """Due within so many working days of that day."""
        withdraw_by = at.days_after(self.known_on, at.numbers.withdrawal_working_days)
        return b.WithdrawListing(**self.model_dump(), withdraw_by=withdraw_by, on=at.on)


class DroppingBody(StepBody):
    """Why the proposal is taken back."""

    reason: FreeText = Field(max_length=2_000)

    def command(self, at: Circumstances) -> b.Command:
        """The file ends."""
        return b.DropProposal(reason=self.reason, on=at.on)
