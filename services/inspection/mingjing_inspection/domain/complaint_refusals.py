"""Why a complaint is refused. One rule: only when it cannot be told from another, or says nothing."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class NumberMissing(Invalid):
    """Without a number nobody can ask about it."""

    sentence = "The complaint has no number."
    remedy = "Give the number of the channel; for a call of your own, the number of your register."
    field = "number"


class NumberTaken(Refusal):
    """The channel gave the same number to two different complaints."""

    sentence = "Number {number} already stands for a complaint with other words, time or respondent."
    remedy = "Compare both; if it is a new complaint, ask the channel for its own number."
    rule = "one number, one complaint"
    field = "number"


class TextMissing(Invalid):
    """Nothing was said."""

    sentence = "The complaint says nothing."
    remedy = "Write down the request and the facts."
    rule = "request and facts are required (Order 20, art. 9; kept by Order 121)"
    field = "text"


class TextTooLong(Invalid):
    """Longer than a complaint."""

    sentence = "The text is longer than {maximum} characters."
    remedy = "Shorten it and file the rest as evidence."
    field = "text"


class ReceivedInFuture(Invalid):
    """Received after it was written down."""

    sentence = "The complaint was received later than now."
    remedy = "Correct the time of receipt."
    field = "received_at"


class TracksMissing(Invalid):
    """Neither dispute nor report nor work order."""

    sentence = "The complaint has no track."
    remedy = "Say whether it is a dispute, a report, both, or a work order."
    rule = "dispute and report are two tracks (Order 20, art. 7)"
    field = "tracks"


class AttributionReasonMissing(Invalid):
    """Attributed by hand without a reason."""

    sentence = "Saying whom a complaint is about needs a reason."
    remedy = "Say in a sentence how you know."
    field = "reason"


class ComplainantUnknown(NotFound):
    """The complainant gave neither name nor telephone."""

    sentence = "The complainant gave neither a name nor a telephone."
    remedy = "Ask the channel that took the complaint."
    field = "complainant"


class ComplaintNotTaken(NotFound):
    """There is no such complaint."""

    sentence = "No complaint was taken under this id."
    remedy = "Check the number."
    field = "complaint_id"


class CorrectionReasonMissing(Invalid):
    """Particulars of a person change because she asked, or because it was shown that they are wrong."""

    sentence = "Say who asked for the correction and how you know that it is right."
    remedy = "Name the request, for example the number of the call."
    rule = "PIPL art. 46"
    field = "reason"
