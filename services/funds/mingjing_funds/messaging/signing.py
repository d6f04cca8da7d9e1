"""Which institution signed an order, for messages that say of which one they are."""

from __future__ import annotations

from uuid import UUID

from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain.account_state import Unopened
from mingjing_funds.domain.contract import Paid, Signed
from mingjing_kernel.http import Kit


async def signed_by(contract_id: UUID, services: Kit) -> UUID | None:
    """By its terms, else by its account; ``None`` where neither says it or the order is not known."""
    contract, _ = await services.log.state(CONTRACTS, contract_id)
    if not isinstance(contract, Signed | Paid):
        return None
    if contract.terms.institution_id or contract.terms.account_id is None:
        return contract.terms.institution_id
    account, _ = await services.log.state(ACCOUNTS, contract.terms.account_id)
    return None if isinstance(account, Unopened) else account.holder.institution_id
