"""Three-way reconciliation (三方对账): orders, custody ledger and bank, line by line, and where they part.

The one rule: a break is named by what is known on the day, with the lines of every side; nothing is guessed away. What
the bank has put right by a reversal is a break that was righted, not one that never was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from mingjing_funds.domain.account_terms import Column, Direction
from mingjing_funds.domain.break_terms import Found, Kind, Line, Side
from mingjing_kernel.working_days import WorkingDays

IN_TRANSIT_DAYS = 5
"""A payment is on its way this long; then it has not come."""
TAIL_DIGITS = 6
"""So many last digits of a payment's number some banks pass on."""
PAIR_DAYS = 3
"""Tuition without a usable number is the payment announced at most so many days before, when only one can be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The orders' side: a payment, release or refund by its number, and what the ledger has found to carry it out."""

    account_id: UUID
    number: str
    direction: Direction
    amount_fen: int
    due_on: date
    met_on: date | None = None
    met_fen: int = 0
    flow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The bank's side: one entry, and the column of the ledger in which it counts."""

    account_id: UUID
    flow: str
    booked_on: date
    amount_fen: int
    column: Column
    number: str = ""
    reference: str = ""
    tail: str = ""
    reverses: str = ""
    reversed_by: str = ""
    is_tuition: bool = False
    """Whether the bank's own words call it tuition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One account: what is awaited and not met as it should be, what is booked and not explained, up to ``until``.

    Lines that agree may be left out, but for those whose number an unexplained entry bears. ``until`` is the last day
    of the bank's feed; ``opening_on`` the day whose balance counted everything before it; ``gap_fen`` what the bank's
    balance shows and its entries do not.
    """

    account_id: UUID
    opening_on: date
    until: date
    awaited: tuple[Awaited, ...] = ()
    booked: tuple[Booked, ...] = ()
    reversals: Mapping[str, date] = field(default_factory=dict)
    """By flow: on which day the entry that puts it right was booked."""
    balances: Mapping[date, int] = field(default_factory=dict)
    """What the bank held at the end of a day, for the days on which an instruction was to be carried out."""
    gap_fen: int = 0
    gap_on: date | None = None


@dataclass(frozen=True, slots=True)
class Crossings:
    """What went astray between accounts: by payment number, where it is awaited and where it was booked."""

    awaited: Mapping[str, Awaited] = field(default_factory=dict)
    booked: Mapping[str, Booked] = field(default_factory=dict)
    numbers: Mapping[tuple[UUID, str], str] = field(default_factory=dict)
    """By account and flow of the entry, which payment it is."""


def crossings(sides: Iterable[Sides]) -> Crossings:
    """Unexplained credits that bear the number (or its last digits, and the amount) of another account's payment."""
    everything = list(sides)
    missing = {
        waits.number: waits
        for one in everything
        for waits in one.awaited
        if waits.direction is Direction.PAYMENT and waits.met_on is None
    }
    by_tail: dict[str, list[Awaited]] = defaultdict(list)
    for waits in missing.values():
        by_tail[waits.number[-TAIL_DIGITS:]].append(waits)
    found: dict[str, Booked] = {}
    for entry in (entry for one in everything for entry in one.booked):
        if entry.column is Column.SUSPENSE and entry.amount_fen > 0 and not entry.reversed_by:
            number = _number_elsewhere(entry, missing, by_tail)
            if number:
                found.setdefault(number, entry)
    return Crossings(missing, found, {(entry.account_id, entry.flow): number for number, entry in found.items()})


def _number_elsewhere(entry: Booked, missing: Mapping[str, Awaited], by_tail: Mapping[str, list[Awaited]]) -> str:
    if entry.reference:
        waits = missing.get(entry.reference)
        return entry.reference if waits and waits.account_id != entry.account_id else ""
    if not entry.tail:
        return ""
    oldest = entry.booked_on - timedelta(days=IN_TRANSIT_DAYS)
    fits = [
        waits.number
        for waits in by_tail.get(entry.tail, ())
        if waits.amount_fen == entry.amount_fen
        and oldest <= waits.due_on <= entry.booked_on
        and waits.account_id != entry.account_id
    ]
    return fits[0] if len(fits) == 1 else ""


