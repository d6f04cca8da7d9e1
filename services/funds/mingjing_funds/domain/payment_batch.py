"""Payment batch (付款批次): releases and refunds that leave for a bank together, and what became of each.

The one rule: one instruction number is at most one debit. A hold wins over a running batch by the moments of both, not
by which message came first: what the bank carries out after the hold's moment was carried out against it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_funds.domain import recall_rules
from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.payment_batch_refusals import AllStopped as AllStopped
from mingjing_funds.domain.payment_batch_refusals import BatchDiffers as BatchDiffers
from mingjing_funds.domain.payment_batch_refusals import BatchImpossible as BatchImpossible
from mingjing_funds.domain.payment_batch_refusals import BatchUnknown as BatchUnknown
from mingjing_funds.domain.payment_batch_refusals import InstructionNotInBatch as InstructionNotInBatch
from mingjing_funds.domain.payment_batch_refusals import StatusContradicted as StatusContradicted
from mingjing_funds.domain.payment_batch_terms import ITEMS_MAX as ITEMS_MAX
from mingjing_funds.domain.payment_batch_terms import Batch as Batch
from mingjing_funds.domain.payment_batch_terms import BatchSent as BatchSent
from mingjing_funds.domain.payment_batch_terms import Ground as Ground
from mingjing_funds.domain.payment_batch_terms import InstructionAccepted as InstructionAccepted
from mingjing_funds.domain.payment_batch_terms import InstructionExecuted as InstructionExecuted
from mingjing_funds.domain.payment_batch_terms import InstructionRefused as InstructionRefused
from mingjing_funds.domain.payment_batch_terms import InstructionStopped as InstructionStopped
from mingjing_funds.domain.payment_batch_terms import Item as Item
from mingjing_funds.domain.payment_batch_terms import Progress as Progress
from mingjing_funds.domain.payment_batch_terms import Sent as Sent
from mingjing_funds.domain.payment_batch_terms import Standing as Standing
from mingjing_funds.domain.payment_batch_terms import Unsent as Unsent
from mingjing_funds.domain.persistent_map import PersistentMap
from mingjing_funds.domain.recall import AskRecall, ReadRecall, Recall, RecallAnswered, RecallAsked
from mingjing_kernel.decider import Decider

# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBatch:
    """Send what was instructed up to the day's cut-off; the bank carries it out on ``execute_on``."""

    bank: str
    cut_off_at: datetime
    execute_on: date
    items: tuple[Item, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StopItems:
    """A hold or a freeze begins at this moment: what the bank has not carried out by then must not go out.

    A hold stops releases only; a freeze of the whole account refunds, too. ``numbers`` limits it, where not all stop.
    """

    account_id: UUID
    ground: Ground
    since: datetime
    numbers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatus:
    """The bank reports on one instruction, late, twice or out of order. ``at`` is the bank's own moment."""

    number: str
    standing: Standing
    reason_code: str
    reason: str
    flow: str
    at: datetime


Command: TypeAlias = SendBatch | StopItems | ReadStatus | AskRecall | ReadRecall


Event: TypeAlias = (
    BatchSent
    | InstructionAccepted
    | InstructionRefused
    | InstructionStopped
    | InstructionExecuted
    | RecallAsked
    | RecallAnswered
)


def decide(command: Command, batch: Batch) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case SendBatch():
            return _send(command, batch)
        case StopItems():
            return _stop(command, _sent(batch))
        case ReadStatus():
            return _read(command, _sent(batch))
        case AskRecall():
            return [*recall_rules.ask(command, _sent(batch))]
        case ReadRecall():
            return [*recall_rules.answered(command, _sent(batch))]
        case _:
            assert_never(command)


def evolve(batch: Batch, event: Event) -> Batch:
    """The batch after a fact."""
    match event:
        case BatchSent():
            progress: PersistentMap[Progress] = PersistentMap()
            for item in event.items:
                progress = progress.set(item.number, Progress(item))
            return Sent(event, progress)
        case InstructionAccepted():
            return _with(batch, event.number, Standing.ACCEPTED)
        case InstructionRefused():
            return _with(batch, event.number, Standing.REFUSED)
        case InstructionStopped():
            stopped = _with(batch, event.number, Standing.STOPPED, event.since)
            grounded = replace(stopped.progress[event.number], ground=event.ground)
            return replace(stopped, progress=stopped.progress.set(event.number, grounded))
        case InstructionExecuted():
            return _with(batch, event.number, Standing.EXECUTED)
        case RecallAsked():
            return _recalling(batch, event.number, Recall.ASKED, event.asked_at)
        case RecallAnswered():
            return _recalling(batch, event.number, event.outcome, None)
        case _:
            assert_never(event)


def to_hand_over(batch: Sent) -> BatchSent:
    """The batch as the bank is to take it from now on: without whatever was stopped. Raises ``AllStopped``."""
    stopped = {number for number, progress in batch.progress.items() if progress.stopped_since is not None}
    items = tuple(item for item in batch.batch.items if item.number not in stopped)
    if not items:
        raise AllStopped
    return replace(batch.batch, items=items)


to_recall = recall_rules.to_recall

BATCH: Decider[Command, Batch, Event] = Decider(initial=Unsent(), decide=decide, evolve=evolve)


def _send(command: SendBatch, batch: Batch) -> list[Event]:
    if isinstance(batch, Sent):
        if (batch.batch.bank, batch.batch.items) == (command.bank, command.items):
            return []
        raise BatchDiffers
    numbers = {item.number for item in command.items}
    possible = 0 < len(command.items) <= ITEMS_MAX and len(numbers) == len(command.items)
    if not possible or not all(_fits(item, command.cut_off_at) for item in command.items):
        raise BatchImpossible(limit=ITEMS_MAX)
    sent = BatchSent(
        bank=command.bank,
        cut_off_at=command.cut_off_at,
        execute_on=command.execute_on,
        items=command.items,
        sent_at=command.sent_at,
    )
    return [sent]


def _fits(item: Item, cut_off_at: datetime) -> bool:
    named = (bool(item.payee_name), bool(item.payee_account), bool(item.returns))
    whole = {Direction.RELEASE: (True, True, False), Direction.REFUND: (False, False, True)}
    return item.amount_fen > 0 and item.instructed_at <= cut_off_at and named == whole.get(item.direction)


def _stop(command: StopItems, batch: Sent) -> list[Event]:
    """Everything of the account that is still under way; what was executed or refused is beyond stopping."""
    return [
        InstructionStopped(
            number=number,
            account_id=command.account_id,
            direction=progress.item.direction,
            amount_fen=progress.item.amount_fen,
            ground=command.ground,
            since=command.since,
        )
        for number, progress in sorted(batch.progress.items())
        if progress.item.account_id == command.account_id
        and progress.standing in (Standing.SENT, Standing.ACCEPTED)
        and (command.ground is Ground.JUDICIAL_FREEZE or progress.item.direction is Direction.RELEASE)
        and (command.numbers is None or number in command.numbers)
    ]


def _read(command: ReadStatus, batch: Sent) -> list[Event]:
    if command.number not in batch.progress:
        raise InstructionNotInBatch(number=command.number)
    progress = batch.progress[command.number]
    item = progress.item
    match command.standing, progress.standing:
        case (Standing.EXECUTED, Standing.SENT | Standing.ACCEPTED | Standing.STOPPED):
            since = progress.stopped_since
            return [
                InstructionExecuted(
                    number=item.number,
                    account_id=item.account_id,
                    flow=command.flow,
                    at=command.at,
                    against_stop=since is not None and command.at > since,
                )
            ]
        case (Standing.REFUSED, Standing.SENT | Standing.ACCEPTED | Standing.STOPPED):
            return [
                InstructionRefused(
                    number=item.number,
                    account_id=item.account_id,
                    direction=item.direction,
                    amount_fen=item.amount_fen,
                    reason_code=command.reason_code,
                    reason=command.reason,
                    at=command.at,
                )
            ]
        case (Standing.ACCEPTED, Standing.SENT):
            return [InstructionAccepted(number=item.number, account_id=item.account_id, at=command.at)]
        case (Standing.REFUSED, Standing.EXECUTED) | (Standing.EXECUTED, Standing.REFUSED):
            raise _contradicted(command, progress)
        case _:
            return []  # said before, or overtaken by a later report


def _contradicted(command: ReadStatus, progress: Progress) -> StatusContradicted:
    return StatusContradicted(
        number=command.number,
        amount_fen=yuan(progress.item.amount_fen),
        found=progress.standing.value,
        reported=command.standing.value,
    )


def _with(batch: Batch, number: str, standing: Standing, since: datetime | None = None) -> Sent:
    sent = _sent(batch)
    before = sent.progress[number]
    after = replace(before, standing=standing, stopped_since=since or before.stopped_since)
    return replace(sent, progress=sent.progress.set(number, after))


def _recalling(batch: Batch, number: str, recall: Recall, asked_at: datetime | None) -> Sent:
    sent = _sent(batch)
    before = sent.progress[number]
    after = replace(before, recall=recall, asked_at=asked_at or before.asked_at)
    return replace(sent, progress=sent.progress.set(number, after))


def _sent(batch: Batch) -> Sent:
    if isinstance(batch, Unsent):
        raise BatchUnknown
    return batch
