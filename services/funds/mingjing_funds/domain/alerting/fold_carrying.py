"""What a change of bank adds to the memory of both accounts. One rule: what is remembered of a contract goes with it.

Between the transfer of the balance and the carrying of the contracts the old account owes what the new one holds; so
it is remembered how much went away for families that are still with the old one. What was counted by weeks stays
where it was counted, of all contracts together: for so many weeks neither account is compared with its own past.
"""

from __future__ import annotations

from datetime import date

from mingjing_funds.domain.alerting.state import AWAITED_MAX, REFUNDS_MAX, UNPAID_MAX, Awaited, State
from mingjing_funds.domain.carrying import ContractMoved, ContractsLeft
from mingjing_kernel.state import changed


def left(state: State, fact: ContractMoved, about: str) -> State:
    """The old account without the contract."""
    owed = state.owed_fen - fact.remaining_fen
    return changed(
        state,
        owed_fen=owed,
        carried_on=_later(state.carried_on, fact.moved_on),
        away_fen=max(state.away_fen - fact.remaining_fen, 0) if owed > 0 else 0,
        refunds=tuple(one for one in state.refunds if one.number not in fact.refunds),
        unpaid=tuple(one for one in state.unpaid if one.contract != about),
    )


def came(state: State, former: State, fact: ContractMoved, about: str) -> State:
    """The new account with it; ``former`` is the old one before."""
    owed = state.owed_fen + fact.remaining_fen
    refunds = tuple(one for one in former.refunds if one.number in fact.refunds)
    unpaid = tuple(one for one in former.unpaid if one.contract == about)
    return changed(
        state,
        owed_fen=owed,
        carried_on=_later(state.carried_on, fact.moved_on),
        peak_owed_fen=max(state.peak_owed_fen, owed),
        refunds=(*state.refunds, *refunds)[-REFUNDS_MAX:],
        unpaid=(*state.unpaid, *unpaid)[-UNPAID_MAX:],
        last_given_on=_later(state.last_given_on, former.last_given_on),
        last_confirmed_on=_later(state.last_confirmed_on, former.last_confirmed_on),
    )


def awaited_left(state: State, fact: ContractsLeft) -> State:
    """The old account awaits these payments no more."""
    gone = {one.number for one in fact.payments}
    return changed(state, awaited=tuple(one for one in state.awaited if one.number not in gone))


def awaited_came(state: State, fact: ContractsLeft) -> State:
    """The new one does, since the day on which each was announced."""
    more = (Awaited(one.number, one.amount_fen, one.announced_on) for one in fact.payments)
    return changed(state, awaited=(*state.awaited, *more)[-AWAITED_MAX:])


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)
