"""Reaction X12: a published blacklisting proposes a release hold (暂停拨付) on the institution's custody accounts.

One rule: it proposes and stops nothing; a person approves it or does not, and refunds to families stay open either way.
"""

from __future__ import annotations

from typing import Any, Final

from mingjing_contracts.registry import BlacklistPublishedV1
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import ProposeHold
from mingjing_funds.domain.account_rules import hindrance
from mingjing_funds.projections.accounts import active_of
from mingjing_kernel.broker.message import Message
from mingjing_kernel.log import Work
from mingjing_kernel.projection.runner import ListsBehind

BLACKLISTED: Final = "institution-blacklisted"
"""Why; a code, put into words where somebody reads it."""
CUSTODY: Final = "教监管函〔2021〕2号"


async def hold_proposed(message: Message[BlacklistPublishedV1], host: Any) -> list[Work]:
    """One proposal an active account; none where one stands already, or where nobody of the register is listed."""
    told = message.contract
    if told.institution_id is None:
        return []
    try:
        await host.up_to_date()
    except ListsBehind as late:  # no fault of the message: it is tried again
        raise TimeoutError(str(late)) from late
    async with host.connection() as connection:
        accounts = [row.account_id for row in await connection.execute(active_of(told.institution_id))]
    works = []
    for account_id in accounts:
        envelope = message.envelope(f"propose-hold-{account_id}", reason=BLACKLISTED, legal_basis=CUSTODY)
        command = ProposeHold(
            proposer=envelope.actor,
            reason=f"{BLACKLISTED}: {told.document_number}",
            legal_basis=CUSTODY,
            proposed_on=told.on,
        )
        state, _ = await host.log.state(ACCOUNTS, account_id)
        if hindrance(ProposeHold, state) is None:
            works.append(Work(ACCOUNTS, account_id, command, envelope))
    return works
