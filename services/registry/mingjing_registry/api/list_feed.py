"""Feed of the lists over HTTP: what moved, who takes it, who has acknowledged it, and who is chased.

One rule: a consumer that keeps the answers in order and acknowledges the last position has exactly the lists of that
position, and what was removed is gone from its copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import ACKNOWLEDGE_LISTS, REGISTER_CONSUMER, RETIRE_CONSUMER
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import LIST_CONSUMERS
from mingjing_registry.domain import list_consumer as c
from mingjing_registry.domain.blacklist_refusals import ConsumerUnknown
from mingjing_registry.intake.reminding import CHASING, OWED, days_granted, remind
from mingjing_registry.projections.list_feed import behind, consumers_in, feed_after, own_standing

FEED_LIMIT = "120/minute"
MOVEMENTS_MAX = 500
OWN_MAX = 20
"""Offices that one caller takes the lists for, and is told about beside them."""
CHASED_MAX = 1_000
"""Exits not acknowledged that one answer looks at."""
COLUMNS = (
    Column("name", "使用单位", "Consumer"),
    Column("kind", "类型", "Kind"),
    Column("contact", "联系方式", "Contact"),
    Column("department", "主管部门", "Department"),
    Column("region", "区划", "Region"),
    Column("acknowledged", "已确认位置", "Acknowledged", "integer"),
    Column("acknowledged_on", "确认日期", "Acknowledged on", "date"),
    Column("removals_owed", "未确认移出", "Removals owed", "integer"),
    Column("reminders", "催办次数", "Reminders", "integer"),
    Column("reminded_on", "最近催办", "Reminded on", "date"),
)


class MovementItem(BaseModel):
    """An entry or an exit. A black listing that is over shows its end only, under the id of its entry."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    list: Literal["white", "black"]
    movement: Literal["entered", "left"]
    thing_id: UUID = Field(description="White: the institution. Black: the listing, the same at entry and end")
    institution_id: UUID | None
    name: str
    code: str
    reason: str
    on: date
    proof: str = Field(description="Where the log proves it to an outsider")


class OwnStanding(BaseModel):
    """How far an office of the caller's is: an exit that it owes is chased until it has acknowledged it."""

    model_config = ConfigDict(from_attributes=True)

    consumer_id: UUID
    name: str
    acknowledged: int
    removals_owed: int = Field(description="Exits from the lists that it takes, beyond 'acknowledged'")
    reminders: int
    reminded_on: date | None


class Feed(BaseModel):
    """Movements in order. Go on with ``position``; when ``more`` is false, that is all there is by now."""

    items: list[MovementItem]
    position: int = Field(description="Acknowledge it when everything up to it is done")
    more: bool
    consumers: list[OwnStanding] = Field(description="The offices that the caller takes the lists for; of nobody else")


class ConsumerItem(BaseModel):
    """Who takes the lists, and how far it is."""

    model_config = ConfigDict(from_attributes=True)

    consumer_id: UUID
    kind: str
    name: str
    contact: str
    organisation: str
    lists: list[str]
    department: str
    region: str
    acknowledged: int
    acknowledged_on: date | None
    removals_owed: int
    reminders: int
    reminded_on: date | None
    registered_on: date
    version: int


class ConsumerBody(BaseModel):
    """Who, how to reach the office, which lists."""

    kind: c.ConsumerKind
    name: str = Field(min_length=1, max_length=200)
    contact: str = Field(max_length=200, description="Of an office, not of a person")
    organisation: str = Field(max_length=200, description="What its own grant says it acts for")
    lists: list[c.ListName] = Field(min_length=1, max_length=2)
    region: str = Field(default="", pattern=r"^([0-9]{4}|[0-9]{6}|[0-9]{9})?$")


class RetirementBody(BaseModel):
    """Why it takes the lists no longer."""

    reason: str = Field(max_length=1_000)


class AcknowledgementBody(BaseModel):
    """Everything up to here is done."""

    position: int = Field(ge=1, le=2**62)


class OwedItem(BaseModel):
    """An exit from a list that a consumer has not acknowledged: off the black one 移出黑名单, or off the white one."""

    consumer_id: UUID
    kind: str
    name: str
    contact: str
    region: str
    list: c.ListName
    thing_id: UUID = Field(description="White: the institution. Black: the listing")
    position: int
    removed_on: date
    due_on: date
    is_overdue: bool
    reminders: int
    reminded_on: date | None


class Owed(BaseModel):
    """Who has not acknowledged what, the oldest first."""

    items: list[OwedItem]
    more: bool


class Reminded(BaseModel):
    """Who was reminded; an empty list says that nobody is overdue, or everybody was reminded today."""

    consumers: list[UUID]
    position: int


def make_router(kit: Kit) -> Router:
    """The feed and its consumers."""
    router = Router(prefix="/feeds", tags=["list feed 名单变动"])
    _feed(router, kit)
    _consumers(router, kit)
    _acknowledging(router, kit)
    _chasing(router, kit)
    return router


def _feed(router: Router, kit: Kit) -> None:
    @router.get("/lists", summary="名单变动 entries and exits", dependencies=[Depends(kit.throttled(FEED_LIMIT))])
    async def list_feed(
        after: int = Query(default=0, ge=0, le=2**62, description="'position' of the answer before"),
        list_name: c.ListName | None = Query(default=None, alias="list", description="white or black; both without"),
        limit: int = Query(default=100, ge=1, le=MOVEMENTS_MAX),
        scope: Scope = Depends(kit.scope),
    ) -> Feed:
        """In the order of the log, with what the caller's own office owes. Positions are not dense: what lies between
        is nobody's list.
        """
        lists = (list_name,) if list_name else ("white", "black")
        async with kit.connection() as connection:
            found = (await connection.execute(feed_after(scope, after, lists).limit(limit + 1))).mappings().all()
            own = (await connection.execute(own_standing(scope).limit(OWN_MAX))).mappings().all()
        proof = f"/{kit.log.schema}/v1/log/proof/inclusion?position="
        items = [MovementItem.model_validate({**row, "proof": f"{proof}{row['position']}"}) for row in found[:limit]]
        return Feed(
            items=items,
            position=items[-1].position if items else after,
            more=len(found) > limit,
            consumers=[OwnStanding.model_validate(row) for row in own],
        )


