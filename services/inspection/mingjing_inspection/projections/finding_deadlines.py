"""Deadlines of findings (案卷时限): verify, handle, re-check, each with its reminder when four fifths are over.

One rule: days are counted here, where a notice of the calendar moves them; a clock in hours is listed with its last
day, and the duty of findings, which looks at the minute, is there before the day is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mingjing_inspection.codec import FINDINGS
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain.finding_commands import RemindFinding, SuperviseFinding
from mingjing_inspection.domain.finding_terms import Limit, Step
from mingjing_inspection.domain.reminding import reminder_days
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.deadlines import Clock, DeadlineRule, Due

BASIS = "GB/T 30428《数字化城市管理信息系统》；产品默认值"
_WORDS = {
    Step.VERIFY: ("核实立案", "A finding is to be verified"),
    Step.DISPATCH: ("派遣", "A finding is to be dispatched"),
    Step.HANDLE: ("处置", "A finding is to be handled"),
    Step.RECHECK: ("核查结案", "A finding is to be re-checked and closed"),
}
_STARTS: dict[Step, tuple[type, ...]] = {
    Step.VERIFY: (f.FindingReported,),
    Step.DISPATCH: (
        f.FindingVerified, f.FindingReturned, f.FindingRechecked, f.FindingReopened, f.FindingReinspected,
    ),
    Step.HANDLE: (f.FindingDispatched, f.FindingAllotted, f.FindingExtended),
    Step.RECHECK: (f.FindingFedBack,),
}  # fmt: skip
_ENDS: dict[Step, tuple[type, ...]] = {
    Step.VERIFY: (f.FindingVerified, f.FindingWrittenOff),
    Step.DISPATCH: (f.FindingDispatched, f.FindingAllotted),
    Step.HANDLE: (f.FindingFedBack, f.FindingReturned),
    Step.RECHECK: (f.FindingClosed,),
}


def _clock(step: Step, *, is_reminder: bool) -> Callable[[Clock | None, Any], Clock | None]:
    told = f.FindingReminded if is_reminder else f.FindingSupervised

    def clock(before: Clock | None, event: Any) -> Clock | None:
        if isinstance(event, f.FindingReminded | f.FindingSupervised):
            fired = before is not None and event.step is step and isinstance(event, told | f.FindingSupervised)
            return replace(before, fired_on=shanghai_date(event.at)) if before and fired else before
        if isinstance(event, _ENDS[step]):
            return None
        limit: Limit | None = getattr(event, "limit", None)
        if limit is None or limit.step is not step:
            # A failed re-check ends the clock of the re-check; a passed one leaves it to the closing.
            ends = step is Step.RECHECK and isinstance(event, f.FindingRechecked) and not event.is_passed
            return None if ends else before
        return _started(limit, is_reminder=is_reminder)

    return clock


def _started(limit: Limit, *, is_reminder: bool) -> Clock:
    began, last = shanghai_date(limit.started_at), shanghai_date(limit.remind_at if is_reminder else limit.due_at)
    if limit.working_days is None:
        return Clock(started_on=began, due_on=last)
    count = reminder_days(limit.working_days, limit.policy) if is_reminder else limit.working_days
    return Clock(started_on=began, due_on=last, working_days=count)


def _thing(event: Any) -> str:
    """Which round of handling: each has a clock of its own."""
    return str(event.round)


def _whole(_event: Any) -> str:
    return ""


def _remind(step: Step) -> Callable[[Due], RemindFinding]:
    return lambda due: RemindFinding(step=step, at=end_of(due.due_on))


def _supervise(step: Step) -> Callable[[Due], SuperviseFinding]:
    return lambda due: SuperviseFinding(step=step, at=end_of(due.due_on))


def _rule(step: Step, *, is_reminder: bool) -> DeadlineRule:
    zh, en = _WORDS[step]
    told = (f.FindingReminded, f.FindingSupervised)
    facts = (*_STARTS[step], *_ENDS[step], *told, *((f.FindingRechecked,) if step is Step.RECHECK else ()))
    return DeadlineRule(
        name=f"finding-{step.value.lower()}{'-reminder' if is_reminder else ''}",
        zh=f"{zh}提醒" if is_reminder else zh,
        en=f"{en} soon" if is_reminder else en,
        aggregate=FINDINGS,
        listed=FINDINGS_READ,
        facts=tuple(dict.fromkeys(facts)),
        clock=_clock(step, is_reminder=is_reminder),
        command=_remind(step) if is_reminder else _supervise(step),
        thing=_thing if step is Step.HANDLE else _whole,
        legal_basis=BASIS,
    )


FINDING_DEADLINES = tuple(_rule(step, is_reminder=is_reminder) for step in Step for is_reminder in (True, False))
