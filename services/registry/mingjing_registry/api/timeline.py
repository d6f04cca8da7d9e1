"""Timelines 大事记 over HTTP: everything that happened to an institution, a site or a listing, in sentences.

One rule: nothing is kept for it. Each line is a fact of the log, told anew in both languages, with who, why, on what
basis, and where its proof is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Select

from mingjing_kernel.access.standing import Standing
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Asked, AsOf, Kit, Page, asked, position_of
from mingjing_kernel.http.page import read_cursor, write_cursor
from mingjing_kernel.http.refusals import CursorMalformed
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.reads.watching import showing
from mingjing_registry.chronicle.telling import TOPICS, basis_of, policy_of, reason_of, told, topic_of, types_of
from mingjing_registry.codec import BLACKLISTINGS, BREACHES, FILINGS, INSTITUTIONS, PROVIDERS, SITES
from mingjing_registry.domain.blacklist_refusals import ListingUnknown
from mingjing_registry.domain.refusals import InstitutionUnknown, SiteUnknown
from mingjing_registry.projections.blacklist import one_file
from mingjing_registry.projections.breaches import breaches_in
from mingjing_registry.projections.filings import filings_in
from mingjing_registry.projections.institutions import one
from mingjing_registry.projections.providers import providers_in
from mingjing_registry.projections.sites import sites_in

THINGS_MAX = 1_000
"""Sites, and filings, of one institution that its timeline follows."""
_ALL = (1 << 63) - 1
_SHOWN = tuple(aggregate.codec for aggregate in (INSTITUTIONS, SITES, PROVIDERS, FILINGS, BREACHES, BLACKLISTINGS))
_TOPIC = "|".join(TOPICS)


class Happening(BaseModel):
    """One fact in words."""

    position: int = Field(description="In the log of this service")
    on: date = Field(description="The day in China on which it was so")
    recorded_at: datetime
    topic: str = Field(description="What it is about", examples=["licence"])
    type: str = Field(description="Stored name of the fact", examples=["registry.licence-approved.v1"])
    noun: str = Field(description="Whose fact it is: institution, site, filing, provider, blacklisting")
    thing_id: UUID
    about: str = Field(description="Address of a site, title of a filing; empty for the thing itself")
    zh: str
    en: str
    actor: str = Field(description="Who did it: a person's sign-in, or a service")
    on_behalf_of: str
    department: str
    roles: list[str] = Field(description="Held by the actor then, as far as the grants are still known here")
    reason: str
    legal_basis: str
    policy_version: str = Field(description="Of the rules' numbers; empty where none was used")
    proof: str = Field(description="Where the log proves that it holds this fact")


class Timeline(Page[Happening]):
    """The latest first."""

    is_cut: bool = Field(default=False, description=f"More than {THINGS_MAX} sites or filings: not all are followed")


def make_router(kit: Kit) -> Router:
    """Of an institution with its sites, filings and after-school services; of a site; of a listing."""
    router = Router(tags=["timeline 大事记"])
    _institution(router, kit)
    _site(router, kit)
    _listing(router, kit)
    return router


def _institution(router: Router, kit: Kit) -> None:
    @router.get("/institutions/{institution_id}/timeline", summary="机构大事记 what happened, who, why, on what basis")
    async def institution_timeline(
        institution_id: UUID,
        topic: str = Query(default="", pattern=f"^({_TOPIC})?$", description="Only facts of this topic"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Timeline:
        """With its sites, filings and after-school services, as far as the caller may see them."""
        at = await position_of(kit, as_of)
        async with kit.connection() as connection:
            if (await connection.execute(one(scope, institution_id, at))).first() is None:
                raise InstitutionUnknown
            of = providers_in(scope, at=at)
            parts = (
                (SITES, sites_in(scope, institution_id=institution_id, at=at), "site_id", "address"),
                (FILINGS, filings_in(scope, institution_id=institution_id, at=at), "filing_id", "title"),
                (BREACHES, breaches_in(scope, institution_id=institution_id, at=at), "breach_id", "what"),
                (PROVIDERS, of.where(of.selected_columns.institution_id == institution_id), "institution_id", ""),
            )
            names, is_cut = {INSTITUTIONS.stream(institution_id): ""}, False
            for aggregate, statement, key, label in parts:
                rows = (await connection.execute(statement.limit(THINGS_MAX + 1))).mappings().all()
                is_cut = is_cut or len(rows) > THINGS_MAX
                names |= {aggregate.stream(row[key]): row[label] if label else "" for row in rows[:THINGS_MAX]}
        return await _told(kit, names, asked.after, asked.limit, at, topic, is_cut=is_cut)


def _site(router: Router, kit: Kit) -> None:
    @router.get("/sites/{site_id}/timeline", summary="教学点大事记 what happened to one site")
    async def site_timeline(
        site_id: UUID,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Timeline:
        """The latest first."""
        at = await position_of(kit, as_of)
        statement = sites_in(scope, at=at)
        if not await _is_there(kit, statement.where(statement.selected_columns.site_id == site_id)):
            raise SiteUnknown
        return await _told(kit, {SITES.stream(site_id): ""}, asked.after, asked.limit, at)


def _listing(router: Router, kit: Kit) -> None:
    @router.get("/blacklist/files/{listing_id}/timeline", summary="案卷大事记 what happened to one file")
    async def listing_timeline(
        listing_id: UUID,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Timeline:
        """The latest first. What the party stated is in the file itself, under its own mask."""
        at = await position_of(kit, as_of)
        if not await _is_there(kit, one_file(scope, listing_id, at)):
            raise ListingUnknown
        found = await _told(kit, {BLACKLISTINGS.stream(listing_id): ""}, asked.after, asked.limit, at)
        showing(len(found.items), [str(listing_id)])
        return found


async def _is_there(kit: Kit, statement: Select[Any]) -> bool:
    async with kit.connection() as connection:
        return (await connection.execute(statement)).first() is not None


async def _told(
    kit: Kit,
    names: Mapping[str, str],
    after: str | None,
    limit: int,
    at: int | None,
    topic: str = "",
    *,
    is_cut: bool = False,
) -> Timeline:
    """One page of the facts of these streams, each named for the reader."""
    until = min(at if at is not None else _ALL, _before(after))
    types = types_of(topic, _SHOWN) if topic else None
    facts = await kit.log.latest(list(names), until=until, limit=limit + 1, types=types)
    shown, standing = facts[:limit], await kit.directory.current()
    place = f"/{kit.log.schema}/v1/log/proof/inclusion"
    items = [_happening(fact, names[fact.stream], standing, place) for fact in shown]
    cursor = write_cursor((shown[-1].position,)) if len(facts) > len(shown) else None
    return Timeline(items=items, next=cursor, is_cut=is_cut)


def _before(after: str | None) -> int:
    """The position up to which a page goes, from the cursor of the page before it."""
    if not after:
        return _ALL
    match read_cursor(after):
        case (int() as position,):
            return position - 1
        case _:
            raise CursorMalformed


def _happening(fact: Recorded[Any], about: str, standing: Standing, place: str) -> Happening:
    words, meta = told(fact.event), fact.meta
    return Happening(
        position=fact.position,
        on=getattr(fact.event, "on", None) or shanghai_date(fact.occurred_at),
        recorded_at=fact.recorded_at,
        topic=topic_of(fact.event),
        type=fact.type,
        noun=fact.noun,
        thing_id=fact.id,
        about=about,
        zh=words.zh,
        en=words.en,
        actor=meta.actor,
        on_behalf_of=meta.on_behalf_of,
        department=meta.department,
        roles=_roles(standing, meta.on_behalf_of or meta.actor, fact.recorded_at),
        reason=reason_of(fact.event, meta),
        legal_basis=basis_of(fact.event, meta),
        policy_version=policy_of(fact.event),
        proof=f"{place}?position={fact.position}",
    )


def _roles(standing: Standing, subject: str, at: datetime) -> Sequence[str]:
    return sorted({grant.role.value for grant in standing.grants_of(subject, at)})
