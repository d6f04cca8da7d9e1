"""What the registry and the inspection tell (外来信号) adds to what is remembered. The one rule: newest last.

Some is told of the institution and some of one thing of it; here it is all of one institution's memory.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mingjing_funds.domain import deposit, institution, prepaid
from mingjing_funds.domain import sign_facts as f
from mingjing_funds.domain.alerting.heard import Announced, LicenceStated, Word, announcement_of
from mingjing_funds.domain.alerting.state import (
    CHANGES_DAYS,
    NOTICES_MAX,
    SAID_DAYS,
    SAID_MAX,
    SITES_DAYS,
    SITES_MAX,
    STAFF_DAYS,
    VISITS_MAX,
    Said,
    State,
    Visit,
)
from mingjing_funds.domain.alerting.voices import Counted, Voices
from mingjing_kernel.state import changed

SHUT = frozenset({"DOOR_CLOSED", "NOT_FOUND"})
"""Outcomes of a visit that say that nobody teaches there."""
NOT_THERE = "NOT_FOUND"
STOPPED = "stopped-abnormal"
_WORDS = {word.value: word for word in Word}
_NO_LICENCE = LicenceStated(granted_on=None, valid_to=None, annual_check="")


def told(state: State, fact: object, about: str) -> State:
    """The state after a fact about ``about``; the same one where it is none of ours."""
    match fact:
        case f.ComplaintNoted():
            return changed(state, said=said(state.said, _said(fact.on, about, fact.words)))
        case f.ComplaintMoved():
            return changed(state, said=said(state.said, _said(fact.said_on, about, fact.words)))
        case f.ComplainantsNoted() | f.GroupNoted():
            return _people(state, fact)
        case f.VisitNoted():
            seen = Visit(about, fact.visited_at, fact.outcome in SHUT, fact.failed, fact.outcome == NOT_THERE)
            kept = (*(one for one in state.visits if one.number != about), seen)
            return changed(state, visits=tuple(sorted(kept, key=lambda one: one.at))[-VISITS_MAX:])
        case f.HeadsNoted() if state.heads_on is None or state.heads_on <= fact.on:
            return changed(state, heads=fact.heads, heads_on=fact.on)
        case f.MemberJoined():
            return changed(state, staff=counted(state.staff, fact.on, _staff(state) + 1))
        case f.MemberLeft():
            return changed(state, staff=counted(state.staff, fact.on, max(_staff(state) - 1, 0)))
        case f.SiteNoted():
            return site_told(state, fact.on)
        case prepaid.PrepaidStated():
            return changed(state, pupils=fact.pupils)
        case _:
            return _of_the_institution(state, fact)


def _people(state: State, fact: f.ComplainantsNoted | f.GroupNoted) -> State:
    """The latest numbers stand; what is told late of an earlier day changes nothing."""
    if isinstance(fact, f.GroupNoted):
        is_older = state.grouped is not None and fact.on < state.grouped[0]
        return state if is_older else changed(state, grouped=(fact.on, fact.people))
    if state.counted is not None and fact.on < state.counted.on:
        return state
    numbers = tuple((one.word, one.days, Voices(one.people, one.unnamed)) for one in fact.counts)
    return changed(state, counted=Counted(fact.on, numbers))


def _of_the_institution(state: State, fact: object) -> State:
    licence = state.licence or _NO_LICENCE
    match fact:
        case f.LicenceNoted():
            granted_on = fact.granted_on or licence.granted_on
            return changed(state, licence=replace(licence, granted_on=granted_on, valid_to=fact.valid_to))
        case f.ChangeNoted():
            return _changed(state, fact)
        case f.AnnualCheckNoted():
            return changed(state, licence=replace(licence, annual_check=fact.result))
        case f.OperationNoted():
            return changed(state, stopped_on=fact.on if fact.state == STOPPED else None)
        case f.AnnouncementNoted():
            what = announcement_of(fact.matter)
            return announced(state, Announced(what=what, since=fact.since, until=fact.until, filed_on=fact.filed_on))
        case institution.InstitutionBlacklisted():
            return changed(state, listings=state.listings | {str(fact.listing_id)})
        case institution.InstitutionCleared():
            return changed(state, listings=state.listings - {str(fact.listing_id)})
        case _:
            return _deposited(state, fact)


def _changed(state: State, fact: f.ChangeNoted) -> State:
    """An approval ends what was noticed without one, whichever came first on paper."""
    since, one = fact.on - timedelta(days=CHANGES_DAYS), (fact.on, fact.what)
    if not fact.is_approved:
        kept = (each for each in state.changes if each[0] > since)
        return changed(state, changes=(*kept, one)[-NOTICES_MAX:])
    approvals = (*(each for each in state.approvals if each[0] > since), one)[-NOTICES_MAX:]
    return changed(state, approvals=approvals, changes=tuple(each for each in state.changes if each[1] != fact.what))


def _deposited(state: State, fact: object) -> State:
    match fact:
        case deposit.DepositFiled():
            return changed(state, deposit_fen=0)
        case deposit.DepositMoved():
            return changed(state, deposit_fen=fact.balance_fen)
        case deposit.DepositAssessed():
            return changed(state, deposit_fen=fact.balance_fen, deposit_minimum_fen=fact.required_fen)
        case deposit.DepositReleased():
            return changed(state, deposit_fen=None, deposit_minimum_fen=None)
        case _:
            return state


def joined(state: State, outside: State) -> State:
    """An account's memory with what is told of its institution."""
    return changed(state, **{name: getattr(outside, name) for name in _TOLD_OF_THE_INSTITUTION})


_TOLD_OF_THE_INSTITUTION = (
    "said", "staff", "changes", "sites", "first_site_on", "listings", "stopped_on", "notices", "licence", "visits",
    "heads", "heads_on", "pupils", "deposit_fen", "deposit_minimum_fen", "counted", "grouped",
    "approvals",
)  # fmt: skip


def unsaid(state: State, complaint: str) -> State:
    """The state without a complaint that turned out to be about somebody else."""
    return changed(state, said=tuple(one for one in state.said if one.person != complaint))


def announced(state: State, notice: Announced) -> State:
    """One more notice."""
    return changed(state, notices=(*state.notices, notice)[-NOTICES_MAX:])


def site_told(state: State, on: date) -> State:
    """One more site; those that were told first were there before."""
    if state.first_site_on is None or on <= state.first_site_on:
        return changed(state, first_site_on=on)
    since = on - timedelta(days=SITES_DAYS)
    return changed(state, sites=(*(one for one in state.sites if one > since), on)[-SITES_MAX:])


def said(before: tuple[Said, ...], one: Said) -> tuple[Said, ...]:
    """What was said within the last weeks, and one thing more."""
    since = one.on - timedelta(days=SAID_DAYS)
    kept = (*(each for each in before if each.on > since), one)
    return tuple(sorted(kept, key=lambda each: each.on))[-SAID_MAX:]


def counted(before: tuple[tuple[date, int], ...], on: date, staff: int) -> tuple[tuple[date, int], ...]:
    """The counts of the last weeks, one a day, and the one before them: what stood when they began."""
    since = on - timedelta(days=STAFF_DAYS)
    older = [one for one in before if one[0] <= since]
    return (*older[-1:], *(one for one in before if since < one[0] != on), (on, staff))


def _said(on: date, complaint: str, words: tuple[str, ...]) -> Said:
    """Who said it is not told: each complaint is one voice, whoever's it is."""
    return Said(on, complaint, frozenset(_WORDS[word] for word in words if word in _WORDS), is_person=False)


def _staff(state: State) -> int:
    return state.staff[-1][1] if state.staff else 0
