"""A row of a file that concerns a contract and its account is used as a whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from funds.test_api import ACCOUNT, CONTRACT
from funds.test_family_side import paid
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.intake.plan import Step
from mingjing_funds.intake.whole_rows import by_whole_rows
from mingjing_funds.intake.works import work_of
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import Refusal

DAY = date(2026, 7, 1)
AT = datetime(2026, 7, 1, 1, tzinfo=UTC)


def refund(row: int, number: str, amount_fen: int) -> list[Step]:
    """A row of a refund file: asked, answered, awaited from the bank."""
    ask = c.RequestRefund(refund_no=number, amount_fen=amount_fen, reason="", requested_at=AT)
    agree = c.AnswerRefund(refund_no=number, answer="agreed", answered_on=DAY)
    expect = a.ExpectMoney(direction=a.Direction.REFUND, number=number, amount_fen=amount_fen, due_on=DAY)
    return [
        Step("contract", CONTRACT, ask, row, f"{number}/asked"),
        Step("contract", CONTRACT, agree, row, f"{number}/answered"),
        Step("account", ACCOUNT, expect, row, number),
    ]


def payment(row: int, number: str, amount_fen: int) -> list[Step]:
    """A row of a payment file."""
    pay = c.RecordPayment(
        payment_no=number, amount_fen=amount_fen, paid_at=AT, paid_on=DAY, method="", is_existing_fact=True
    )
    expect = a.ExpectMoney(direction=a.Direction.PAYMENT, number=number, amount_fen=amount_fen, due_on=DAY)
    return [Step("contract", CONTRACT, pay, row, number), Step("account", ACCOUNT, expect, row, number)]


async def taken(world: Any, *rows: list[Step], works_max: int = 100) -> list[str]:
    """What became of each step: how many facts, or why not."""
    written = Envelope(actor="song", command_id=new_id())
    planned = [(step, work_of(step, str(written.command_id), written)) for row in rows for step in row]
    said: list[str] = []
    async for at, results in by_whole_rows(world.host.log, planned, works_max):
        assert at == len(said)
        said += [one.code() if isinstance(one, Refusal) else str(len(one.events)) for one in results]
    return said


async def awaited(world: Any) -> list[str]:
    """The numbers that the account awaits."""
    account, _ = await world.host.log.state(ACCOUNTS, ACCOUNT)
    return sorted(account.ledger.expected)


async def refunds(world: Any) -> dict[str, str]:
    """The refunds that the contract knows of, and where they stand."""
    contract, _ = await world.host.log.state(CONTRACTS, CONTRACT)
    return {number: refund.standing.value for number, refund in contract.refunds.items()}


async def test_what_the_contract_refuses_the_account_does_not_await(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    rows = refund(2, "TF1", 800_000), payment(3, "JF-2", 299_900), refund(4, "TF2", 10_000)
    assert await taken(world, *rows) == [*["refund-too-high"] * 3, *["already-paid"] * 2, "1", "1", "1"]
    assert await awaited(world) == ["JF1", "TF2"], "JF1 is the contract's own payment"
    assert await refunds(world) == {"TF2": "agreed"}
    assert await taken(world, *rows, works_max=1) == [*["refund-too-high"] * 3, *["already-paid"] * 2, "0", "0", "0"]


async def test_what_the_account_refuses_the_contract_does_not_hear_of(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await taken(world, [refund(2, "TF1", 5_000)[2]])
    assert await taken(world, refund(3, "TF1", 6_000)) == ["expectation-differs"] * 3
    assert await refunds(world) == {}
