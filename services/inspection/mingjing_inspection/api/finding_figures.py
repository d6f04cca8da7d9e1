"""Figures of findings (数字城管考核) and samples of closed ones (结案抽查) over HTTP.

One rule: a ratio is told with what it is of. What is due and still open lowers "in time"; rework is what somebody found
who looked at a sample drawn by lot, not what the departments say of themselves.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_findings import DRAW_SAMPLE
from mingjing_inspection.codec import FINDING_SAMPLES
from mingjing_inspection.codec_files import PERIODS
from mingjing_inspection.domain.finding_sample import PERIOD_DAYS_MAX, POPULATION_MAX, DrawFindingSample, Sample
from mingjing_inspection.domain.sample_periods import ClaimPeriod
from mingjing_inspection.policy.finding_limits import FINDING_SAMPLE
from mingjing_inspection.projections.finding_rounds import By, Period, finding_figures
from mingjing_inspection.projections.findings import closed_between
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AsOf, Kit, accepted, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.moment import Moment
from mingjing_kernel.policy import in_force
from mingjing_kernel.refusal import Invalid, NotFound
from mingjing_kernel.sealed.keys import Keys

WHOLE_BASIS_POINTS = 10_000


class PeriodNotAPeriod(Invalid):
    """It ends before it begins, or is too long."""

    sentence = "A period ends after it begins and is at most {maximum} days long."
    remedy = "Name another beginning or end."
    field = "until"


class SampleUnknown(NotFound):
    """Nothing was drawn under this id."""

    sentence = "No sample was drawn under this id."
    remedy = "Draw one first."
    field = "sample_id"


class FiguresItem(BaseModel):
    """The figures of one department, matter or town, or of all."""

    key: str
    accepted: int = Field(description="受理数: reported in the period")
    filed: int = Field(description="立案数: verified in it")
    written_off: int = Field(description="不予立案数")
    dispatched: int = Field(description="派遣数")
    returned: int = Field(description="退回数")
    due: int = Field(description="应处置数: to be handled by now or by the end of the period; not what was sent back")
    on_time: int = Field(description="按期处置数: of those due")
    overdue_open: int = Field(description="超期未处置数: of those due, still open")
    closed: int = Field(description="结案数")
    rework: int = Field(description="返工数: dispatched again after a re-check, a reopening or a sample")
    extended: int = Field(description="延期数")
    reinspected: int = Field(description="抽查数")
    not_fixed: int = Field(description="抽查不合格数: of those in the sample")
    on_time_basis_points: int | None = Field(description="按期处置率: on_time of due; null where nothing was due")
    rework_basis_points: int | None = Field(description="返工率: not_fixed of reinspected; null without a sample")


class FiguresAnswer(BaseModel):
    """Counts of a period and place, as they stood."""

    since: datetime
    until: datetime
    region: str
    by: str
    items: list[FiguresItem]


class SampleBody(BaseModel):
    """What to draw from."""

    since: Moment
    until: Moment
    region: str = Field(max_length=15, pattern=r"^\d{2,15}$")
    department: str = Field(max_length=60, description="Whose files")


class SampleItem(BaseModel):
    """A sample: enough to draw it again."""

    model_config = ConfigDict(from_attributes=True)

    department: str
    region: str
    since: datetime
    until: datetime
    population_count: int
    population_sha256: str = Field(description="Of the sorted ids, one a line")
    position: int = Field(description="As of which position of the log the list was read")
    share_percent: int
    policy: str
    seed: str = Field(description="Ids in the order of SHA-256(seed:id); the first of them are drawn")
    drawn: list[UUID]


def make_router(kit: Kit) -> Router:
    """Figures and samples."""
    router = Router(tags=["finding 问题案卷"])

    @router.get("/finding-figures", summary="考核指标 figures of a period")
    async def figures(
        since: Moment,
        until: Moment,
        region: str = Query(default="", max_length=15, pattern=r"^\d*$"),
        by: By = "all",
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> FiguresAnswer:
        """Counted from facts, for any period and place, now or as it was known on a past day."""
        _checked(since, until)
        at = await position_of(kit, as_of)
        now = kit.now() if as_of is None or as_of.moment is None else as_of.moment
        period = Period(since=since, until=until, now=now, region=region)
        async with kit.connection() as connection:
            rows = await finding_figures(connection, scope, period, by=by, at=at)
        items = [_with_ratios(row) for row in rows]
        return FiguresAnswer(since=since, until=until, region=region, by=by, items=items)

    @router.put("/finding-samples/{sample_id}", status_code=201, summary="抽取复核样本 draw a sample of closed ones")
    async def draw_sample(
        sample_id: UUID,
        body: SampleBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The share is a policy, the seed is made here: whoever asks chooses neither."""
        scope.require(DRAW_SAMPLE, Dimensions(body.department, body.region, UNDIVIDED))
        _checked(body.since, body.until)
        await kit.up_to_date()
        command = await _draw(kit, body, written.actor)
        # The period is claimed and drawn from in one transaction: two that ask at once do not both draw.
        claim = ClaimPeriod(
            sample_id=sample_id,
            department=body.department,
            region=body.region,
            since=body.since,
            until=body.until,
            at=command.at,
        )
        claiming = replace(written, command_id=derived_id("claim-period", written.command_id), expected_version=None)
        periods = derived_id("sample-period", body.department)
        works = [Work(FINDING_SAMPLES, sample_id, command, written), Work(PERIODS, periods, claim, claiming)]
        drawn, _ = await kit.log.handle_many(works, settle=_both)
        assert isinstance(drawn, Outcome), "or it was raised"
        return accepted(response, drawn)

    @router.get("/finding-samples/{sample_id}", summary="复核样本 one sample")
    async def sample(sample_id: UUID, scope: Scope = Depends(kit.scope)) -> SampleItem:
        """What was drawn, from what, and with which seed."""
        found: Sample = (await kit.log.state(FINDING_SAMPLES, sample_id))[0]
        if found is None or not scope.allows(
            role=OFFICIALS, department=found.department, region=found.region, category=UNDIVIDED
        ):
            raise SampleUnknown
        return SampleItem.model_validate(found)

    return router


