"""A track as a caller sees it, and where it stands for an act: with the department whose file it is, or with the one
that has it to handle.

One rule: a write is decided on what is written by now, a read on what was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.acts_tracks import HANDLER_ACTS, TRACK_ACTS
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.track_order import hindrance
from mingjing_inspection.domain.track_refusals import TrackUnknown
from mingjing_inspection.domain.track_terms import TrackClock
from mingjing_inspection.projections.complaint_tracks import tracks_in
from mingjing_inspection.projections.track_message import heads_of
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AsOf, AvailableActions, Kit, accepted, position_of
from mingjing_kernel.http.actions import actions_of, due
from mingjing_kernel.identity import OFFICIALS, Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

AWAITED = {
    TrackClock.RESPOND: ("respond-first",),
    TrackClock.ROUTE: ("triage-report", "classify-order", "route-track"),
    TrackClock.SIGN: ("sign-order",),
    TrackClock.JURISDICTION: ("decide-jurisdiction",),
    TrackClock.ACCEPT: ("accept-dispute", "refuse-dispute"),
    TrackClock.MEDIATE: ("reach-agreement", "terminate-mediation"),
    TrackClock.NOTIFY: ("notify-complainant",),
    TrackClock.FOLLOW_UP: ("call-back",),
    TrackClock.VERIFY: ("start-verification", "confirm-report", "decline-filing"),
    TrackClock.INFORM: ("inform-reporter",),
    TrackClock.HANDLE: ("start-order", "reply-order"),
    TrackClock.CALL_BACK: ("call-back",),
}
"""Which acts each clock waits for."""


class LinkItem(BaseModel):
    """Another complaint with something in common."""

    other: UUID = Field(description="The other complaint's track")
    likeness: str


class TrackItem(BaseModel):
    """A track as it stands now. Who complained is not in it."""

    model_config = ConfigDict(from_attributes=True)

    track_id: UUID
    complaint_id: UUID
    title: str = Field(default="", description="Of the complaint; in JSON only 标题")
    name: str = Field(default="", description="Of the institution, or whom the caller named 机构或被反映方")
    track: Track
    number: str
    channel: str
    received_at: datetime
    stage: str
    outcome: str = Field(description="What it came to; empty while it did not")
    department: str = Field(description="Whose file it is")
    region: str
    category: str
    handler_department: str = Field(description="Who has it; empty while nobody has")
    escalated_to: str = Field(description="Who looks at it because nobody took it in time")
    institution_id: UUID | None
    matter: str
    order_kind: str
    is_anonymous: bool
    is_urgent: bool
    law: str = Field(description="The instrument in force on the day of receipt")
    clocks: dict[str, datetime] = Field(description="Every clock that runs, with its end")
    due_at: datetime | None = Field(description="The first of them")
    due_clock: str
    is_reminded: bool = Field(description="Four fifths of what is due first are over 已催办")
    supervised: int = Field(description="How often a clock ran out")
    proposes_listing: bool = Field(description="Repeated, or in the media: a superior may list it 挂牌督办")
    is_listed: bool
    returns: int
    suggested_department: str
    is_disputed: bool
    is_extended: bool
    is_reworked: bool
    reopened: int
    merged_into: UUID | None
    links: list[LinkItem]
    asks_refund: bool
    contract_id: UUID | None = Field(description="The order whose release is frozen while it is open")
    refund_fen: int
    satisfaction: str
    handled_by: str
    channel_status: str = Field(description="What the channel itself said last, where that is that it is done")
    said: str = Field(description="What was said with the last step")
    routed_at: datetime | None
    accepted_at: datetime | None
    closed_at: datetime | None
    version: int


async def headed(connection: AsyncConnection, found: Sequence[Mapping[str, Any]]) -> list[TrackItem]:
    """Each with what its complaint is called."""
    wanted = heads_of([row["complaint_id"] for row in found])
    heads = {row["complaint_id"]: row for row in (await connection.execute(wanted)).mappings()} if found else {}
    items = []
    for row in found:
        head = heads.get(row["complaint_id"], {})
        named = {"title": head.get("title", ""), "name": head.get("name") or head.get("respondent", "")}
        items.append(TrackItem.model_validate({**row, **named}))
    return items


async def seen(kit: Kit, track_id: UUID, scope: Scope, as_of: AsOf | None = None) -> TrackItem:
    """One of the tracks that the caller sees. Raises ``TrackUnknown``."""
    statement = tracks_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.track_id == track_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise TrackUnknown
    return TrackItem.model_validate(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A track as the log has it, for a write: what is decided on it never waits for a list."""

    track_id: UUID
    known: Known

    @property
    def department(self) -> str:
        """Whose file it is."""
        return self.known.department

    @property
    def region(self) -> str:
        """Where it is."""
        return self.known.region

    @property
    def category(self) -> str:
        """Of what training."""
        return self.known.category

    @property
    def handler_department(self) -> str:
        """Who has it; empty while nobody has."""
        return self.known.handler

    @property
    def complaint_id(self) -> UUID:
        """What was said."""
        return self.known.complaint_id

    @property
    def institution_id(self) -> UUID | None:
        """Whom it is about."""
        return self.known.institution_id

    def is_seen(self, scope: Scope) -> bool:
        """As ``tracks_in`` asks of a row: by whose file it is, who has it, and whom it was escalated to."""
        known = self.known
        place = {"region": known.region, "category": known.category}
        holders = (known.department, known.handler, known.escalated_to)
        return any(scope.allows(role=OFFICIALS, department=holder, **place) for holder in holders)


