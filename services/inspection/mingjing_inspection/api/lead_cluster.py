"""Clusters and heat of leads (线索聚类与热力) over HTTP, and links that officials make or take away.

One rule: everybody's clusters are made of the leads that they may see; nothing of another department's shows through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts_leads import LINK_LEADS, PART_LEADS
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.lead import lead_seen
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec_leads import LEAD_LINKS
from mingjing_inspection.domain.lead_cluster import (
    LEADS_MAX,
    Cluster,
    Ground,
    LeadSeen,
    Tie,
    building_of,
    clusters,
)
from mingjing_inspection.domain.lead_link import LinkLeads, PartLeads, in_order
from mingjing_inspection.domain.route import Place
from mingjing_inspection.intake.lead_sealing import phones_of
from mingjing_inspection.policy.lead_rules import LEAD_CLUSTERS, LEAD_HOTSPOTS
from mingjing_inspection.projections.lead_steps import links_in
from mingjing_inspection.projections.leads import Wanted, lead_heat, leads_in
from mingjing_kernel.clock import end_of
from mingjing_kernel.http import Accepted, AsOf, Kit, accepted, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

GRID = "15"
"""Digits of a grid's code: a town with many leads is no hot-spot."""
REGION: Any = Query(default="", pattern=r"^[0-9]{0,15}$", description="In grids whose code begins so")


class TieItem(BaseModel):
    """Two leads, and in words what ties them."""

    first: UUID
    second: UUID
    grounds: list[Ground]
    metres: int | None
    zh: str
    en: str


class ClusterLead(BaseModel):
    """A lead of a cluster."""

    lead_id: UUID
    stage: str
    address: str
    region: str
    summary: str
    opened_at: datetime


class ClusterItem(BaseModel):
    """Leads that hang together, with each tie."""

    cluster_id: UUID
    leads: list[ClusterLead]
    ties: list[TieItem]


class ClusterList(BaseModel):
    """All of them; ``policy`` is the version of the numbers, ``left_out`` says that there were more leads."""

    items: list[ClusterItem]
    looked_at: int
    left_out: bool
    metres: int
    policy: str


class HeatItem(BaseModel):
    """How many leads about places in one region."""

    region: str
    leads: int
    leads_open: int
    last_at: datetime
    is_hot: bool = Field(description="A grid with as many open ones as the policy calls a hot-spot, or more")


class HeatMap(BaseModel):
    """Of leads opened in [since, until), as they stood then or stand now."""

    since: datetime
    until: datetime
    digits: int
    threshold: int
    policy: str
    items: list[HeatItem]


class LinkBody(BaseModel):
    """What is the same, or what is not."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Clusters, one lead's cluster, links, heat."""
    router = Router(tags=["lead 线索"])
    keys = Keys(kit)
    _clusters(router, kit, keys)
    _links(router, kit)
    _heat(router, kit)
    return router