async def _both(_connection: object, results: list[Result]) -> None:
    """Neither without the other."""
    for result in results:
        if not isinstance(result, Outcome):
            raise result


async def _draw(kit: Kit, body: SampleBody, by: str) -> DrawFindingSample:
    """Everything that was closed then and there, whoever asks: a sample of what one may see is no sample."""
    now, position = kit.now(), await kit.log.head()
    # Who draws again for the same period under another id draws by the same seed: no seed can be waited for.
    named = f"{body.department}/{body.region}/{body.since.isoformat()}/{body.until.isoformat()}"
    numbers = await in_force(kit.log, FINDING_SAMPLE, shanghai_date(now), body.region)
    statement = closed_between(body.department, body.region, body.since, body.until, position, POPULATION_MAX + 1)
    await kit.caught_up(position)
    async with kit.connection() as connection:
        population = (await connection.execute(statement)).scalars().all()
    return DrawFindingSample(
        department=body.department,
        region=body.region,
        since=body.since,
        until=body.until,
        population=tuple(population),
        position=position,
        share_percent=numbers["share"],
        policy=numbers.version,
        seed=Keys(kit).index().keyed("finding-sample", named.encode()).hex()[:32],
        by=by,
        at=now,
    )


def _checked(since: datetime, until: datetime) -> None:
    if not timedelta(0) < until - since <= timedelta(days=PERIOD_DAYS_MAX):
        raise PeriodNotAPeriod(maximum=PERIOD_DAYS_MAX)


def _with_ratios(row: dict[str, Any]) -> FiguresItem:
    return FiguresItem(
        **row,
        on_time_basis_points=_share(row["on_time"], row["due"]),
        rework_basis_points=_share(row["not_fixed"], row["reinspected"]),
    )


def _share(part: int, whole: int) -> int | None:
    return part * WHOLE_BASIS_POINTS // whole if whole else None
