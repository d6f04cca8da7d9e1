"""What complaints, patrols, staff rolls and the registry add to what is remembered. The one rule: newest last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mingjing_funds.domain.alerting import heard as h
from mingjing_funds.domain.alerting.fold_contract import found
from mingjing_funds.domain.alerting.state import (
    CHANGES_DAYS,
    NOTICES_MAX,
    SAID_DAYS,
    SAID_MAX,
    SITES_DAYS,
    SITES_MAX,
    STAFF_DAYS,
    Said,
    State,
)


def told(state: State, heard: h.Heard) -> State:
    """The state after a record; the same one where it is none of ours."""
    fact, on = heard.fact, heard.on
    match fact:
        case h.Complained():
            return replace(state, said=_said(state.said, Said(on, fact.person, fact.words)))
        case h.StaffCounted():
            return replace(state, staff=_counted(state.staff, on, fact.staff))
        case h.Patrolled():
            closed = state.closed_doors + 1 if fact.was_closed else 0
            heads = state.heads if fact.heads is None else fact.heads
            return replace(state, patrols=state.patrols + 1, closed_doors=closed, heads=heads)
        case h.ChargeFound():
            return found(state, on, fact.what)
        case h.TeachingTimeBroken():
            return replace(state, time_broken=state.time_broken.add(on, fact.lessons))
        case _:
            return _registered(state, fact, on)


def _registered(state: State, fact: object, on: date) -> State:
    match fact:
        case h.Announced():
            return replace(state, notices=(*state.notices, fact)[-NOTICES_MAX:])
        case h.Changed(is_approved=False):
            since = on - timedelta(days=CHANGES_DAYS)
            return replace(
                state, changes=(*(one for one in state.changes if one[0] > since), (on, fact.what.value))[-NOTICES_MAX:]
            )
        case h.LicenceStated():
            return replace(state, licence=fact)
        case h.SiteOpened():
            since = on - timedelta(days=SITES_DAYS)
            return replace(state, sites=(*(one for one in state.sites if one > since), on)[-SITES_MAX:])
        case _:
            return _stated(state, fact)


def _stated(state: State, fact: object) -> State:
    match fact:
        case h.PupilsCounted():
            return replace(state, pupils=fact.pupils)
        case h.Frozen():
            return replace(state, frozen_by="" if fact.is_over else fact.by)
        case h.BankChangeAsked():
            return replace(state, bank_change_asked=not fact.is_over)
        case h.DepositStated():
            return replace(state, deposit_fen=fact.deposit_fen, deposit_minimum_fen=fact.minimum_fen)
        case _:
            return state


def _said(before: tuple[Said, ...], one: Said) -> tuple[Said, ...]:
    since = one.on - timedelta(days=SAID_DAYS)
    kept = (*(each for each in before if each.on > since), one)
    return tuple(sorted(kept, key=lambda each: each.on))[-SAID_MAX:]


def _counted(before: tuple[tuple[date, int], ...], on: date, staff: int) -> tuple[tuple[date, int], ...]:
    """The counts of the last weeks, and the one before them: what stood when they began."""
    since = on - timedelta(days=STAFF_DAYS)
    older = [one for one in before if one[0] <= since]
    return (*older[-1:], *(one for one in before if one[0] > since), (on, staff))
