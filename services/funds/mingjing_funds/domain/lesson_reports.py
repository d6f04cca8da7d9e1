"""What is reported of a lesson (课时报送), and when it counts. The one rule: the first confirmed version stands.

The same words again are no news, a contradicting version is set aside as an event, and a late word about a lesson that
has gone on is no news either.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain.lesson import FORERUNNERS, ConfirmationEnded, LessonDisputed, LessonTimed
from mingjing_funds.domain.lesson_print import agree
from mingjing_funds.domain.money import lesson_release_fen
from mingjing_funds.domain.order import Life
from mingjing_funds.domain.teaching_time import Lesson, in_words, time_breaches
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.state import changed

_CALLED_OFF = frozenset({c.LessonStanding.CANCELLED, c.LessonStanding.LEAVE})


def report(command: c.ReportLesson, before: c.Signed | c.Paid) -> list[c.Event]:
    """The facts that follow from one line about one lesson."""
    seen = before.delivery.lessons.get(command.lesson_no)
    if seen is not None and _is_late(seen, command):
        return []
    if seen is not None and _says_the_same(seen, command):
        return [*_timed(command, before)]
    if command.lesson_no in before.life.unsettled:
        return _aside(command, before, c.AsideReason.DISPUTED_HERE)
    if seen is not None and seen.standing in c.CONFIRMED:
        return _aside(command, before, c.AsideReason.ALTERED_AFTER_CONFIRMATION)
    timed = _timed(command, before)
    if command.standing not in c.CONFIRMED:
        return ended([reported(command, before), *timed], before, command.reported_on)
    return ended([*counted(command, before), *timed], before, command.reported_on)


def ended(facts: list[c.Event], before: c.Signed | c.Paid, on: date) -> list[c.Event]:
    """The facts, and that nobody is asked any more about the lessons that they say something of.

    A lesson that is sent again with other words is asked about anew: nobody confirms what she has not seen.
    """
    asked = before.life.asked
    spoken = [no for fact in facts if (no := _spoken_of(fact)) in asked]
    return [*facts, *(ConfirmationEnded(lesson_no=no, ended_on=on) for no in dict.fromkeys(spoken))]


def _spoken_of(fact: c.Event) -> str:
    match fact:
        case c.LessonReported() | c.LessonConfirmed() | c.LessonSetAside() | LessonDisputed():
            return fact.lesson_no
        case _:
            return ""


def counted(command: c.ReportLesson, before: c.Signed | c.Paid) -> list[c.Event]:
    """A lesson is confirmed and not yet counted: k grows, unless it goes beyond what was bought or is left."""
    if command.is_gift:
        return [_confirmed(command, before, before.delivery.used, 0)]
    used = before.delivery.used + command.units
    if used > before.terms.lessons:
        return _aside(command, before, c.AsideReason.BEYOND_PURCHASE)
    earned = 0
    if isinstance(before, c.Paid):
        earned = lesson_release_fen(before.paid_fen, before.terms.lessons, before.delivery.used, used)
        if earned > before.remaining_fen() - before.promised_fen():
            return _aside(command, before, c.AsideReason.NO_MONEY_LEFT)
    return [_confirmed(command, before, used, earned)]


def after_report(before: c.Signed | c.Paid, event: c.LessonReported | c.LessonConfirmed) -> c.Signed | c.Paid:
    """The contract after a lesson was reported or confirmed. This runs once a lesson of every file."""
    standing, used = _stands(event)
    counted_on = event.earned_on if isinstance(event, c.LessonConfirmed) else None
    seen = c.LessonSeen(event.held_on, event.units, event.is_gift, event.content, standing, counted_on)
    was, life = before.delivery, before.life
    delivery = c.Delivery(was.used + used, {**was.lessons, event.lesson_no: seen}, was.aside)
    if event.lesson_no in life.unsettled:
        life = replace(life, unsettled=life.unsettled - {event.lesson_no})
    if standing in _CALLED_OFF:
        life = without_hours(life, event.lesson_no)
    return changed(before, delivery=delivery, life=life)


def after_aside(before: c.Signed | c.Paid, event: c.LessonSetAside) -> c.Signed | c.Paid:
    """A version of a lesson that does not count; of a confirmed one a person decides which version stands."""
    aside = before.delivery.aside | {(event.lesson_no, mark(event.reason, event))}
    life = before.life
    if event.reason is c.AsideReason.ALTERED_AFTER_CONFIRMATION:
        stands = before.delivery.lessons[event.lesson_no]
        other = c.LessonSeen(event.held_on, event.units, stands.is_gift, event.content, event.standing)
        life = replace(life, altered={**life.altered, event.lesson_no: other})
    return changed(before, delivery=changed(before.delivery, aside=aside), life=life)


def after_timing(before: c.Signed | c.Paid, event: LessonTimed) -> Life:
    """When the lesson is held, as it was said last; one that is called off is held at no time."""
    life, seen = before.life, before.delivery.lessons.get(event.lesson_no)
    if seen is not None and seen.standing in _CALLED_OFF:
        return life
    said = _written(event.begins_at, event.ends_at, event.is_online, event.held_on)
    return replace(life, timed={**life.timed, event.lesson_no: said})


def without_hours(life: Life, lesson_no: str) -> Life:
    """Called off: should it be held after all, what was said of it before tells nothing."""
    if lesson_no not in life.timed:
        return life
    return replace(life, timed={no: said for no, said in life.timed.items() if no != lesson_no})


def mark(reason: c.AsideReason, line: c.LessonSeen | c.LessonSetAside) -> str:
    """By which a line that was set aside is known again."""
    return f"{reason}|{line.held_on}|{line.units}|{line.standing}|{line.content}"


def _stands(event: c.LessonReported | c.LessonConfirmed) -> tuple[c.LessonStanding, int]:
    if isinstance(event, c.LessonReported):
        return event.standing, 0
    standing = c.LessonStanding.AUTO_CONFIRMED if event.is_automatic else c.LessonStanding.CONFIRMED
    return standing, 0 if event.is_gift else event.units


def _says_the_same(seen: c.LessonSeen, command: c.ReportLesson) -> bool:
    stood = (seen.held_on, seen.units, seen.is_gift)
    if stood != (command.held_on, command.units, command.is_gift) or not agree(seen.content, command.content):
        return False
    both_confirmed = seen.standing in c.CONFIRMED and command.standing in c.CONFIRMED
    return both_confirmed or seen.standing == command.standing


def _is_late(seen: c.LessonSeen, command: c.ReportLesson) -> bool:
    """A place in the timetable, or that it was held, said after more than that was known."""
    if command.standing not in FORERUNNERS:
        return False
    return seen.standing not in FORERUNNERS or command.standing is c.LessonStanding.SCHEDULED is not seen.standing


def _timed(command: c.ReportLesson, before: c.Signed | c.Paid) -> list[LessonTimed]:
    """When it is held, where that is said; a lesson that is only planned is refused at a forbidden time."""
    if command.held is None or command.times is None:
        return []
    if command.standing in _CALLED_OFF:
        return []
    known = before.life.timed.get(command.lesson_no)
    if (known is None and command.held.is_lawful) or known == _said(command.held, command.held_on):
        return []
    if command.held.slot is None and known is not None and _is_of(known, command.held_on):
        return []  # whoever leaves out what was said takes nothing back
    held = _among_others(replace(command.held, is_subject=before.terms.is_subject), command.lesson_no, before)
    slot, broken = held.slot, time_breaches(held, command.times)
    if not broken and known is None and (held.is_told_if_broken or slot is None):
        return []
    if broken and command.standing is c.LessonStanding.SCHEDULED:
        raise because.TeachingTimeForbidden(lesson_no=command.lesson_no, broken=in_words(broken))
    event = LessonTimed(
        account_id=before.terms.account_id,
        institution_id=before.terms.institution_id,
        lesson_no=command.lesson_no,
        held_on=command.held_on,
        begins_at=slot.begins_at if slot else None,
        ends_at=slot.ends_at if slot else None,
        is_online=held.is_online,
        breaches=tuple(broken),
        policy_version=command.times.version,
    )
    return [event]


def _among_others(held: Lesson, lesson_no: str, before: c.Signed | c.Paid) -> Lesson:
    """With the online lessons before and after it, of those of this contract that were said to be held that day."""
    if held.slot is None or not held.is_online:
        return held
    others = [
        (datetime.fromisoformat(begins), datetime.fromisoformat(ends))
        for no, said in before.life.timed.items()
        for begins, ends, is_online in (said.split("|"),)
        if is_online == str(True) and ends and no != lesson_no and no in before.delivery.lessons
    ]
    begins_at, day = held.slot.begins_at, shanghai_date(held.slot.begins_at)
    that_day = [(begins, ends) for begins, ends in others if shanghai_date(begins) == day]
    earlier = [ends for begins, ends in that_day if begins <= begins_at]
    later = [begins for begins, _ in that_day if begins > begins_at]
    return replace(held, previous_ended_at=max(earlier, default=None), next_begins_at=min(later, default=None))


def _said(held: Lesson, held_on: date) -> str:
    slot = held.slot
    return _written(slot.begins_at if slot else None, slot.ends_at if slot else None, held.is_online, held_on)


def _written(begins_at: datetime | None, ends_at: datetime | None, is_online: bool, held_on: date) -> str:
    if begins_at is None or ends_at is None:
        return f"{held_on.isoformat()}||{is_online}"
    return f"{begins_at.astimezone(UTC).isoformat()}|{ends_at.astimezone(UTC).isoformat()}|{is_online}"


def _is_of(known: str, held_on: date) -> bool:
    """Whether hours were said, and of this day."""
    begins, ends, _ = known.split("|")
    return bool(ends) and shanghai_date(datetime.fromisoformat(begins)) == held_on


def _aside(command: c.ReportLesson, before: c.Signed | c.Paid, reason: c.AsideReason) -> list[c.Event]:
    event = c.LessonSetAside(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        reason=reason,
        held_on=command.held_on,
        units=command.units,
        standing=command.standing,
        content=command.content,
        reported_on=command.reported_on,
    )
    return [] if (command.lesson_no, mark(event.reason, event)) in before.delivery.aside else [event]


def reported(command: c.ReportLesson, before: c.Signed | c.Paid) -> c.LessonReported:
    """A lesson that is not confirmed (yet)."""
    return c.LessonReported(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        held_on=command.held_on,
        units=command.units,
        is_gift=command.is_gift,
        standing=command.standing,
        content=command.content,
        reported_on=command.reported_on,
    )


def _confirmed(command: c.ReportLesson, before: c.Signed | c.Paid, used: int, earned_fen: int) -> c.LessonConfirmed:
    return c.LessonConfirmed(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        held_on=command.held_on,
        units=command.units,
        is_gift=command.is_gift,
        is_automatic=command.standing is c.LessonStanding.AUTO_CONFIRMED,
        how=command.how,
        confirmed_at=command.confirmed_at,
        content=command.content,
        reported_on=command.reported_on,
        used=used,
        earned_fen=earned_fen,
        earned_on=_counts_from(command.reported_on, before),
    )


def _counts_from(reported_on: date, before: c.Signed | c.Paid) -> date:
    """Not before the payment, nor before the account that keeps it now had it: what an account earned stays its own."""
    paid_on = before.paid_on if isinstance(before, c.Paid) else reported_on
    return max(reported_on, paid_on, before.life.moved_on or reported_on)
