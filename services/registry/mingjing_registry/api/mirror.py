"""Mirrored lists over HTTP: the market regulator's dishonesty list (B2), and what both lists have in common.

One rule: they come whole, from a named source, with the day that they describe; nothing here changes an entry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import IMPORT_MIRROR
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.domain.blacklist_refusals import ListRowWrong, ListTooLong
from mingjing_registry.domain.mirror import DishonestParty, Entry, MirroredList
from mingjing_registry.intake.mirroring import Claim, entry_id_of, take_over, try_out
from mingjing_registry.projections.mirror import dishonesty_in
from mingjing_registry.sources.list_file import Titles, rows_of

ENTRIES_MAX = 2_000
"""Of a feed; a whole list that is longer comes as a file."""
FILE_ENTRIES_MAX = 20_000
DISHONESTY: Final = "市场监督管理严重违法失信名单管理办法"
DISHONESTY_COLUMNS = (
    Column("name", "企业名称", "Name"),
    Column("code", "统一社会信用代码", "Credit code"),
    Column("authority", "列入机关", "Authority"),
    Column("document_number", "决定书文号", "Decision"),
    Column("reason", "列入事由", "Reason"),
    Column("listed_on", "列入日期", "Listed on", "date"),
    Column("ends_on", "期满日期", "Ends on", "date"),
    Column("source", "来源", "Source"),
    Column("stated_on", "来源日期", "Stated on", "date"),
    Column("is_live", "在列", "In force"),
)
DISHONESTY_TITLES: Final[Titles] = {
    "source_id": ("编号", "来源编号", "source_id"),
    "name": ("企业名称", "名称", "当事人名称", "name"),
    "code": ("统一社会信用代码", "社会信用代码", "code"),
    "authority": ("列入机关", "作出决定机关", "authority"),
    "document_number": ("列入决定书文号", "决定书文号", "文号", "document_number"),
    "reason": ("列入事由", "列入原因", "事由", "reason"),
    "listed_on": ("列入日期", "listed_on"),
    "ends_on": ("期满日期", "有效期至", "ends_on"),
}


class DishonestyEntry(BaseModel):
    """One entry as the source has it."""

    source_id: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=200)
    code: str = Field(default="", max_length=40)
    authority: str = Field(default="", max_length=200)
    document_number: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=2_000)
    listed_on: date
    ends_on: date | None = None


class Said(BaseModel):
    """By whom, of which day, and whether it is the whole list: then what it does not name has ended."""

    source: str = Field(min_length=1, max_length=100)
    stated_on: date
    is_complete: bool = True
    is_confirmed: bool = Field(
        default=False, description="The list is whole although it ends more than half of what is in force"
    )


class DishonestyFeed(Said):
    """The market regulator's list."""

    entries: list[DishonestyEntry] = Field(max_length=ENTRIES_MAX)


class ListTaken(BaseModel):
    """What came of a list."""

    new_or_changed: int
    unchanged: int
    ended: int
    position: int


class DishonestyItem(BaseModel):
    """An entry as the source last had it."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: UUID
    source: str
    source_id: str
    name: str
    code: str
    authority: str
    document_number: str
    reason: str
    listed_on: date
    ends_on: date | None
    stated_on: date
    is_live: bool


FeedItem = TypeVar("FeedItem", bound=BaseModel)


def make_router(kit: Kit) -> Router:
    """The market regulator's list; the staff blacklist is in ``staff_blacklist``."""
    router = Router(tags=["mirrored list 外部名单"])
    _dishonesty(router, kit)
    return router


def _dishonesty(router: Router, kit: Kit) -> None:
    async def taken(said: Said, entries: Sequence[DishonestyEntry], scope: Scope, written: Envelope) -> ListTaken:
        allow_mirror(kit, scope, written)
        found: dict[UUID, Entry] = {
            entry_id_of("dishonesty", said.source, one.source_id): DishonestParty(
                source=said.source, **one.model_dump()
            )
            for one in entries
        }
        return await take_list(kit, "dishonesty", said, found, grounded(written, governed_by=DISHONESTY))

    @router.post("/dishonesty-list/imports", summary="导入严重违法失信名单 take the market regulator's list over")
    async def take_dishonesty_feed(
        body: DishonestyFeed,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ListTaken:
        """As a feed. Read-only here: an entry ends when its source drops it."""
        return told(response, await taken(body, body.entries, scope, written))

    @router.post("/dishonesty-list/files", summary="导入严重违法失信名单文件 the same as a file")
    async def take_dishonesty_file(
        request: Request,
        response: Response,
        source: str = Query(min_length=1, max_length=100),
        stated_on: date = Query(),
        is_complete: bool = Query(default=True),
        is_confirmed: bool = Query(default=False, description="See the feed"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ListTaken:
        """xlsx, xls or CSV with the titles of the public list."""
        required, days = ("source_id", "name", "listed_on"), ("listed_on", "ends_on")
        rows = await asyncio.to_thread(rows_of, await request.body(), DISHONESTY_TITLES, required, days)
        said = Said(source=source, stated_on=stated_on, is_complete=is_complete, is_confirmed=is_confirmed)
        return told(response, await taken(said, entries_of(rows, DishonestyEntry), scope, written))

    @router.get("/dishonesty-list", response_model=Page[DishonestyItem], summary="严重违法失信名单 the list")
    async def dishonesty_list(
        search: str = Query(default="", max_length=100, description="Part of a name, or a code"),
        is_live: bool | None = Query(default=True),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """As its sources had it."""
        statement = dishonesty_in(scope, search=search.strip(), is_live=is_live, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="dishonesty-list", statement=statement, keys=(rows.name, rows.entry_id), columns=DISHONESTY_COLUMNS
        )
        return await answer_list(listing, asked, kit.connection, DishonestyItem)


def allow_mirror(kit: Kit, scope: Scope, written: Envelope) -> None:
    """Raise ``OutsideScope`` unless the caller may take lists over."""
    scope.require(IMPORT_MIRROR, Dimensions(written.department, kit.settings.county_code, UNDIVIDED))


async def take_list(
    kit: Kit,
    mirrored_list: MirroredList,
    said: Said,
    found: Mapping[UUID, Entry],
    written: Envelope,
    *,
    is_trial: bool = False,
) -> ListTaken:
    """What came of a list; with ``is_trial`` what would come of it, and nothing is recorded."""
    claim = Claim(
        source=said.source,
        stated_on=said.stated_on,
        is_complete=said.is_complete,
        is_confirmed=said.is_confirmed,
    )
    carry_out = try_out if is_trial else take_over
    taken = await carry_out(kit, mirrored_list, claim, found, written, day_of(kit, written))
    return ListTaken(
        new_or_changed=taken.new_or_changed,
        unchanged=taken.unchanged,
        ended=taken.ended,
        position=taken.position,
    )


def told(response: Response, taken: ListTaken) -> ListTaken:
    """The answer, with the position that it stands at."""
    response.headers["Mingjing-Position"] = str(taken.position)
    return taken


def entries_of(rows: Sequence[dict[str, object]], model: type[FeedItem]) -> list[FeedItem]:
    """The rows as entries. Raises ``ListRowWrong`` for the first that is none."""
    if len(rows) > FILE_ENTRIES_MAX:
        raise ListTooLong(found=len(rows), limit=FILE_ENTRIES_MAX)
    found = []
    for row in rows:
        try:
            found.append(model.model_validate(row))
        except ValidationError as wrong:
            first = wrong.errors(include_input=False, include_url=False)[0]
            raise ListRowWrong(row=row["row"], column=".".join(map(str, first["loc"]))) from None
    return found
