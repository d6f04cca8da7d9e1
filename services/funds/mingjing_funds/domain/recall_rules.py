"""How a batch decides about recalls (撤回指令): asked once of what was stopped, and answered once.

The one rule: cancelled is one of the two ways to end; a bank that says both is asked which is so.
"""

from __future__ import annotations

from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.payment_batch_refusals import InstructionNotInBatch, RecallNotAsked, StatusContradicted
from mingjing_funds.domain.payment_batch_terms import InstructionRefused, Progress, Sent, Standing
from mingjing_funds.domain.recall import AskRecall, ReadRecall, Recall, RecallAnswered, RecallAsked


def ask(command: AskRecall, batch: Sent) -> list[RecallAsked]:
    """Whatever was stopped and has not been recalled yet; what has come to its end meanwhile needs no recall."""
    return [
        RecallAsked(number=number, account_id=progress.item.account_id, asked_at=command.asked_at)
        for number, progress in sorted(batch.progress.items())
        if progress.standing is Standing.STOPPED and progress.recall is Recall.NONE
    ]


def answered(command: ReadRecall, batch: Sent) -> list[RecallAnswered | InstructionRefused]:
    """The bank's word on a recall: cancelled is refused, so that it ends once; too late, and its debit is awaited."""
    if command.number not in batch.progress:
        raise InstructionNotInBatch(number=command.number)
    progress = batch.progress[command.number]
    if progress.recall is Recall.NONE:
        raise RecallNotAsked(number=command.number)
    if command.outcome in (Recall.ASKED, progress.recall):
        return []  # pending, or said before
    is_gone = command.outcome is Recall.CANCELLED and progress.standing is Standing.EXECUTED
    if is_gone or progress.recall is not Recall.ASKED:
        raise StatusContradicted(
            number=command.number,
            amount_fen=yuan(progress.item.amount_fen),
            found=progress.standing.value if is_gone else progress.recall.value,
            reported=command.outcome.value,
        )
    said = RecallAnswered(
        number=command.number,
        account_id=progress.item.account_id,
        outcome=command.outcome,
        reason_code=command.reason_code,
        reason=command.reason,
        document_no=command.document_no,
        at=command.at,
    )
    if command.outcome is not Recall.CANCELLED or progress.standing is Standing.REFUSED:
        return [said]
    item, why = progress.item, f"已撤回 {command.document_no}".strip()
    refused = InstructionRefused(
        number=item.number,
        account_id=item.account_id,
        direction=item.direction,
        amount_fen=item.amount_fen,
        reason_code="CANC",
        reason=why,
        at=command.at,
    )
    return [said, refused]


def to_recall(batch: Sent) -> tuple[Progress, ...]:
    """What the bank was asked to cancel and has not answered, by number."""
    return tuple(one for _, one in sorted(batch.progress.items()) if one.recall is Recall.ASKED)