def _consumers(router: Router, kit: Kit) -> None:
    @router.get("/consumers", response_model=Page[ConsumerItem], summary="名单使用单位 who takes the lists")
    async def list_consumers(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """With how many exits each owes."""
        statement = consumers_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="list-consumers", statement=statement, keys=(rows.name, rows.consumer_id), columns=COLUMNS
        )
        return await answer_list(listing, asked, kit.connection, ConsumerItem)

    @router.put("/consumers/{consumer_id}", summary="登记使用单位 register a consumer")
    async def register_consumer(
        consumer_id: UUID,
        body: ConsumerBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """From now on; what came before it fetches once, and owes nothing for."""
        region = body.region or written.region
        scope.require(REGISTER_CONSUMER, Dimensions(written.department, region, UNDIVIDED, body.organisation))
        state, _ = await kit.log.state(LIST_CONSUMERS, consumer_id)
        if isinstance(state, c.Taking):
            scope.require(REGISTER_CONSUMER, _here(state.consumer), seen=False)
        consumer = c.Consumer(
            kind=body.kind,
            name=body.name,
            contact=body.contact,
            organisation=body.organisation,
            lists=tuple(sorted(set(body.lists))),
            department=written.department,
            region=region,
        )
        command = c.RegisterConsumer(consumer=consumer, from_position=await kit.log.head(), on=day_of(kit, written))
        return accepted(response, await kit.log.handle(LIST_CONSUMERS, consumer_id, command, written))

    @router.get("/consumers/{consumer_id}/available-actions", summary="可办事项 what may be done now")
    async def consumer_actions(consumer_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        here = _here(await _taking(kit, consumer_id))
        if not caller.scope.may(ACKNOWLEDGE_LISTS, here):
            raise ConsumerUnknown
        return await available_actions(kit, LIST_CONSUMERS, consumer_id, caller, here, c.hindrance)


def _acknowledging(router: Router, kit: Kit) -> None:
    @router.post("/consumers/{consumer_id}/acknowledgements", summary="确认 acknowledge the lists up to a position")
    async def acknowledge_lists(
        consumer_id: UUID,
        body: AcknowledgementBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the consumer itself, or by an official for it. What is acknowledged stays so."""
        here = _here(await _taking(kit, consumer_id))
        scope.require(ACKNOWLEDGE_LISTS, here, seen=False)
        command = c.AcknowledgeLists(position=body.position, head=await kit.log.head(), on=day_of(kit, written))
        return accepted(response, await kit.log.handle(LIST_CONSUMERS, consumer_id, command, written))

    @router.post("/consumers/{consumer_id}/retirement", summary="注销使用单位 retire a consumer")
    async def retire_consumer(
        consumer_id: UUID,
        body: RetirementBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """It owes nothing more."""
        here = _here(await _taking(kit, consumer_id))
        scope.require(RETIRE_CONSUMER, here, seen=scope.allows(role=OFFICIALS, **here._asdict()))
        command = c.RetireConsumer(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(LIST_CONSUMERS, consumer_id, command, grounds))


def _chasing(router: Router, kit: Kit) -> None:
    async def owed_by(scope: Scope, on: date) -> list[OwedItem]:
        async with kit.connection() as connection:
            found = (await connection.execute(behind(scope).limit(CHASED_MAX + 1))).mappings().all()
        calendar = await calendar_known(kit.log)
        days = await days_granted(kit, {row["region"] for row in found}, on)
        return [_owed(row, calendar.after(row["removed_on"], days[row["region"]]), on) for row in found]

    @router.get("/unacknowledged", summary="未确认的移出 exits that somebody has not acknowledged")
    async def unacknowledged_removals(scope: Scope = Depends(kit.scope)) -> Owed:
        """Of whom the caller may chase."""
        items = await owed_by(scope, shanghai_date(kit.now()))
        return Owed(items=items[:CHASED_MAX], more=len(items) > CHASED_MAX)

    @router.post("/reminders", summary="催办 chase whoever is overdue with an exit")
    async def remind_consumers(
        response: Response, scope: Scope = Depends(kit.scope), written: Envelope = Depends(kit.written)
    ) -> Reminded:
        """Once a day each, until it has acknowledged; it happens by itself every day."""
        done = await remind(kit, scope, grounded(written, OWED, governed_by=CHASING), day_of(kit, written))
        response.headers["Mingjing-Position"] = str(done.position)
        return Reminded(consumers=list(done.reminded), position=done.position)


def _owed(row: Mapping[str, Any], due_on: date, on: date) -> OwedItem:
    return OwedItem(**row, due_on=due_on, is_overdue=on > due_on)


async def _taking(kit: Kit, consumer_id: UUID) -> c.Consumer:
    state, _ = await kit.log.state(LIST_CONSUMERS, consumer_id)
    if not isinstance(state, c.Taking):
        raise ConsumerUnknown
    return state.consumer


def _here(consumer: c.Consumer) -> Dimensions:
    return Dimensions(consumer.department, consumer.region, UNDIVIDED, consumer.organisation)