def pairs(sides: Sides, crossed: Crossings) -> dict[str, Booked]:
    """Payments and the unexplained tuition of the same account that can only be them, by number.

    The amount decides where the bank passed on a number that nobody knows; where it passed on none, a single payment
    and a single credit of those days belong together whatever their amounts.
    """
    credits = [
        entry
        for entry in sides.booked
        if entry.column is Column.SUSPENSE
        and entry.amount_fen > 0
        and entry.is_tuition
        and not (entry.reference or entry.reversed_by or (entry.account_id, entry.flow) in crossed.numbers)
    ]
    payments = [
        waits
        for waits in sides.awaited
        if waits.direction is Direction.PAYMENT and waits.met_on is None and waits.number not in crossed.booked
    ]
    found = _single(payments, credits, lambda waits, entry: waits.amount_fen == entry.amount_fen)
    taken = {entry.flow for entry in found.values()}
    rest = [waits for waits in payments if waits.number not in found]
    unnumbered = [entry for entry in credits if entry.flow not in taken and not entry.tail]
    return {**found, **_single(rest, unnumbered, lambda _waits, _entry: True)}


def _single(
    payments: list[Awaited], credits: list[Booked], fits: Callable[[Awaited, Booked], bool]
) -> dict[str, Booked]:
    window = timedelta(days=PAIR_DAYS)
    meant = {
        waits.number: [
            entry
            for entry in credits
            if fits(waits, entry) and waits.due_on <= entry.booked_on <= waits.due_on + window
        ]
        for waits in payments
    }
    claims = Counter(entry.flow for several in meant.values() for entry in several)
    return {
        number: several[0] for number, several in meant.items() if len(several) == 1 and claims[several[0].flow] == 1
    }


def breaks(sides: Sides, crossed: Crossings, calendar: WorkingDays) -> list[Found]:
    """Every break of one account, by day."""
    paired = pairs(sides, crossed)
    placed = {entry.flow for entry in paired.values()}
    found = [
        *(one for waits in sides.awaited for one in _of_awaited(_as_paired(waits, paired), sides, crossed, calendar)),
        *(one for entry in sides.booked if entry.flow not in placed for one in _of_booked(entry, sides, crossed)),
        *_of_gap(sides),
    ]
    return sorted(found, key=lambda one: (one.day, one.kind, one.key))


def _as_paired(waits: Awaited, paired: Mapping[str, Booked]) -> Awaited:
    entry = paired.get(waits.number)
    if entry is None:
        return waits
    return replace(waits, met_on=entry.booked_on, met_fen=entry.amount_fen, flow=entry.flow)


def stayed_behind(sides: Sides, calendar: WorkingDays) -> list[date]:
    """The days on which an instruction of this account should have been carried out and was not."""
    days = (
        calendar.after(waits.due_on, 1)
        for waits in sides.awaited
        if waits.met_on is None and waits.direction is Direction.RELEASE and waits.due_on > sides.opening_on
    )
    return [day for day in days if day <= sides.until]


def _of_awaited(waits: Awaited, sides: Sides, crossed: Crossings, calendar: WorkingDays) -> Iterable[Found]:
    orders = Line(side=Side.ORDERS, reference=waits.number, amount_fen=_signed(waits), day=waits.due_on)
    if waits.met_on is not None:
        differs = _met(waits) - _signed(waits)
        if differs:
            kind = _DIFFERS[waits.direction]
            bank = Line(side=Side.BANK, reference=waits.flow, amount_fen=_met(waits), day=waits.met_on)
            yield _found(kind, waits.account_id, waits.met_on, differs, waits.number, waits.flow, (orders, bank))
        return
    if waits.due_on <= sides.opening_on:
        return
    if waits.direction is Direction.REFUND:
        return  # agreed, and not the bank's business until somebody instructs it: refunds have clocks of their own
    if waits.direction is Direction.PAYMENT:
        yield from _not_credited(waits, sides, crossed, orders)
        return
    executes_on = calendar.after(waits.due_on, 1)
    if executes_on > sides.until:
        return
    short = sides.balances.get(executes_on)
    if short is not None and short < waits.amount_fen:
        bank = Line(side=Side.BANK, reference="", amount_fen=short, day=executes_on)
        kind = Kind.NOT_ENOUGH_MONEY
        yield _found(kind, waits.account_id, executes_on, 0, waits.number, "", (orders, bank))
    else:
        yield _found(Kind.NOT_EXECUTED, waits.account_id, waits.due_on, 0, waits.number, "", (orders,))


