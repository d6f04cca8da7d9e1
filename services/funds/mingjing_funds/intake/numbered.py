"""Which contract a number means (合同编号所指): a number is its institution's own, and two may give the same one.

The one rule: a row is matched within what its sender may write for: where it says whose it is, with that institution's
and no other; of several within the place that it was delivered for. Where still several are left nobody picks one: the
row waits for a person. Of a contract beyond the sender's reach it is not told that it is there. The first one has the
stream that follows from the number; the same number of another institution gets one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.sources.kept_aside import VendorCodeUnknown
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal

NUMBERS_REMEMBERED_MAX = 50_000


class ContractNumberAmbiguous(Refusal):
    """Several institutions gave this number, and the row does not say whose it is."""

    sentence = "Contract number {contract_no} stands on {found} contracts; the row does not say which one is meant."
    remedy = "Write the institution's code into the row, let it send the row itself, or record it on the contract."
    rule = "a contract number is its institution's own"
    field = "contract_no"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A contract that bears a number."""

    id: UUID
    account_id: UUID | None
    institution_id: UUID | None
    vendor_code: str
    region: str
    category: str
    is_reached: bool
    """Whether the sender may write for it."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Whose number it is, as far as a row says."""

    account_id: UUID | None = None
    institution_id: UUID | None = None
    vendor_code: str = ""

    def is_same(self, other: Giver) -> bool:
        """Whether one thing that both say is the same."""
        mine = (self.account_id, self.institution_id, self.vendor_code)
        theirs = (other.account_id, other.institution_id, other.vendor_code)
        return any(one and one == another for one, another in zip(mine, theirs, strict=True))

    def of(self, several: Iterable[Numbered]) -> list[Numbered]:
        """Those that are this one's: by the code, or else by the account for which it stands, or whose that is."""
        every = list(several)
        mine = [one for one in every if one.vendor_code and one.vendor_code == self.vendor_code]
        mine = mine or [one for one in every if one.account_id and one.account_id == self.account_id]
        return mine or [one for one in every if one.institution_id and one.institution_id == self.institution_id]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What some numbers mean to one sender."""

    known: Mapping[str, Sequence[Numbered]] = field(default_factory=dict)
    region: str = ""
    """For which the rows were delivered: of several within reach, those of the place are meant."""
    givers: Mapping[str, Giver] | None = None
    """For which account, and whose, a vendor's code stands; ``None``: nobody asks whose a row is."""
    claimed: dict[str, Giver] = field(default_factory=dict)
    """Who gave a number first among the rows that are being planned: what they say is known to nobody yet."""

    def meant(self, contract_no: str, vendor_code: str = "") -> Numbered | None:
        """The one that is meant; nothing where nobody gave the number. Raises ``ContractNumberAmbiguous``, and
        ``ContractUnknown`` or ``VendorCodeUnknown`` where others gave it, or may have: the row waits for its own.
        """
        of_it = self.known.get(contract_no, ())
        givers = self.givers if vendor_code else None
        if givers is not None:
            of_it = givers.get(vendor_code, Giver(vendor_code=vendor_code)).of(of_it)
        mine = [one for one in of_it if one.is_reached]
        here = [one for one in mine if one.region.startswith(self.region)] if len(mine) > 1 else mine
        mine = here or mine
        if len(mine) > 1:
            raise ContractNumberAmbiguous(contract_no=contract_no, found=len(mine))
        if mine:
            return mine[0]
        if givers is not None and not of_it and vendor_code not in givers:
            raise VendorCodeUnknown(code=vendor_code)
        if givers is not None or of_it:
            raise ContractUnknown(contract_no=contract_no)
        return None

    def stream_of(self, contract_no: str, giver: Giver) -> UUID:
        """The contract that a row is about which says whose it is: what is written there by this number again is the
        same contract, and what another one gave the same number is another. Raises ``ContractNumberAmbiguous``.
        """
        of_it = self.known.get(contract_no, ())
        mine = [one for one in of_it if one.account_id and one.account_id == giver.account_id]
        mine = mine or [one for one in of_it if one.institution_id and one.institution_id == giver.institution_id]
        mine = mine or [one for one in of_it if one.vendor_code and one.vendor_code == giver.vendor_code]
        if len(mine) > 1:
            raise ContractNumberAmbiguous(contract_no=contract_no, found=len(mine))
        if mine:
            return mine[0].id
        first = contract_id(contract_no)
        is_taken = any(one.id == first for one in of_it)
        if not is_taken and self.claimed.setdefault(contract_no, giver).is_same(giver):
            return first
        return derived_id("contract", contract_no, giver.account_id or giver.vendor_code)


@lru_cache(NUMBERS_REMEMBERED_MAX)
def contract_id(contract_no: str) -> UUID:
    """The stream of the contract with this number, where no other was chosen for it."""
    return derived_id("contract", contract_no)
