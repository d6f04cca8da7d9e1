"""Carrying contracts over (合同移交): what goes now, what waits and why, and all of it in one transaction.

The one rule: so many contracts at a time; whoever asks again goes on where it stopped, and nothing goes twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mingjing_funds.codec import ACCOUNTS, CONTRACTS, CUSTODIANS
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import carrying, carrying_rules, freeze
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain import custodian_refusals as because
from mingjing_funds.domain.account_refusals import AccountNotInState
from mingjing_funds.domain.backing import credited_fen
from mingjing_funds.domain.carrying_accounts import come_back, require_both_sides
from mingjing_funds.domain.money import yuan
from mingjing_funds.domain.settlement import RefundListOpen
from mingjing_funds.intake.behind import behind
from mingjing_funds.intake.directory import own
from mingjing_funds.intake.works import made
from mingjing_funds.policy.alert_rules import IN_TRANSIT_DAYS_MAX
from mingjing_funds.projections.contracts import contracts_with
from mingjing_kernel.log import Envelope, Outcome, Work

CARRIED_MAX = 500
"""Contracts in one transaction; the answer says that there are more."""
NUMBERS_MAX = 3_000
"""Numbers of their payments, releases and refunds in one transaction: they stand in one fact."""
LOOKED_MAX = 5_000
"""Contracts that wait and are looked at for one request; the answer says after which one to go on."""
WAITING_MAX = 200
"""Contracts that an answer names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contract that stays for now."""

    contract_id: UUID
    contract_no: str
    why: carrying.Wait


@dataclass(slots=True)
class Plan:
    """What goes in one transaction. ``is_last``: no contract stays behind; ``after``: those up to this one were not
    looked at. ``looked_to``: the last that was.
    """

    after: UUID | None = None

    going: dict[UUID, c.Signed | c.Paid] = field(default_factory=dict)
    behind: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    looked_to: UUID | None = None
    is_more: bool = False

    @property
    def is_last(self) -> bool:
        """Whether what is left in the books goes too."""
        return self.after is None and not self.is_more and not self.waiting

    @property
    def is_full(self) -> bool:
        """Whether one request takes no more."""
        is_taken = len(self.going) == CARRIED_MAX or len(self.numbers) >= NUMBERS_MAX
        return is_taken or len(self.waiting) == LOOKED_MAX


@dataclass(frozen=True, slots=True)
class Carried:
    """What went, and what stays."""

    contracts: int
    releasable_fen: int
    plan: Plan
    position: int


Accounts = tuple[s.Open, s.Open]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request says: on which day, after which contract it goes on, and what lessons have earned on the old
    account so far.
    """

    on: date
    earned_fen: int
    after: UUID | None = None


async def carry(host: Any, institution_id: UUID, custodian: m.Changing, asked: Asked, written: Envelope) -> Carried:
    """The contracts of the old account go to the new one, as many as one transaction takes.

    Raises what forbids it altogether, and
    ``VersionConflict`` or ``CarriedMeanwhile`` where anything of it has moved since it was planned: plan it again.
    """
    on, earned_fen = asked.on, asked.earned_fen
    accounts, versions = await _both(host, custodian, on)
    plan = await _planned(host, custodian.old_id, accounts, on, asked.after)
    there = earned_fen - accounts[0].ledger.instructed_fen
    ours = max(min(there, carrying_rules.releasable_of(plan.going.values())), 0)
    going_fen = there if plan.is_last else ours
    works = _works(custodian, accounts, versions, plan, (going_fen, earned_fen), on, written)
    outcomes = await _written(host, institution_id, custodian, works, written)
    facts = [fact for outcome in outcomes if not outcome.repeated for fact in outcome.events]
    return Carried(
        contracts=sum(isinstance(fact, carrying.ContractMoved) for fact in facts),
        releasable_fen=sum(fact.releasable_fen for fact in facts if isinstance(fact, carrying.ContractsLeft)),
        plan=plan,
        position=max(outcome.position for outcome in outcomes),
    )


async def claim(host: Any, institution_id: UUID, custodian: m.Changing, on: date, written: Envelope) -> int:
    """Payments of contracts that have gone, and that the old bank has reversed since, are awaited at the new one; how
    many those were. No contract goes. Raises what ``carry`` raises.
    """
    accounts, versions = await _both(host, custodian, on)
    plan = Plan(behind=set(come_back(accounts[0].ledger, accounts[1].ledger)), is_more=True)
    if not plan.behind:
        return 0
    works = _works(custodian, accounts, versions, plan, (0, 0), on, written)
    outcomes = await _written(host, institution_id, custodian, works, written)
    facts = [fact for outcome in outcomes if not outcome.repeated for fact in outcome.events]
    return sum(len(fact.payments) for fact in facts if isinstance(fact, carrying.ContractsCame))


async def previewed(host: Any, custodian: m.Changing, on: date, after: UUID | None = None) -> Plan:
    """What would go now, and what waits; what forbids it altogether is said to whoever asks for it."""
    old, _ = await host.log.state(ACCOUNTS, custodian.old_id)
    new, _ = await host.log.state(ACCOUNTS, custodian.new_id)
    is_open = all(isinstance(one, s.Active | s.Held | s.Closing) for one in (old, new))
    return await _planned(host, custodian.old_id, (old, new), on, after) if is_open else Plan()


