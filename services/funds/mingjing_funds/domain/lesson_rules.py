"""How a lesson is confirmed, disputed and settled (课时确认). The one rule: silence confirms, an objection stays.

Whoever was asked is heard: what she disputes counts for nothing until a person has decided, however often it is
reported.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain import lesson
from mingjing_funds.domain.lesson_refusals import LessonNotYetHeld, NobodyToAsk
from mingjing_funds.domain.lesson_reports import after_timing, counted, ended, mark, reported, without_hours
from mingjing_funds.domain.money import cumulative_release_fen, yuan
from mingjing_kernel.state import changed

BY_CODE, BY_SILENCE, BY_DECISION = "家长确认", "逾期自动确认", "争议裁定"
"""How a lesson came to be confirmed, in the words of the national platform."""
_ASKABLE = frozenset({c.LessonStanding.DELIVERED, c.LessonStanding.PENDING})


def decide(command: lesson.Command, before: c.Signed | c.Paid) -> list[c.Event]:
    """Which facts follow."""
    match command:
        case lesson.AskConfirmation():
            return [*_ask(command, before)]
        case lesson.AskRating():
            return [*_ask_rating(command, before)]
        case lesson.AnswerLessons():
            return _answer(command, before)
        case lesson.ConfirmBySilence():
            return _fall_silent(command, before)
        case lesson.DisputeLesson():
            disputed = _dispute(command.lesson_no, command.voice, command.reason, command.disputed_on, before)
            return ended([*disputed], before, command.disputed_on)
        case lesson.SettleLesson():
            return _settle(command, before)
        case lesson.DecideAlteration():
            return _decide_alteration(command, before)
        case _:
            assert_never(command)


def evolve(before: c.Signed | c.Paid, event: lesson.Event) -> c.Signed | c.Paid:
    """The contract after a fact about one of its lessons."""
    life = before.life
    match event:
        case lesson.LessonTimed():
            return changed(before, life=after_timing(before, event))
        case lesson.ConfirmationAsked():
            asked = changed(before, life=replace(life, asked=life.asked | {event.lesson_no}))
            return _standing(asked, event.lesson_no, c.LessonStanding.PENDING)
        case lesson.ConfirmationCodeIssued():
            return changed(before, life=replace(life, codes=_codes(before, event)))
        case lesson.LessonDisputed():
            no = event.lesson_no
            altered = {key: seen for key, seen in life.altered.items() if key != no}
            disputed = replace(life, unsettled=life.unsettled | {no}, altered=altered)
            return _standing(changed(before, life=disputed), no, c.LessonStanding.DISPUTED)
        case lesson.ConfirmationEnded():
            return changed(before, life=replace(life, asked=life.asked - {event.lesson_no}))
        case lesson.LessonSettled(was_held=True):
            return before  # what follows is a confirmation of its own
        case lesson.LessonSettled():
            called_off = changed(before, life=without_hours(life, event.lesson_no))
            return _standing(called_off, event.lesson_no, c.LessonStanding.CANCELLED)
        case lesson.LessonTakenBack():
            used = before.delivery.used - (0 if event.is_gift else event.units)
            return changed(before, delivery=changed(before.delivery, used=used))
        case lesson.AlterationDecided():
            return _altered(before, event)
        case _:
            assert_never(event)


def _ask(command: lesson.AskConfirmation, before: c.Signed | c.Paid) -> list[lesson.Event]:
    known = before.life.codes.get(command.request_id)
    if known is not None:
        if known.lesson_nos != command.lesson_nos:
            raise because.ConfirmationDiffers
        return []
    if not command.lesson_nos or len(set(command.lesson_nos)) < len(command.lesson_nos):
        raise because.NoLessonNamed
    for no in command.lesson_nos:
        seen = _seen(before, no)
        if seen.standing not in _ASKABLE:
            raise because.LessonNotInState(lesson_no=no, standing=seen.standing.value)
        if seen.held_on > command.asked_on:
            raise LessonNotYetHeld(lesson_no=no, held_on=seen.held_on)
    if command.code is None:
        raise NobodyToAsk
    asked: list[lesson.Event] = [
        lesson.ConfirmationAsked(
            account_id=before.terms.account_id,
            request_id=command.request_id,
            lesson_no=no,
            working_days=command.working_days,
            policy_version=command.policy_version,
            asked_on=command.asked_on,
        )
        for no in command.lesson_nos
        if no not in before.life.asked
    ]
    code = lesson.ConfirmationCodeIssued(
        request_id=command.request_id,
        lesson_nos=command.lesson_nos,
        code_digest=command.code_digest,
        code=command.code,
        expires_at=command.expires_at,
    )
    return [*asked, code]


def _ask_rating(command: lesson.AskRating, before: c.Signed | c.Paid) -> list[lesson.Event]:
    """Only under a contract that was paid; a later code takes the place of the former one."""
    if not isinstance(before, c.Paid):
        raise because.NotPaid(contract_no=before.terms.contract_no)
    known = before.life.codes.get(command.request_id)
    if known is not None:
        if known.lesson_nos:
            raise because.ConfirmationDiffers
        return []
    if command.code is None:
        raise NobodyToAsk
    code = lesson.ConfirmationCodeIssued(
        request_id=command.request_id,
        lesson_nos=(),
        code_digest=command.code_digest,
        code=command.code,
        expires_at=command.expires_at,
    )
    return [code]


def _answer(command: lesson.AnswerLessons, before: c.Signed | c.Paid) -> list[c.Event]:
    code = before.life.codes.get(command.request_id)
    named = (*command.held, *command.disputed)
    if code is None:
        raise because.ConfirmationCodeUnknown
    if not named or len(set(named)) < len(named) or not set(named) <= set(code.lesson_nos):
        raise because.NoLessonNamed
    if all(_is_answered_so(command, no, before) for no in named):
        return []  # Sent twice: the first answer stands.
    if command.answered_at >= code.expires_at:
        raise because.ConfirmationCodeExpired
    if any(no not in before.life.asked and _seen(before, no).standing in _ASKABLE for no in named):
        raise because.ConfirmationCodeUnknown  # Sent again with other words: she is asked anew.
    if not set(named) <= before.life.asked:
        raise because.LessonAnswered
    facts: list[c.Event] = []
    for no in named:
        if no in command.held:
            new = counted(_report(before, no, lesson.LessonStanding.CONFIRMED, BY_CODE, command), before)
        else:
            new = [*_dispute(no, lesson.Voice.FAMILY, command.reason, command.answered_on, before)]
        before = _counting(before, new)
        facts += new
    return ended(facts, before, command.answered_on)


def _counting(before: c.Signed | c.Paid, facts: list[c.Event]) -> c.Signed | c.Paid:
    """Between two lessons of one answer only k changes, and with it what is left."""
    used = next((fact.used for fact in facts if isinstance(fact, c.LessonConfirmed)), before.delivery.used)
    return changed(before, delivery=changed(before.delivery, used=used))


def _fall_silent(command: lesson.ConfirmBySilence, before: c.Signed | c.Paid) -> list[c.Event]:
    """Nothing where somebody has spoken meanwhile."""
    if command.lesson_no not in before.life.asked:
        return []
    report = _report(before, command.lesson_no, lesson.LessonStanding.AUTO_CONFIRMED, BY_SILENCE, command)
    return ended(counted(report, before), before, command.on)


def _dispute(no: str, voice: lesson.Voice, reason: str, on: date, before: c.Signed | c.Paid) -> list[lesson.Event]:
    seen = _seen(before, no)
    if no in before.life.unsettled:
        return []
    if seen.standing in (c.LessonStanding.CANCELLED, c.LessonStanding.LEAVE, c.LessonStanding.SCHEDULED):
        raise because.LessonNotInState(lesson_no=no, standing=seen.standing.value)
    disputed = lesson.LessonDisputed(
        account_id=before.terms.account_id, lesson_no=no, voice=voice, reason=reason, disputed_on=on
    )
    taken = [_taken_back(no, lesson.WhyTakenBack.DISPUTED, on, before)] if seen.standing in c.CONFIRMED else []
    return [*taken, disputed]


def _settle(command: lesson.SettleLesson, before: c.Signed | c.Paid) -> list[c.Event]:
    seen = _seen(before, command.lesson_no)
    if command.lesson_no not in before.life.unsettled or seen.standing is not c.LessonStanding.DISPUTED:
        settled = c.CONFIRMED if command.was_held else {c.LessonStanding.CANCELLED}
        if seen.standing in settled:
            return []
        raise because.LessonNotInState(lesson_no=command.lesson_no, standing=seen.standing.value)
    if not command.reason.strip():
        raise because.DecisionUnexplained
    decided = lesson.LessonSettled(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        was_held=command.was_held,
        reason=command.reason,
        settled_by=command.settled_by,
        settled_on=command.settled_on,
    )
    if not command.was_held:
        return [decided]
    report = _report(before, command.lesson_no, lesson.LessonStanding.CONFIRMED, BY_DECISION, command)
    return [decided, *_certainly(counted(report, before), command.lesson_no)]


def _certainly(facts: list[c.Event], no: str) -> list[c.Event]:
    """A decision that counts nothing would be none: it goes beyond what was bought, or what is left."""
    if not facts or isinstance(facts[0], c.LessonSetAside):
        raise because.LessonCannotCount(lesson_no=no)
    return facts


def _decide_alteration(command: lesson.DecideAlteration, before: c.Signed | c.Paid) -> list[c.Event]:
    no = command.lesson_no
    other, seen = before.life.altered.get(no), _seen(before, no)
    if other is None:
        if (seen.held_on, seen.units, seen.standing) == (command.held_on, command.units, command.standing):
            return []
        raise because.NoAlteration(lesson_no=no)
    if (other.held_on, other.units, other.standing) != (command.held_on, command.units, command.standing):
        raise because.AlterationDiffers(lesson_no=no)
    if not command.reason.strip():
        raise because.DecisionUnexplained
    decided = lesson.AlterationDecided(
        account_id=before.terms.account_id,
        lesson_no=no,
        outcome=command.outcome,
        reason=command.reason,
        decided_by=command.decided_by,
        decided_on=command.decided_on,
    )
    if command.outcome is lesson.Outcome.STANDS:
        return [decided]
    taken = _taken_back(no, lesson.WhyTakenBack.ALTERED, command.decided_on, before)
    return [taken, decided, *_as_altered(command, other, evolve(before, taken))]


def _as_altered(command: lesson.DecideAlteration, other: c.LessonSeen, before: c.Signed | c.Paid) -> list[c.Event]:
    """The later version, as if it had come first."""
    report = c.ReportLesson(
        lesson_no=command.lesson_no,
        held_on=other.held_on,
        units=other.units,
        is_gift=other.is_gift,
        standing=other.standing,
        how=BY_DECISION,
        confirmed_at=None,
        content=other.content,
        reported_on=command.decided_on,
    )
    if other.standing not in c.CONFIRMED:
        return [reported(report, before)]
    return _certainly(counted(report, before), command.lesson_no)


def _taken_back(no: str, why: lesson.WhyTakenBack, on: date, before: c.Signed | c.Paid) -> lesson.LessonTakenBack:
    seen, used = _seen(before, no), before.delivery.used
    left = used if seen.is_gift else used - seen.units
    returned = 0
    if isinstance(before, c.Paid):
        stays = cumulative_release_fen(before.paid_fen, before.terms.lessons, left)
        returned = before.earned_fen() - stays
        if returned and stays < before.released_fen():
            raise because.LessonMoneyGone(lesson_no=no, released_fen=yuan(before.released_fen()))
    return lesson.LessonTakenBack(
        account_id=before.terms.account_id,
        lesson_no=no,
        units=seen.units,
        is_gift=seen.is_gift,
        why=why,
        used=left,
        returned_fen=returned,
        taken_back_on=on,
    )


def _report(
    before: c.Signed | c.Paid,
    no: str,
    standing: c.LessonStanding,
    how: str,
    word: lesson.AnswerLessons | lesson.ConfirmBySilence | lesson.SettleLesson,
) -> c.ReportLesson:
    """What stands of a lesson, with the word that confirms it."""
    seen = _seen(before, no)
    confirmed_at: datetime | None = None
    match word:
        case lesson.AnswerLessons():
            confirmed_at, reported_on = word.answered_at, word.answered_on
        case lesson.SettleLesson():
            confirmed_at, reported_on = word.settled_at, word.settled_on
        case lesson.ConfirmBySilence():
            reported_on = word.on
        case _:
            assert_never(word)
    return c.ReportLesson(
        lesson_no=no,
        held_on=seen.held_on,
        units=seen.units,
        is_gift=seen.is_gift,
        standing=standing,
        how=how,
        confirmed_at=confirmed_at,
        content=seen.content,
        reported_on=reported_on,
    )


def _is_answered_so(command: lesson.AnswerLessons, no: str, before: c.Signed | c.Paid) -> bool:
    seen = _seen(before, no)
    if no not in command.held:
        return seen.standing is c.LessonStanding.DISPUTED
    line = changed(seen, standing=c.LessonStanding.CONFIRMED)
    beyond = {(no, mark(reason, line)) for reason in (c.AsideReason.BEYOND_PURCHASE, c.AsideReason.NO_MONEY_LEFT)}
    return seen.standing in c.CONFIRMED or bool(beyond & before.delivery.aside)


def _seen(before: c.Signed | c.Paid, no: str) -> c.LessonSeen:
    seen = before.delivery.lessons.get(no)
    if seen is None:
        raise because.LessonUnknown(lesson_no=no)
    return seen


def _standing(before: c.Signed | c.Paid, no: str, standing: c.LessonStanding) -> c.Signed | c.Paid:
    lessons = {**before.delivery.lessons, no: changed(before.delivery.lessons[no], standing=standing)}
    return changed(before, delivery=changed(before.delivery, lessons=lessons))


def _codes(before: c.Signed | c.Paid, event: lesson.ConfirmationCodeIssued) -> dict[UUID, lesson.CodeOut]:
    """A new code takes its lessons from every former one; one without lessons that wait is forgotten. One to rate by
    has none: it stays until the next of its kind.
    """
    taken = set(event.lesson_nos)
    kept = {
        id: replace(code, lesson_nos=tuple(no for no in code.lesson_nos if no not in taken))
        for id, code in before.life.codes.items()
        if ((set(code.lesson_nos) - taken) & before.life.asked if code.lesson_nos else taken)
    }
    new = lesson.CodeOut(lesson_nos=event.lesson_nos, sealed=event.code, expires_at=event.expires_at)
    return {**kept, event.request_id: new}


def _altered(before: c.Signed | c.Paid, event: lesson.AlterationDecided) -> c.Signed | c.Paid:
    """Decided; the version that lost is no news when it comes again."""
    no, life = event.lesson_no, before.life
    altered = {key: seen for key, seen in life.altered.items() if key != no}
    settled = changed(before, life=replace(life, altered=altered))
    if event.outcome is lesson.Outcome.STANDS:
        return settled
    lost, reason = before.delivery.lessons[no], c.AsideReason.ALTERED_AFTER_CONFIRMATION
    lines = {(no, mark(reason, changed(lost, standing=standing))) for standing in c.CONFIRMED}
    return changed(settled, delivery=changed(settled.delivery, aside=before.delivery.aside | lines))
