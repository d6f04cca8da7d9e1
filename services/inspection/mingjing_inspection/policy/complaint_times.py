"""The numbers of complaints (投诉举报时限): how long each step of a dispute, a report and a work order may take.

One rule: which instrument counts goes by the day on which the complaint was received, and so do the numbers in force
under it; a complaint keeps both to its end, whatever is decided or enacted later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.finding_terms import Limit, Step
from mingjing_inspection.domain.office_hours import (
    OFFICE,
    OfficeHours,
    in_hours,
    in_office_hours,
    in_working_days,
    last_moment,
)
from mingjing_inspection.domain.reminding import FOUR_FIFTHS, Reminder, reminder_days
from mingjing_inspection.domain.track_terms import OrderKind, Timer, TrackClock
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.policy.rule import Number, Rule
from mingjing_kernel.working_days import WorkingDays


def _days(name: str, zh: str, en: str, default: int) -> Number:
    return Number(name=name, zh=zh, en=en, default=default, at_least=1, at_most=90, unit="working-days")


def _hours(name: str, zh: str, en: str, default: int) -> Number:
    return Number(name=name, zh=zh, en=en, default=default, at_least=1, at_most=240, unit="hours")


def _numbers() -> tuple[Number, ...]:
    return (
        _days("accept", "受理或者不予受理并告知", "Accept or not, and tell", 7),
        _days("mediate", "调解（不含鉴定）", "Mediate, appraisal not counted", 45),
        _days("notify", "告知调解结果", "Tell how mediation ended", 7),
        _days("jurisdiction", "管辖争议协商", "Agree on whose it is", 7),
        _days("follow-up", "回访", "Ask how it was handled", 5),
        _days("verify", "核查并决定是否立案", "Verify and decide on filing", 15),
        _days("verify-extension", "核查延期", "Extension of verification", 15),
        _days("inform", "告知实名举报人", "Tell who reported under a real name", 5),
    )


ORDER_20 = Rule(
    name="complaint-times-samr-20",
    zh="投诉举报时限（总局令第20号）",
    en="Times of complaints received under SAMR Order 20",
    numbers=_numbers(),
    legal_basis="市场监督管理投诉举报处理暂行办法（总局令第20号）第十四、二十一、二十三、三十、三十一条；消费者权益保护法第四十六条",
)
ORDER_121 = Rule(
    name="complaint-times-samr-121",
    zh="投诉举报时限（总局令第121号）",
    en="Times of complaints received under SAMR Order 121",
    numbers=_numbers(),
    legal_basis="市场监督管理投诉举报处理办法（总局令第121号）；消费者权益保护法第四十六条",
)
HOTLINE_TIMES = Rule(
    name="complaint-times-hotline",
    zh="热线工单与转办时限",
    en="Times of work orders, and of giving a complaint to a department",
    numbers=(
        _hours("dispatch", "派单、转办（办公小时）", "Dispatch or route, in office hours", 2),
        _hours("sign", "签收（办公小时）", "Sign, in office hours", 4),
        _hours("urgent", "涉资金安全首次响应（自然小时）", "First response where money is in danger, in hours", 2),
        _days("return", "退单、退回", "Send back", 1),
        _days("consultation", "咨询", "Answer a question", 1),
        _days("help", "求助", "Answer a call for help", 3),
        _days("complaint", "诉求", "Answer a request", 5),
        _days("rework", "重新办理", "Do it once more", 3),
        _days("extension", "工单延期", "Extension of a work order", 10),
        _days("call-back", "工单回访", "Call back after an answer", 2),
        Number(
            name="reopen", zh="可重新打开", en="Open again within", default=30, at_least=1, at_most=365, unit="days"
        ),
    ),
    legal_basis="GB/T 33358《政府热线服务规范》；产品默认值",
)
GROUP_RULE = Rule(
    name="complaint-groups",
    zh="群体投诉归并",
    en="When disputes about one institution become a group",
    numbers=(
        Number(name="people", zh="投诉人数", en="People", default=3, at_least=2, at_most=100, unit="people"),
        Number(name="days", zh="天数", en="Within", default=7, at_least=1, at_most=90, unit="days"),
    ),
    legal_basis="市场监督管理投诉举报处理办法（共同投诉）；产品默认值",
)
SERVICE_LEVELS = Rule(
    name="hotline-service-levels",
    zh="热线服务水平",
    en="Service levels of hotlines",
    numbers=(
        Number(
            name="answer-seconds",
            zh="接听时限",
            en="Answer within",
            default=15,
            at_least=1,
            at_most=600,
            unit="seconds",
        ),
        Number(
            name="connected",
            zh="接通率（任意24小时）",
            en="Calls that are answered, of any 24 hours",
            default=95,
            at_most=100,
            unit="percent",
        ),
        Number(
            name="text-answer-seconds",
            zh="短信等其他渠道响应时限",
            en="Answer messages of other media within",
            default=180,
            at_least=1,
            at_most=3_600,
            unit="seconds",
        ),
    ),
    legal_basis="GB/T 33358《政府热线服务规范》",
)
RULES: Final = (ORDER_20, ORDER_121, HOTLINE_TIMES, GROUP_RULE, SERVICE_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A law for complaints received from this day on; ``name`` is what a track is told that it falls under."""

    name: str
    since: date
    rule: Rule


