"""Refunds that the bank has paid (退费到账): its debit carries out the instruction, so the family's claim is settled.

The one rule: the bank's own line says it, and neither its status report nor what somebody inferred; an entry that was
reversed says it no more (退票), and the family is owed again. What a person has noted already is noted once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

import structlog

from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain.account import WithdrawExpectation
from mingjing_funds.domain.contract import PayRefund
from mingjing_funds.domain.refund import ReturnRefund
from mingjing_funds.intake.custody import together
from mingjing_funds.intake.works import made
from mingjing_funds.projections.refund_requests import BY_THE_BANKS_LINE, CameBack, came_back, carried_out
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

LOOK_SECONDS: Final = 10.0
ACTOR: Final = BY_THE_BANKS_LINE
BASIS: Final = "GF—2021—2604"
TURNS_MAX: Final = 1_000
_log = structlog.get_logger("mingjing.refunds-paid")


Refused: TypeAlias = set[tuple[UUID, str]]
"""Contract and number of refunds that do not take it that they are paid."""


async def note_paid(kit: Kit, refused: Refused | None = None) -> int:
    """Note every refund whose instruction the bank has carried out; how many those were. ``refused`` are passed over,
    and those that refuse are added: else the first thousand of them would hold up all others for ever.
    """
    noted, refused = 0, set() if refused is None else refused
    for _ in range(TURNS_MAX):
        await kit.up_to_date()
        async with kit.connection() as connection:
            found = await carried_out(connection, refused)
        works = []
        for one in found:
            id = derived_id("funds-refund-paid", one.contract_id, one.refund_no, one.flow)
            written = Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2, legal_basis=BASIS)
            command = PayRefund(refund_no=one.refund_no, amount_fen=one.amount_fen, paid_on=one.paid_on)
            works.append(made(CONTRACTS, one.contract_id, command, written, f"{one.flow} {one.refund_no}"))
        news, before = 0, len(refused)
        for one, result in zip(found, await kit.log.handle_many(works), strict=True):
            if isinstance(result, Outcome):
                news += bool(result.events) and not result.repeated
            elif isinstance(result, Refusal):  # it was closed or taken elsewhere between look and word, or stays so
                refused.add((one.contract_id, one.refund_no))
                _log.warning("refund.not-noted", contract=str(one.contract_id), refund=one.refund_no, why=str(result))
            else:
                raise result
        noted += news
        if not news and len(refused) == before:
            return noted
    return noted


async def note_returned(kit: Kit) -> int:
    """Note every refund that was paid and has come back; how many those were.

    The account stops waiting for the number in the same transaction: else it would be set aside twice, for this and
    for the next one.
    """
    await kit.up_to_date()
    async with kit.connection() as connection:
        found = await came_back(connection)
    noted = 0
    for one in found:
        try:
            outcome = await together(kit.log, [_return(one), _withdrawal(one)])
        except Refusal:  # the bank has booked it again meanwhile, or a person has answered
            continue
        noted += bool(outcome.events) and not outcome.repeated
    return noted


def _withdrawal(one: CameBack) -> Work:
    reason = f"银行退票 {one.refund_no} returned by the bank"
    command = WithdrawExpectation(number=one.instruction_no, reason=reason, withdrawn_on=one.returned_on)
    return made(ACCOUNTS, one.account_id, command, _written("funds-refund-withdrawn", one), one.instruction_no)


def _return(one: CameBack) -> Work:
    command = ReturnRefund(
        refund_no=one.refund_no,
        instruction_no=one.instruction_no,
        returned_on=one.returned_on,
        debited_id=one.account_id,
    )
    return made(CONTRACTS, one.contract_id, command, _written("funds-refund-returned", one), one.instruction_no)


def _written(what: str, one: CameBack) -> Envelope:
    id = derived_id(what, one.contract_id, one.refund_no, one.instruction_no)
    return Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2, legal_basis=BASIS)


class RefundsPaid:
    """Within seconds of the bank's line, and once more with the first look of each day."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._refused: Refused = set()

    async def recall(self) -> Done | None:
        """Nothing: what it noted is in the log."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The same as a look; what refused before is asked once more."""
        self._refused.clear()
        paid, returned = await note_paid(self._kit, self._refused), await note_returned(self._kit)
        left = f"; {len(self._refused)} that it has paid are not noted" if self._refused else ""
        return f"{paid} refunds were paid by the bank, {returned} came back from it{left}"

    async def look(self) -> None:
        """At what the bank has booked since."""
        await note_paid(self._kit, self._refused)
        await note_returned(self._kit)

    def readiness(self) -> dict[str, Any]:
        """How many refunds the bank has paid that do not take it."""
        return {"refused": len(self._refused)}
