"""Tracks of complaints over HTTP (投诉办理): lists, one, its timeline, whose it is, its agreement as PDF."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from inspect import signature
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select

from mingjing_inspection.api.complaint_track_access import TrackItem, actions_on, headed, seen
from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.documents.mediation_agreement import agreement_of, number_of
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reply_texts import VERSION, reply_texts
from mingjing_inspection.domain.track_handling_facts import AgreementReached, LedgerExtractReceived
from mingjing_inspection.domain.track_refusals import NotAgreed
from mingjing_inspection.domain.track_terms import Stage, Timer
from mingjing_inspection.intake.complaint_routes import routing_known, whose
from mingjing_inspection.projections.complaint_groups import groups_in
from mingjing_inspection.projections.complaint_tracks import tracks_in
from mingjing_inspection.projections.complaints import saying
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.document import in_words
from mingjing_kernel.documents.printing import PDF, pdf_answer, pressed
from mingjing_kernel.http import (
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    answer_list,
    asked,
    page_of,
    position_of,
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope

COLUMNS: Final = (
    Column("received_at", "受理时间", "Received at", "moment"),
    Column("number", "编号", "Number"),
    Column("channel", "渠道", "Channel"),
    Column("track", "类别", "Track"),
    Column("stage", "环节", "Stage"),
    Column("due_at", "最近期限", "Due at", "moment"),
    Column("due_clock", "期限事项", "What is due"),
    Column("matter", "事项", "Matter"),
    Column("institution_id", "机构", "Institution"),
    Column("department", "主管部门", "Department"),
    Column("handler_department", "承办部门", "Handled by"),
    Column("escalated_to", "督办单位", "Escalated to"),
    Column("is_urgent", "紧急", "Urgent"),
    Column("supervised", "超期次数", "Times overdue", "integer"),
    Column("is_listed", "挂牌督办", "Listed"),
    Column("is_extended", "已延期", "Extended"),
    Column("outcome", "结果", "Outcome"),
    Column("satisfaction", "满意度", "Satisfaction"),
    Column("closed_at", "办结时间", "Closed at", "moment"),
)
NOBODY: Final = "-"
"""No department: what a caller without one has to handle."""
_SAID: Final = ("reason", "note", "told", "text", "subject", "result", "conclusion", "purpose", "status")
_WHERE: Final = ("department", "suggested_department", "escalated_to", "ground", "side", "outcome", "satisfaction")
_ABOUT: Final = ("matter", "order_kind", "clock", "likeness", "other", "into", "task_id", "contract_id", "refund_fen",
                 "pay_by", "is_rework")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TrackQuestion:
    """Which tracks are asked for."""

    track: Track | None = None
    number: str = Query(default="", max_length=60, description="编号 the whole number")
    search: str = Query(default="", max_length=100, description="标题、内容、被反映对象中的字词 words in it")
    stage: str | None = Query(default=None, max_length=30)
    complaint_id: UUID | None = None
    institution_id: UUID | None = None
    group_id: UUID | None = None
    is_open: bool | None = None
    is_unowned: bool | None = None
    is_overdue: bool = False
    is_soon: bool = False
    is_mine: bool = False
    first_due: bool = False


async def track_question(**said: Any) -> TrackQuestion:
    """The same as a dependency that waits for no thread, which a class would."""
    return TrackQuestion(**said)


track_question.__signature__ = signature(TrackQuestion)  # type: ignore[attr-defined]


class TrackStep(BaseModel):
    """One fact of a track."""

    version: int
    fact: str = Field(description="Stored name of the fact", examples=["inspection.dispute-accepted.v1"])
    at: datetime
    by: str
    said: dict[str, str] = Field(description="What was said with it, by the name of the field")
    clocks: dict[str, datetime] = Field(description="Clocks that started with it, with their ends")


class TrackTimeline(BaseModel):
    """Everything that happened to a track, oldest first."""

    track_id: UUID
    items: list[TrackStep]


class LedgerLineItem(BaseModel):
    """One sum of the order's ledger, in fen."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(description="payment, refund, release, transfer")
    reference: str
    amount_fen: int
    standing: str
    on: date | None


class LedgerExtractItem(BaseModel):
    """What stood in the ledger of an order when funds was asked (资金台账); amounts in fen, nobody is named."""

    model_config = ConfigDict(from_attributes=True)

    request_id: UUID
    contract_id: UUID
    is_known: bool
    text: str
    contract_no: str
    stage: str
    lessons: int
    used: int
    price_fen: int
    paid_fen: int
    earned_fen: int
    released_fen: int
    refunded_fen: int
    transferred_fen: int
    remaining_fen: int
    promised_fen: int
    is_disputed: bool
    lines: list[LedgerLineItem]
    stated_on: date
    at: datetime