def _not_credited(waits: Awaited, sides: Sides, crossed: Crossings, orders: Line) -> Iterable[Found]:
    transit = Line(side=Side.LEDGER, reference="payments-in-transit", amount_fen=waits.amount_fen, day=waits.due_on)
    astray = crossed.booked.get(waits.number)
    if astray is not None:
        bank = Line(side=Side.BANK, reference=astray.flow, amount_fen=astray.amount_fen, day=astray.booked_on)
        yield _found(
            Kind.CREDITED_ELSEWHERE,
            waits.account_id,
            waits.due_on,
            -waits.amount_fen,
            waits.number,
            "",
            (orders, transit, bank),
            astray.account_id,
        )
    elif waits.due_on <= sides.until - timedelta(days=IN_TRANSIT_DAYS):
        lines = (orders, transit)
        yield _found(Kind.NOT_CREDITED, waits.account_id, waits.due_on, -waits.amount_fen, waits.number, "", lines)


def _of_booked(entry: Booked, sides: Sides, crossed: Crossings) -> Iterable[Found]:
    """A reversal speaks through the entry that it puts right; one that puts nothing right is unexplained itself."""
    if entry.reverses or entry.column not in (Column.SUSPENSE, Column.FEE):
        return
    kind, number, other = _kind_of(entry, sides, crossed)
    book = "fees" if entry.column is Column.FEE else "suspense"
    lines: tuple[Line, ...] = (
        Line(side=Side.LEDGER, reference=book, amount_fen=entry.amount_fen, day=entry.booked_on),
        Line(side=Side.BANK, reference=entry.flow, amount_fen=entry.amount_fen, day=entry.booked_on),
    )
    righted_on = sides.reversals.get(entry.flow) if entry.reversed_by else None
    if righted_on is not None:
        back = Line(side=Side.BANK, reference=entry.reversed_by, amount_fen=-entry.amount_fen, day=righted_on)
        lines = (*lines, back)
    yield _found(
        kind, entry.account_id, entry.booked_on, entry.amount_fen, number, entry.flow, lines, other, righted_on
    )


def _kind_of(entry: Booked, sides: Sides, crossed: Crossings) -> tuple[Kind, str, UUID | None]:
    if entry.column is Column.FEE:
        return Kind.FEE_CHARGED, "", None
    if entry.amount_fen > 0:
        number = crossed.numbers.get((entry.account_id, entry.flow))
        if number is not None:
            return Kind.UNEXPECTED_CREDIT, number, crossed.awaited[number].account_id
        return Kind.CREDIT_UNEXPLAINED, entry.reference, None
    twice = any(waits.number == entry.reference and waits.met_on for waits in sides.awaited)
    return (Kind.PAID_TWICE if twice else Kind.DEBIT_UNINSTRUCTED), entry.reference, None


def _of_gap(sides: Sides) -> Iterable[Found]:
    if sides.gap_fen and sides.gap_on is not None:
        ledger = Line(side=Side.LEDGER, reference="undelivered", amount_fen=sides.gap_fen, day=sides.gap_on)
        yield _found(Kind.NOT_DELIVERED, sides.account_id, sides.gap_on, sides.gap_fen, "", "", (ledger,))


_DIFFERS: Mapping[Direction, Kind] = {
    Direction.PAYMENT: Kind.PAYMENT_DIFFERS,
    Direction.RELEASE: Kind.RELEASE_DIFFERS,
    Direction.REFUND: Kind.REFUND_DIFFERS,
}


def _signed(waits: Awaited) -> int:
    return waits.amount_fen if waits.direction is Direction.PAYMENT else -waits.amount_fen


def _met(waits: Awaited) -> int:
    return waits.met_fen if waits.direction is Direction.PAYMENT else -waits.met_fen


def _found(
    kind: Kind,
    account_id: UUID,
    day: date,
    amount_fen: int,
    number: str,
    flow: str,
    lines: tuple[Line, ...],
    other: UUID | None = None,
    righted_on: date | None = None,
) -> Found:
    return Found(
        kind=kind,
        account_id=account_id,
        day=day,
        amount_fen=amount_fen,
        number=number,
        flow=flow,
        lines=lines,
        other_account_id=other,
        righted_on=righted_on,
    )
