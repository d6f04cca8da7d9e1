"""Tracks (投诉办理): where each stands, who has it, what is due next. The lists of people ask ``tracks_in``; what a
service of its own asks of one complaint's tracks is ``tracks_of``.

One rule: a track is seen by the department whose file it is, by the one that has it, and by the one that it was
escalated to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_track import OUTCOME_AFTER, STAGE_AFTER, STOPS
from mingjing_inspection.domain.track_terms import Outcome, Stage, TrackClock
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.clock import end_of
from mingjing_kernel.deadlines import DeadlineMoved
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

MERGED_MAX: Final = 200
OF_COMPLAINT_MAX: Final = 30
"""Tracks of one complaint that are read at once."""
RULES: Final = {f"track-{clock.value.lower().replace('_', '-')}": clock for clock in TrackClock}
"""Names of the deadline rules, by the clock that each is of."""
tracks_table = Table(
    "complaint_tracks",
    METADATA,
    Column("track_id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, nullable=False, index=True),
    Column("track", Text, nullable=False),
    Column("number", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    *scope_columns(),
    Column("handler_department", Text, nullable=False),
    Column("escalated_to", Text, nullable=False),
    Column("institution_id", Uuid, index=True),
    Column("matter", Text, nullable=False),
    Column("order_kind", Text, nullable=False),
    Column("is_anonymous", Boolean, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("law", Text, nullable=False),
    Column("clocks", JSONB, nullable=False),
    Column("due_at", DateTime(timezone=True), index=True),
    Column("due_clock", Text, nullable=False),
    Column("reminded", JSONB, nullable=False),
    Column("is_reminded", Boolean, nullable=False),
    Column("supervised", Integer, nullable=False),
    Column("proposes_listing", Boolean, nullable=False),
    Column("is_listed", Boolean, nullable=False),
    Column("returns", Integer, nullable=False),
    Column("suggested_department", Text, nullable=False),
    Column("is_disputed", Boolean, nullable=False),
    Column("is_extended", Boolean, nullable=False),
    Column("is_reworked", Boolean, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("merged_into", Uuid, index=True),
    Column("links", JSONB, nullable=False),
    Column("asks_refund", Boolean, nullable=False),
    Column("contract_id", Uuid),
    Column("refund_fen", BigInteger, nullable=False),
    Column("satisfaction", Text, nullable=False),
    Column("handled_by", Text, nullable=False),
    Column("channel_status", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("routed_at", DateTime(timezone=True)),
    Column("accepted_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True), index=True),
    Column("version", Integer, nullable=False),
)
scope_index(tracks_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a track; a notice that moves its clock is told by the list of deadlines."""
    if not isinstance(fact.event, DeadlineMoved):
        yield (fact.id,)
    elif fact.event.rule in RULES:
        yield (fact.event.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, f.TrackOpened):
        return _opened(key, event) | {"version": fact.version}
    if row is None:
        return None
    if isinstance(event, DeadlineMoved):
        clock = RULES[event.rule].value
        if clock not in row["clocks"]:
            return row
        return _soon(row | _due(row["clocks"] | {clock: end_of(event.due_on).isoformat()}))
    kind = type(event)
    led = {"stage": STAGE_AFTER[kind].value} if kind in STAGE_AFTER else {}
    came = {"outcome": OUTCOME_AFTER[kind].value} if kind in OUTCOME_AFTER else {}
    told = {"reminded": _reminded(row, event)}
    return _soon(row | _due(_clocks(row, event)) | told | led | came | _routed(row, event) | {"version": fact.version})


TRACKS_READ = ReadModel(
    name="complaint_tracks",
    table=tracks_table,
    nouns=("complaint-track", "deadline"),
    keys=keys,
    fold=fold,
    history=True,
)


def tracks_in(
    scope: Scope,
    *,
    track: str | None = None,
    number: str | None = None,
    stage: str | None = None,
    complaint_id: UUID | None = None,
    institution_id: UUID | None = None,
    is_open: bool | None = None,
    is_unowned: bool | None = None,
    handler: str | None = None,
    is_soon: bool = False,
    is_due: bool = False,
    among: Sequence[UUID] | None = None,
    overdue_at: datetime | None = None,
    at: int | None = None,
) -> Select[Any]:
    """The tracks that a caller may see, as they stood after position ``at``.

    ``handler``: the department that has it; ``is_due``: a clock runs; ``is_soon``: four fifths of it are over;
    ``among``: no others.
    """
    rows = TRACKS_READ.at(at).c
    place = {"region": rows.region, "category": rows.category}
    holders = (rows.department, rows.handler_department, rows.escalated_to)
    statement = select(*(rows[name] for name in TRACKS_READ.columns)).where(
        or_(*(scope.where(roles=OFFICIALS, department=holder, **place) for holder in holders))
    )
    equal: dict[str, Any] = {"track": track, "number": number, "stage": stage, "complaint_id": complaint_id}
    equal |= {"institution_id": institution_id, "handler_department": handler}
    statement = statement.where(*(rows[name] == wanted for name, wanted in equal.items() if wanted is not None))
    if is_open is not None:
        closed = rows.stage == Stage.CLOSED.value
        statement = statement.where(~closed if is_open else closed)
    if is_unowned is not None:
        nobody = (rows.handler_department == "") & (rows.stage != Stage.CLOSED.value)
        statement = statement.where(nobody if is_unowned else ~nobody)
    if among is not None:
        statement = statement.where(rows.track_id.in_(among))
    clocks = ((is_soon, rows.is_reminded), (is_due, rows.due_at.is_not(None)))
    statement = statement.where(*(holds for wanted, holds in clocks if wanted))
    return statement if overdue_at is None else statement.where(rows.due_at < overdue_at)