INSTRUMENTS: Final = (
    Instrument(name="SAMR-20", since=date.min, rule=ORDER_20),
    Instrument(name="SAMR-121", since=date(2026, 4, 15), rule=ORDER_121),
)
"""In the order of their days: Order 20 was repealed and Order 121 came into force on 2026-04-15."""


def instrument_on(day: date) -> Instrument:
    """Which one a complaint received on this day falls under, for its whole life."""
    return next(one for one in reversed(INSTRUMENTS) if one.since <= day)


_ORDER_DAYS = {OrderKind.CONSULTATION: "consultation", OrderKind.HELP: "help", OrderKind.COMPLAINT: "complaint"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The numbers that one complaint falls under, with the calendar as it is known."""

    law: str
    numbers: Mapping[str, int]
    version: str
    hotline: Mapping[str, int]
    hotline_version: str
    calendar: WorkingDays
    office: OfficeHours = OFFICE
    reminder: Reminder = FOUR_FIFTHS

    def opening(self, kind: Track, received_at: datetime, taken_at: datetime, *, is_urgent: bool) -> tuple[Timer, ...]:
        """What runs from the beginning: what the law gives from the receipt, what an office gives from when it knew."""
        found = [self.routing(taken_at)]
        if kind is Track.DISPUTE:
            found.append(self._law_days(TrackClock.ACCEPT, "accept", received_at))
        if kind is Track.REPORT:
            found.append(self._law_days(TrackClock.VERIFY, "verify", received_at))
        if is_urgent:
            hours = in_hours(Step.HANDLE, taken_at, self.hotline["urgent"], self.hotline_version, self.reminder)
            found.append(self._timer(TrackClock.RESPOND, hours))
        return tuple(found)

    def routing(self, at: datetime) -> Timer:
        """Until somebody has it."""
        return self._timer(TrackClock.ROUTE, self._office_hours(Step.DISPATCH, "dispatch", at))

    def routed(self, kind: Track, order_kind: OrderKind | None, at: datetime) -> tuple[Timer, ...]:
        """A work order is signed, and answered by its kind; the others run from the receipt already."""
        if kind is not Track.WORK_ORDER:
            return ()
        sign = self._office_hours(Step.HANDLE, "sign", at)
        name = _ORDER_DAYS[order_kind or OrderKind.COMPLAINT]
        return (self._timer(TrackClock.SIGN, sign), self._hotline_days(TrackClock.HANDLE, name, at))

    def reopened(self, kind: Track, at: datetime) -> tuple[Timer, ...]:
        """Once more from here: a work order by who answered it, the others through a routing."""
        if kind is Track.WORK_ORDER:
            return self.rework(at)
        clock, name = (TrackClock.ACCEPT, "accept") if kind is Track.DISPUTE else (TrackClock.VERIFY, "verify")
        return (self.routing(at), self._law_days(clock, name, at))

    def rework(self, at: datetime) -> tuple[Timer, ...]:
        """A work order is done once more."""
        return (self._hotline_days(TrackClock.HANDLE, "rework", at),)

    def jurisdiction(self, at: datetime) -> tuple[Timer, ...]:
        """Order 20, art. 30."""
        return (self._law_days(TrackClock.JURISDICTION, "jurisdiction", at),)

    def mediation(self, at: datetime) -> tuple[Timer, ...]:
        """Order 20, art. 21: from the acceptance."""
        return (self._law_days(TrackClock.MEDIATE, "mediate", at),)

    def resumed(self, paused: Timer, since: datetime, at: datetime) -> tuple[Timer, ...]:
        """The same clock after an appraisal: its working days do not count."""
        first, last = shanghai_date(since), shanghai_date(at)
        gone = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
        more = paused.paused_days + sum(self.calendar.is_working(day) for day in gone)
        return (self._counted(paused, paused.working_days or 0, more),)

    def notification(self, at: datetime) -> tuple[Timer, ...]:
        """From the end of the mediation."""
        return (self._law_days(TrackClock.NOTIFY, "notify", at),)

    def follow_up(self, at: datetime) -> tuple[Timer, ...]:
        """From the notification."""
        return (self._law_days(TrackClock.FOLLOW_UP, "follow-up", at),)

    def informing(self, at: datetime) -> tuple[Timer, ...]:
        """Order 20, art. 31: from the decision."""
        return (self._law_days(TrackClock.INFORM, "inform", at),)

    def calling_back(self, at: datetime) -> tuple[Timer, ...]:
        """From the answer."""
        return (self._hotline_days(TrackClock.CALL_BACK, "call-back", at),)

    def extended(self, timer: Timer) -> tuple[Timer, ...]:
        """The same clock, from the same beginning, with more on it."""
        is_report = timer.clock is TrackClock.VERIFY
        more = self.numbers["verify-extension"] if is_report else self.hotline["extension"]
        return (self._counted(timer, (timer.working_days or 0) + more, timer.paused_days),)

    def return_by(self, routed_at: datetime) -> datetime:
        """Until when it may be sent back."""
        return last_moment(self.calendar.after(shanghai_date(routed_at), self.hotline["return"]))

    def reopen_by(self, closed_at: datetime) -> datetime:
        """Until when it may be opened again."""
        return last_moment(shanghai_date(closed_at) + timedelta(days=self.hotline["reopen"]))

    def _office_hours(self, step: Step, name: str, at: datetime) -> Limit:
        return in_office_hours(
            step, at, self.hotline[name], self.hotline_version, self.calendar, self.office, self.reminder
        )

    def _law_days(self, clock: TrackClock, name: str, at: datetime) -> Timer:
        days = in_working_days(Step.HANDLE, at, self.numbers[name], self.version, self.calendar, self.reminder)
        return self._timer(clock, days)

    def _hotline_days(self, clock: TrackClock, name: str, at: datetime) -> Timer:
        days = in_working_days(Step.HANDLE, at, self.hotline[name], self.hotline_version, self.calendar, self.reminder)
        return self._timer(clock, days)

    def _counted(self, timer: Timer, days: int, paused_days: int) -> Timer:
        began = shanghai_date(timer.started_at)
        return Timer(
            clock=timer.clock,
            started_at=timer.started_at,
            remind_at=last_moment(self.calendar.after(began, reminder_days(days, timer.policy) + paused_days)),
            due_at=last_moment(self.calendar.after(began, days + paused_days)),
            policy=timer.policy,
            law=self.law,
            working_days=days,
            paused_days=paused_days,
        )

    def _timer(self, clock: TrackClock, limit: Limit) -> Timer:
        return Timer(
            clock=clock,
            started_at=limit.started_at,
            remind_at=limit.remind_at,
            due_at=limit.due_at,
            policy=limit.policy,
            law=self.law,
            working_days=limit.working_days,
            hours=limit.hours,
        )
