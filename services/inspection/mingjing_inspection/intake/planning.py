"""Planning by night (每日排期): who has to go where, by policy, by vacation and holiday, and by what was drawn.

One rule: an id follows from the site and the occasion, so that a night that is planned twice plans nothing twice; and
it says what it planned, or why nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.peak import Peak, holiday_on, vacation_on
from mingjing_inspection.domain.supervision import Level
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.intake.drawn_tasks import plan_drawn
from mingjing_inspection.intake.due_dates import days_between, due_of, frequencies
from mingjing_inspection.policy.patrol_rules import PEAK_SWEEP
from mingjing_inspection.projections.patrols import drawn_since, open_sites, sites_in_hand
from mingjing_inspection.projections.premises import noted_position
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import Numbers, in_force_in
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.service.duty import OnceADay
from mingjing_kernel.working_days import WorkingDays

SITES_MAX: Final = 500
"""Looked at at a time."""
PLANNED_MAX: Final = 20_000
"""For one day; the rest follows the night after."""
AGAIN_AFTER: Final = timedelta(hours=1)
"""Since the last plan of the same day: a registry that approves one site after another asks for it no sooner."""
DRAWS_DAYS: Final = 180
"""Draws that are older have their tasks, or were annulled."""
ACTOR: Final = "system:planning"
BASIS: Final = "中办发〔2021〕40号"
HOT: Final = (Level.BLACK, Level.WATCH)
"""Levels that are visited on holidays, too."""
LEVEL_ZH: Final[Mapping[Level, str]] = {
    Level.BLACK: "黑名单", Level.WATCH: "风险警示", Level.OTHER: "未列入白名单", Level.WHITE: "白名单",
}  # fmt: skip

PEAK_ZH: Final[Mapping[str, str]] = {"winter": "寒假", "summer": "暑假", "holiday": "节假日"}


@dataclass(slots=True)
class Night:
    """What a plan came to; ``most``: so many at most are planned."""

    most: int = PLANNED_MAX
    sites: int = 0
    planned: int = 0
    in_hand: int = 0
    refused: int = 0
    is_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A visit that somebody should make; ``begins_on``: the first day on which it counts, of a peak."""

    work: Work
    begins_on: date | None = None


class PlanningDuty(OnceADay):
    """Every night; once an hour at most by day, where the registry has approved sites since and has come to rest.

    A county that imports its register in the morning has its first plan before noon, and not the day after.
    """

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, plan_daily)
        self._noted = self._planned_for = 0
        """The last fact about premises: at the last look, and when the last plan was made that came to its end."""
        self._planned_at: datetime | None = None
        self._day: date | None = None
        self._planned = 0
        """How many on that day, by this process."""

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of a day; later only once nothing has come between two looks."""
        async with self._kit.connection() as connection:
            noted, before = await noted_position(connection), self._noted
        self._noted = noted
        has_come = noted > self._planned_for and noted == before
        return await super().is_due(now, done_on) or (has_come and self._may_again(now))

    async def do(self, day: date) -> str:
        """The same plan twice plans nothing twice; one that was broken off is made again."""
        noted, now = self._noted, self._kit.now()
        if day != self._day:
            self._day, self._planned = day, 0
        night = Night(most=PLANNED_MAX - self._planned)
        try:
            said = await _plan(self._kit, day, night)
        finally:
            self._planned += night.planned
        self._planned_for, self._planned_at = noted, now
        return said

    def _may_again(self, now: datetime) -> bool:
        is_full = self._day == shanghai_date(now) and self._planned >= PLANNED_MAX
        return not is_full and (self._planned_at is None or now - self._planned_at >= AGAIN_AFTER)


async def plan_daily(kit: Kit, day: date) -> str:
    """The night's plan, and what it came to."""
    return await _plan(kit, day, Night())


async def _plan(kit: Kit, day: date, night: Night) -> str:
    await kit.up_to_date()
    kinds = Counter[str]()
    calendar = await calendar_known(kit.log)
    after = UUID(int=0)
    while (rows := await _page(kit, after)) and not night.is_more:
        after = UUID(bytes=rows[-1]["site_id"].bytes)
        await _plan_page(kit, rows, day, calendar, night, kinds)
        night.is_more = night.planned >= night.most
    kinds[TaskKind.DOUBLE_RANDOM.value] += await _plan_draws(kit, day)
    return _said(night, kinds)


async def _plan_draws(kit: Kit, day: date) -> int:
    """Tasks of what was drawn, where whoever drew could not plan all of them."""
    async with kit.connection() as connection:
        found = await connection.execute(drawn_since(end_of(day) - timedelta(days=DRAWS_DAYS)))
        draws = [UUID(bytes=row.draw_id.bytes) for row in found]
    return sum([await plan_drawn(kit, draw_id) for draw_id in draws])


