"""Reactions X12, X13: a published blacklisting proposes a release hold (暂停拨付) on the institution's custody
accounts, and its end takes the proposal back.

One rule: it proposes and stops nothing; a person approves it or does not. Of a hold that was approved it proposes the
end, and a person lifts it. Refunds to families stay open either way.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select

from mingjing_contracts.registry import BlacklistEndedV1, BlacklistPublishedV1
from mingjing_funds.codec import ACCOUNTS, INSTITUTIONS
from mingjing_funds.domain.account import ProposeHold, ProposeLift, WithdrawHoldProposal
from mingjing_funds.domain.account_rules import hindrance
from mingjing_funds.domain.institution import NoteBlacklistEnded, NoteBlacklisting
from mingjing_funds.projections.accounts import active_of, open_of
from mingjing_kernel.broker.message import Message
from mingjing_kernel.log import Work
from mingjing_kernel.projection import ListsBehind

BLACKLISTED, CLEARED = "institution-blacklisted", "blacklisting-ended"
"""Why; codes, put into words where somebody reads them."""
CUSTODY: Final = "教监管函〔2021〕2号"
REPAIR: Final = "信用修复管理办法"


async def hold_proposed(message: Message[BlacklistPublishedV1], host: Any) -> list[Work]:
    """One proposal an active account; none where one stands already, or where nobody of the register is listed."""
    told = message.contract
    if told.institution_id is None:
        return []
    envelope = message.envelope("note-blacklisting", reason=BLACKLISTED, legal_basis=CUSTODY)
    note = NoteBlacklisting(listing_id=told.listing_id, on=told.on)
    works = [Work(INSTITUTIONS, told.institution_id, note, envelope)]
    for account_id in await _accounts(host, active_of(told.institution_id)):
        envelope = message.envelope(_reaction(account_id), reason=BLACKLISTED, legal_basis=CUSTODY)
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


async def proposal_withdrawn(message: Message[BlacklistEndedV1], host: Any) -> list[Work]:
    """What was proposed because of the institution's listings, once none of them is in force; where that was approved
    meanwhile, its end is proposed.
    """
    told = message.contract
    if told.institution_id is None:
        return []
    envelope = message.envelope("note-blacklist-ended", reason=CLEARED, legal_basis=REPAIR)
    note = NoteBlacklistEnded(listing_id=told.listing_id, on=told.on)
    works = [Work(INSTITUTIONS, told.institution_id, note, envelope)]
    institution, _ = await host.log.state(INSTITUTIONS, told.institution_id)
    if institution.listings - {told.listing_id}:
        return works
    why = f"{CLEARED}: {told.cause}"
    for account_id in await _accounts(host, open_of(told.institution_id)):
        proposer = f"system:{_reaction(account_id)}"
        envelope = message.envelope(f"withdraw-proposal-{account_id}", reason=CLEARED, legal_basis=REPAIR)
        withdraw = WithdrawHoldProposal(proposer=proposer, reason=why, withdrawn_on=told.on)
        works.append(Work(ACCOUNTS, account_id, withdraw, envelope))
        envelope = message.envelope(f"propose-lift-{account_id}", reason=CLEARED, legal_basis=REPAIR)
        lift = ProposeLift(proposer=proposer, reason=why, legal_basis=REPAIR, proposed_on=told.on)
        works.append(Work(ACCOUNTS, account_id, lift, envelope))
    return works


def _reaction(account_id: UUID) -> str:
    return f"propose-hold-{account_id}"


async def _accounts(host: Any, wanted: Select[Any]) -> list[UUID]:
    try:
        await host.up_to_date()
    except ListsBehind as late:  # no fault of the message: it is tried again
        raise TimeoutError(str(late)) from late
    async with host.connection() as connection:
        return [row.account_id for row in await connection.execute(wanted)]
