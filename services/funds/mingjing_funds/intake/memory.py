"""What the alert rules remember (预警记忆): the log, folded account by account in the process that asks the rules.

The one rule: nothing is remembered that the log does not say. A process that starts reads it from the beginning, and
from then on costs what is new.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import custodian, freeze
from mingjing_funds.domain.alert import Severity, Subject
from mingjing_funds.domain.alerting import fold_carrying
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.fold_sign import joined
from mingjing_funds.domain.alerting.heard import BankChangeAsked, Heard, Known
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.peers import free_days, holidays
from mingjing_funds.domain.alerting.rules_composite import Fired
from mingjing_funds.domain.alerting.state import UNKNOWN, State
from mingjing_funds.domain.carrying import ContractMoved, ContractsLeft
from mingjing_funds.domain.delivery import FileDelivered
from mingjing_funds.domain.lesson import LessonTimed
from mingjing_funds.intake.fact_days import day_of
from mingjing_funds.intake.outside import NOUNS, Outside
from mingjing_funds.sources.detect import Kind
from mingjing_kernel.breathing import Breath
from mingjing_kernel.calendar import CALENDAR, CalendarNoticeImported
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Log, Recorded
from mingjing_kernel.state import changed
from mingjing_kernel.working_days import RELEASED, WorkingDays

READ_MAX: Final = 500
"""Facts read at a time: so many are folded before others of this process have their turn."""
LATER_MAX: Final = 200_000
"""Facts of later days that are kept at hand; of more, a later day is read from the log again."""
SILENT_DAYS_MAX: Final = 30
"""Of an account whose bank has said nothing for longer, nothing is known that rules about money could look at."""
DIVISION: Final = 6
"""Digits of a county or district in a code of a division."""
FREE_DAYS_BACK: Final = 130
USUAL_DAYS_BACK: Final = 190
"""How far back lessons of everybody are counted: what is usual on a weekday is read from eight weeks before."""


class LastFired(NamedTuple):
    """How a rule spoke last of an account; ``quiet_since`` is the first day on which it no longer did."""

    severity: Severity
    quiet_since: date | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One account on one day: what the rules look at, and what fired before and is not forgotten."""

    subject: Subject
    features: Features
    fired: Mapping[str, LastFired]
    """By rule, whatever it said in the end."""


