"""A reconciliation break (对账差异单): opened when a look finds it, righted when it is gone, resolved by a person.

The one rule: a person resolves with reason and evidence, and what a person has resolved stays so until it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias, assert_never

from mingjing_funds.domain.break_terms import Found, Kind
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal


class Disposal(StrEnum):
    """How a person dealt with it."""

    PAID_IN = "paid-in"
    """The money came another way; the evidence says which."""
    CORRECTED_BY_BANK = "corrected-by-bank"
    ORDERS_CORRECTED = "orders-corrected"
    CLAIMED = "claimed"
    """Somebody owes it now, by a decision."""
    CASE_FILED = "case-filed"
    ACCEPTED = "accepted"
    """Both sides are right and the difference stands explained."""


class Righted(StrEnum):
    """Why a later look does not find it any more."""

    REVERSED = "reversed"
    """The bank's reversal undid it."""
    CAME_RIGHT = "came-right"
    """What was missing came, or what nobody could place was explained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose account it is, and who must hear of it."""

    institution_name: str
    account_number: str
    department: str
    region: str
    category: str


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBreak:
    """A look on this day finds it."""

    found: Found
    whose: Whose
    seen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MissBreak:
    """A look on this day does not find it any more."""

    seen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveBreak:
    """A person has dealt with it."""

    by: str
    disposal: Disposal
    reason: str
    evidence: str
    resolved_on: date


Command: TypeAlias = ReportBreak | MissBreak | ResolveBreak


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakOpened:
    """The three sides part here."""

    found: Found
    whose: Whose
    seen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakChanged:
    """It is the same break, and more is known of it, or its amount is another."""

    found: Found
    whose: Whose
    seen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRighted:
    """It is gone, and nobody had to do anything here."""

    how: Righted
    righted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakResolved:
    """A person has dealt with it."""

    by: str
    disposal: Disposal
    reason: str
    evidence: str
    resolved_on: date


Event: TypeAlias = BreakOpened | BreakChanged | BreakRighted | BreakResolved


# -- state -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unseen:
    """There is no such break."""


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody must look at it."""

    found: Found


@dataclass(frozen=True, slots=True)
class Gone:
    """Righted by itself; found again, it opens again."""

    found: Found


@dataclass(frozen=True, slots=True)
class Resolved:
    """Dealt with: the same thing found again is no news, another amount is."""

    found: Found


Break: TypeAlias = Unseen | Open | Gone | Resolved


class BreakUnknown(NotFound):
    """No such break was found."""

    sentence = "There is no such reconciliation break."
    remedy = "Look at the list of breaks."
    field = "break_id"


class BreakNotOpen(Refusal):
    """It was righted or resolved before."""

    sentence = "This break is not open any more."
    remedy = "Nothing needs to be done; what was decided stands in its history."
    field = "state"


class ResolutionUnexplained(Invalid):
    """A resolution without reason or evidence."""

    sentence = "Resolving a break needs a reason and the evidence for it."
    remedy = "Name the document, booking or decision that shows it."
    field = "evidence"


def decide(command: Command, this: Break) -> list[Event]:
    """Which facts follow from a command."""
    match command:
        case ReportBreak():
            return _report(command, this)
        case MissBreak():
            gone = BreakRighted(how=Righted.CAME_RIGHT, righted_on=command.seen_on)
            return [gone] if isinstance(this, Open) else []
        case ResolveBreak():
            return _resolve(command, this)
        case _:
            assert_never(command)


def evolve(this: Break, event: Event) -> Break:
    """The break after a fact."""
    if isinstance(event, BreakOpened | BreakChanged):
        return Open(event.found)
    assert not isinstance(this, Unseen)
    match event:
        case BreakRighted():
            return Gone(this.found)
        case BreakResolved():
            return Resolved(this.found)
        case _:
            assert_never(event)


BREAK: Decider[Command, Break, Event] = Decider(initial=Unseen(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], this: Break) -> Refusal | None:
    """Why a break as it stands does not take a step; ``None`` where it may."""
    if step is not ResolveBreak or isinstance(this, Open):
        return None
    return BreakUnknown() if isinstance(this, Unseen) else BreakNotOpen()


def _report(command: ReportBreak, this: Break) -> list[Event]:
    found = command.found
    if isinstance(this, Open) and this.found == found:
        return []
    facts: list[Event] = []
    match this:
        case Open():
            facts = [BreakChanged(found=found, whose=command.whose, seen_on=command.seen_on)]
        case Unseen():
            facts = [_opened(command)]
        case Gone() if found.righted_on is None:
            facts = [_opened(command)]
        case Resolved() if found.righted_on is None and _says(found) != _says(this.found):
            facts = [_opened(command)]
        case _:
            pass
    if facts and found.righted_on is not None:
        facts.append(BreakRighted(how=Righted.REVERSED, righted_on=found.righted_on))
    return facts


def _says(found: Found) -> tuple[Kind, int]:
    return found.kind, found.amount_fen


def _opened(command: ReportBreak) -> BreakOpened:
    return BreakOpened(found=command.found, whose=command.whose, seen_on=command.seen_on)


def _resolve(command: ResolveBreak, this: Break) -> list[Event]:
    if (why := hindrance(ResolveBreak, this)) is not None:
        raise why
    if not command.reason.strip() or not command.evidence.strip():
        raise ResolutionUnexplained
    return [
        BreakResolved(
            by=command.by,
            disposal=command.disposal,
            reason=command.reason,
            evidence=command.evidence,
            resolved_on=command.resolved_on,
        )
    ]
