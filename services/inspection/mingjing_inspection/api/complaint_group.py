"""Groups of complaints over HTTP (群体投诉): a view of an institution's complaints that are handled together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection import acts_tracks as acts
from mingjing_inspection.api.complaint_track_access import Standing as TrackStanding
from mingjing_inspection.api.complaint_track_access import standing as track_standing
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.codec_tracks import GROUPS
from mingjing_inspection.domain import complaint_group as g
from mingjing_inspection.intake.complaint_people import people_of, told_apart
from mingjing_inspection.projections.complaint_groups import complaints_of, groups_in
from mingjing_inspection.projections.track_message import names_of
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
    page_of,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Principal, Scope
from mingjing_kernel.log import Envelope, Outcome, VersionConflict
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

FORMED_OF_MAX: Final = 50
"""Complaints that a person names when a group is formed; more are joined one by one."""
COUNTS_MAX: Final = 5
"""How often people are counted for one step, where others change the group at the same time."""
_Changed: TypeAlias = Callable[[frozenset[UUID]], frozenset[UUID]]
Words = Annotated[str, Field(max_length=g.WORDS_MAX), AfterValidator(redacted)]
COLUMNS: Final = (
    Column("formed_at", "建立时间", "Formed at", "moment"),
    Column("institution_id", "机构", "Institution"),
    Column("disputes", "件数", "Complaints", "integer"),
    Column("people", "人数", "People", "integer"),
    Column("mediator", "调解员", "Mediator"),
    Column("reaction", "来源", "Reaction"),
    Column("is_over", "已解散", "Dissolved"),
    Column("department", "主管部门", "Department"),
    Column("region", "区划", "Division"),
)


class GroupItem(BaseModel):
    """A group as it stands now. Its members are tracks, which each have a scope of their own."""

    model_config = ConfigDict(from_attributes=True)

    group_id: UUID
    institution_id: UUID
    name: str = Field(default="", description="Of the institution; in JSON only 机构名称")
    department: str
    region: str
    category: str
    members: list[UUID]
    disputes: int
    people: int = Field(description="Distinct persons, as far as they can be told from each other")
    representatives: list[UUID] = Field(description="Whose complaints speak for the others")
    mediator: str
    reaction: str = Field(description="X8 where it formed by itself")
    is_over: bool
    formed_at: datetime
    said: str
    version: int


class NewGroupBody(BaseModel):
    """Which tracks, all about one institution."""

    members: list[UUID] = Field(min_length=2, max_length=FORMED_OF_MAX)
    people: int = Field(ge=1, le=g.MEMBERS_MAX, description="From how many distinct persons")
    reason: Words


class MemberBody(BaseModel):
    """Which track."""

    track_id: UUID
    reason: Words


class RepresentativesBody(BaseModel):
    """Who speaks for the people, by their tracks."""

    representatives: list[UUID] = Field(min_length=1, max_length=g.REPRESENTATIVES_MAX)
    reason: Words


class MediatorBody(BaseModel):
    """Which official."""

    mediator: str = Field(max_length=200)
    reason: Words


class GroupReasonBody(BaseModel):
    """Why."""

    reason: Words


def make_router(kit: Kit) -> Router:
    """Groups: list them, form one, change it."""
    router = Router(tags=["complaint-group 群体投诉"])
    _listing(router, kit)
    _forming(router, kit)
    _members(router, kit, Keys(kit))
    _people(router, kit)
    _ending(router, kit)
    return router


def _listing(router: Router, kit: Kit) -> None:
    @router.get("/complaint-groups", response_model=Page[GroupItem], summary="群体投诉列表 groups")
    async def groups(
        institution_id: UUID | None = None,
        is_open: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        at = await position_of(kit, as_of)
        statement = groups_in(scope, institution_id=institution_id, is_open=is_open, at=at)
        rows = statement.selected_columns
        keys = (rows.formed_at, rows.group_id)
        listing = Listing(name="complaint_groups", statement=statement, keys=keys, columns=COLUMNS, is_descending=True)
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, GroupItem)
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
            return Page[GroupItem](items=await _named(connection, found), next=cursor)

    @router.get("/complaint-groups/{group_id}", summary="群体投诉 one group")
    async def group(
        group_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> GroupItem:
        """As it stands, or stood."""
        return await _seen(kit, group_id, scope, as_of)

    @router.get("/complaint-groups/{group_id}/available-actions", summary="可办事项 what may be done to it now")
    async def group_actions(group_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await _seen(kit, group_id, caller.scope))
        return await available_actions(kit, GROUPS, group_id, caller, here, g.hindrance)


def _forming(router: Router, kit: Kit) -> None:
    @router.put("/complaint-groups/{group_id}", status_code=201, summary="建立群体件 form a group")
    async def form_group(
        group_id: UUID,
        body: NewGroupBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Of tracks that the caller sees, about one institution; joint complaints are formed so."""
        members = [await track_standing(kit, one, scope) for one in dict.fromkeys(body.members)]
        first = _one_institution(members)
        allow(scope, acts.FORM_GROUP, first)
        assert first.institution_id is not None, "it was asked"
        command = g.FormGroup(
            institution_id=first.institution_id,
            department=first.department,
            region=first.region,
            category=first.category,
            members=tuple(one.track_id for one in members),
            people=body.people,
            reaction="",
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(GROUPS, group_id, command, grounded(written, body.reason)))