async def _both(host: Any, custodian: m.Changing, on: date) -> tuple[Accounts, tuple[int, int]]:
    """Both accounts and their versions: whoever orders, holds, freezes or books meanwhile is not overlooked."""
    old, old_version = await host.log.state(ACCOUNTS, custodian.old_id)
    new, new_version = await host.log.state(ACCOUNTS, custodian.new_id)
    for account, usable in ((old, s.Active | s.Held | s.Closing), (new, s.Active | s.Held)):
        if not isinstance(account, usable):  # what is found again while the old account closes goes, too
            raise AccountNotInState(needed="active", found=type(account).__name__.lower())
    for order in freeze.standing(old.ledger.freezes, on):
        raise because.ChangeFrozen(order_no=order.order_no)
    if (left := old.ledger.balance_fen() + old.ledger.gap_fen) > 0:
        raise because.BalanceStays(balance_fen=yuan(left))
    require_both_sides(custodian.transfers, old.ledger, new.ledger)
    if on <= new.ledger.opening_on:
        raise because.OpenedToday(opening_on=new.ledger.opening_on)
    if isinstance(old, s.Held) and not isinstance(new, s.Held):
        raise because.HoldStaysBehind
    if old.ledger.open_list is not None:
        raise RefundListOpen(list_id=old.ledger.open_list)
    return (old, new), (old_version, new_version)


async def _planned(host: Any, old_id: UUID, accounts: Accounts, on: date, after: UUID | None) -> Plan:
    """Contracts in the order of their ids, until one transaction is full."""
    ledgers = (accounts[0].ledger, accounts[1].ledger)
    plan = Plan(after=after, behind=set(come_back(*ledgers)))
    async for id, contract in _contracts(host, old_id, after):
        if plan.is_full:
            plan.is_more = True
            break
        plan.looked_to = id
        payment_no = ""
        if isinstance(contract, c.Paid):
            payment_no = (await behind(host.log, contract, 0)).payment_no or ""
        why = carrying_rules.waits(contract, payment_no, ledgers, on, IN_TRANSIT_DAYS_MAX)
        if why is not None:
            plan.waiting.append(Waiting(id, contract.terms.contract_no, why))
            continue
        plan.going[id] = contract
        plan.behind |= {payment_no} - {""}
        plan.numbers |= carrying_rules.numbers_of(contract, payment_no)
    return plan


async def _contracts(host: Any, old_id: UUID, after: UUID | None) -> AsyncIterator[tuple[UUID, c.Signed | c.Paid]]:
    """By the log: what the list has not heard of yet is left where it is."""
    while True:
        async with host.connection() as connection:
            page = [own(id) for id in await connection.scalars(contracts_with(old_id, after, CARRIED_MAX))]
        if not page:
            return
        states = await host.log.states(CONTRACTS, page)
        for id in page:
            contract = states[id]
            if isinstance(contract, c.Signed | c.Paid) and contract.terms.account_id == old_id:
                yield id, contract
        after = page[-1]


async def _written(
    host: Any, institution_id: UUID, custodian: m.Changing, works: list[Work], written: Envelope
) -> list[Outcome]:
    """All of it, with the custodian's consent, or nothing."""
    step = m.CarryContracts(old_id=custodian.old_id, new_id=custodian.new_id)
    consent = made(CUSTODIANS, institution_id, step, written, _origin(written))

    async def settle(_connection: object, results: list[Outcome | Exception]) -> None:
        for result in results:
            if not isinstance(result, Outcome):
                raise result

    results = await host.log.handle_many([consent, *works], settle=settle)
    return [one for one in results if isinstance(one, Outcome)]


def _works(
    custodian: m.Changing,
    accounts: Accounts,
    versions: tuple[int, int],
    plan: Plan,
    fen: tuple[int, int],
    on: date,
    written: Envelope,
) -> list[Work]:
    """All or nothing. Each id follows from the request and from what is said: asked again with more to go, it goes."""
    old, new = accounts[0].ledger, accounts[1].ledger
    found = (carrying_rules.awaited_of(number, old, new) for number in sorted(plan.behind))
    payments = tuple(one for one in found if one is not None)
    credited = credited_fen(old, plan.behind)
    credits = tuple(
        carrying.Credit(payment_no=no, credited_fen=credited[no]) for no in sorted(credited) if credited[no]
    )
    old_id, new_id, contracts = custodian.old_id, custodian.new_id, tuple(plan.going)
    leave = carrying.LetContractsGo(
        new_id=new_id,
        contracts=contracts,
        payments=payments,
        releasable_fen=fen[0],
        earned_fen=fen[1],
        moved_on=on,
    )
    come = carrying.TakeContracts(
        old_id=old_id,
        contracts=contracts,
        credits=credits,
        payments=payments,
        spent=carrying_rules.spent_of(plan.numbers, payments, old),
        releasable_fen=fen[0],
        moved_on=on,
    )
    origin = _origin(written)
    return [
        *(made(CONTRACTS, id, _move(custodian, one, on), written, origin) for id, one in plan.going.items()),
        _as_seen(made(ACCOUNTS, old_id, leave, written, origin), versions[0]),
        _as_seen(made(ACCOUNTS, new_id, come, written, origin), versions[1]),
    ]


def _move(custodian: m.Changing, contract: c.Signed | c.Paid, on: date) -> carrying.MoveContract:
    payment_no, earned_fen = carrying_rules.seen(contract)
    ids = {"old_id": custodian.old_id, "new_id": custodian.new_id}
    return carrying.MoveContract(**ids, payment_no=payment_no, earned_fen=earned_fen, moved_on=on)


def _as_seen(work: Work, version: int) -> Work:
    return replace(work, envelope=replace(work.envelope, expected_version=version))


def _origin(written: Envelope) -> str:
    return f"carried {written.command_id}"
