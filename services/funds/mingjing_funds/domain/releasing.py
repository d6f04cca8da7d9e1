"""From a contract to the pure rules of release and refund: what of it they look at. Nothing is decided here.

The one rule: a lesson that is disputed, or a gift, is no lesson to them.
"""

from __future__ import annotations

from datetime import date

from mingjing_funds.domain import contract as c
from mingjing_funds.domain.refund_sum import Ending, Fault
from mingjing_funds.domain.release_policy import Confirmed, Delivered, ReleasePolicy, releasable_fen
from mingjing_kernel.working_days import RELEASED, WorkingDays


def delivered_of(contract: c.Paid) -> Delivered:
    """The paid lessons that were confirmed, and from when each counts; a disputed one is not among them."""
    seen = contract.delivery.lessons.values()
    confirmed = tuple(
        Confirmed(on=one.counted_on, units=one.units)
        for one in seen
        if one.standing in c.CONFIRMED and not one.is_gift and one.counted_on is not None
    )
    return Delivered(
        paid_fen=contract.paid_fen,
        lessons=contract.terms.lessons,
        starts_on=contract.terms.starts_on,
        ends_on=contract.terms.ends_on,
        confirmed=confirmed,
        opening_used=contract.life.opening_used,
    )


def releasable_of(
    contract: c.Paid,
    on: date,
    policy: ReleasePolicy,
    *,
    headroom_fen: int | None = None,
    calendar: WorkingDays = RELEASED,
) -> int:
    """What of this contract may go to the institution on a day, on top of what has gone."""
    return releasable_fen(
        delivered_of(contract),
        on,
        policy,
        released_fen=contract.released_fen(),
        headroom_fen=headroom_fen,
        is_frozen=contract.is_disputed(),
        calendar=calendar,
    )


def ending_of(contract: c.Paid, on: date, fault: Fault) -> Ending:
    """The contract as it would end on this day."""
    return Ending(
        paid_fen=contract.paid_fen,
        lessons=contract.terms.lessons,
        used=contract.delivery.used,
        given_back_fen=contract.refunded_fen + contract.life.transferred_fen,
        on=on,
        fault=fault,
        clauses=contract.life.clauses,
    )
