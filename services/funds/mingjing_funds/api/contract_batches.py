"""Contracts in batches (批量报送合同), from institutions' systems: up to 5,000 at once, each with its own answer.

One rule: a contract in a batch is looked at as one that is signed alone. What the same pupil pays for in the same
batch counts together (P5), so her second contract is looked at when the first one stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from mingjing_funds.api.batch_answers import RECORDS_MAX, WORKS_MAX, NumberedAnswers, answered
from mingjing_funds.api.numbers import charging_numbers
from mingjing_funds.api.people import family_said
from mingjing_funds.api.signing import ContractTerms, charge_of, terms_of, why_not_charging
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.account_refusals import AccountNotInState
from mingjing_funds.domain.charging_checks import Asked, ChargingNumbers
from mingjing_funds.domain.contract_refusals import TooManyOfOnePupil
from mingjing_funds.intake.custody import emptied_by
from mingjing_funds.intake.directory import numbers_of, own
from mingjing_funds.intake.families import Named, named, remember
from mingjing_funds.intake.naming import Naming, house
from mingjing_funds.intake.numbered import ContractNumberAmbiguous, Giver, Numbers
from mingjing_funds.intake.plan import Step
from mingjing_funds.intake.reach import OutsideYourScope, within_reach
from mingjing_funds.intake.works import made
from mingjing_funds.policy import charging_limits
from mingjing_funds.policy.family_rules import CHARGING
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.schema import taught_by, writable
from mingjing_funds.projections.unconsumed import Left, unconsumed_by_pupil
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.policy import in_force
from mingjing_kernel.sealed.keys import Keys

OF_ONE_PUPIL_MAX = 20
"""Contracts of one pupil in one batch: each waits for the one before."""
CHARGING_STATES = ("active", "release-hold")
"""In which an account takes new charges: one that is being closed, or not open yet, takes none."""


class ContractRecord(ContractTerms):
    """A contract. Its number is its identity: the same number with the same terms, sent again, is no news."""

    contract_no: str = Field(min_length=1, max_length=80)


class ContractBatch(BaseModel):
    """Up to 5,000 records."""

    contracts: list[ContractRecord] = Field(min_length=1, max_length=RECORDS_MAX)


@dataclass(slots=True)
class _Looked:
    """What was looked up once for a whole batch."""

    now: datetime
    accounts: Mapping[UUID, Mapping[str, Any]]
    numbers_known: Numbers
    blocked: dict[UUID | None, str]
    numbers: dict[tuple[str, str], ChargingNumbers]


def make_router(kit: Kit) -> Router:
    """One address."""
    router, keys = Router(tags=["contract 培训合同"]), Keys(kit)

    @router.post(
        "/contract-batches", summary="批量报送合同 up to 5,000 contracts, each with its own answer (P1 to P12)"
    )
    async def contract_batch(
        body: ContractBatch,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> NumberedAnswers:
        """Send it again when no answer came: what was signed is not signed twice. An institution's system sends for
        its own accounts only; the people are sealed at once, as with a contract that is sent alone.
        """
        looked = await _looked_up(kit, scope, body)
        steps, results = await _planned(kit, body, looked)
        async with kit.connection() as connection:
            todo, barred = await within_reach(connection, scope, steps)
            rest = [step for step in steps if step.row in barred]
            mine, outside = await within_reach(connection, scope, rest, taught_by)
        results |= {row: OutsideYourScope() for row in outside}
        reached = sorted([*todo, *mine], key=lambda step: step.row)
        closed = await _closed(kit, body, reached, looked)
        results |= closed
        await _sign(kit, keys, [step for step in reached if step.row not in closed], written, results)
        answer = answered([record.contract_no for record in body.contracts], results)
        if answer.position:
            response.headers["Mingjing-Position"] = str(answer.position)
        return answer

    return router


async def _looked_up(kit: Kit, scope: Scope, body: ContractBatch) -> _Looked:
    await kit.up_to_date()
    accounts = accounts_table.c
    named_accounts = {record.account_id for record in body.contracts}
    nos = {record.contract_no for record in body.contracts}
    async with kit.connection() as connection:
        wanted = select(
            *(accounts[name] for name in ("account_id", "institution_id", "department", "region", "category", "state"))
        ).where(accounts.account_id.in_(sorted(named_accounts)))
        here = {own(row["account_id"]): dict(row) for row in (await connection.execute(wanted)).mappings()}
        known = await numbers_of(connection, scope, nos, (writable, taught_by))
    return _Looked(now=kit.now(), accounts=here, numbers_known=known, blocked={}, numbers={})


async def _planned(kit: Kit, body: ContractBatch, looked: _Looked) -> tuple[list[Step], dict[int, Result]]:
    """The command of each record; a record of an account that is not there is told as one of somebody else's."""
    steps, refused, seen = list[Step](), dict[int, Result](), Counter[str]()
    for index, record in enumerate(body.contracts):
        account = looked.accounts.get(record.account_id)
        pupil = _pupil_of(record)
        seen[pupil] += 1
        if account is None:
            refused[index] = OutsideYourScope()
        elif seen[pupil] > OF_ONE_PUPIL_MAX:
            refused[index] = TooManyOfOnePupil(allowed=OF_ONE_PUPIL_MAX)
        else:
            try:
                steps.append(await _step(kit, index, record, account, looked))
            except ContractNumberAmbiguous as why:
                refused[index] = why
    return steps, refused