class LedgerExtracts(BaseModel):
    """What funds has answered to a track's handlers."""

    track_id: UUID
    items: list[LedgerExtractItem]


class RoutingSuggestion(BaseModel):
    """Whose it is by the table, and why."""

    department: str = Field(description="Empty: nobody knows, the grid looks first")
    ground: str
    matrix: str
    legal_basis: str


class ReplyTextItem(BaseModel):
    """A text for who complained; a person reads and completes it before it goes."""

    step: str = Field(description="The act that it is for")
    text: str


class ReplyTextsAnswer(BaseModel):
    """What may be said at this stage."""

    version: str
    items: list[ReplyTextItem]


def make_router(kit: Kit) -> Router:
    """Tracks: list them, look at one."""
    router = Router(tags=["complaint-track 投诉办理"])
    _listing(router, kit)
    _one(router, kit)
    _texts(router, kit)
    _agreement(router, kit)
    return router


def _listing(router: Router, kit: Kit) -> None:
    @router.get("/complaint-tracks", response_model=Page[TrackItem], summary="投诉办理列表 tracks")
    async def tracks(
        wanted: TrackQuestion = Depends(track_question),
        caller: Principal = Depends(kit.caller),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first, or first due first. Overdue: one of its clocks is over now; soon: four fifths of it are over;
        un-owned: no department has it; mine: the caller's own department has it."""
        statement = await _answering(kit, caller, wanted, await position_of(kit, as_of))
        rows, first_due = statement.selected_columns, wanted.first_due
        listing = Listing(
            name="complaint_tracks_due" if first_due else "complaint_tracks",
            statement=statement,
            keys=(rows.due_at if first_due else rows.received_at, rows.track_id),
            columns=COLUMNS,
            title=("投诉举报办理", "Complaints being handled"),
            is_descending=not first_due,
        )
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, TrackItem)
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
            return Page[TrackItem](items=await headed(connection, found), next=cursor)


