"""How what is remembered of an account follows the facts. The one rule: one fact costs about the same on every day.

Facts come in the order in which they become known, not in that in which they happened: amounts are put on the day
that they belong to, as far back as a window reaches.
"""

from __future__ import annotations

from datetime import date

from mingjing_funds.domain import account as a
from mingjing_funds.domain.alerting import fold_contract, fold_world
from mingjing_funds.domain.alerting.heard import Heard
from mingjing_funds.domain.alerting.state import (
    AWAITED_MAX,
    SUSPENSE_MAX,
    Awaited,
    State,
    Unexplained,
)
from mingjing_funds.domain.settlement import EntryMoved
from mingjing_kernel.state import changed
from mingjing_kernel.working_days import RELEASED, WorkingDays

USUAL_WORKING_DAYS = 3
"""A payment is credited within so many working days (P8); one that took longer is remembered as late."""


def told(state: State, heard: Heard, calendar: WorkingDays = RELEASED) -> State:
    """The state after a fact; a fact that says nothing about money or conduct changes nothing."""
    fact = heard.fact
    match fact:
        case a.EntryBooked():
            return _booked(state, fact, calendar)
        case a.EntryExplained():
            return _explained(state, fact, calendar)
        case a.EntryInferred():
            return _inferred(state, fact, calendar)
        case a.InferenceWithdrawn():
            return _withdrawn(state, fact)
        case a.BalanceGapChanged():
            return _gap(state, fact)
        case EntryMoved():
            return _transferred(state, fact)
        case a.MoneyExpected():
            return _awaiting(state, fact) if fact.direction is a.Direction.PAYMENT else state
        case _:
            after = fold_contract.told(state, heard)
            return after if after is not state else _life(fold_world.told(state, heard), fact)


def _life(state: State, fact: object) -> State:
    match fact:
        case a.AccountActivated():
            return changed(
                state,
                awaited=tuple(one for one in state.awaited if one.due_on > fact.opening_on),
                opened_on=fact.opened_on,
                opening_on=fact.opening_on,
                is_open=True,
                minimum_fen=fact.minimum_fen,
                balance_fen=state.balance_fen + fact.opening_fen,
            )
        case a.AgreementSigned():
            return changed(state, minimum_fen=fact.minimum_fen)
        case a.ClosingRequested():
            return changed(state, is_closing=True, closing_asked=True)
        case a.AccountClosed():
            return changed(state, is_open=False, is_closing=False)
        case _:
            return state


def _awaiting(state: State, fact: a.MoneyExpected) -> State:
    if state.opening_on is not None and fact.due_on <= state.opening_on:
        return state  # the opening balance has it
    return _await(state, Awaited(fact.number, fact.amount_fen, fact.due_on))


def _await(state: State, one: Awaited) -> State:
    return changed(state, awaited=(*state.awaited, one)[-AWAITED_MAX:])


def _credited(state: State, number: str, booked_on: date, calendar: WorkingDays) -> State:
    found = next((one for one in state.awaited if one.number == number), None)
    if found is None:
        return state
    rest = tuple(one for one in state.awaited if one is not found)
    is_late = booked_on > calendar.after(found.due_on, USUAL_WORKING_DAYS)
    late = state.late.add(found.due_on, 1) if is_late else state.late
    return changed(state, awaited=rest, late=late)


def _moved(state: State, day: date, amount: int) -> State:
    out = state.outflow.add(day, -amount) if amount < 0 else state.outflow
    return changed(state, balance_fen=state.balance_fen + amount, net=state.net.add(day, amount), outflow=out)


def _booked(state: State, fact: a.EntryBooked, calendar: WorkingDays) -> State:
    if fact.reverses:
        return _reversed(state, fact)
    after = _moved(state, fact.booked_on, fact.amount_fen)
    if fact.column is a.Column.PAYMENT:
        after = changed(after, receipts=after.receipts.add(fact.booked_on, fact.amount_fen))
        return _credited(after, fact.number, fact.booked_on, calendar)
    if fact.column is a.Column.SUSPENSE:
        one = Unexplained(fact.flow, fact.amount_fen, fact.booked_on)
        return changed(after, suspense=(*after.suspense, one)[-SUSPENSE_MAX:])
    return after


def _reversed(state: State, fact: a.EntryBooked) -> State:
    """A correction is no flow of money; a payment that it undid is awaited again."""
    after = changed(
        state,
        balance_fen=state.balance_fen + fact.amount_fen,
        net=state.net.add(fact.booked_on, fact.amount_fen),
        suspense=tuple(one for one in state.suspense if one.flow != fact.reverses),
    )
    if fact.column is a.Column.TRANSFER and fact.amount_fen > 0:
        after = changed(after, away_fen=max(state.away_fen - fact.amount_fen, 0), is_emptied=False)
    if fact.column is a.Column.PAYMENT and fact.amount_fen < 0:
        after = changed(after, receipts=after.receipts.add(fact.booked_on, fact.amount_fen))
        if fact.number and fact.expected_on is not None:
            after = _await(after, Awaited(fact.number, abs(fact.expected_fen), fact.expected_on))
    return after


def _explained(state: State, fact: a.EntryExplained, calendar: WorkingDays) -> State:
    after = changed(state, suspense=tuple(one for one in state.suspense if one.flow != fact.flow))
    if fact.column is not a.Column.PAYMENT:
        return after
    after = changed(after, receipts=after.receipts.add(fact.booked_on, fact.amount_fen))
    return _credited(after, fact.number, fact.booked_on, calendar)


def _inferred(state: State, fact: a.EntryInferred, calendar: WorkingDays) -> State:
    after = _moved(state, fact.booked_on, fact.amount_fen)
    if fact.column is not a.Column.PAYMENT:
        return after
    after = changed(after, receipts=after.receipts.add(fact.booked_on, fact.amount_fen))
    return _credited(after, fact.number, fact.booked_on, calendar)


def _withdrawn(state: State, fact: a.InferenceWithdrawn) -> State:
    after = _moved(state, fact.booked_on, -fact.amount_fen)
    if fact.column is not a.Column.PAYMENT:
        return changed(after, outflow=state.outflow.add(fact.booked_on, fact.amount_fen))
    after = changed(after, receipts=after.receipts.add(fact.booked_on, -fact.amount_fen), outflow=state.outflow)
    return _await(after, Awaited(fact.number, fact.amount_fen, fact.expected_on))


def _transferred(state: State, fact: EntryMoved) -> State:
    """Money that a change of bank took elsewhere has left no custody, and nothing about it is unexplained."""
    after = changed(state, suspense=tuple(one for one in state.suspense if one.flow != fact.flow))
    if fact.amount_fen > 0:
        return after
    out = state.outflow.add(fact.booked_on, fact.amount_fen)
    return changed(after, outflow=out, away_fen=state.away_fen - fact.amount_fen, is_emptied=True)


def _gap(state: State, fact: a.BalanceGapChanged) -> State:
    since = (state.gap_since or fact.booked_on) if fact.gap_fen else None
    return changed(
        state,
        gap_fen=fact.gap_fen,
        gap_since=since,
        balance_fen=state.balance_fen + fact.change_fen,
        net=state.net.add(fact.booked_on, fact.change_fen),
    )
