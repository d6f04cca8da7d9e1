"""The staff blacklist (B3) over HTTP: taken over from its source, asked before somebody is hired.

One rule: it comes whole, from a named source, with the day that it describes; where the source masks its numbers, an
entry says who may be meant, and a person judges it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed import Sealed
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import IN_PART
from mingjing_kernel.sealed.mask import Unmasked, is_masked
from mingjing_kernel.sealed.redact import redacted
from mingjing_registry.acts import CHECK_STAFF
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.mirror import ENTRIES_MAX, ListTaken, Said, allow_mirror, entries_of, take_list, told
from mingjing_registry.api.past import day_of
from mingjing_registry.codec import BARRED
from mingjing_registry.domain.blacklist import SealedPerson
from mingjing_registry.domain.identity import identity_of
from mingjing_registry.domain.mirror import BarredPerson, Entry, subject_of
from mingjing_registry.intake.mirroring import entry_id_of
from mingjing_registry.intake.sealing import Named, digest_of, in_part, sealed_all, tidy
from mingjing_registry.intake.staff_checks import check_everybody, part_of
from mingjing_registry.projections.mirror import barred, barred_in
from mingjing_registry.projections.staff_checks import alike_barred
from mingjing_registry.sources.days import find_day
from mingjing_registry.sources.list_file import Titles, rows_of

HIRING: Final = "校外培训机构从业人员管理办法"
NOBODY: Final = SealedPerson(name=Sealed[str](subject="", algorithm="", key_id="", box=""))
REQUIRED: Final = ("source_id", "name", "id_number", "barred_on")
DAYS: Final = ("barred_on", "until")
_YEARS: Final = re.compile(r"(\d{1,2})年")
_FOR_GOOD: Final = frozenset({"", "终身", "永久", "长期", "终身禁业", "终身禁止从业"})
STAFF_COLUMNS = (
    Column("source", "来源", "Source"),
    Column("source_id", "来源编号", "Source id"),
    Column("reason", "事由", "Reason"),
    Column("decision_reference", "决定文号", "Decision"),
    Column("barred_on", "列入日期", "Barred on", "date"),
    Column("until", "期限", "Until", "date"),
    Column("stated_on", "来源日期", "Stated on", "date"),
    Column("is_live", "在列", "In force"),
)
STAFF_TITLES: Final[Titles] = {
    "source_id": ("编号", "来源编号", "source_id"),
    "name": ("姓名", "name"),
    "sex": ("性别", "sex"),
    "id_number": ("身份证号", "身份证件号码", "证件号码", "证件号码(脱敏)", "身份证号(脱敏)", "id_number"),
    "reason": ("列入事由", "列入原因", "事由", "reason"),
    "decision_reference": ("决定文号", "决定书文号", "文号", "decision_reference"),
    "barred_on": ("列入日期", "barred_on"),
    "until": ("期限至", "until"),
    "term": ("禁止从业期限", "有效期", "期限", "term"),
}


def _whole_or_masked(number: str) -> str:
    """As a list has it: of a mask it must be known which part it leaves open."""
    if is_masked(number) and identity_of(tidy(number)) is None:
        raise ValueError("The mask hides too much of the number.")
    return tidy(number)


class StaffEntry(BaseModel):
    """One person as the source has her; name and number are sealed at once."""

    source_id: str = Field(min_length=1, max_length=100)
    name: Unmasked = Field(min_length=1, max_length=100)
    id_number: Unmasked = Field(min_length=6, max_length=40)
    sex: str = Field(default="", pattern="^[男女]?$")
    reason: str = Field(default="", max_length=2_000)
    decision_reference: str = Field(default="", max_length=200)
    barred_on: date
    until: date | None = Field(default=None, description="The last day; empty: for good")


class ListedPerson(StaffEntry):
    """The same of a file, which may mask its numbers."""

    id_number: Annotated[str, AfterValidator(_whole_or_masked)] = Field(min_length=6, max_length=40)


class StaffFeed(Said):
    """The staff blacklist."""

    entries: list[StaffEntry] = Field(max_length=ENTRIES_MAX)


class BarredItem(BaseModel):
    """A barred person: masked, without a number."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: UUID
    subject: str
    name: str = ""
    source: str
    source_id: str
    reason: str
    decision_reference: str
    barred_on: date
    until: date | None
    stated_on: date
    is_live: bool


class StaffQuestion(BaseModel):
    """Whom somebody wants to hire. The number is compared and not kept."""

    id_number: Unmasked = Field(min_length=6, max_length=40)
    name: Unmasked = Field(
        default="", max_length=100, description="Without it entries with masked numbers are not compared"
    )
    purpose: str = Field(min_length=1, max_length=500)


class StaffAnswer(BaseModel):
    """Whether the person may be hired, as far as this list goes."""

    is_barred: bool
    may_be_barred: bool = Field(default=False, description="A masked entry has the same name and open part of a number")
    reason: str = ""
    decision_reference: str = ""
    until: date | None = None


def make_router(kit: Kit) -> Router:
    """The list, and the question before hiring."""
    router = Router(tags=["mirrored list 外部名单"])
    keys = Keys(kit)
    _staff(router, kit, keys)
    _staff_list(router, kit, keys)
    return router


