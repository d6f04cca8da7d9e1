"""The national platform's roster over HTTP: take it, compare it, explain where it differs.

One rule: nothing here changes the register: what differs is mended by the register's own acts, or by the platform.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry.acts import NOTE_DIFFERENCE, READ_ROSTER, RECONCILE_ROSTER, TAKE_ROSTER
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_register
from mingjing_registry.codec import ROSTER_ENTRIES, ROSTERS
from mingjing_registry.domain.exchange_refusals import NothingDiffers, RosterUnknown
from mingjing_registry.domain.roster import NoteDifference, NoteKind
from mingjing_registry.domain.roster_run import Because, RosterReconciled
from mingjing_registry.intake.previewing import mappings_of
from mingjing_registry.intake.roster import PLATFORM, ROSTER_ID, RosterRead, entry_id, reconcile, take_roster
from mingjing_registry.projections.roster import differences_in
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import parse

Kind = Literal["missing-here", "missing-there", "differs"]

PREVIEW = "/roster/previews"
"""Where a roster is looked at whose columns nobody has confirmed."""
COLUMNS = (
    Column("name", "机构名称", "Name"),
    Column("uscc", "统一社会信用代码", "Credit code"),
    Column("kind", "差异", "Difference"),
    Column("differences", "明细（本地｜平台）", "Fields (ours|theirs)"),
    Column("their_status", "平台状态", "Platform status"),
    Column("stated_on", "平台名录日期", "Roster of", "date"),
    Column("note_kind", "备注类型", "Note"),
    Column("note_text", "备注", "Explanation"),
    Column("note_reference", "文号", "Reference"),
    Column("noted_by", "备注人", "Noted by"),
    Column("noted_on", "备注日期", "Noted on", "date"),
    Column("is_noted", "已说明", "Explained"),
)


class TakenAnswer(BaseModel):
    """What came of the rows of a roster."""

    model_config = ConfigDict(from_attributes=True)

    rows: int
    stated: int = Field(description="Entries that are new, or say something else than before")
    unchanged: int
    gone: int = Field(description="Entries that the platform had and has no more")
    kept_aside: int


class RosterSummary(BaseModel):
    """What came of a roster."""

    roster_id: UUID
    stated_on: date
    taken: TakenAnswer
    repeated: bool
    position: int


class FoundAnswer(BaseModel):
    """What a comparison came to, in institutions."""

    model_config = ConfigDict(from_attributes=True)

    agreeing: int
    missing_here: int
    missing_there: int
    differing: int
    noted: int = Field(description="Of those missing or differing: explained by a note that still fits")


class Reconciliation(BaseModel):
    """A day's comparison; ``because`` says why it did nothing, or is of little worth."""

    on: date
    stated_on: date | None
    found: FoundAnswer
    because: Because


class RosterState(BaseModel):
    """The last roster and the last comparison."""

    stated_on: date | None
    rosters: int
    last: Reconciliation | None


