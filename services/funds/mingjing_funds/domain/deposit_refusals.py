"""Why a step of a risk deposit is refused, in words that a person can act on."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class DepositUnknown(NotFound):
    """No risk deposit was filed under this id."""

    sentence = "There is no such risk deposit."
    remedy = "File the deposit account first."
    field = "deposit_id"


class DepositDiffers(Refusal):
    """It stands already for somebody else or in another account."""

    sentence = "The risk deposit was filed already with other particulars."
    remedy = "Another account is another deposit; file it under an id of its own."
    field = "number"


class DepositOver(Refusal):
    """Nothing comes into a deposit that was released, and nothing is drawn from it."""

    sentence = "Risk deposit {number} was released; what is left goes back to the institution."
    remedy = "File a new deposit, or return what is left."
    field = "state"


class MovementContradicted(Refusal):
    """The same movement with another amount or purpose."""

    sentence = "Movement {flow} was recorded with other particulars; the first record stands."
    remedy = "Ask the bank which one is right; a wrong movement is put right by one the other way."
    field = "flow"


class MovementImpossible(Invalid):
    """A top-up takes money out, a return puts it in, or nothing moves."""

    sentence = "A top-up or interest brings money in; a draw or return takes money out."
    remedy = "Check the sign of the amount, and that it is not zero."
    field = "amount_fen"


class DrawUnexplained(Invalid):
    """A draw is a decision, and a decision has a reason."""

    sentence = "Drawing on the risk deposit needs a reason."
    remedy = "Name the decision and the families for whom the money is."
    field = "reason"


class DepositTooLow(Refusal):
    """Invariant B: the minimum stays, and nothing goes below zero."""

    sentence = "¥{after_fen} would be left; at least ¥{required_fen} must stay."
    remedy = "Move less, or assess the minimum again first."
    rule = "deposit ≥ max(floor, fees of one period, ratio · U) (教监管函〔2021〕2号)"
    field = "amount_fen"


class DepositStillNeeded(Refusal):
    """Families still have money coming."""

    sentence = "¥{unconsumed_fen} of lessons are not yet given: the deposit is still needed."
    remedy = "Finish or refund all contracts first."
    rule = "risk deposit (教监管函〔2021〕2号)"
    field = "unconsumed_fen"


class DepositConsentMissing(Refusal):
    """The competent department has not agreed."""

    sentence = "The competent department has not consented to releasing this deposit."
    remedy = "Ask the department for its consent."
    field = "department_consents"