def _staff(router: Router, kit: Kit, keys: Keys) -> None:
    async def taken(said: Said, people: Sequence[StaffEntry], scope: Scope, written: Envelope) -> ListTaken:
        allow_mirror(kit, scope, written)
        at = {entry_id_of("staff", said.source, one.source_id): one for one in people}
        named = {
            id: Named(subject_of(id), BARRED.stream(id), one.name, one.id_number, one.sex) for id, one in at.items()
        }
        grounds = grounded(written, governed_by=HIRING)
        async with sealed_all(keys, named) as boxes:
            found: dict[UUID, Entry] = {id: _entry(said, one, boxes[id], keys) for id, one in at.items()}
            answer = await take_list(kit, "staff", said, found, grounds)
        checked = await check_everybody(
            kit, part_of(grounds, "blacklist-check", derived_id(said.source)), day_of(kit, written)
        )
        answer.position = max(answer.position, checked.position)
        return answer

    def _unsealed(said: Said, people: Sequence[StaffEntry]) -> dict[UUID, Entry]:
        """For a trial: nothing is decided on the box."""
        return {entry_id_of("staff", said.source, one.source_id): _entry(said, one, NOBODY, keys) for one in people}

    @router.post("/staff-blacklist/imports", summary="导入从业人员黑名单 take the staff blacklist over")
    async def take_staff_feed(
        body: StaffFeed,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ListTaken:
        """As a feed. Names and numbers are sealed before anything is written."""
        return told(response, await taken(body, body.entries, scope, written))

    @router.post("/staff-blacklist/files", summary="导入从业人员黑名单文件 the same as a file")
    async def take_staff_file(
        request: Request,
        response: Response,
        source: str = Query(min_length=1, max_length=100),
        stated_on: date = Query(),
        is_complete: bool = Query(default=True),
        is_confirmed: bool = Query(default=False, description="See the feed"),
        is_trial: bool = Query(default=False, description="Only say what would come of it; nothing is recorded"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ListTaken:
        """xlsx, xls or CSV; masked numbers are taken as such. Whoever works somewhere is compared at once."""
        rows = await asyncio.to_thread(rows_of, await request.body(), STAFF_TITLES, REQUIRED, DAYS)
        said = Said(source=source, stated_on=stated_on, is_complete=is_complete, is_confirmed=is_confirmed)
        people = entries_of([dated(row) for row in rows], ListedPerson)
        if is_trial:
            allow_mirror(kit, scope, written)
            return told(response, await take_list(kit, "staff", said, _unsealed(said, people), written, is_trial=True))
        return told(response, await taken(said, people, scope, written))


def _staff_list(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get("/staff-blacklist", response_model=Page[BarredItem], summary="从业人员黑名单 the staff blacklist")
    async def staff_blacklist(
        is_live: bool | None = Query(default=True),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Masked: names and numbers are opened for the person's own request alone, on her record."""
        statement = barred_in(scope, is_live=is_live, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keyed = (rows.barred_on, rows.entry_id)
        listing = Listing(name="staff-blacklist", statement=statement, keys=keyed, columns=STAFF_COLUMNS)
        answer = await answer_list(listing, asked, kit.connection, BarredItem)
        if isinstance(answer, Page):
            masked = await keys.marks().masked(item.subject for item in answer.items)
            for item in answer.items:
                item.name = masked.get(item.subject, {}).get("name", "")
        return answer

    @router.post("/staff-blacklist/checks", summary="核查从业人员 may this person be hired?")
    async def check_staff(
        body: StaffQuestion, scope: Scope = Depends(kit.scope), caller: Principal = Depends(kit.caller)
    ) -> StaffAnswer:
        """By a keyed digest of the number; the question is on record, the number is not. An entry whose number is
        masked says with the name only that it may be this person: ask its source.
        """
        scope.require(CHECK_STAFF, Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED))
        await kit.up_to_date()
        async with kit.connection() as connection:
            today = shanghai_date(kit.now())
            bar = await barred(connection, keys.index().id_number(body.id_number), today)
            like = None if bar else await alike_barred(connection, _open_part(keys, body), today)
        ids = [str(one.entry_id) for one in (bar, like) if one]
        await kit.reads.note(caller, "barred-person", ids=ids, count=len(ids), purpose=body.purpose)
        found = bar or like
        if found is None:
            return StaffAnswer(is_barred=False)
        return StaffAnswer(
            is_barred=bar is not None,
            may_be_barred=bar is None,
            reason=found.reason,
            decision_reference=found.decision_reference,
            until=found.until,
        )


def dated(row: dict[str, object]) -> dict[str, object]:
    """The row with its last day from its term: so many years from the listing, for good, or a day. A term that says
    none of these is left for the model to refuse.
    """
    term, begins = tidy(str(row.pop("term", ""))), row["barred_on"]
    if row.get("until") is not None or term in _FOR_GOOD or not isinstance(begins, date):
        return row
    if years := _YEARS.fullmatch(term):
        return {**row, "until": _years_after(begins, int(years[1]))}
    return {**row, "until": find_day(term) or term}


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, month=3, day=1)


def _entry(said: Said, one: StaffEntry, person: SealedPerson, keys: Keys) -> BarredPerson:
    identity = identity_of(tidy(one.id_number))
    masked = identity is not None and identity.is_in_part
    digest = digest_of(keys.index(), keys.marks(), one.name, identity) if identity and masked else ""
    return BarredPerson(
        source=said.source,
        person=person,
        identity_digest=digest or keys.index().id_number(one.id_number),
        **one.model_dump(exclude={"name", "id_number", "reason", "sex"}),
        reason=redacted(one.reason, (one.name,)),
    )


def _open_part(keys: Keys, body: StaffQuestion) -> str:
    identity, marks = identity_of(tidy(body.id_number)), keys.marks()
    description = in_part(marks, body.name, identity) if identity and body.name.strip() else ""
    return marks.blind(IN_PART, description) if description else ""
