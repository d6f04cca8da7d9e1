"""Custody of a licence beside its accounts (托管关系): an account opens and closes with its custodian, or not at all.

The one rule: one active account a licence. Of an account whose institution is not known yet nobody can say so; when it
is known, the account is linked and custody is judged apart: nothing of it is lost, and where the licence has another
account it is listed beside that one until a person has changed the bank or closed one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from mingjing_funds.codec import ACCOUNTS, CUSTODIANS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain.carrying_accounts import require_both_sides
from mingjing_funds.domain.custodian_refusals import BankChanging, ContractsKept, ContractsStay
from mingjing_funds.domain.money import yuan
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.works import made
from mingjing_funds.projections.accounts import kept_for, particulars_of
from mingjing_funds.projections.contracts import has_contracts
from mingjing_funds.projections.custodians import emptied
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work


class Kept(NamedTuple):
    """An open account and whose it is."""

    institution_id: UUID
    take: m.TakeCustody


async def activate(host: Any, account_id: UUID, command: a.ActivateAccount, written: Envelope) -> Outcome:
    """The account is open and the one of its licence. Raises ``AnotherAccountActive`` where the licence has one, unless
    the bank is being changed to this account; the lists are up to date.
    """
    account, _ = await host.log.state(ACCOUNTS, account_id)
    works = [Work(ACCOUNTS, account_id, command, written)]
    if isinstance(account, s.Agreed) and (institution := account.holder.institution_id) is not None:
        take = m.TakeCustody(account_id=account_id, bank=account.holder.bank, on=command.opened_on)
        before = await takings(host, (institution,), but=account_id)
        works += custody_works(institution, [*(one.take for one in before), take], written)
    return await together(host.log, works)


async def close(host: Any, account_id: UUID, command: a.CloseAccount, written: Envelope) -> Outcome:
    """The account is closed and keeps no licence's money any more. Raises the custodian's refusal: the old account of a
    change of bank is closed last, and the new one stays. An account that stood beside it becomes the licence's own.
    """
    works = [Work(ACCOUNTS, account_id, command, written)]
    found = await _custodian_of(host, account_id)
    if found is not None:
        institution, _ = found
        end = m.EndCustody(account_id=account_id, on=command.closed_on)
        left = [one.take for one in await takings(host, (institution,), but=account_id)]
        works += custody_works(institution, [end, *left], written)
    return await together(host.log, works, must=(0, 1))


async def require_endable(host: Any, account_id: UUID, command: a.RequestClosing, earned_fen: int) -> None:
    """Raise what the custodian would say to the closing, when it is asked for."""
    if (found := await _custodian_of(host, account_id)) is not None:
        m.CUSTODIAN.decide(m.EndCustody(account_id=account_id, on=command.requested_on), found[1])
    await require_carried(host, account_id, earned_fen)


async def require_carried(host: Any, account_id: UUID, earned_fen: int) -> None:
    """Raise ``ContractsStay`` while the old account of a change keeps what lessons have earned, and ``ContractsKept``
    while it keeps a contract: nobody could release or pay it any more. ``TransferUnreconciled`` where the new bank has
    given the money back. ``earned_fen``: what they have earned there.
    """
    found = await _custodian_of(host, account_id)
    if found is None or not isinstance(found[1], m.Changing) or found[1].old_id != account_id:
        return
    account, _ = await host.log.state(ACCOUNTS, account_id)
    new, _ = await host.log.state(ACCOUNTS, found[1].new_id)
    if isinstance(new, s.Active | s.Held | s.Closing):
        require_both_sides(found[1].transfers, account.ledger, new.ledger)
    if (left := earned_fen - account.ledger.instructed_fen) != 0:
        raise ContractsStay(releasable_fen=yuan(left))
    async with host.connection() as connection:
        if await has_contracts(connection, account_id):
            raise ContractsKept


async def emptied_by(host: Any, account_ids: Iterable[UUID]) -> dict[UUID, BankChanging]:
    """Those of these accounts that a change of bank empties, and why nothing new is signed on them: families pay into
    another one by now. The lists are up to date.
    """
    async with host.connection() as connection:
        rows = (await connection.execute(emptied(account_ids))).all()
    return {own(row.old_id): BankChanging(number=row.number) for row in rows}


async def takings(host: Any, institutions: Iterable[UUID], but: UUID | None = None) -> list[Kept]:
    """The open accounts of these institutions, the one that was opened first first: it is the one of the licence where
    custody was never written down. For the others of the same licence the custodian refuses.
    """
    async with host.connection() as connection:
        rows = (await connection.execute(kept_for(institutions))).all()
    return [Kept(own(row.institution_id), _take(row)) for row in rows if own(row.account_id) != but]


async def linked_works(host: Any, links: Sequence[tuple[UUID, a.LinkInstitution]], written: Envelope) -> list[Work]:
    """What custody is told when institutions of accounts become known: accounts known before come first."""
    whose = {account: link.institution_id for account, link in links}
    async with host.connection() as connection:
        rows = (await connection.execute(particulars_of(whose))).all()
    news = [Kept(whose[own(row.account_id)], _take(row)) for row in rows]
    known = await takings(host, {one.institution_id for one in news})
    return [made(CUSTODIANS, one.institution_id, one.take, written) for one in (*known, *news)]


def custody_works(institution_id: UUID, commands: Sequence[m.Command], written: Envelope) -> list[Work]:
    """Each under an id of its own that follows from the request's."""
    return [
        Work(
            CUSTODIANS,
            institution_id,
            command,
            replace(
                written,
                command_id=derived_id("custody", written.command_id, type(command).__name__, command.account_id),
                expected_version=None,
            ),
        )
        for command in commands
        if isinstance(command, m.TakeCustody | m.EndCustody | m.BeginChange)
    ]


async def together(log: Log, works: Sequence[Work], must: Sequence[int] = (0, -1)) -> Outcome:
    """Those at ``must`` are written, or nothing is; the others may be refused: accounts beside the one of the licence.
    Returns what became of the first of them.
    """

    async def settle(_connection: object, results: list[Outcome | Exception]) -> None:
        for at in must:
            if at < len(results) and not isinstance(result := results[at], Outcome):
                raise result

    results = await log.handle_many(works, settle=settle)
    first = results[must[0]]
    if not isinstance(first, Outcome):
        raise first
    return first


async def _custodian_of(host: Any, account_id: UUID) -> tuple[UUID, m.Custodian] | None:
    """The custodian that knows of this account; an account beside the licence's own has none."""
    account, _ = await host.log.state(ACCOUNTS, account_id)
    if not isinstance(account, s.Active | s.Held | s.Closing) or account.holder.institution_id is None:
        return None
    custodian, _ = await host.log.state(CUSTODIANS, account.holder.institution_id)
    return (account.holder.institution_id, custodian) if account_id in m.accounts_of(custodian) else None


def _take(row: Any) -> m.TakeCustody:
    return m.TakeCustody(account_id=own(row.account_id), bank=row.bank, on=row.opened_on)