def _one(router: Router, kit: Kit) -> None:
    @router.get("/complaint-tracks/{track_id}", summary="投诉办理 one track")
    async def track(
        track_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> TrackItem:
        """As it stands, or stood."""
        item = await seen(kit, track_id, scope, as_of)
        async with kit.connection() as connection:
            (item,) = await headed(connection, [item.model_dump()])
        tagged(response, item.version)
        return item

    @router.get("/complaint-tracks/{track_id}/available-actions", summary="可办事项 what may be done, and until when")
    async def track_actions(track_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        return await actions_on(kit, track_id, caller)

    @router.get("/complaint-tracks/{track_id}/timeline", summary="办理过程 what happened to it")
    async def track_timeline(
        track_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> TrackTimeline:
        """Every fact, oldest first: who, when, what was said, and which clocks it started."""
        await seen(kit, track_id, scope, as_of)
        facts = await kit.log.history(TRACKS, track_id, await position_of(kit, as_of))
        return TrackTimeline(track_id=track_id, items=[_fact(fact) for fact in facts])

    @router.get("/complaint-tracks/{track_id}/ledger-extracts", summary="资金台账 what funds has answered (X21)")
    async def track_ledger_extracts(
        track_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> LedgerExtracts:
        """Oldest first, each as it stood when it was asked; the timeline says who asked and for what."""
        await seen(kit, track_id, scope, as_of)
        facts = await kit.log.history(TRACKS, track_id, await position_of(kit, as_of))
        told = (fact.event for fact in facts if isinstance(fact.event, LedgerExtractReceived))
        return LedgerExtracts(track_id=track_id, items=[LedgerExtractItem.model_validate(one) for one in told])

    @router.get("/complaint-tracks/{track_id}/suggestion", summary="转办建议 whose it is by the table")
    async def track_suggestion(
        track_id: UUID, matter: Matter | None = None, scope: Scope = Depends(kit.scope)
    ) -> RoutingSuggestion:
        """Matter by place by category, on the day of its receipt, with the version of the table and its legal basis."""
        item = await seen(kit, track_id, scope)
        about = matter or (Matter(item.matter) if item.matter else Matter.OTHER)
        known, day = await routing_known(kit.log), shanghai_date(item.received_at)
        said = whose(known, about, day, item.region, item.category, is_looked_at=bool(item.escalated_to))
        return RoutingSuggestion(
            department=said.department, ground=said.ground.value, matrix=said.matrix, legal_basis=said.legal_basis
        )


def _texts(router: Router, kit: Kit) -> None:
    @router.get("/complaint-tracks/{track_id}/reply-texts", summary="告知答复文本 plain words for who complained")
    async def track_reply_texts(track_id: UUID, scope: Scope = Depends(kit.scope)) -> ReplyTextsAnswer:
        """From the released table, filled with number, institution and next day; none where nobody is to be told."""
        item = await seen(kit, track_id, scope)
        due = in_words(shanghai_date(item.due_at)) if item.due_at else ""
        name = await _name(kit, item.institution_id)
        found = reply_texts(item.track, Stage(item.stage), number=item.number, name=name, due=due)
        return ReplyTextsAnswer(version=VERSION, items=[ReplyTextItem(step=one.step, text=one.text) for one in found])


def _agreement(router: Router, kit: Kit) -> None:
    @router.get(
        "/complaint-tracks/{track_id}/agreement",
        response_class=Response,
        responses=PDF,
        summary="调解书 the agreement as PDF",
    )
    async def track_agreement(track_id: UUID, scope: Scope = Depends(kit.scope)) -> Response:
        """For both to sign; the complaint's number stands for who complained."""
        item = await seen(kit, track_id, scope)
        facts = await kit.log.history(TRACKS, track_id)
        agreed = next((fact for fact in reversed(facts) if isinstance(fact.event, AgreementReached)), None)
        if agreed is None:
            raise NotAgreed
        known = (await kit.log.state(TRACKS, track_id))[0]
        assert isinstance(known, Known), "it has facts"
        printed = await pressed(
            "official",
            agreement_of(
                agreed,
                known,
                complaint=item.number,
                name=await _name(kit, item.institution_id),
                county=kit.settings.county_name,
            ),
            number=number_of(agreed),
            address=f"{kit.settings.console_url.rstrip('/')}/complaint-tracks/{track_id}",
            fact=agreed,
            proof=await kit.proof_of(agreed.position),
            fonts=kit.settings.font_dir,
        )
        return pdf_answer(printed, f"调解书-{item.number}.pdf")


async def _answering(kit: Kit, caller: Principal, wanted: TrackQuestion, at: int | None) -> Select[Any]:
    """The tracks that are asked for, within the caller's scope."""
    statement = tracks_in(
        caller.scope,
        track=wanted.track.value if wanted.track else None,
        number=wanted.number.strip() or None,
        stage=wanted.stage,
        complaint_id=wanted.complaint_id,
        institution_id=wanted.institution_id,
        is_open=wanted.is_open,
        is_unowned=wanted.is_unowned,
        overdue_at=kit.now() if wanted.is_overdue else None,
        is_soon=wanted.is_soon,
        is_due=wanted.first_due,
        handler=caller.department or NOBODY if wanted.is_mine else None,
        among=None if wanted.group_id is None else await _members(kit, caller.scope, wanted.group_id, at),
        at=at,
    )
    said = wanted.search.strip()
    return statement.where(statement.selected_columns.complaint_id.in_(saying(said))) if said else statement


async def _members(kit: Kit, scope: Scope, group_id: UUID, at: int | None) -> list[UUID]:
    """Of a group that the caller sees; nobody of another one."""
    statement = groups_in(scope, at=at)
    columns = statement.selected_columns
    async with kit.connection() as connection:
        found = await connection.execute(
            statement.with_only_columns(columns.members).where(columns.group_id == group_id)
        )
    return [UUID(one) for one in found.scalar_one_or_none() or ()]


async def _name(kit: Kit, institution_id: UUID | None) -> str:
    if institution_id is None:
        return ""
    premises: Premises = (await kit.log.state(PREMISES_KNOWN, institution_id))[0]
    return premises.names.full_name if premises.names else ""


def _fact(fact: Any) -> TrackStep:
    event = fact.event
    named = {field.name: getattr(event, field.name) for field in fields(event)}
    said = {name: str(named[name]) for name in (*_SAID, *_WHERE, *_ABOUT) if named.get(name)}
    if named.get("is_substantiated") is not None:
        said["is_substantiated"] = str(named["is_substantiated"])
    if "terms" in named:
        said["terms"] = "；".join(named["terms"])
    timers: tuple[Timer, ...] = named.get("timers", ())
    return TrackStep(
        version=fact.version,
        fact=fact.type,
        at=event.at,
        by=named.get("by") or fact.meta.actor,
        said=said,
        clocks={timer.clock.value: timer.due_at for timer in timers},
    )
