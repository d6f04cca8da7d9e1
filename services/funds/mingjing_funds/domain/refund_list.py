"""Refund list (退费名册): who gets how much of an account when an institution has stopped for good.

Drawn up by one official, approved by another; then the bank pays families directly. The one rule: the shares are those
of ``pro_rata``, made of the claims and of what the account holds, never typed in. Source: 民办教育促进法 art 59.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.pro_rata import shares_fen
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

CLAIMS_MAX = 50_000
PART_MAX = 5_000
"""Families in one fact: a longer list is drawn up in parts, and decided about as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a contract still owes to its family."""

    contract_id: UUID
    contract_no: str
    owed_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyShare:
    """What its family gets now; the rest stays a claim against the institution."""

    contract_id: UUID
    contract_no: str
    owed_fen: int
    share_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawList:
    """Draw the list up: the claims, and what the account holds for families."""

    account_id: UUID
    available_fen: int
    claims: tuple[Claim, ...]
    reason: str
    drawn_by: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveList:
    """Another official approves it as it stands; what it adds up to is named, so that she knows what she approves."""

    total_fen: int
    approved_by: str
    approved_at: datetime
    approved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawList:
    """Take it back before it is approved."""

    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDrawn:
    """These are the shares."""

    account_id: UUID
    available_fen: int
    shares: tuple[FamilyShare, ...]
    reason: str
    drawn_by: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContinued:
    """Further shares of the same list, in the order of its claims."""

    part: int
    """The first further part is 2."""
    shares: tuple[FamilyShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApproved:
    """The bank pays these families."""

    account_id: UUID
    total_fen: int
    approved_by: str
    approved_at: datetime
    approved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWithdrawn:
    """Nobody is paid by it."""

    reason: str
    withdrawn_by: str
    withdrawn_at: datetime


Command: TypeAlias = DrawList | ApproveList | WithdrawList
Event: TypeAlias = ListDrawn | ListContinued | ListApproved | ListWithdrawn


@dataclass(frozen=True, slots=True)
class NoList:
    """Nobody has drawn one up."""


@dataclass(frozen=True, slots=True)
class RefundList:
    """A list and what became of it."""

    drawn: ListDrawn
    """As it was begun; all of its shares are in ``shares``."""
    shares: tuple[FamilyShare, ...]
    is_approved: bool = False
    is_withdrawn: bool = False

    @property
    def total_fen(self) -> int:
        """What it pays out."""
        return sum(share.share_fen for share in self.shares)


State: TypeAlias = NoList | RefundList


class RefundListUnknown(NotFound):
    """No such list."""

    sentence = "There is no such refund list."
    remedy = "Look at the lists of the account."
    field = "list_id"


class RefundListStands(Refusal):
    """It is over with this list."""

    sentence = "This refund list is {standing}."
    remedy = "Draw up a new list."
    field = "list_id"


class RefundListEmpty(Invalid):
    """A list names some thousand contracts at most, each once, with something owed to it."""

    sentence = "A refund list has 1 to {limit} contracts, each once, with something owed, and a reason."
    remedy = "Correct the claims; draw up several lists of one account only after one another."
    field = "claims"


class RefundTotalDiffers(Refusal):
    """She would approve something else than she saw."""

    sentence = "The list comes to ¥{total_fen}, not to ¥{said_fen}."
    remedy = "Look at the list again."
    field = "total_fen"


def decide(command: Command, state: State) -> list[Event]:
    """Which facts follow."""
    match command:
        case DrawList():
            return _draw(command, state)
        case ApproveList():
            return _approve(command, state)
        case WithdrawList():
            return _withdraw(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The list after a fact."""
    match event:
        case ListDrawn():
            return RefundList(event, event.shares)
        case ListContinued():
            before = _drawn(state)
            return replace(before, shares=(*before.shares, *event.shares))
        case ListApproved():
            return replace(_drawn(state), is_approved=True)
        case ListWithdrawn():
            return replace(_drawn(state), is_withdrawn=True)
        case _:
            assert_never(event)


REFUND_LIST: Decider[Command, State, Event] = Decider(initial=NoList(), decide=decide, evolve=evolve)


def hindrance(step: type, state: State) -> Refusal | None:
    """Why the list as it stands does not take a step; ``None`` where it may."""
    if step is DrawList:
        return RefundListStands(standing="drawn up") if isinstance(state, RefundList) else None
    if isinstance(state, NoList):
        return RefundListUnknown()
    if state.is_withdrawn:
        return RefundListStands(standing="withdrawn")
    return RefundListStands(standing="approved") if state.is_approved else None


def _draw(command: DrawList, state: State) -> list[Event]:
    claims = {claim.contract_id: claim.owed_fen for claim in command.claims}
    if not 0 < len(claims) == len(command.claims) <= CLAIMS_MAX or min(claims.values()) <= 0:
        raise RefundListEmpty(limit=CLAIMS_MAX)
    if not command.reason.strip():
        raise RefundListEmpty(limit=CLAIMS_MAX)
    reckoned = shares_fen(max(command.available_fen, 0), claims)
    shares = tuple(
        FamilyShare(
            contract_id=claim.contract_id,
            contract_no=claim.contract_no,
            owed_fen=claim.owed_fen,
            share_fen=reckoned[claim.contract_id],
        )
        for claim in command.claims
    )
    if isinstance(state, RefundList):
        if state.is_approved or state.is_withdrawn:  # the account would wait for its decision for ever
            raise RefundListStands(standing="withdrawn" if state.is_withdrawn else "approved")
        if (state.drawn.account_id, state.shares) == (command.account_id, shares):
            return []
        raise RefundListStands(standing="drawn up")
    return _in_parts(command, shares)


def _in_parts(command: DrawList, shares: tuple[FamilyShare, ...]) -> list[Event]:
    """The shares are those of the whole list; only the facts are cut."""
    first, *rest = (shares[at : at + PART_MAX] for at in range(0, len(shares), PART_MAX))
    drawn = ListDrawn(
        account_id=command.account_id,
        available_fen=command.available_fen,
        shares=first,
        reason=command.reason,
        drawn_by=command.drawn_by,
        drawn_at=command.drawn_at,
    )
    return [drawn, *(ListContinued(part=part, shares=some) for part, some in enumerate(rest, start=2))]


def _approve(command: ApproveList, state: State) -> list[Event]:
    if isinstance(state, RefundList) and state.is_approved and state.total_fen == command.total_fen:
        return []
    if (why := hindrance(ApproveList, state)) is not None:
        raise why
    drawn = _drawn(state)
    if drawn.total_fen != command.total_fen:
        raise RefundTotalDiffers(total_fen=yuan(drawn.total_fen), said_fen=yuan(command.total_fen))
    return [
        ListApproved(
            account_id=drawn.drawn.account_id,
            total_fen=command.total_fen,
            approved_by=command.approved_by,
            approved_at=command.approved_at,
            approved_on=command.approved_on,
        )
    ]


def _withdraw(command: WithdrawList, state: State) -> list[Event]:
    if isinstance(state, RefundList) and state.is_withdrawn:
        return []
    if (why := hindrance(WithdrawList, state)) is not None:
        raise why
    return [ListWithdrawn(reason=command.reason, withdrawn_by=command.withdrawn_by, withdrawn_at=command.withdrawn_at)]


def _drawn(state: State) -> RefundList:
    if isinstance(state, NoList):
        raise RefundListUnknown
    return state