def tracks_of(complaint_ids: Sequence[UUID]) -> Select[Any]:
    """What became of these complaints, for a service of this service; who asks has a right to each complaint."""
    rows = tracks_table.c
    columns = (
        rows.complaint_id, rows.track_id, rows.track, rows.stage, rows.outcome, rows.due_at, rows.due_clock,
        rows.department, rows.handler_department, rows.merged_into, rows.closed_at,
    )  # fmt: skip
    wanted = select(*columns).where(rows.complaint_id.in_(complaint_ids))
    return wanted.order_by(rows.complaint_id, rows.track).limit(OF_COMPLAINT_MAX * max(1, len(complaint_ids)))


def merged_and_over() -> Select[Any]:
    """Tracks whose main one is closed, with what that came to: for the duty of tracks alone."""
    rows, main = tracks_table.c, tracks_table.alias("main_track")
    columns = (rows.track_id, rows.department, rows.region, main.c.outcome, main.c.said, main.c.track_id.label("main"))
    return (
        select(*columns)
        .join_from(tracks_table, main, rows.merged_into == main.c.track_id)
        .where(main.c.stage == Stage.CLOSED.value, rows.stage != Stage.CLOSED.value)
        .order_by(rows.track_id)
        .limit(MERGED_MAX)
    )


def _opened(key: Key, event: f.TrackOpened) -> Row:
    return {
        "track_id": key[0],
        "complaint_id": event.complaint_id,
        "track": event.kind.value,
        "number": event.number,
        "channel": event.channel.value,
        "received_at": event.received_at,
        "stage": Stage.CREATED.value if event.kind is Track.WORK_ORDER else Stage.RECEIVED.value,
        "outcome": Outcome.NONE.value,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "institution_id": event.institution_id,
        "is_anonymous": event.is_anonymous,
        "is_urgent": event.is_urgent,
        "law": event.law,
        "said": event.reason,
        **_due({timer.clock.value: timer.due_at.isoformat() for timer in event.timers}),
        **_EMPTY,
    }


_EMPTY: Row = {
    "handler_department": "",
    "escalated_to": "",
    "matter": "",
    "order_kind": "",
    "reminded": [],
    "is_reminded": False,
    "supervised": 0,
    "proposes_listing": False,
    "is_listed": False,
    "returns": 0,
    "suggested_department": "",
    "is_disputed": False,
    "is_extended": False,
    "is_reworked": False,
    "reopened": 0,
    "merged_into": None,
    "links": [],
    "asks_refund": False,
    "contract_id": None,
    "refund_fen": 0,
    "satisfaction": "",
    "handled_by": "",
    "channel_status": "",
    "routed_at": None,
    "accepted_at": None,
    "closed_at": None,
}


def _clocks(row: Row, event: Any) -> dict[str, str]:
    stopped = {clock.value for clock in STOPS.get(type(event), ())}
    left = {clock: due for clock, due in row["clocks"].items() if clock not in stopped}
    return left | {timer.clock.value: timer.due_at.isoformat() for timer in getattr(event, "timers", ())}


def _reminded(row: Row, event: Any) -> list[str]:
    """Of which clocks that run a reminder was given; one that starts anew has had none."""
    if isinstance(event, f.TrackReminded):
        return sorted({*row["reminded"], event.clock.value})
    again = {clock.value for clock in STOPS.get(type(event), ())}
    again |= {timer.clock.value for timer in getattr(event, "timers", ())}
    return [clock for clock in row["reminded"] if clock not in again]


def _soon(row: Row) -> Row:
    """Whether what is due first was reminded of."""
    return row | {"is_reminded": row["due_clock"] in row["reminded"]}


def _due(clocks: dict[str, str]) -> Row:
    """What is due first."""
    if not clocks:
        return {"clocks": {}, "due_at": None, "due_clock": ""}
    due_at, clock = min((datetime.fromisoformat(due), clock) for clock, due in clocks.items())
    return {"clocks": clocks, "due_at": due_at, "due_clock": clock}


