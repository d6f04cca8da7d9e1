"""Why a step of a payment batch is refused (付款批次), in words that a person can act on."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class BatchUnknown(NotFound):
    """No such batch was sent."""

    sentence = "There is no such payment batch."
    remedy = "Check the number of the message that the bank's report refers to."
    field = "batch_id"


class BatchDiffers(Refusal):
    """The same batch with other items."""

    sentence = "This batch was sent already with other instructions."
    remedy = "What was instructed later belongs into the next batch."
    field = "batch_id"


class BatchImpossible(Invalid):
    """An empty or overlong batch, a number twice, nothing to pay, nobody to pay it to, or it was asked for too late."""

    sentence = "A batch holds 1 to {limit} whole instructions of different numbers, given before its cut-off."
    remedy = "Leave out what does not fit; it goes out with the next batch."
    field = "items"


class AllStopped(Refusal):
    """There is nothing left that the bank should carry out."""

    sentence = "Every instruction of this batch was stopped by a hold or a freeze."
    remedy = "Do not hand it over; have the bank confirm what it has already that it is not carried out."
    field = "batch_id"


class InstructionNotInBatch(NotFound):
    """A report on something that was not sent with this batch."""

    sentence = "Instruction {number} is not in this batch."
    remedy = "Ask the bank which message it means."
    field = "number"


class StatusContradicted(Refusal):
    """The bank says two things that cannot both be so."""

    sentence = "Instruction {number} over ¥{amount_fen} is {found} already; now the bank reports it as {reported}."
    remedy = "Ask the bank which is so. Its statement decides about money; a wrong debit is put right by a reversal."
    field = "number"


class RecallNotAsked(Refusal):
    """The bank answers what nobody has asked."""

    sentence = "Nobody has asked the bank to cancel instruction {number}."
    remedy = "Ask the bank which message it answers; what a hold or a freeze stops is recalled by itself."
    field = "number"


class NothingToRecall(Refusal):
    """No recall of this batch waits for an answer."""

    sentence = "No instruction of this batch waits for the bank's answer to a recall."
    remedy = "Look at the batch: nothing of it was stopped, or the bank has answered."
    field = "batch_id"
