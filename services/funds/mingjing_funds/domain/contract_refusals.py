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


class ConfirmationNotYours(Refusal):
    """An institution says that a family has confirmed, or was asked: what releases money is the family's own word."""

    sentence = "An institution cannot report a lesson as {standing}."
    remedy = "Report it as delivered; then the family is asked, and answers by its own link or code."
    rule = "a lesson is confirmed by the family 家长确认课消 (全国校外教育培训监管与服务综合平台)"
    field = "standing"
    status = 403


class TooManyOfOnePupil(Refusal):
    """A batch names the same pupil again and again: her contracts are looked at one after the other."""

    sentence = "One batch takes at most {allowed} contracts of the same pupil."
    remedy = "Send the rest in the next batch."
    rule = "P5 charges of one pupil count together (教监管函〔2021〕2号)"
    field = "pupil"


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


class NotSigned(Refusal):
    """A draft binds nobody."""

    sentence = "Contract {contract_no} is a draft."
    remedy = "Sign it first."
    field = "contract_no"


class TeachingTimeForbidden(Refusal):
    """A lesson is planned at a time at which it may not be held."""

    sentence = "Lesson {lesson_no} may not be held at this time ({broken})."
    remedy = "Plan it at another time; GET /policies/teaching-times shows the numbers in force."
    rule = "T1–T6 (中办发〔2021〕40号; 13 部门非学科类培训意见, 2022)"
    field = "held"


class LessonUnknown(NotFound):
    """Nothing was reported under this number."""

    sentence = "There is no lesson {lesson_no} on this contract."
    remedy = "Check the number; report the lesson first."
    field = "lesson_no"


class LessonNotInState(Refusal):
    """The lesson is elsewhere on its way."""

    sentence = "Lesson {lesson_no} is {standing}."
    remedy = "Confirmation is asked for lessons that were delivered; only a disputed one is settled."
    field = "lesson_no"


class NoLessonNamed(Invalid):
    """An answer or a question names lessons, each once, of its own request."""

    sentence = "Name at least one lesson, each once, and only lessons that the request is about."
    remedy = "Correct the list of lessons."
    field = "lesson_nos"


class ConfirmationDiffers(Refusal):
    """The same request with other lessons."""

    sentence = "This request for confirmation stands already, with other lessons."
    remedy = "Give the new request an id of its own."
    field = "request_id"


class ConfirmationCodeUnknown(NotFound):
    """No code, or one that a newer one has replaced."""

    sentence = "This code is not known, or a newer one has replaced it."
    remedy = "Use the newest message; ask the institution to send the request again."
    field = "code"


class ConfirmationCodeExpired(Refusal):
    """Its time is over."""

    sentence = "This code has run out."
    remedy = "Ask the institution to send the request again; a lesson that was confirmed by silence can be disputed."
    field = "code"


class LessonAnswered(Refusal):
    """An answer is given once."""

    sentence = "This has been answered already, in another way."
    remedy = "To change an answer, turn to the fund regulator, who can take up a dispute."
    field = "lesson_nos"


class DecisionUnexplained(Invalid):
    """A person's decision about money says why."""

    sentence = "A decision needs its reason."
    remedy = "Write what was found and on which evidence."
    field = "reason"


class LessonCannotCount(Refusal):
    """It goes beyond what was bought, or beyond what is left."""

    sentence = "Lesson {lesson_no} cannot count: it goes beyond the lessons bought, or beyond the money that is left."
    remedy = "Look at the other lessons and refunds of the contract first."
    field = "lesson_no"


class LessonMoneyGone(Refusal):
    """What has gone is not taken back here."""

    sentence = "The money of lesson {lesson_no} has gone to the institution (¥{released_fen} so far)."
    remedy = "Ask for a refund, or complain: the institution has to give it back."
    field = "lesson_no"


class NoAlteration(Refusal):
    """Nothing waits for a decision."""

    sentence = "Lesson {lesson_no} was not sent again with other words, or that was decided."
    remedy = "Look at the lesson as it stands."
    field = "lesson_no"


class AlterationDiffers(Refusal):
    """It was altered once more."""

    sentence = "Lesson {lesson_no} was sent once more meanwhile, with other words than those that you saw."
    remedy = "Look at the latest version, and decide again."
    field = "lesson_no"