def standing_as(state: Any, track_id: UUID, scope: Scope) -> Standing:
    """A track whose state was read, if the caller sees it. Raises ``TrackUnknown``."""
    if isinstance(state, Known):
        item = Standing(track_id=track_id, known=state)
        if item.is_seen(scope):
            return item
    raise TrackUnknown


async def standing(kit: Kit, track_id: UUID, scope: Scope) -> Standing:
    """What a write is decided on: what is written by now."""
    return standing_as((await kit.log.state(TRACKS, track_id))[0], track_id, scope)


def place_of(item: Standing, act: Act) -> Dimensions:
    """Where it stands for an act."""
    department = item.known.handler if act in HANDLER_ACTS else ""
    return Dimensions(department or item.department, item.region, item.category)


def permitted(item: Standing, act: Act, scope: Scope) -> None:
    """Raise ``OutsideScope`` unless a grant covers the act where the track stands for it."""
    scope.require(act, place_of(item, act))


async def done(
    kit: Kit, item: Standing, act: Act, command: Any, scope: Scope, written: Envelope, response: Response
) -> Accepted:
    """The act, for a track that the caller sees and has a grant for."""
    permitted(item, act, scope)
    return accepted(response, await kit.log.handle(TRACKS, item.track_id, command, written))


async def actions_on(kit: Kit, track_id: UUID, caller: Principal) -> AvailableActions:
    """What the caller may do now, and until when each clock wants it done."""
    await kit.up_to_date()  # the ends of clocks follow the calendar in the list
    row = await seen(kit, track_id, caller.scope)
    found = await kit.log.standing(TRACKS, track_id)
    item = standing_as(found.state, track_id, caller.scope)
    actions = [
        one
        for act in TRACK_ACTS
        if act.asks is not None
        for one in actions_of(
            (act,),
            caller,
            place_of(item, act),
            lambda step: hindrance(step, found.state),
            separation=TRACKS.separation,
            hands=found.hands,
        )
    ]
    dues = {
        act: shanghai_date(end)
        for clock, end in sorted(row.clocks.items(), key=lambda one: one[1], reverse=True)
        for act in AWAITED[TrackClock(clock)]
    }
    return AvailableActions(version=found.version, actions=due(actions, dues, shanghai_date(kit.now())))