def _members(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/complaint-groups/{group_id}/members", summary="并入群体件 one more")
    async def join_group(
        group_id: UUID,
        body: MemberBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """About the same institution, seen by the caller."""
        item = await _standing(kit, group_id, scope)
        member = await track_standing(kit, body.track_id, scope)
        if member.institution_id != item.institution_id:
            raise g.OtherInstitution
        allow(scope, acts.JOIN_GROUP, item)
        with_her = partial(g.JoinGroup, **body.model_dump(), by=written.actor, at=kit.now())
        own = grounded(written, body.reason)
        told = await _counted(kit, keys, group_id, lambda members: members | {body.track_id}, with_her, own)
        return accepted(response, told)

    @router.post("/complaint-groups/{group_id}/members/leaving", summary="移出群体件 one goes on alone")
    async def leave_group(
        group_id: UUID,
        body: MemberBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With the clocks that it has had all the time; it does not come back by itself."""
        allow(scope, acts.LEAVE_GROUP, await _standing(kit, group_id, scope))
        without = partial(g.LeaveGroup, **body.model_dump(), by=written.actor, at=kit.now())
        own = grounded(written, body.reason)
        told = await _counted(kit, keys, group_id, lambda members: members - {body.track_id}, without, own)
        return accepted(response, told)


async def _counted(
    kit: Kit, keys: Keys, group_id: UUID, changed: _Changed, step: Callable[..., g.Command], written: Envelope
) -> Outcome:
    """Carried out on the members that were counted; counted again where somebody changed them meanwhile."""
    tries = COUNTS_MAX if written.expected_version is None else 1
    while True:
        state, version = await kit.log.state(GROUPS, group_id)
        async with kit.connection() as connection:
            wanted = complaints_of(changed(state.members if state else frozenset()))
            complaints = [row.complaint_id for row in await connection.execute(wanted)]
        command = step(people=told_apart((await people_of(keys, complaints)).values()))
        seen = version if written.expected_version is None else written.expected_version
        try:
            return await kit.log.handle(GROUPS, group_id, command, replace(written, expected_version=seen))
        except VersionConflict:
            tries -= 1
            if not tries:
                raise


def _people(router: Router, kit: Kit) -> None:
    @router.post("/complaint-groups/{group_id}/representatives", summary="确定代表人 who speaks for the people")
    async def name_representatives(
        group_id: UUID,
        body: RepresentativesBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """One or two of the members; who they are stays sealed."""
        item = await _standing(kit, group_id, scope)
        command = g.NameRepresentatives(
            representatives=tuple(body.representatives), reason=body.reason, by=written.actor, at=kit.now()
        )
        act = acts.NAME_REPRESENTATIVES
        return await _done(kit, item, act, command, scope, grounded(written, body.reason), response)

    @router.post("/complaint-groups/{group_id}/mediator", summary="指定调解员 one mediator for all")
    async def appoint_mediator(
        group_id: UUID,
        body: MediatorBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """An official, by sign-in name."""
        item = await _standing(kit, group_id, scope)
        command = g.AppointMediator(**body.model_dump(), by=written.actor, at=kit.now())
        return await _done(kit, item, acts.APPOINT_MEDIATOR, command, scope, grounded(written, body.reason), response)


def _ending(router: Router, kit: Kit) -> None:
    @router.post("/complaint-groups/{group_id}/dissolution", summary="解散群体件 they go on alone")
    async def dissolve_group(
        group_id: UUID,
        body: GroupReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Each with its own life."""
        item = await _standing(kit, group_id, scope)
        command = g.DissolveGroup(reason=body.reason, by=written.actor, at=kit.now())
        return await _done(kit, item, acts.DISSOLVE_GROUP, command, scope, grounded(written, body.reason), response)


def _one_institution(members: list[TrackStanding]) -> TrackStanding:
    if members[0].institution_id is None or len({one.institution_id for one in members}) > 1:
        raise g.OtherInstitution
    return members[0]


async def _seen(kit: Kit, group_id: UUID, scope: Scope, as_of: AsOf | None = None) -> GroupItem:
    statement = groups_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.group_id == group_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise g.GroupUnknown
        return (await _named(connection, [row]))[0]


async def _named(connection: AsyncConnection, found: Sequence[Mapping[str, Any]]) -> list[GroupItem]:
    """Each with its institution's name."""
    wanted = names_of([row["institution_id"] for row in found])
    names = {row.institution_id: row.name for row in await connection.execute(wanted)} if found else {}
    return [GroupItem.model_validate({**row, "name": names.get(row["institution_id"], "")}) for row in found]


async def _standing(kit: Kit, group_id: UUID, scope: Scope) -> GroupItem:
    await kit.up_to_date()
    return await _seen(kit, group_id, scope)


async def _done(
    kit: Kit, item: GroupItem, act: Act, command: g.Command, scope: Scope, written: Envelope, response: Response
) -> Accepted:
    allow(scope, act, item)
    return accepted(response, await kit.log.handle(GROUPS, item.group_id, command, written))
