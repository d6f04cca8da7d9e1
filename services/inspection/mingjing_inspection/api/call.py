"""Calls over HTTP (热线话务): the port for a telephone system, and the service levels of GB/T 33358.

One rule: a batch says of each call what became of it; one that is wrong keeps no other back. Nobody's number is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_tracks import NOTE_CALLS
from mingjing_inspection.api.finding_figures import WHOLE_BASIS_POINTS, PeriodNotAPeriod
from mingjing_inspection.codec_tracks import CALLS
from mingjing_inspection.domain.call import Medium, NoteCall
from mingjing_inspection.policy.complaint_times import SERVICE_LEVELS
from mingjing_inspection.projections.calls import DAYS_MAX, HOURS, call_days_in, call_hours_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.moment import Moment
from mingjing_kernel.policy import in_force
from mingjing_kernel.refusal import Refusal

CALLS_AT_ONCE_MAX: Final = 1_000


class CallBody(BaseModel):
    """One call that is over. A field with a number or a name is refused: none is asked for."""

    model_config = ConfigDict(extra="forbid")

    reference: str = Field(min_length=1, max_length=80, description="The telephone system's own id of the call")
    queue: str = Field(max_length=40, description="Which line")
    medium: Medium = Field(default=Medium.VOICE, description="A call, or a message: SMS, website, app")
    offered_at: Moment
    answered_at: Moment | None = None
    abandoned_at: Moment | None = None


class CallsBody(BaseModel):
    """A batch of one telephone system."""

    system: str = Field(min_length=1, max_length=40)
    department: str = Field(max_length=60, description="Whose hotline")
    calls: list[CallBody] = Field(min_length=1, max_length=CALLS_AT_ONCE_MAX)


class CallRefused(BaseModel):
    """A call that was not taken, and why."""

    reference: str
    reason: str


class CallsReceipt(BaseModel):
    """What became of a batch: each call counts once."""

    taken: int
    known: int = Field(description="Told before, with the same times")
    refused: list[CallRefused]
    position: int


class CallDay(BaseModel):
    """One day in China."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    connected_basis_points: int | None = Field(description="接通率: answered of offered")


class ServiceLevels(BaseModel):
    """The service levels of a period, with the limits that they are measured by."""

    since: datetime
    until: datetime
    answer_seconds: int = Field(description="接听时限")
    connected_wanted_basis_points: int = Field(description="要求的接通率")
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    connected_basis_points: int | None
    in_time_basis_points: int | None = Field(description="及时接听率: answered_in_time of offered")
    worst_day: date | None
    days_below: int = Field(description="Days whose connection is below what is wanted")
    worst_24_hours_from: datetime | None = Field(
        description="Of any 24 hours, on the hour, those with the lowest share answered"
    )
    worst_24_hours_basis_points: int | None = Field(description="任意24小时最低接通率: GB/T 33358 wants it of each")
    text_answer_seconds: int = Field(description="短信等其他渠道响应时限")
    texts: int = Field(description="Messages by SMS, website, app")
    texts_answered: int
    texts_answered_in_time: int
    texts_in_time_basis_points: int | None = Field(description="texts_answered_in_time of texts")
    days: list[CallDay]


def make_router(kit: Kit) -> Router:
    """The port and the levels."""
    router = Router(tags=["call 热线话务"])
    _taking(router, kit)
    _levels(router, kit)
    return router


