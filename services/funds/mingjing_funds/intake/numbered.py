"""Which contract a number means (合同编号所指): a number is its institution's own, and two may give the same one.

The one rule: a row is matched within what its sender may write for, and of several there within the place that it was
delivered for. Where still several are left nobody picks one: the row waits for a person. Of a contract beyond the
sender's reach it is not told that it is there, unless its stream follows from the number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal

NUMBERS_REMEMBERED_MAX = 50_000


class ContractNumberAmbiguous(Refusal):
    """Several institutions gave this number, and the row does not say whose it is."""

    sentence = "Contract number {contract_no} stands on {found} contracts; the row does not say which one is meant."
    remedy = "Let the institution itself send it, or record it on the contract that is meant."
    rule = "a contract number is its institution's own"
    field = "contract_no"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A contract that bears a number."""

    id: UUID
    account_id: UUID | None
    institution_id: UUID | None
    region: str
    category: str
    is_reached: bool
    """Whether the sender may write for it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What some numbers mean to one sender."""

    known: Mapping[str, Sequence[Numbered]] = field(default_factory=dict)
    region: str = ""
    """For which the rows were delivered: of several within reach, those of the place are meant."""

    def meant(self, contract_no: str) -> Numbered | None:
        """The one that is meant; nothing where the sender knows none. Raises ``ContractNumberAmbiguous``."""
        of_it = self.known.get(contract_no, ())
        mine = [one for one in of_it if one.is_reached]
        here = [one for one in mine if one.region.startswith(self.region)] if len(mine) > 1 else mine
        mine = here or mine
        if len(mine) > 1:
            raise ContractNumberAmbiguous(contract_no=contract_no, found=len(mine))
        if mine:
            return mine[0]
        stream = contract_id(contract_no)
        return next((one for one in of_it if one.id == stream), None)

    def of_account(self, contract_no: str, account_id: UUID | None, institution_id: UUID | None) -> Numbered | None:
        """The one of an account or of whose it is: what is written there by this number again is this contract.

        Raises ``ContractNumberAmbiguous``.
        """
        of_it = self.known.get(contract_no, ())
        mine = [one for one in of_it if one.account_id == account_id]
        if not mine and institution_id is not None:
            mine = [one for one in of_it if one.institution_id == institution_id]
        if len(mine) > 1:
            raise ContractNumberAmbiguous(contract_no=contract_no, found=len(mine))
        return mine[0] if mine else None


@lru_cache(NUMBERS_REMEMBERED_MAX)
def contract_id(contract_no: str) -> UUID:
    """The stream of the contract with this number, where no other was chosen for it."""
    return derived_id("contract", contract_no)