class DifferenceItem(BaseModel):
    """Where the platform and the register differ; each difference is ``field=ours|theirs``."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    name: str
    uscc: str
    department: str
    region: str
    category: str
    kind: Kind
    differences: list[str]
    our_name: str | None
    our_licence_number: str | None
    our_expires_on: date | None
    our_legal_representative: str | None
    our_licence_state: str | None
    their_name: str | None
    their_licence_number: str | None
    their_expires_on: date | None
    their_legal_representative: str | None
    their_status: str | None
    stated_on: date | None
    note_kind: str | None
    note_text: str | None
    note_reference: str | None
    noted_by: str | None
    noted_on: date | None
    is_noted: bool


class NoteBody(BaseModel):
    """Known and right so, asked of the platform, or corrected in our register, and how."""

    kind: NoteKind
    text: str = Field(max_length=1_000)
    reference: str = Field(default="", max_length=200, description="Number of the letter or of the act")


def make_router(kit: Kit) -> Router:
    """Rosters, comparison, differences, notes."""
    router = Router(prefix="/roster", tags=["roster 平台名录"])
    county = division(kit.settings.county_code)

    @router.post("", summary="导入平台名录 take the platform's roster in")
    async def send_roster(
        request: Request,
        response: Response,
        name: str = Query(default="", max_length=300),
        stated_on: date | None = Query(default=None, description="The roster's day, when the file does not say"),
        is_whole: bool = Query(default=True, description="false: part of the roster; whom it omits is not missing"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> RosterSummary:
        """The body is the file. It is written down as the platform's word; our register stays as it is."""
        allow_register(scope, TAKE_ROSTER, written.department, county.code)
        known = await mappings_of(kit, county.code, written.department, PLATFORM)
        parsed = await asyncio.to_thread(parse, await request.body(), county, stated_on, known, PREVIEW)
        done = await take_roster(
            kit, parsed, name=name, is_whole=is_whole, division=county, envelope=written, on=day_of(kit, written)
        )
        response.headers["Mingjing-Position"] = str(done.position)
        return roster_summary(done)

    @router.get("", summary="平台名录 the last roster and the last comparison")
    async def roster(scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)) -> RosterState:
        """Now or as of a day. It counts every department's institutions, so it is for officials of the whole county."""
        scope.require(READ_ROSTER, Dimensions(UNDIVIDED, county.code, UNDIVIDED))
        state, _ = await kit.log.state(ROSTERS, ROSTER_ID, await position_of(kit, as_of))
        last = _reconciliation(state.reconciled) if state.reconciled else None
        return RosterState(stated_on=state.stated_on, rosters=len(state.taken), last=last)

    @router.post("/reconciliation", summary="核对平台名录 compare it with the register now")
    async def compare_roster(
        response: Response, scope: Scope = Depends(kit.scope), written: Envelope = Depends(kit.written)
    ) -> Reconciliation:
        """Made once a day by itself; the same roster on the same day gives the same answer."""
        allow_register(scope, RECONCILE_ROSTER, written.department, county.code)
        found, position = await reconcile(kit, written, day_of(kit, written))
        response.headers["Mingjing-Position"] = str(position)
        return _reconciliation(found)

    @router.get("/differences", response_model=Page[DifferenceItem], summary="平台差异 where the two differ")
    async def differences(
        kind: Kind | None = None,
        is_noted: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """As both stand now; ``as_of`` shows what differed then."""
        statement = differences_in(scope, kind=kind or "", is_noted=is_noted, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="roster-differences",
            title=("平台名录差异清单", "Differences from the platform's roster"),
            statement=statement,
            keys=(rows.name, rows.institution_id),
            columns=COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, DifferenceItem)

    @router.post("/differences/{institution_id}/note", summary="备注差异 say why, or what is done about it")
    async def note(
        institution_id: UUID,
        body: NoteBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """It explains the difference as it stands: when another one comes, the question is open again."""
        row = await _difference(kit, scope, institution_id)
        scope.require(NOTE_DIFFERENCE, Dimensions(row["department"], row["region"], row["category"]))
        if row["kind"] == "agrees":
            raise NothingDiffers
        command = NoteDifference(
            kind=body.kind,
            text=body.text,
            reference=body.reference,
            institution_id=institution_id,
            department=row["department"],
            region=row["region"],
            differences=tuple(row["differences"]),
            on=day_of(kit, written),
        )
        grounds = grounded(written, body.text)
        return accepted(response, await kit.log.handle(ROSTER_ENTRIES, entry_id(institution_id), command, grounds))

    return router


async def _difference(kit: Kit, scope: Scope, institution_id: UUID) -> Any:
    """How the two sides stand on one institution. Raises ``RosterUnknown``."""
    await kit.up_to_date()
    statement = differences_in(scope, agreeing=True)
    statement = statement.where(statement.selected_columns.institution_id == institution_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise RosterUnknown
    return row


def roster_summary(done: RosterRead) -> RosterSummary:
    """What came of a roster, for its sender."""
    return RosterSummary(
        roster_id=done.roster_id,
        stated_on=done.stated_on,
        taken=TakenAnswer.model_validate(done.taken),
        repeated=done.repeated,
        position=done.position,
    )


def _reconciliation(event: RosterReconciled) -> Reconciliation:
    return Reconciliation(
        on=event.on, stated_on=event.stated_on, found=FoundAnswer.model_validate(event.found), because=event.because
    )