def _taking(router: Router, kit: Kit) -> None:
    @router.post("/calls", status_code=201, summary="接收话务 take in calls of a telephone system")
    async def take_calls(
        body: CallsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> CallsReceipt:
        """Sent again, a call is known; with other times it is refused, and the others are taken."""
        region = kit.settings.county_code
        scope.require(NOTE_CALLS, Dimensions(body.department, region, UNDIVIDED))
        works = [_work(body, call, region, written, kit.now()) for call in body.calls]
        receipt = CallsReceipt(taken=0, known=0, refused=[], position=0)
        for call, result in zip(body.calls, await kit.log.handle_many(works), strict=True):
            if isinstance(result, Refusal):
                receipt.refused.append(CallRefused(reference=call.reference, reason=result.code()))
            elif not isinstance(result, Outcome):
                raise result
            else:
                is_new = bool(result.events) and not result.repeated
                receipt.taken, receipt.known = receipt.taken + is_new, receipt.known + (not is_new)
                receipt.position = max(receipt.position, result.position)
        response.headers["Mingjing-Position"] = str(receipt.position)
        return receipt


def _work(body: CallsBody, call: CallBody, region: str, written: Envelope, at: datetime) -> Work:
    id = derived_id("call", body.system, call.reference)
    told = (call.offered_at, call.answered_at, call.abandoned_at)
    other = () if call.medium is Medium.VOICE else (call.medium.value,)
    command_id = derived_id("call-told", id, *(str(one) for one in told), *other)
    envelope = Envelope(
        command_id=command_id,
        actor=written.actor,
        department=written.department,
        region=written.region,
        correlation=str(written.command_id),
        digest=command_id.bytes * 2,
    )
    command = NoteCall(
        queue=call.queue,
        region=region,
        department=body.department,
        offered_at=call.offered_at,
        answered_at=call.answered_at,
        abandoned_at=call.abandoned_at,
        by=written.actor,
        at=at,
        medium=call.medium,
    )
    return Work(CALLS, id, command, envelope)


def _levels(router: Router, kit: Kit) -> None:
    @router.get("/service-levels", summary="热线服务水平 service levels (GB/T 33358)")
    async def service_levels(
        since: Moment,
        until: Moment,
        region: str = Query(default="", max_length=15, pattern=r"^\d*$"),
        queue: str | None = Query(default=None, max_length=40),
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> ServiceLevels:
        """Counted from calls, with the numbers in force on the first day."""
        if not timedelta(0) < until - since <= timedelta(days=DAYS_MAX):
            raise PeriodNotAPeriod(maximum=DAYS_MAX)
        numbers = await in_force(kit.log, SERVICE_LEVELS, shanghai_date(since), region or kit.settings.county_code)
        asked: dict[str, Any] = {
            "since": since, "until": until, "region": region, "queue": queue, "at": await position_of(kit, as_of)
        }  # fmt: skip
        by_day, by_text = (
            call_days_in(scope, answer_seconds=numbers[name], medium=medium, **asked)
            for name, medium in (("answer-seconds", Medium.VOICE), ("text-answer-seconds", Medium.TEXT))
        )
        async with kit.connection() as connection:
            rows = (await connection.execute(by_day)).mappings().all()
            texts = (await connection.execute(by_text)).mappings().all()
            hours = (await connection.execute(call_hours_in(scope, **asked))).mappings().all()
        period = {"since": since, "until": until, "text_answer_seconds": numbers["text-answer-seconds"]}
        return _told(period, numbers["answer-seconds"], numbers["connected"] * 100, rows, texts, hours)


def worst_24_hours(
    hours: Sequence[tuple[datetime, int, int]], since: datetime, until: datetime
) -> tuple[datetime, int] | None:
    """Of all 24 hours that begin on the hour within a period and end within it, the first with the lowest share of
    answered calls, in basis points. ``hours`` are beginning, offered and answered, oldest first.
    """
    day, hour = timedelta(hours=HOURS), timedelta(hours=1)
    found: tuple[datetime, int] | None = None
    begins = since.replace(minute=0, second=0, microsecond=0)
    first = last = offered = answered = 0
    begins += hour if begins < since else timedelta(0)
    while begins + day <= until:
        while last < len(hours) and hours[last][0] < begins + day:
            offered, answered, last = offered + hours[last][1], answered + hours[last][2], last + 1
        while first < last and hours[first][0] < begins:
            offered, answered, first = offered - hours[first][1], answered - hours[first][2], first + 1
        share = _share(answered, offered)
        if share is not None and (found is None or share < found[1]):
            found = (begins, share)
        begins += hour
    return found


def _told(period: dict[str, Any], seconds: int, wanted: int, rows: Any, texts: Any, hours: Any) -> ServiceLevels:
    days = [CallDay(**row, connected_basis_points=_share(row["answered"], row["offered"])) for row in rows]
    names = ("offered", "answered", "answered_in_time")
    sums = {name: sum(getattr(day, name) for day in days) for name in (*names, "abandoned")}
    said = {name: sum(row[name] for row in texts) for name in names}
    worst = min(days, key=lambda day: day.connected_basis_points or 0, default=None)
    of_any = worst_24_hours(
        [(row["hour"], row["offered"], row["answered"]) for row in hours], period["since"], period["until"]
    )
    return ServiceLevels(
        **period,
        answer_seconds=seconds,
        connected_wanted_basis_points=wanted,
        **sums,
        connected_basis_points=_share(sums["answered"], sums["offered"]),
        in_time_basis_points=_share(sums["answered_in_time"], sums["offered"]),
        worst_day=worst.day if worst else None,
        days_below=sum((day.connected_basis_points or 0) < wanted for day in days),
        worst_24_hours_from=of_any[0] if of_any else None,
        worst_24_hours_basis_points=of_any[1] if of_any else None,
        texts=said["offered"],
        texts_answered=said["answered"],
        texts_answered_in_time=said["answered_in_time"],
        texts_in_time_basis_points=_share(said["answered_in_time"], said["offered"]),
        days=days,
    )


def _share(part: int, whole: int) -> int | None:
    return part * WHOLE_BASIS_POINTS // whole if whole else None