async def _plan_page(
    kit: Kit, rows: Sequence[Any], day: date, calendar: WorkingDays, night: Night, kinds: Counter[str]
) -> None:
    places = {(row["region"], row["category"]) for row in rows}
    often = await frequencies(kit, rows, day)
    peaks = await in_force_in(kit.log, PEAK_SWEEP, day, places)
    async with kit.connection() as connection:
        found = await connection.execute(sites_in_hand([row["site_id"] for row in rows]))
        in_hand = {row.site_id: row.due for row in found}
    works = list[Work]()
    for row in rows:
        night.sites += 1
        place = (row["region"], row["category"])
        wanted = [one for one in (_routine(row, often[place], day), _peak(row, peaks[place], day, calendar)) if one]
        lacking = [one for one in wanted if not _goes(in_hand.get(row["site_id"], ()), one)]
        if lacking:
            works.append(min(lacking, key=lambda one: one.work.command.due_at).work)  # one visit is both
        night.in_hand += bool(wanted) and not lacking
    for work, result in zip(works, await kit.log.handle_many(works), strict=True):
        if isinstance(result, Outcome):
            is_new = bool(result.events) and not result.repeated
            night.planned += is_new
            kinds[work.command.kind.value] += is_new
        elif isinstance(result, Refusal):
            night.refused += 1
        else:
            raise result


def _goes(due: Sequence[datetime], wanted: Wanted) -> bool:
    """Whether somebody who goes by one of these times does for this visit, too. A visit that was late before a vacation
    or a holiday began is none of it: a backlog must not leave the days uncovered on which training hides.
    """
    until, since = wanted.work.command.due_at, wanted.begins_on
    return any(one <= until and (since is None or shanghai_date(one) >= since) for one in due)


def _routine(row: Mapping[str, Any], numbers: Numbers, day: date) -> Wanted | None:
    """The visit that the level of the institution asks for."""
    level, days, due = Level(row["level"]), days_between(row, numbers), due_of(row, numbers)
    if due - timedelta(days=numbers["ahead"]) > day:
        return None
    occasion = due + timedelta(days=max(0, (day - due).days // days) * days)  # one that was cancelled comes again
    until = max(due, day + timedelta(days=numbers["within"]))
    reason = f"{LEVEL_ZH[level]}：每{days}日一次，应于{due.isoformat()}前巡查（策略 {numbers.version}）"
    return Wanted(work=_work("routine", row, TaskKind.ROUTINE, occasion.isoformat(), until, day, reason))


def _peak(row: Mapping[str, Any], numbers: Numbers, day: date, calendar: WorkingDays) -> Wanted | None:
    """The sweep of a vacation, for everybody; of a holiday, where the risk is."""
    if (vacation := vacation_on(day, numbers.values)) is not None and not _entered_since(row, vacation):
        return _swept(row, vacation, day, numbers)
    holiday = holiday_on(day, calendar, numbers["holiday-days"])
    if holiday is None or Level(row["level"]) not in HOT or _entered_since(row, holiday):
        return None
    return _swept(row, holiday, day, numbers)


def _swept(row: Mapping[str, Any], peak: Peak, day: date, numbers: Numbers) -> Wanted:
    until = max(peak.ends_on, day + timedelta(days=1))
    words = PEAK_ZH[peak.name.partition("-")[0]]
    reason = f"{words}：{peak.begins_on.isoformat()}至{peak.ends_on.isoformat()}（策略 {numbers.version}）"
    work = _work("peak", row, TaskKind.PEAK, peak.name, until, day, reason)
    return Wanted(work=work, begins_on=peak.begins_on)


def _entered_since(row: Mapping[str, Any], peak: Peak) -> bool:
    entered: datetime | None = row["entered_at"]
    return entered is not None and shanghai_date(entered) >= peak.begins_on


def _work(plan: str, row: Mapping[str, Any], kind: TaskKind, occasion: str, until: date, day: date, why: str) -> Work:
    site_id, institution_id = (UUID(bytes=row[name].bytes) for name in ("site_id", "institution_id"))
    task_id = derived_id(f"{plan}-visit", site_id, occasion)
    command = PlanTask(
        kind=kind,
        institution_id=institution_id,
        site_id=site_id,
        region=row["region"],
        department=row["department"],
        category=row["category"],
        due_at=end_of(until),
        planned_at=end_of(day - timedelta(days=1)) + timedelta(microseconds=1),
        cause=Cause(reason=why, rule=f"plan:{plan}"),
    )
    command_id = derived_id("plan-visit", task_id)
    envelope = Envelope(
        command_id=command_id,
        actor=ACTOR,
        department=row["department"],
        region=row["region"],
        reason=why,
        legal_basis=BASIS,
        digest=command_id.bytes * 2,
    )
    return Work(TASKS, task_id, command, envelope)


async def _page(kit: Kit, after: UUID) -> Sequence[Any]:
    async with kit.connection() as connection:
        found = await connection.execute(open_sites(after).limit(SITES_MAX))
        page: Sequence[Any] = found.mappings().all()
    return page


def _said(night: Night, kinds: Counter[str]) -> str:
    if not night.sites:
        return "nothing planned: the registry has approved no site"
    planned = ", ".join(f"{count} {kind.lower()}" for kind, count in sorted(kinds.items()) if count)
    more = "; more is planned tomorrow: one day plans so many at most" if night.is_more else ""
    refused = f"; {night.refused} were refused" if night.refused else ""
    hand = f"; to {night.in_hand} that are due somebody goes already" if night.in_hand else ""
    if not planned:
        return f"nothing planned: none of {night.sites} sites is due that has no task{hand}{refused}"
    return f"planned {planned} of {night.sites} sites{hand}{refused}{more}"