class Memory:
    """Every account, as far as the log was read; with ``until``, without what became true only after that day."""

    def __init__(self, until: date | None = None) -> None:
        self.until = until
        self.position = 0
        self.touched: set[UUID] = set()
        """Accounts of which something was heard since somebody asked last."""
        self._reading = asyncio.Lock()
        self.calendar: WorkingDays = RELEASED
        """The official calendar with every notice in the log, whichever day is asked about: a holiday was one before it
        was known here."""
        self._later: dict[date, list[Recorded[Any]]] = defaultdict(list)
        self._kept = 0
        self._timed_later: dict[tuple[UUID, str], date] = {}
        """Of lessons whose hours are said of a later day: which."""
        self._states: dict[UUID, State] = defaultdict(lambda: UNKNOWN)
        self._holders: dict[UUID, a.Holder] = {}
        self._freezes: dict[UUID, freeze.Freezes] = {}
        self._account_of: dict[UUID, UUID] = {}
        self._outside = Outside()
        self._accounts_of: dict[UUID, set[UUID]] = defaultdict(set)
        self._without_account: dict[UUID, UUID] = {}
        self._watched: set[str] = set()
        self._bank_to: dict[str, date] = {}
        self._files_to: date | None = None
        """The last day of which any file tells, whoever sent it."""
        self._lessons_to: date | None = None
        self._lessons: dict[bool, Counter[date]] = defaultdict(Counter)
        self._watches: dict[UUID, tuple[UUID, str]] = {}
        self._fired: dict[UUID, dict[str, LastFired]] = defaultdict(dict)

    async def catch_up(self, log: Log, to: int | None = None) -> None:
        """Read whatever is new, up to a position where one is named; of several who ask at once, one does."""
        breath = Breath()
        async with self._reading:
            while page := await log.read(self.position, _room(self.position, to)):
                for fact in page:
                    self.hear(fact)
                    self.position = fact.position
                    if breath.is_due:
                        await breath.taken()

    @property
    def is_whole(self) -> bool:
        """Whether every fact of later days is at hand, so that one can go on from day to day."""
        return self._kept <= LATER_MAX

    def reaches(self, day: date) -> bool:
        """Whether this memory can tell of the end of that day, or go on to it."""
        if self.until is None or day == self.until:
            return day == self.until
        return day > self.until and self.is_whole

    def advance(self, until: date) -> None:
        """Go on to a later day: what became true meanwhile is heard now."""
        self.until = until
        for day in sorted(day for day in self._later if day <= until):
            facts = self._later.pop(day)
            self._kept -= len(facts)
            for fact in facts:
                self._heard(fact, day)

    def hear(self, fact: Recorded[Any]) -> None:
        """One fact of the log."""
        if isinstance(fact.event, CalendarNoticeImported):
            self.calendar = CALENDAR.decider.evolve(self.calendar, fact.event)
            self.touched.update(self.accounts())  # what was counted with a guess is counted again
            return
        day = self._not_before_what_it_puts_right(fact, day_of(fact.event))
        if self.until is not None and day is not None and day > self.until:
            self._keep(day, fact)
            return
        self._heard(fact, day or shanghai_date(fact.occurred_at))

    def _heard(self, fact: Recorded[Any], on: date) -> None:
        match fact.noun:
            case "account":
                self._account(fact.id, fact.event, on)
            case "contract":
                self._contract(fact.id, fact.event, on)
            case "watch":
                self._watch(fact.id, fact.event)
            case noun if noun in NOUNS:
                self._institution(fact.id, fact.event, on)
            case _:
                self._elsewhere(fact.event, on)

    def _not_before_what_it_puts_right(self, fact: Recorded[Any], day: date | None) -> date | None:
        """Hours said again of an earlier day: whichever day is asked about first, what was said last stands."""
        if day is None or not isinstance(fact.event, LessonTimed):
            return day
        return max(day, self._timed_later.get((fact.id, fact.event.lesson_no), day))

    def _keep(self, day: date, fact: Recorded[Any]) -> None:
        self._kept += 1
        if isinstance(fact.event, LessonTimed):
            self._timed_later[fact.id, fact.event.lesson_no] = day
        if self._kept <= LATER_MAX:
            self._later[day].append(fact)
        else:
            self._later.clear()

    def accounts(self) -> tuple[UUID, ...]:
        """Every account that holds money, or whose families are owed some; and whoever ought to have one (F13)."""
        held = (id for id, state in self._states.items() if state.is_open or state.owed_fen)
        lacking = (id for id, about in self._without_account.items() if id in self._fired or self._lacks_account(about))
        return (*held, *lacking)

    def _lacks_account(self, institution_id: UUID) -> bool:
        """Licensed, in a division where others have an account: there, money is watched."""
        told = self._outside.particulars.get(institution_id)
        if told is None or told.region[:DIVISION] not in self._watched or not self._outside.is_licensed(institution_id):
            return False
        states = (self._states.get(account, UNKNOWN) for account in self._accounts_of.get(institution_id, ()))
        return not any(state.is_open or state.owed_fen for state in states)

    def subject(self, account: UUID) -> Subject | None:
        """Whose it is and where it stands; ``None`` of what nobody has heard of."""
        holder = self._holders.get(account)
        if holder is None:
            about = self._without_account.get(account)
            is_known = about is not None and about in self._outside.particulars
            return self._subject_without(account, about) if about and is_known else None
        return Subject(
            account_id=account,
            institution_id=holder.institution_id,
            institution_name=holder.institution_name,
            department=holder.department,
            region=holder.region,
            category=holder.category or self._category(holder.institution_id),
        )

    def _subject_without(self, id: UUID, institution_id: UUID) -> Subject:
        told = self._outside.particulars[institution_id]
        return Subject(
            account_id=id,
            institution_id=institution_id,
            institution_name=told.name,
            department=told.department,
            region=told.region,
            category=told.category,
        )

    def seen(self, account: UUID, day: date, free: Mapping[bool, frozenset[date]]) -> Seen | None:
        """The account at the end of a day; ``None`` of one that nobody has opened."""
        holder, state = self._holders.get(account), self._states.get(account, UNKNOWN)
        subject = self.subject(account)
        if holder is None or subject is None or not (state.is_open or state.owed_fen):
            return self._seen_without(account, day, free)
        orders = freeze.standing(self._freezes.get(account, {}), day)
        told_of_it = joined(state, self._outside.state(holder.institution_id))
        frozen = changed(told_of_it, frozen_by=orders[0].authority if orders else "")
        sent_to = self._bank_to.get(holder.bank)
        known = replace(
            self._known(holder.institution_id, free),
            bank_to=sent_to or state.opening_on,
            bank_sends_files=bool(sent_to),
            is_bank_silent=not self._is_fed(holder.bank, day),
        )
        return Seen(
            subject=subject,
            features=features(frozen, day, known, self.calendar),
            fired=self._fired.get(account, {}),
        )

    def _seen_without(self, id: UUID, day: date, free: Mapping[bool, frozenset[date]]) -> Seen | None:
        """An institution without an account; of one that has come by one since, that nothing is lacking any more."""
        institution_id = self._without_account.get(id)
        if institution_id is None or not (id in self._fired or self._lacks_account(institution_id)):
            return None
        is_lacking = self._lacks_account(institution_id)
        state = self._outside.state(institution_id) if is_lacking else changed(UNKNOWN, is_open=True)
        known = replace(self._known(institution_id, free), is_bank_silent=not self._is_fed("", day))
        return Seen(
            subject=self._subject_without(id, institution_id),
            features=features(state, day, known, self.calendar),
            fired=self._fired.get(id, {}),
        )

    def _category(self, institution_id: UUID | None) -> str:
        told = self._outside.particulars.get(institution_id) if institution_id else None
        return told.category if told else ""

    def _known(self, institution_id: UUID | None, free: Mapping[bool, frozenset[date]]) -> Known:
        return Known(
            lessons_to=self._lessons_to,
            complaints_to=self._outside.complaints_to,
            registry_to=self._outside.registry_to,
            free_days=free[self._outside.is_subject(institution_id)],
        )

    def free(self) -> dict[bool, frozenset[date]]:
        """Days without lessons, for schools of school subjects (true) and for the others."""
        if self._lessons_to is None:
            return {True: frozenset(), False: frozenset()}
        until = self._lessons_to
        since = until - timedelta(days=FREE_DAYS_BACK)
        off = holidays(since, until, self.calendar)
        return {kind: off | self._few(self._lessons[kind], since, until) for kind in (True, False)}

    def _few(self, lessons: Counter[date], since: date, until: date) -> frozenset[date]:
        if not lessons:
            return frozenset()
        first = max(min(lessons), until - timedelta(days=USUAL_DAYS_BACK))
        return frozenset(day for day in free_days(lessons, first, until) if day > since)

    def _is_fed(self, bank: str, day: date) -> bool:
        """Whether the bank has spoken lately; one that has never sent a file speaks in other ways, if at all.

        Where all files end so long ago, whatever is here are records of the past.
        """
        last = self._bank_to.get(bank) or self._files_to
        return last is None or (day - last).days <= SILENT_DAYS_MAX

    def silent_banks(self, day: date) -> dict[str, date]:
        """Banks from which nothing has come for longer than a working day, and up to when they have spoken (F21)."""
        return {bank: last for bank, last in self._bank_to.items() if self.calendar.after(last, 1) < day}

    def _account(self, id: UUID, fact: Any, on: date) -> None:
        if isinstance(fact, a.AccountApplied | a.AccountActivated | a.InstitutionLinked):
            known = self._holders.get(id)
            if fact.holder.institution_id or known is None or known.institution_id is None:
                self._holders[id] = fact.holder  # else whose it is was heard first: a past day hears by days
            if isinstance(fact, a.AccountActivated):
                self._watched.add(fact.holder.region[:DIVISION])
            if fact.holder.institution_id is not None:
                self._accounts_of[fact.holder.institution_id].add(id)
        orders = self._freezes.get(id, {})
        if isinstance(fact, freeze.AccountFrozen) or (
            isinstance(fact, freeze.AccountUnfrozen) and fact.order_no in orders
        ):
            self._freezes[id] = freeze.evolve(orders, fact)
        if isinstance(fact, ContractsLeft):
            self._states[id] = fold_carrying.awaited_left(self._states[id], fact)
            self._states[fact.new_id] = fold_carrying.awaited_came(self._states[fact.new_id], fact)
        self._tell(id, Heard(on, fact, str(id)))

    def _contract(self, id: UUID, fact: Any, on: date) -> None:
        if isinstance(fact, c.ContractSigned) and fact.terms.account_id is not None:
            self._account_of[id] = fact.terms.account_id
        if isinstance(fact, ContractMoved):
            self._move(id, fact)
            return
        account = getattr(fact, "account_id", None) or self._account_of.get(id)
        if account is None:
            return
        if isinstance(fact, c.LessonConfirmed):
            self._lessons[self._is_subject(account)][fact.held_on] += 1
        self._tell(account, Heard(on, fact, str(id)))

    def _move(self, id: UUID, fact: ContractMoved) -> None:
        former, self._account_of[id] = self._states[fact.old_id], fact.new_id
        self._states[fact.old_id] = fold_carrying.left(former, fact, str(id))
        self._states[fact.new_id] = fold_carrying.came(self._states[fact.new_id], former, fact, str(id))
        self.touched |= {fact.old_id, fact.new_id}

    def _watch(self, id: UUID, fact: Any) -> None:
        match fact:
            case life.AlertRaised() | life.AlertWorsened() | life.AlertReturned():
                account, rule = self._watches[id] = (fact.subject.account_id, fact.said.rule)
                assert fact.said.severity is not None
                self._fired[account][rule] = LastFired(fact.said.severity, None)
            case life.ConditionChanged() if id in self._watches:
                account, rule = self._watches[id]
                self._fired[account][rule] = self._fired[account][rule]._replace(quiet_since=fact.quiet_since)
            case _:
                pass

    def _institution(self, id: UUID, fact: Any, on: date) -> None:
        for about in self._outside.hear(id, fact, on):
            self._without_account[without_account(about)] = about
            self.touched |= self._accounts_of.get(about) or {without_account(about)}

    def _elsewhere(self, fact: Any, on: date) -> None:
        if isinstance(fact, FileDelivered):
            last = fact.booked_on or fact.covers_to
            self._files_to = max(last, self._files_to or last)
        match fact:
            case FileDelivered(kind=Kind.STATEMENT.value, bank=str() as bank) if bank:
                last = fact.booked_on or fact.covers_to
                self._bank_to[bank] = max(last, self._bank_to.get(bank, last))
            case FileDelivered(kind=Kind.LESSONS.value):
                self._lessons_to = max(fact.covers_to, self._lessons_to or fact.covers_to)
            case custodian.BankChangeBegun():
                self._tell(fact.old_id, Heard(on, BankChangeAsked()))
            case custodian.BankChangeReconciled() | custodian.BankChangeAbandoned():
                self._tell(fact.old_id, Heard(on, BankChangeAsked(is_over=True)))
            case _:
                pass

    def _tell(self, account: UUID, heard: Heard) -> None:
        before = self._states[account]
        after = told(before, heard, self.calendar)
        if after is not before:
            self._states[account] = after
            self.touched.add(account)

    def _is_subject(self, account: UUID) -> bool:
        holder = self._holders.get(account)
        return holder is not None and self._outside.is_subject(holder.institution_id)


def _room(position: int, to: int | None) -> int:
    return READ_MAX if to is None else max(0, min(READ_MAX, to - position))


def without_account(institution_id: UUID) -> UUID:
    """Under which id an institution is watched that has no account."""
    return derived_id("funds-no-account", institution_id)


def fired_before(fired: Mapping[str, LastFired], day: date) -> tuple[Fired, ...]:
    """What fired on earlier days, for the composite score: what has not been seen quiet fired the day before."""
    return tuple(
        Fired(rule, one.severity, max((day - one.quiet_since).days + 1, 1) if one.quiet_since else 1)
        for rule, one in fired.items()
    )
