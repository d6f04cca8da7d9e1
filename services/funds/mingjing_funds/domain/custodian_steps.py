"""Steps of custody (托管步骤): what a person says of the account of a licence. Facts and rules are in ``custodian``.

The one rule: figures are counted by the caller from both banks' entries on the day of the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCustody:
    """This account becomes the active one of the licence: the first, or again after the last was closed."""

    account_id: UUID
    bank: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginChange:
    """The department has consented to another bank, and its account is active (step 1).

    ``frozen_by`` names the freezing order that lies on the old account, if one does; ``unconsumed_fen`` is U.
    """

    account_id: UUID
    bank: str
    reason: str
    department_consents: bool
    frozen_by: str
    unconsumed_fen: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTransfer:
    """The old bank has sent the balance (step 2): one debit there, one credit here.

    ``own_fen`` is counted by the caller: what of the old account's own minimum makes up the new one's in all, whatever
    has gone over of it with former transfers. ``instead_of``, too: the booking of one bank that it has reversed, where
    the transfer is known and only that bank has booked it once more.
    """

    amount_fen: int
    flow_out: str
    flow_in: str
    on: date
    own_fen: int = 0
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileChange:
    """The figures of both accounts after the transfer (step 3), counted by the caller on that day."""

    old_balance_fen: int
    new_received_fen: int
    under_way: int
    """Instructions that the old bank has not carried out yet."""
    returned_fen: int = 0
    """Of what was sent: what both banks have reversed. It went nowhere, and is sent again by itself."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonChange:
    """The change is given up before anything was transferred; ``new_holds`` says that the new account has money or owes
    some, counted by the caller on that day.
    """

    reason: str
    new_holds: bool
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCustody:
    """An account was closed: the old one after a change (step 4), or the only one when the institution ends."""

    account_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryContracts:
    """Contracts follow the balance that was transferred. Leaves no fact here: it stands on contracts and accounts."""

    old_id: UUID
    new_id: UUID
