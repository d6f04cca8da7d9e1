"""Release hold 暂停拨付 on a custody account: proposed, approved by another person, lifted by a person.

The one rule: what is proposed stops and starts nothing, also where the system itself proposes it (X2, X12, X13).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeHold:
    """Ask for a stop on releases; it stops nothing by itself (X2)."""

    proposer: str
    reason: str
    legal_basis: str
    proposed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawHoldProposal:
    """The ground of this proposer's proposal is gone (X13)."""

    proposer: str
    reason: str
    withdrawn_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleases:
    """Contractual stop on releases (暂停拨付), as it was proposed: by another person than the approver."""

    approver: str
    reason: str
    legal_basis: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """Releases may go on."""

    reason: str
    lifted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeLift:
    """The ground on which this proposer's hold was approved is gone (X13); it lifts nothing by itself."""

    proposer: str
    reason: str
    legal_basis: str
    proposed_on: date


HoldCommand: TypeAlias = ProposeHold | WithdrawHoldProposal | HoldReleases | ProposeLift | LiftHold


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHoldProposed:
    """Somebody asks that releases stop; another person decides."""

    proposer: str
    reason: str
    legal_basis: str
    proposed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHoldProposalWithdrawn:
    """Nobody has to decide about the proposal any more."""

    proposer: str
    reason: str
    withdrawn_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHoldApplied:
    """Releases stop; refunds go on."""

    proposer: str
    approver: str
    reason: str
    legal_basis: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHoldLifted:
    """Releases go on."""

    reason: str
    lifted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHoldLiftProposed:
    """Somebody asks that releases go on; a person decides."""

    proposer: str
    reason: str
    legal_basis: str
    proposed_on: date


HoldEvent: TypeAlias = (
    ReleaseHoldProposed
    | ReleaseHoldProposalWithdrawn
    | ReleaseHoldApplied
    | ReleaseHoldLiftProposed
    | ReleaseHoldLifted
)