async def _closed(kit: Kit, body: ContractBatch, steps: Sequence[Step], looked: _Looked) -> dict[int, Result]:
    """The records whose account takes nothing new; a contract that was signed there before may be said again."""
    whose = {step.row: body.contracts[step.row].account_id for step in steps}
    emptied = await emptied_by(kit, whose.values())
    asked = sorted({step.id for step in steps if whose[step.row] in emptied})
    known = await kit.log.states(CONTRACTS, asked) if asked else {}
    closed: dict[int, Result] = {}
    for step in steps:
        account_id = whose[step.row]
        if (state := looked.accounts[account_id]["state"]) not in CHARGING_STATES:
            closed[step.row] = AccountNotInState(needed="active", found=state)
        elif account_id in emptied and not isinstance(known[step.id], c.Signed | c.Paid):
            closed[step.row] = emptied[account_id]
    return closed


def _pupil_of(record: ContractRecord) -> str:
    """Whom it is for, as far as one batch tells her from others; it goes no further."""
    return repr((record.account_id, record.pupil, record.guardian))


async def _step(kit: Kit, index: int, record: ContractRecord, account: Mapping[str, Any], looked: _Looked) -> Step:
    terms, on = terms_of(record, account, looked.now), shanghai_date(looked.now)
    institution, place = terms.institution_id, (terms.region, terms.category)
    if institution not in looked.blocked:
        looked.blocked[institution] = await why_not_charging(kit, institution, on)
    if place not in looked.numbers:
        looked.numbers[place] = charging_numbers(await in_force(kit.log, CHARGING, on, *place))
    command = c.SignContract(
        terms=terms,
        limits=charging_limits.IN_FORCE,
        charging_blocked=looked.blocked[institution],
        asked=Asked(charge=charge_of(record, on), numbers=looked.numbers[place]),
    )
    id = looked.numbers_known.stream_of(record.contract_no, Giver(record.account_id, institution))
    family = family_said(record.pupil, record.guardian)
    naming = Naming(contract_id=id, contract_no=record.contract_no, house=house(terms), family=family)
    return Step("contract", id, command, index, record.contract_no, naming=naming)


async def _sign(kit: Kit, keys: Keys, steps: list[Step], written: Envelope, results: dict[int, Result]) -> None:
    """Transaction after transaction; what concerns a pupil and subject of the same transaction waits for the next."""
    rest, origin = steps, derived_id("contract-batch", str(written.command_id))
    while rest:
        some, later = rest[:WORKS_MAX], rest[WORKS_MAX:]
        families = await named(kit, keys, [step.naming for step in some])
        now, waiting = _apart(some, families)
        earlier = await _earlier(kit, [families[at] for at in now])
        works = [_work(some[at], families[at], earlier, origin, written) for at in now]
        settle = partial(remember, keys.marks(), [families[at] for at in now])
        for at, result in zip(now, await kit.log.handle_many(works, settle=settle), strict=True):
            results[some[at].row] = result
        rest = [some[at] for at in waiting] + later
        if rest:
            await kit.up_to_date()


def _apart(steps: Sequence[Step], families: Sequence[Named | None]) -> tuple[list[int], list[int]]:
    """Which steps go now and which wait: one a contract, and one a pupil and subject."""
    now, waiting, taken = list[int](), list[int](), set[object]()
    for at, (step, family) in enumerate(zip(steps, families, strict=True)):
        things: set[object] = {step.id}
        if family is not None and family.family.pupil is not None:
            things.add((family.family.pupil.subject, _subject(step)))
        (waiting if things & taken else now).append(at)
        taken |= things
    return now, waiting


async def _earlier(kit: Kit, families: Sequence[Named | None]) -> dict[tuple[str, str], list[Left]]:
    pupils = {one.family.pupil.subject for one in families if one is not None and one.family.pupil is not None}
    if not pupils:
        return {}
    async with kit.connection() as connection:
        return await unconsumed_by_pupil(connection, pupils)


def _work(
    step: Step,
    named: Named | None,
    earlier: Mapping[tuple[str, str], Sequence[Left]],
    origin: UUID,
    written: Envelope,
) -> Work:
    """The work of one record; who it names, and what she paid before, are no part of its id and its digest."""
    command = step.command
    assert isinstance(command, c.SignContract)
    assert command.asked is not None
    family = named.family if named is not None else None
    pupil = family.pupil.subject if family is not None and family.pupil is not None else ""
    counted = tuple(one.charge for one in earlier.get((pupil, _subject(step)), ()) if one.contract_id != step.id)
    asked = replace(command.asked, charge=replace(command.asked.charge, earlier=counted))
    work = made(CONTRACTS, step.id, replace(command, asked=None), written, f"{origin} {step.row}")
    return Work(work.aggregate, work.id, replace(command, family=family, asked=asked), work.envelope)


def _subject(step: Step) -> str:
    assert isinstance(step.command, c.SignContract)
    return step.command.terms.category
