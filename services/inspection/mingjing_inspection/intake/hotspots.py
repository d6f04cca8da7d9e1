"""Planning of visits to hot-spots (热点网格排期): once a day, for each grid with as many open leads as the policy says.

One rule: an id follows from the grid, the period and the reason for the time, so that nothing is planned twice; and it
says what it planned, or why nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec_leads import HOTSPOT_VISITS
from mingjing_inspection.domain.grid_code import is_grid
from mingjing_inspection.domain.hotspot import MORNING, LeadPlace, PlanHotspotVisit, When, visits_of
from mingjing_inspection.domain.lead_terms import TaughtAt
from mingjing_inspection.policy.lead_rules import LEAD_HOTSPOTS
from mingjing_inspection.projections.leads import leads_of_places
from mingjing_kernel.clock import SHANGHAI, end_of
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import Numbers, in_force_in
from mingjing_kernel.refusal import Refusal

NAME: Final = "lead-hotspots"
ACTOR: Final = "system:hotspots"
BASIS: Final = "中办发〔2021〕40号；学科类隐形变异培训防范治理意见（2022年12月）"
LEADS_MAX: Final = 50_000
VISITS_MAX: Final = 5_000
"""In one night; the rest follows the night after."""
WINDOW_DAYS_MAX: Final = 1_096
WORK: Final = frozenset(range(1, 6))


async def plan_hotspots(kit: Kit, day: date) -> str:
    """The visits of the period that a day lies in, and what it came to."""
    await kit.up_to_date()
    since = end_of(day) - timedelta(days=WINDOW_DAYS_MAX)
    async with kit.connection() as connection:
        rows = (await connection.execute(leads_of_places(since).limit(LEADS_MAX))).mappings().all()
    grids: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        grids[row["region"]].append(row)
    numbers = await in_force_in(kit.log, LEAD_HOTSPOTS, day, [(region, "") for region in grids])
    works, hot, elsewhere, first = list[Work](), 0, 0, _first(kit.now(), day)
    for region, leads in grids.items():
        counted = numbers[region, ""]
        known = [one for one in leads if one["opened_at"] >= end_of(day) - timedelta(days=counted["window"])]
        if not is_grid(region):
            elsewhere += len(known)
        elif len(known) >= counted["leads"]:
            hot += 1
            works += _visits(region, known, first, counted)
    planned, refused = await _carried_out(kit, works[:VISITS_MAX])
    is_more = len(works) > VISITS_MAX or len(rows) == LEADS_MAX
    return _said(len(rows), hot, planned, refused, elsewhere, is_more=is_more)


def _first(now: datetime, day: date) -> date:
    """From which day on somebody can go: a plan that is made while the day runs (after an outage, or in the first hours
    of a box) must not send anybody into the past.
    """
    here = now.astimezone(SHANGHAI)
    is_running = here.hour * 60 + here.minute > MORNING[0]
    return max(day, here.date() + timedelta(days=is_running))


def _visits(grid: str, leads: Sequence[Mapping[str, Any]], day: date, numbers: Numbers) -> list[Work]:
    every = numbers["every"]
    begins_on = date.fromordinal(day.toordinal() - day.toordinal() % every)
    days = [begins_on + timedelta(days=one) for one in range(every) if begins_on + timedelta(days=one) >= day]
    times = [TaughtAt(**one) for lead in leads for one in lead["times"]]
    return [_work(grid, leads, when, begins_on, numbers) for when in visits_of(times, days, numbers.values, WORK)]


def _work(grid: str, leads: Sequence[Mapping[str, Any]], when: When, begins_on: date, numbers: Numbers) -> Work:
    id = derived_id("hotspot-visit", grid, begins_on.isoformat(), numbers["every"], when.slot.value)
    start = datetime.combine(when.day, time(0), SHANGHAI)
    command = PlanHotspotVisit(
        grid=grid,
        department=leads[0]["department"],
        category="",
        when=when,
        places=tuple(LeadPlace(lead_id=UUID(int=one["lead_id"].int), address=one["address"]) for one in leads),
        leads_open=len(leads),
        threshold=numbers["leads"],
        policy=numbers.version,
        due_at=(start + timedelta(minutes=when.ends)).astimezone(UTC),
        at=datetime.combine(begins_on, time(0), SHANGHAI).astimezone(UTC),
    )
    command_id = derived_id("plan-hotspot-visit", id)
    envelope = Envelope(
        command_id=command_id,
        actor=ACTOR,
        department=command.department,
        region=grid,
        reason=f"{len(leads)}条线索，达到热点标准{numbers['leads']}条（策略 {numbers.version}）",
        legal_basis=BASIS,
        digest=command_id.bytes * 2,
    )
    return Work(HOTSPOT_VISITS, id, command, envelope)


async def _carried_out(kit: Kit, works: Sequence[Work]) -> tuple[int, int]:
    planned = refused = 0
    for result in await kit.log.handle_many(works):
        if isinstance(result, Outcome):
            planned += bool(result.events) and not result.repeated
        elif isinstance(result, Refusal):
            refused += 1
        else:
            raise result
    return planned, refused


def _said(leads: int, hot: int, planned: int, refused: int, elsewhere: int, *, is_more: bool) -> str:
    beside = f"; {elsewhere} leads stand in no grid" if elsewhere else ""
    beside += f"; {refused} were refused" if refused else ""
    beside += f"; no more than {LEADS_MAX} leads and {VISITS_MAX} visits in one night" if is_more else ""
    if not leads:
        return "nothing planned: no lead about a place is open"
    if not hot:
        return f"nothing planned: no grid has as many of {leads} open leads as make a hot-spot{beside}"
    if not planned:
        return f"nothing planned: the visits to {hot} hot-spots are planned already{beside}"
    return f"planned {planned} visits to {hot} hot-spots{beside}"
