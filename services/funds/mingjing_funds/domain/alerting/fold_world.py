"""What complaints, patrols, staff rolls and the registry add to what is remembered. The one rule: newest last."""

from __future__ import annotations

from datetime import date, timedelta

from mingjing_funds.domain.alerting import fold_sign
from mingjing_funds.domain.alerting import heard as h
from mingjing_funds.domain.alerting.fold_contract import found
from mingjing_funds.domain.alerting.fold_sign import announced, counted, said, site_told
from mingjing_funds.domain.alerting.state import CHANGES_DAYS, NOTICES_MAX, Said, State
from mingjing_kernel.state import changed


def told(state: State, heard: h.Heard) -> State:
    """The state after a record; the same one where it is none of ours."""
    fact, on = heard.fact, heard.on
    match fact:
        case h.Complained():
            return changed(state, said=said(state.said, Said(on, fact.person, fact.words, fact.is_person)))
        case h.StaffCounted():
            return changed(state, staff=counted(state.staff, on, fact.staff))
        case h.HeadsCounted():
            return changed(state, heads=fact.heads, heads_on=on)
        case h.ChargeFound():
            return found(state, on, fact.what)
        case h.TeachingTimeBroken():
            return changed(state, time_broken=state.time_broken.add(on, fact.lessons))
        case _:
            return _registered(state, fact, on, heard.about)


def _registered(state: State, fact: object, on: date, about: str) -> State:
    match fact:
        case h.Announced():
            return announced(state, fact)
        case h.Changed(is_approved=False):
            since = on - timedelta(days=CHANGES_DAYS)
            return changed(
                state, changes=(*(one for one in state.changes if one[0] > since), (on, fact.what.value))[-NOTICES_MAX:]
            )
        case h.LicenceStated():
            return changed(state, licence=fact)
        case h.SiteOpened():
            return site_told(state, on)
        case _:
            return _stated(state, fact, about)


def _stated(state: State, fact: object, about: str) -> State:
    match fact:
        case h.PupilsCounted():
            return changed(state, pupils=fact.pupils)
        case h.Frozen():
            return changed(state, frozen_by="" if fact.is_over else fact.by)
        case h.BankChangeAsked():
            return changed(state, bank_change_asked=not fact.is_over)
        case _:
            return fold_sign.told(state, fact, about)
