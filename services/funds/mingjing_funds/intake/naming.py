"""Whom a contract names (合同上的家庭), and within which house they are known again. In the clear; it is never kept.

The one rule: the house is what the sender says itself, which stays: the vendor's code for the institution, or the
custody account at which somebody signs. Which institution that is, and at which account, is often learnt later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from mingjing_funds.domain.contract import Terms
from mingjing_funds.sources.family import FamilySaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The people of one contract."""

    contract_id: UUID
    contract_no: str
    house: str
    family: FamilySaid = field(repr=False)


def house(terms: Terms) -> str:
    """The institution, as it is named with the contract."""
    return f"code {terms.vendor_code}" if terms.vendor_code else f"account {terms.account_id}"
