"""Payment batch (付款批次): releases and refunds that leave for a bank together, and what became of each.

The one rule: one instruction number is at most one debit. A hold wins over a running batch by the moments of both, not
by which message came first: what the bank carries out after the hold's moment was carried out against it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.persistent_map import PersistentMap
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

ITEMS_MAX = 5_000
"""Instructions in one batch; more become another batch of the same day."""


class Standing(StrEnum):
    """Where an instruction stands with the bank."""

    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    STOPPED = "stopped"
    EXECUTED = "executed"


class Ground(StrEnum):
    """Why an instruction is stopped on its way."""

    RELEASE_HOLD = "release-hold"
    JUDICIAL_FREEZE = "judicial-freeze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One instruction: from which custody account, to whom, how much. ``number`` is its own for ever."""

    number: str
    direction: Direction
    account_id: UUID
    account_number: str
    account_name: str
    amount_fen: int
    payee_name: str
    payee_account: str
    """The institution and its own account. Both are empty for a refund: no family's name or account goes into a log."""
    returns: str
    """The payment that a refund gives back: the bank sends it the way by which that came (原路退回)."""
    instructed_at: datetime


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


Command: TypeAlias = SendBatch | StopItems | ReadStatus


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSent:
    """These instructions left for the bank."""

    bank: str
    cut_off_at: datetime
    execute_on: date
    items: tuple[Item, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionAccepted:
    """The bank will carry it out."""

    number: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionRefused:
    """The bank will not carry it out, and says why."""

    number: str
    account_id: UUID
    direction: Direction
    amount_fen: int
    reason_code: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionStopped:
    """A hold or a freeze came before the bank: it must not go out any more."""

    number: str
    account_id: UUID
    direction: Direction
    amount_fen: int
    ground: Ground
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionExecuted:
    """The money has left. ``against_stop`` says that it left after a hold or freeze had begun."""

    number: str
    account_id: UUID
    flow: str
    at: datetime
    against_stop: bool


Event: TypeAlias = BatchSent | InstructionAccepted | InstructionRefused | InstructionStopped | InstructionExecuted


# -- state -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one instruction is. ``stopped_since`` stays known, whatever is reported later."""

    item: Item
    standing: Standing = Standing.SENT
    stopped_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """There is no such batch yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Out at the bank."""

    batch: BatchSent
    progress: PersistentMap[Progress]


Batch: TypeAlias = Unsent | Sent


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


def decide(command: Command, batch: Batch) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case SendBatch():
            return _send(command, batch)
        case StopItems():
            return _stop(command, _sent(batch))
        case ReadStatus():
            return _read(command, _sent(batch))
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
            return _with(batch, event.number, Standing.STOPPED, event.since)
        case InstructionExecuted():
            return _with(batch, event.number, Standing.EXECUTED)
        case _:
            assert_never(event)


def to_hand_over(batch: Sent) -> BatchSent:
    """The batch as the bank is to take it from now on: without whatever was stopped. Raises ``AllStopped``."""
    stopped = {number for number, progress in batch.progress.items() if progress.stopped_since is not None}
    items = tuple(item for item in batch.batch.items if item.number not in stopped)
    if not items:
        raise AllStopped
    return replace(batch.batch, items=items)


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


def _sent(batch: Batch) -> Sent:
    if isinstance(batch, Unsent):
        raise BatchUnknown
    return batch