class TransferredBefore(Refusal):
    """What was left has gone to another contract."""

    sentence = "Contract {contract_no} was transferred to {to}."
    remedy = "Go on with that contract."
    field = "to_contract_no"


class TransferHindered(Refusal):
    """Something must be settled first."""

    sentence = "Contract {contract_no} has a refund, a dispute or a lesson that waits for the family's word."
    remedy = "Settle these first; what is left then can be transferred."
    field = "contract_id"


class TransferDiffers(Refusal):
    """A transfer takes all that is left."""

    sentence = "The transfer is ¥{amount_fen}; ¥{remaining_fen} are left on the contract."
    remedy = "Transfer all that is left; a part of it is refunded instead."
    field = "amount_fen"


class TransferElsewhere(Refusal):
    """Money does not leave the custody account by a transfer."""

    sentence = "The two contracts are not with the same custody account."
    remedy = "Between institutions the money goes back to the family, who pays anew."
    field = "to_contract_id"


class InstructionUsed(Refusal):
    """One number, one debit."""

    sentence = "Instruction {instruction_no} was given before, with another amount or another end."
    remedy = "Give the new instruction a number of its own."
    field = "instruction_no"


class InstructionUnknown(NotFound):
    """No such instruction was given for it."""

    sentence = "Instruction {instruction_no} is not the last one that was given here."
    remedy = "Check the number."
    field = "instruction_no"


class InstructionUnderWay(Refusal):
    """The bank has it."""

    sentence = "Instruction {instruction_no} is on its way to the bank."
    remedy = (
        "Wait for the bank's report. What it refuses can be taken back; what a hold or a freeze stopped, with the "
        "bank's written confirmation that it is not carried out."
    )
    field = "instruction_no"


class ReleaseNotDue(Refusal):
    """Earned, but the release policy keeps it for later."""

    sentence = "The release is ¥{amount_fen}; the release policy {policy} lets ¥{left_fen} of this contract go today."
    remedy = "Release at most that, or wait for the day that the policy names."
    field = "amount_fen"


class ContractWithoutAccount(Refusal):
    """Its money is in no account that is known here."""

    sentence = "It is not known in which custody account the money of contract {contract_no} is."
    remedy = "Deliver the account list that names the institution, and try again."
    field = "contract_id"


class OrderFrozen(Refusal):
    """X9: a dispute stops the releases of this order, and of no other."""

    sentence = "Nothing of contract {contract_no} may be released while a dispute about it is open."
    remedy = "Wait for the end of the dispute; refunds stay possible."
    rule = "X9"
    field = "contract_id"


class ReleaseTooHigh(Refusal):
    """Never beyond C(k)."""

    sentence = "The release is ¥{amount_fen}; confirmed lessons have earned ¥{left_fen} more than was released."
    remedy = "Release at most what confirmed lessons have earned."
    rule = "C(k) (教监管函〔2021〕2号)"
    field = "amount_fen"


class RefundNotInState(Refusal):
    """The refund is elsewhere on its way."""

    sentence = "Refund {refund_no} is {standing}; that step does not follow."
    remedy = "Look at where the refund stands."
    field = "refund_no"


class CoolingOffOver(Refusal):
    """Seven days, and nothing of the service had before."""

    sentence = "Paid on {paid_on}: {days} days have passed, a lesson was had, or the pupil had the same service before."
    remedy = "Ask for an ordinary refund of what is left."
    rule = "法释〔2025〕4号"
    field = "kind"


class CoolingOffWhole(Refusal):
    """A cooling-off gives everything back."""

    sentence = "Within the cooling-off the whole price comes back: ¥{paid_fen}."
    remedy = "Ask for the whole price."
    rule = "法释〔2025〕4号"
    field = "amount_fen"


class FrozenByCourt(Refusal):
    """Only a court stops a refund."""

    sentence = "A court's order stands over the account ({order}): the refund waits."
    remedy = "Put the refund on hold, and go on when the order is lifted or lets refunds through."
    field = "refund_no"


class OriginalRouteOnly(Refusal):
    """Money goes back where it came from."""

    sentence = "The refund goes to the payer of {payment_no}."
    remedy = "Name that payment; where its way is closed, say why another one is taken."
    rule = "GF—2021—2604"
    field = "payment_no"
