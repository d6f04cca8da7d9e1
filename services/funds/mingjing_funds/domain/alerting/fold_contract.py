"""What contracts, lessons and refunds add to the memory. The one rule: a lesson counts once, when first seen."""

from __future__ import annotations

from datetime import date, timedelta

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.domain.alerting.heard import Charge, Heard
from mingjing_funds.domain.alerting.state import (
    MONTH_DAYS,
    PENDING_MAX,
    REFUNDS_MAX,
    UNPAID_MAX,
    WINDOW_DAYS,
    RefundOpen,
    State,
    Unpaid,
)
from mingjing_funds.domain.alerting.window import Window
from mingjing_funds.domain.persistent_map import PersistentMap
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.state import changed

NIGHT_FROM, NIGHT_TO = 22, 6
"""Families are asleep; who confirms many lessons then is a machine or a clerk."""
CALLED_OFF = frozenset({c.LessonStanding.CANCELLED, c.LessonStanding.LEAVE})
GIVEN = frozenset({c.LessonStanding.DELIVERED, c.LessonStanding.PENDING, c.LessonStanding.DISPUTED})
_FOUND = {"P1": Charge.OVER_LIMIT, "P2": Charge.OVER_LIMIT, "P3": Charge.OVER_LIMIT, "P4": Charge.OVER_LIMIT}
_FOUND |= {"P5": Charge.OVER_LIMIT, "P6": Charge.EARLY, "P7": Charge.BEYOND_LEASE, "P9": Charge.LOAN}
_FOUND |= {"P10-price": Charge.ABOVE_PUBLISHED, "P10-guide": Charge.ABOVE_GUIDE}
_NO_AMOUNT = frozenset({"P10-text"})
"""A missing model contract is a finding about paper; no rule about charges counts it."""


def told(state: State, heard: Heard) -> State:
    """The state after an event of a contract; the same one where it is none, or says nothing."""
    fact = heard.fact
    match fact:
        case c.ContractSigned():
            return changed(state, unpaid=(*state.unpaid, Unpaid(heard.about, 0))[-UNPAID_MAX:])
        case c.ContractPaid():
            return _paid(state, fact.amount_fen - fact.earned_fen, heard)
        case c.ChargingRuleBroken():
            return state if fact.rule in _NO_AMOUNT else found(state, heard.on, _what(fact.rule))
        case c.LessonReported():
            return _reported(state, fact, heard.about)
        case c.LessonConfirmed():
            return _confirmed(state, fact, heard)
        case c.RefundRequested():
            asked_on = shanghai_date(fact.requested_at)
            asked = _asked(state, RefundOpen(fact.refund_no, fact.amount_fen, asked_on))
            return changed(asked, requests=state.requests.add(asked_on, 1))
        case c.RefundAnswered(answer="refused"):
            return changed(state, refunds=_without(state, fact.refund_no))
        case c.RefundPaid():
            owed = state.owed_fen - fact.amount_fen
            return changed(state, owed_fen=owed, refunds=_without(state, fact.refund_no))
        case _:
            return _beside(state, fact, heard)


def _what(rule: str) -> Charge:
    """What a broken rule means to the alert rules: ``P6-early`` is of P6, and what has no meaning of its own is over a
    limit.
    """
    return _FOUND.get(rule) or _FOUND.get(rule.partition("-")[0], Charge.OVER_LIMIT)


def _beside(state: State, fact: object, heard: Heard) -> State:
    """What is told only where the family's side is kept here and not by a vendor."""
    match fact:
        case lesson.LessonTakenBack():
            return changed(state, owed_fen=state.owed_fen + fact.returned_fen)
        case lesson.LessonTimed():
            return _timed(state, fact, heard.about)
        case lesson.LessonSettled(was_held=False):
            return _in_order(state, heard.about, fact.lesson_no)
        case order.TransferredOut():
            return changed(state, owed_fen=state.owed_fen - fact.amount_fen)
        case order.TransferredIn():
            return _paid(state, fact.amount_fen - fact.earned_fen, heard)
        case refund.RefundGranted():
            return _asked(state, RefundOpen(fact.refund_no, fact.amount_fen, fact.granted_on))
        case refund.MediationEnded():
            rest = changed(state, refunds=_without(state, fact.refund_no))
            return _asked(rest, RefundOpen(fact.refund_no, fact.amount_fen, fact.ended_on)) if fact.amount_fen else rest
        case refund.RefundReturned():
            owed = changed(state, owed_fen=state.owed_fen + fact.amount_fen)
            return _asked(owed, RefundOpen(fact.refund_no, fact.amount_fen, fact.waits_since))
        case refund.RefundClosed():
            return changed(state, refunds=_without(state, fact.refund_no))
        case _:
            return state


def _paid(state: State, left_fen: int, heard: Heard) -> State:
    owed = state.owed_fen + left_fen
    rest = tuple(one for one in state.unpaid if one.contract != heard.about)
    return changed(state, owed_fen=owed, peak_owed_fen=max(state.peak_owed_fen, owed), unpaid=rest)


