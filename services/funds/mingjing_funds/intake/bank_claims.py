"""Claims that follow their contracts (债权随迁): what the old bank reverses later is awaited at the new one.

The one rule: only a payment whose contract has gone over is asked for here. Contracts go when a person carries them.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from mingjing_funds.codec import CUSTODIANS
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain.carrying_accounts import CarriedMeanwhile
from mingjing_funds.intake import bank_carrying
from mingjing_funds.intake.directory import own
from mingjing_funds.projections.custodians import SETTLED, custodians_table
from mingjing_funds.projections.expectations import with_reversed_payments
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, VersionConflict
from mingjing_kernel.refusal import Refusal

ACTOR: Final = "system:bank-claims"
BASIS: Final = "教监管函〔2021〕2号"


async def carry_claims(kit: Kit, day: date) -> str:
    """The duty of a day: every change of bank whose old account awaits a payment that it had credited once."""
    await kit.up_to_date()
    rows = custodians_table.c
    wanted = select(rows.institution_id).where(rows.old_id.in_(with_reversed_payments()), rows.step.not_in(SETTLED))
    async with kit.connection() as connection:
        institutions = [own(id) for id in await connection.scalars(wanted.order_by(rows.institution_id))]
    claims, waiting = 0, list[str]()
    for institution_id in institutions:
        custodian, _ = await kit.log.state(CUSTODIANS, institution_id)
        if not isinstance(custodian, m.Changing) or m.hindrance(m.CarryContracts, custodian) is not None:
            continue
        id = derived_id("funds-bank-claims", institution_id, day)
        written = Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2, legal_basis=BASIS)
        try:
            claims += await bank_carrying.claim(kit, institution_id, custodian, day, written)
        except (CarriedMeanwhile, VersionConflict):
            waiting.append(f"{institution_id}: its books moved meanwhile")
        except Refusal as why:
            waiting.append(f"{institution_id}: {why}")
    if not claims and not waiting:
        return "no former bank has reversed a payment whose contract went over"
    held_up = f"; {len(waiting)} wait, the first of them {waiting[0]}" if waiting else ""
    return f"{claims} payments that a former bank has reversed are awaited at the new one{held_up}"