def _clusters(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get("/lead-clusters", summary="线索聚类 leads that hang together")
    async def lead_clusters(
        region: str = REGION,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> ClusterList:
        """By telephone, distance, building, and by what people said; the largest first."""
        return await _looked(kit, keys, scope, region, as_of, None)

    @router.get("/leads/{lead_id}/cluster", summary="同一场所的线索 what hangs together with a lead")
    async def lead_cluster(
        lead_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> ClusterList:
        """Within its county; no item where nothing is tied to it."""
        seen = await lead_seen(kit, lead_id, scope, as_of)
        return await _looked(kit, keys, scope, seen.region[:6], as_of, lead_id)


def _links(router: Router, kit: Kit) -> None:
    @router.put("/leads/{lead_id}/links/{other}", status_code=201, summary="关联线索 link two leads")
    async def link_leads(
        lead_id: UUID,
        other: UUID,
        body: LinkBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Whatever the rule says; both must be in the caller's scope."""
        return await _said(kit, LinkLeads, (lead_id, other), body.reason, scope, written, response)

    @router.post("/leads/{lead_id}/links/{other}/parting", summary="取消线索关联 part two leads")
    async def part_leads(
        lead_id: UUID,
        other: UUID,
        body: LinkBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The same telephone or a short way ties them no more."""
        return await _said(kit, PartLeads, (lead_id, other), body.reason, scope, written, response)


async def _said(
    kit: Kit,
    step: type[LinkLeads] | type[PartLeads],
    pair: tuple[UUID, UUID],
    reason: str,
    scope: Scope,
    written: Envelope,
    response: Response,
) -> Accepted:
    first, second = in_order(*pair)
    reason = redacted(reason.strip())
    await kit.up_to_date()
    act = LINK_LEADS if step is LinkLeads else PART_LEADS
    one = await lead_seen(kit, first, scope)
    for seen in (one, await lead_seen(kit, second, scope)):
        allow(scope, act, seen)
    command = step(
        first=first,
        second=second,
        region=one.region,
        department=one.department,
        category=one.category,
        reason=reason,
        by=written.actor,
        at=kit.now(),
    )
    id = derived_id("lead-link", first, second)
    return accepted(response, await kit.log.handle(LEAD_LINKS, id, command, grounded(written, reason)))


def _heat(router: Router, kit: Kit) -> None:
    @router.get("/lead-heat", summary="线索热力 leads by grid")
    async def heat(
        region: str = REGION,
        since: Moment | None = Query(default=None, description="Opened from then on; else the policy's window"),
        until: Moment | None = Query(default=None, description="Opened before; else the end of the day"),
        digits: Literal["6", "9", "12", "15"] = Query(
            default="15", description="County 6, town 9, community 12, grid 15"
        ),
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> HeatMap:
        """Of leads without an institution, at any past position or moment."""
        at, day = await position_of(kit, as_of), await day_of(kit, as_of)
        numbers = await in_force(kit.log, LEAD_HOTSPOTS, day, kit.settings.county_code)
        until = until or end_of(day)
        since = since or until - timedelta(days=numbers["window"])
        wanted = Wanted(region=region, since=since, until=until)
        async with kit.connection() as connection:
            found = (await connection.execute(lead_heat(scope, int(digits), wanted=wanted, at=at))).mappings().all()
        threshold = numbers["leads"]
        return HeatMap(
            since=since,
            until=until,
            digits=int(digits),
            threshold=threshold,
            policy=numbers.version,
            items=[HeatItem(**row, is_hot=digits == GRID and row["leads_open"] >= threshold) for row in found],
        )


async def _looked(
    kit: Kit, keys: Keys, scope: Scope, region: str, as_of: AsOf | None, towards: UUID | None
) -> ClusterList:
    at, day = await position_of(kit, as_of), await day_of(kit, as_of)
    numbers = await in_force(kit.log, LEAD_CLUSTERS, day, region[:6] or kit.settings.county_code)
    rows = await _rows(kit, scope, region, day, numbers, at)
    shown = rows[:LEADS_MAX]
    phones = await phones_of(keys, {UUID(int=row["lead_id"].int): row["people"] for row in shown if row["people"]})
    async with kit.connection() as connection:
        said = (await connection.execute(links_in(scope, at=at))).all()
    by_hand = {(UUID(int=one.first.int), UUID(int=one.second.int)): one.is_linked for one in said}
    by_id = {UUID(int=row["lead_id"].int): row for row in shown}
    seen = [_seen(id, row, phones.get(id, frozenset())) for id, row in by_id.items()]
    found = clusters(seen, numbers["metres"], by_hand, towards)
    return ClusterList(
        items=[_item(one, by_id) for one in found],
        looked_at=len(shown),
        left_out=len(rows) > LEADS_MAX,
        metres=numbers["metres"],
        policy=numbers.version,
    )


async def _rows(
    kit: Kit, scope: Scope, region: str, day: date, numbers: Numbers, at: int | None
) -> Sequence[Mapping[str, Any]]:
    since = end_of(day) - timedelta(days=numbers["days"])
    statement = leads_in(scope, wanted=Wanted(region=region, since=since, has_institution=False), at=at)
    rows = statement.selected_columns
    statement = statement.order_by(rows.opened_at.desc(), rows.lead_id).limit(LEADS_MAX + 1)
    async with kit.connection() as connection:
        found: Sequence[Mapping[str, Any]] = (await connection.execute(statement)).mappings().all()
    return found


def _seen(id: UUID, row: Mapping[str, Any], phones: frozenset[str]) -> LeadSeen:
    place = None
    if row["longitude_e7"] is not None:
        place = Place(latitude_e7=row["latitude_e7"], longitude_e7=row["longitude_e7"])
    return LeadSeen(lead_id=id, region=row["region"], address=row["address"], place=place, phones=phones)


def _item(cluster: Cluster, by_id: Mapping[UUID, Mapping[str, Any]]) -> ClusterItem:
    return ClusterItem(
        cluster_id=cluster.cluster_id,
        leads=[ClusterLead.model_validate(dict(by_id[id])) for id in cluster.leads],
        ties=[_tie(tie, by_id[tie.first]["address"]) for tie in cluster.ties],
    )


def _tie(tie: Tie, address: str) -> TieItem:
    zh, en = [], []
    for ground in tie.grounds:
        match ground:
            case Ground.SAME_TELEPHONE:
                zh.append("电话相同")
                en.append("same telephone")
            case Ground.NEAR:
                zh.append(f"相距 {tie.metres} 米")
                en.append(f"{tie.metres} m apart")
            case Ground.SAME_BUILDING:
                zh.append(f"同一楼栋（{building_of(address)}）")
                en.append("same building")
            case Ground.LINKED:
                zh.append("人工关联")
                en.append("linked by an official")
    grounds = list(tie.grounds)
    return TieItem(
        first=tie.first,
        second=tie.second,
        grounds=grounds,
        metres=tie.metres,
        zh="、".join(zh),
        en=", ".join(en),
    )