def _routed(row: Row, event: Any) -> Row:
    is_order = row["track"] == Track.WORK_ORDER.value
    match event:
        case f.TrackAttributed():
            where = {"department": event.department, "region": event.region, "category": event.category}
            return {"institution_id": event.institution_id, **where}
        case f.ReportTriaged():
            return {"matter": event.matter.value, "said": event.note}
        case f.OrderClassified():
            return {"matter": event.matter.value, "order_kind": event.order_kind.value, "said": event.note}
        case f.TrackRouted():
            stage = Stage.DISPATCHED if is_order else Stage.ROUTED
            given = {"handler_department": event.department, "matter": event.matter.value, "routed_at": event.at}
            return {"stage": stage.value, "said": event.reason, "is_disputed": False, "escalated_to": "", **given}
        case f.TrackReturned():
            back = {"returns": row["returns"] + 1, "suggested_department": event.suggested_department}
            return {"stage": _unrouted(row).value, "handler_department": "", "said": event.reason, **back}
        case f.JurisdictionDisputed():
            stage = _unrouted(row)
            return {"stage": stage.value, "handler_department": "", "is_disputed": True, "said": event.reason}
        case _:
            return _told(row, event)


def _unrouted(row: Row) -> Stage:
    return {Track.DISPUTE: Stage.SPLIT, Track.REPORT: Stage.TRIAGED, Track.WORK_ORDER: Stage.RETURNED}[
        Track(row["track"])
    ]


def _told(row: Row, event: Any) -> Row:
    match event:
        case f.TrackSupervised():
            told = {"supervised": event.times, "escalated_to": event.escalated_to if event.is_unowned else ""}
            return told | {"proposes_listing": row["proposes_listing"] or event.proposes_listing}
        case f.TrackListed():
            return {"is_listed": True, "said": event.reason}
        case f.TrackLinked():
            return {"links": [*row["links"], {"other": str(event.other), "likeness": event.likeness.value}]}
        case f.TrackMerged():
            return {"merged_into": event.into, "said": event.reason}
        case f.TrackUnmerged():
            return {"merged_into": None, "said": event.reason}
        case f.TrackExtended():
            stage = {"stage": Stage.EXTENDED.value} if row["track"] == Track.WORK_ORDER.value else {}
            return {"is_extended": True, "said": event.reason, **stage}
        case f.TrackResponded():
            return {"said": event.note}
        case f.OnSiteCheckOrdered():
            return {"said": event.reason}
        case _:
            return _ended(row, event)


def _ended(row: Row, event: Any) -> Row:
    match event:
        case f.TrackCalledBack():
            told = {"satisfaction": event.satisfaction.value, "said": event.note}
            return {**told, **_after_call(row, event)}
        case f.TrackClosed():
            ended = {"closed_at": event.at, "outcome": event.outcome.value, "contract_id": None}
            return {**ended, "said": event.conclusion}
        case f.TrackClosedElsewhere():
            said = event.result or event.status
            return {"closed_at": event.at, "said": said, "channel_status": event.status}
        case f.ChannelClosureNoted():
            return {"channel_status": event.status}
        case h.DisputeWithdrawn():
            return {"closed_at": event.at, "said": event.reason, "contract_id": None}
        case f.TrackReopened():
            return _reopened(row, event)
        case _:
            return _handled(row, event)


def _after_call(row: Row, event: f.TrackCalledBack) -> Row:
    if event.is_rework:
        return {"stage": Stage.REWORK.value, "is_reworked": True}
    if event.is_supervised:
        return {"stage": Stage.SUPERVISED.value}
    is_order = row["track"] == Track.WORK_ORDER.value
    return {"stage": Stage.CALLBACK.value if is_order else Stage.FOLLOWED_UP.value}


def _reopened(row: Row, event: f.TrackReopened) -> Row:
    is_order = row["track"] == Track.WORK_ORDER.value
    again = {"closed_at": None, "reopened": event.times, "outcome": Outcome.NONE.value, "is_extended": False}
    stage = Stage.REWORK if is_order else _unrouted(row)
    kept = row["handler_department"] if is_order else ""
    return {"stage": stage.value, "said": event.reason, "returns": 0, "handler_department": kept, **again}


def _handled(_row: Row, event: Any) -> Row:
    match event:
        case h.DisputeAccepted():
            asked = {"asks_refund": event.asks_refund, "contract_id": event.contract_id}
            return {"accepted_at": event.at, "handled_by": event.by, "said": event.told, **asked}
        case h.DisputeNotAccepted():
            return {"handled_by": event.by, "said": event.note}
        case h.ContractNamed():
            return {"contract_id": event.contract_id, "said": event.reason}
        case h.AgreementReached():
            return {"handled_by": event.by, "refund_fen": event.refund_fen, "said": "；".join(event.terms)}
        case h.MediationTerminated() | h.ReportVerified() | h.ReportNotFiled():
            return {"handled_by": event.by, "said": event.note}
        case h.OrderReplied():
            told = {None: Outcome.REPLIED, True: Outcome.SUBSTANTIATED, False: Outcome.UNSUBSTANTIATED}
            return {"handled_by": event.by, "said": event.text, "outcome": told[event.is_substantiated].value}
        case h.MediationStarted() | h.VerificationStarted() | h.OrderHandlingStarted():
            return {"handled_by": event.by, "accepted_at": event.at}
        case h.ComplainantNotified() | h.ReporterInformed():
            return {"said": event.text}
        case _:
            return {}
