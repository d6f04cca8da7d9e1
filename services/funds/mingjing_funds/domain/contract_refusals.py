"""Why a contract command is refused, in words that a person can act on."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class ContractUnknown(NotFound):
    """No contract stands under this number."""

    sentence = "There is no contract {contract_no}."
    remedy = "Check the contract number; import the contract before its payments and lessons."
    field = "contract_no"


class ContractDiffers(Refusal):
    """The same number was signed with other terms."""

    sentence = "Contract {contract_no} stands already with other terms."
    remedy = "Give the new contract a number of its own; a signed contract is changed by a supplement."
    field = "contract_no"


class TermsImpossible(Invalid):
    """Terms that no contract can have."""

    sentence = "A contract needs at least one paid lesson, a price of at least one fen and an end after its start."
    remedy = "Correct the number of lessons, the price or the dates."
    field = "terms"


class ChargingBlocked(Refusal):
    """X11: the institution may not charge at present."""

    sentence = "The institution may not charge: {why}."
    remedy = "Refunds stay possible. New charges wait until the licence is valid again."
    rule = "X11 (民办教育促进法 art 62)"
    field = "institution_id"


class AlreadyPaid(Refusal):
    """A second, different payment for a paid contract."""

    sentence = "Contract {contract_no} was paid with {payment_no}."
    remedy = "Refund the second payment, or sign a contract of its own for it."
    field = "payment_no"


class PaymentDiffers(Refusal):
    """The payment is not the price."""

    sentence = "The payment is ¥{amount_fen}, the contract's price ¥{price_fen}."
    remedy = "Pay the price that the contract names."
    field = "amount_fen"


class NotPaid(Refusal):
    """Nothing was paid, so nothing can be refunded."""

    sentence = "Contract {contract_no} has not been paid."
    remedy = "Record the payment first."
    field = "contract_no"


class RefundUnknown(NotFound):
    """No refund was requested under this number."""

    sentence = "There is no refund request {refund_no} on this contract."
    remedy = "Check the refund number."
    field = "refund_no"


class RefundTooHigh(Refusal):
    """A refund may not exceed what is left."""

    sentence = "The refund is ¥{amount_fen}; ¥{remaining_fen} are left on the contract."
    remedy = "Refund at most what is left: price minus confirmed lessons minus refunds paid."
    rule = "P − C(k) (GF—2021—2604; 教监管函〔2021〕2号)"
    field = "amount_fen"


class RefundDiffers(Refusal):
    """The same refund with another amount."""

    sentence = "Refund {refund_no} stands with ¥{known_fen}, not with ¥{amount_fen}."
    remedy = "Pay exactly what was asked for and agreed; another amount is a refund with a number of its own."
    field = "amount_fen"


class RefundAnswered(Refusal):
    """What was agreed cannot be taken back."""

    sentence = "Refund {refund_no} is {standing}; it can no longer be refused."
    remedy = "Pay what was agreed; a dispute is settled with the family, not in the record."
    field = "answer"


class RefundNotAgreed(Refusal):
    """A refund is paid only after agreement."""

    sentence = "Refund {refund_no} is {standing}."
    remedy = "Wait for the institution's answer; after five working days silence counts as agreement."
    field = "refund_no"


class FamilyUnknown(NotFound):
    """The contract names nobody of the kind."""

    sentence = "Contract {contract_no} names no such person, or names another one by now."
    remedy = "Look at the contract; a guardian may be known only from the next export of the vendor."
    field = "member"


class CorrectionUnexplained(Invalid):
    """A person's particulars are changed at her request, and the record says so."""

    sentence = "A correction needs its reason: who asked for it, and how that was checked."
    remedy = "Write the reason."
    rule = "PIPL art. 46"
    field = "reason"


class AmountNotPositive(Invalid):
    """Money moves in positive amounts."""

    sentence = "The amount must be at least one fen."
    remedy = "Enter a positive amount."
    field = "amount_fen"