def _asked(state: State, refund: RefundOpen) -> State:
    return changed(state, refunds=(*state.refunds, refund)[-REFUNDS_MAX:])


def found(state: State, on: date, what: Charge) -> State:
    """One more finding about a charge."""
    before = state.charges.get(what.value, Window(MONTH_DAYS))
    return changed(state, charges={**state.charges, what.value: before.add(on, 1)})


def _without(state: State, number: str) -> tuple[RefundOpen, ...]:
    return tuple(one for one in state.refunds if one.number != number)


def _timed(state: State, fact: lesson.LessonTimed, contract: str) -> State:
    """A lesson counts once, whatever is said of its hours, and no more where what was said last is in order."""
    rest = _in_order(state, contract, fact.lesson_no)
    if not fact.breaches:
        return rest
    key, day = _lesson(contract, fact.lesson_no), fact.held_on
    return changed(
        rest,
        time_broken=rest.time_broken.add(day, 1),
        out_of_hours=_bounded(rest.out_of_hours, day).set(key, day),
    )


def _in_order(state: State, contract: str, lesson_no: str) -> State:
    key = _lesson(contract, lesson_no)
    if key not in state.out_of_hours:
        return state
    time_broken = state.time_broken.add(state.out_of_hours[key], -1)
    return changed(state, time_broken=time_broken, out_of_hours=state.out_of_hours.without(key))


def _lesson(contract: str, lesson_no: str) -> str:
    return f"{contract}/{lesson_no}"


def _reported(state: State, fact: c.LessonReported, contract: str) -> State:
    if fact.standing in CALLED_OFF:
        state = _in_order(state, contract, fact.lesson_no)
    was_pending = fact.lesson_no in state.pending
    if fact.standing in GIVEN:
        if was_pending:
            return state
        lessons = state.lessons.add(fact.held_on, 1)
        pending = _bounded(state.pending, fact.held_on).set(fact.lesson_no, fact.held_on)
        return changed(state, pending=pending, lessons=lessons, last_given_on=_later(state.last_given_on, fact.held_on))
    if not was_pending:
        return state
    counted_on = state.pending[fact.lesson_no]
    return changed(state, pending=state.pending.without(fact.lesson_no), lessons=state.lessons.add(counted_on, -1))


def _confirmed(state: State, fact: c.LessonConfirmed, heard: Heard) -> State:
    """Most facts of a log are these, so the state is made anew once only."""
    was_pending = fact.lesson_no in state.pending
    units, total = _units(state, fact, heard.about)
    return changed(
        state,
        units_told_on=fact.reported_on,
        units=units,
        heavy=state.heavy.raised_to(fact.held_on, total),
        pending=state.pending.without(fact.lesson_no) if was_pending else state.pending,
        lessons=state.lessons if was_pending else state.lessons.add(fact.held_on, 1),
        owed_fen=state.owed_fen - fact.earned_fen,
        confirmed=state.confirmed.add(fact.reported_on, 1),
        automatic=state.automatic.add(fact.reported_on, 1) if fact.is_automatic else state.automatic,
        nights=_night(state.nights, fact),
        last_confirmed_on=_later(state.last_confirmed_on, fact.held_on),
        last_given_on=_later(state.last_given_on, fact.held_on),
        unpaid=_signed_in(state.unpaid, heard.about, fact.units),
    )


def _signed_in(unpaid: tuple[Unpaid, ...], contract: str, units: int) -> tuple[Unpaid, ...]:
    """One more lesson under a contract that nobody has paid for; most lessons are under contracts that were."""
    if all(one.contract != contract for one in unpaid):
        return unpaid
    return tuple(one._replace(lessons=one.lessons + units) if one.contract == contract else one for one in unpaid)


def _bounded(pending: PersistentMap[date], day: date) -> PersistentMap[date]:
    """Silence confirms a lesson after fifteen working days; one that waits for months was forgotten by its sender."""
    if len(pending) < PENDING_MAX:
        return pending
    kept: PersistentMap[date] = PersistentMap()
    for number, held_on in pending.items():
        if held_on > day - timedelta(days=WINDOW_DAYS):
            kept = kept.set(number, held_on)
    return kept


def _later(before: date | None, day: date) -> date:
    return day if before is None else max(before, day)


def _night(nights: Window, fact: c.LessonConfirmed) -> Window:
    if fact.is_automatic or fact.confirmed_at is None:
        return nights
    local = fact.confirmed_at.astimezone(SHANGHAI)
    if NIGHT_TO <= local.hour < NIGHT_FROM:
        return nights
    evening = local.date() - timedelta(days=1) if local.hour < NIGHT_TO else local.date()
    return nights.add(evening, 1)


def _units(state: State, fact: c.LessonConfirmed, contract: str) -> tuple[PersistentMap[int], int]:
    """Lesson units by contract and day, among those of one report; and those of this one."""
    fresh: PersistentMap[int] = PersistentMap()
    units = state.units if state.units_told_on == fact.reported_on else fresh
    key = f"{contract}/{fact.held_on.isoformat()}"
    total = units.get(key, 0) + fact.units
    return units.set(key, total), total
