"""Charges that a file tells of (导入收费检查): the rules in force for their day and place look at each of them.

The one rule: what was left of earlier charges is counted for contracts that come while they are new. For older ones
nobody knows any more what was left on the day of the charge, and what is not known breaks no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from mingjing_funds.domain.charge import Charge, Unconsumed
from mingjing_funds.domain.charging_checks import Asked, ChargingNumbers
from mingjing_funds.domain.contract import RecordContract, Terms
from mingjing_funds.domain.money import cumulative_release_fen
from mingjing_funds.intake.charging_numbers import at_import, charging_numbers
from mingjing_funds.intake.families import Named
from mingjing_funds.intake.plan import Step
from mingjing_funds.policy.charging_import import CHARGING_AT_IMPORT
from mingjing_funds.policy.family_rules import CHARGING
from mingjing_funds.projections.unconsumed import Left, unconsumed_by_pupil
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.policy import in_force

MODEL_TEXT = "GF-2021-2604"
WAIT_SECONDS = 30.0
"""For the lists to have what the transaction before this one wrote: its pupils are known again."""


@dataclass(frozen=True, slots=True)
class _New:
    """A contract of the file, and the pupil and subject whose charges count together."""

    at: int
    terms: Terms
    opening_used: int
    key: tuple[str, str]

    @property
    def order(self) -> tuple[datetime, str]:
        """Of two charges the later one counts with the earlier."""
        return self.terms.signed_at, self.terms.contract_no


async def asked_of(
    host: Any, steps: Sequence[Step], families: Sequence[Named | None], covers_to: date
) -> list[Asked | None]:
    """The charge of each contract among the steps of one transaction, beside what its pupil had left."""
    new = [
        _New(at, step.command.terms, step.command.opening_used, (_pupil(family), step.command.terms.category))
        for at, (step, family) in enumerate(zip(steps, families, strict=True))
        if isinstance(step.command, RecordContract)
    ]
    numbers, fresh = await _in_force(host, new)
    standing = await _standing(host, {one.key[0] for one in new} - {""})
    known = {left.contract_id for some in standing.values() for left in some}
    beside = _together(one for one in new if one.key[0] and steps[one.at].id not in known)
    found: list[Asked | None] = [None] * len(steps)
    for one in new:
        earlier: tuple[Unconsumed, ...] = ()
        if covers_to - shanghai_date(one.terms.signed_at) <= fresh[one.at]:
            earlier = _earlier(one, steps[one.at].id, standing.get(one.key, ()), beside.get(one.key, ()))
        found[one.at] = Asked(charge=_charge(one.terms, earlier), numbers=numbers[one.at])
    return found


def _pupil(family: Named | None) -> str:
    return family.family.pupil.subject if family is not None and family.family.pupil is not None else ""


async def _in_force(host: Any, new: Sequence[_New]) -> tuple[dict[int, ChargingNumbers], dict[int, timedelta]]:
    """The limits, and for how long a contract is new, of each; looked up once a day and place."""
    places: dict[tuple[date, str, str], tuple[ChargingNumbers, timedelta]] = {}
    numbers, fresh = dict[int, ChargingNumbers](), dict[int, timedelta]()
    for one in new:
        place = (shanghai_date(one.terms.signed_at), one.terms.region, one.terms.category)
        if place not in places:
            limits = charging_numbers(await in_force(host.log, CHARGING, *place))
            import_numbers = await in_force(host.log, CHARGING_AT_IMPORT, *place)
            places[place] = at_import(limits, import_numbers), timedelta(days=import_numbers["fresh"])
        numbers[one.at], fresh[one.at] = places[place]
    return numbers, fresh


async def _standing(host: Any, pupils: set[str]) -> dict[tuple[str, str], list[Left]]:
    if not pupils:
        return {}
    await host.up_to_date(WAIT_SECONDS)
    async with host.connection() as connection:
        return await unconsumed_by_pupil(connection, pupils)


def _together(new: Iterable[_New]) -> dict[tuple[str, str], list[_New]]:
    """Those of the same file that the lists do not have yet, by pupil and subject."""
    found: dict[tuple[str, str], list[_New]] = {}
    for one in new:
        found.setdefault(one.key, []).append(one)
    return found


def _earlier(one: _New, id: UUID, standing: Iterable[Left], beside: Iterable[_New]) -> tuple[Unconsumed, ...]:
    before = [
        left.charge
        for left in standing
        if left.contract_id != id and (left.signed_at, left.charge.contract_no) < one.order
    ]
    return (*before, *(_whole(other) for other in beside if other.order < one.order))


def _whole(one: _New) -> Unconsumed:
    """A contract of which no lesson has been reported yet."""
    terms = one.terms
    return Unconsumed(
        contract_no=terms.contract_no,
        lessons_left=terms.lessons - one.opening_used,
        left_fen=terms.price_fen - cumulative_release_fen(terms.price_fen, terms.lessons, one.opening_used),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        course=terms.course,
    )


def _charge(terms: Terms, earlier: tuple[Unconsumed, ...]) -> Charge:
    """What a file says of a charge; of lease, payee, price list and timetable it says nothing."""
    return Charge(
        charged_on=shanghai_date(terms.signed_at),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        lessons=terms.lessons,
        price_fen=terms.price_fen,
        is_subject=terms.is_subject,
        course=terms.course,
        earlier=earlier,
        model_text=MODEL_TEXT if terms.is_model_text else "",
    )
