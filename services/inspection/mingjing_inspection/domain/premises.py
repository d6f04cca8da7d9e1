"""Premises (被检查对象): what this service must know about an institution to send somebody there.

One rule: every fact here was decided by the registry and is only noted; nothing is edited here. Reactions load this
stream, not a lagging table, so that two facts that arrive in order are also seen in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.site_place import (
    Placed,
    PlaceSite,
    ResolveSites,
    SiteGrid,
    SitePlaced,
    SitesResolved,
    Source,
    place_possible,
)
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people may call the institution, and its own numbers."""

    full_name: str
    short_name: str = ""
    former_names: tuple[str, ...] = ()
    uscc: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An approved teaching site (教学点). ``grid`` has 15 digits, or is empty where no grid is known."""

    site_id: UUID
    address: str
    division: str
    grid: str = ""

    @property
    def region(self) -> str:
        """The narrowest known region: the grid, else the division."""
        return self.grid or self.division


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInstitution:
    """The registry says who this is and which department is competent."""

    names: Names
    region: str
    department: str
    category: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSite:
    """The registry says that this site was approved."""

    site: Site
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteName:
    """Another register spells the name otherwise."""

    name: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSiteClosed:
    """Teaching at a site ended."""

    site_id: UUID
    reason: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAlert:
    """The funds service raised an alert about this institution, or a standing one became more severe."""

    alert_id: UUID
    institution_id: UUID
    rule: str
    severity: str
    summary: str
    raised_at: datetime
    region: str
    department: str


Command: TypeAlias = NoteInstitution | NoteName | NoteSite | NoteSiteClosed | NoteAlert | PlaceSite | ResolveSites


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionNoted:
    """Who the institution is, as the registry said last."""

    names: Names
    region: str
    department: str
    category: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NameNoted:
    """People may also call it so."""

    name: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClosureNoted:
    """Nobody is sent to this site any more."""

    site_id: UUID
    reason: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNoted:
    """A site is approved, or its address or grid changed."""

    site: Site
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNoted:
    """An alert was raised elsewhere; it stands here so that whoever visits sees it beside what was seen before."""

    alert_id: UUID
    institution_id: UUID
    rule: str
    severity: str
    summary: str
    raised_at: datetime
    region: str
    department: str
    category: str


Event: TypeAlias = InstitutionNoted | NameNoted | SiteNoted | SiteClosureNoted | AlertNoted | SitePlaced | SitesResolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """All that is known; ``names`` is None as long as the registry said nothing. ``sites`` in order of approval.

    Each site is in the grid where its position lies; ``stated`` is the grid that the registry said.
    """

    names: Names | None = None
    region: str = ""
    department: str = ""
    category: str = ""
    sites: tuple[Site, ...] = ()
    other_names: frozenset[str] = frozenset()
    alerts: frozenset[tuple[UUID, str]] = frozenset()
    places: Mapping[UUID, Placed] = field(default_factory=dict)
    stated: Mapping[UUID, str] = field(default_factory=dict)

    def site(self, site_id: UUID) -> Site | None:
        """The approved site with this id."""
        return next((site for site in self.sites if site.site_id == site_id), None)


class SiteNotApproved(NotFound):
    """The registry never approved such a site of this institution, or we have not heard of it yet."""

    sentence = "This site is not known as a site of the institution."
    remedy = "Check the institution; report an unknown place as a lead instead."
    field = "site_id"


class InstitutionNotNoted(NotFound):
    """The registry never named such an institution, or we have not heard of it yet."""

    sentence = "This institution is not known."
    remedy = "Check the id; an institution that was registered just now appears within seconds."
    field = "institution_id"


def decide(command: Command, premises: Premises) -> list[Event]:
    """The facts that follow; what is known already is not noted twice."""
    match command:
        case NoteInstitution():
            return _note_institution(command, premises)
        case NoteSite():
            if _as_stated(premises, command.site.site_id) == command.site:
                return []
            return [SiteNoted(site=command.site, noted_at=command.noted_at)]
        case NoteName():
            if command.name in premises.other_names:
                return []
            return [NameNoted(name=command.name, noted_at=command.noted_at)]
        case NoteSiteClosed():
            if premises.site(command.site_id) is None:
                return []
            return [SiteClosureNoted(site_id=command.site_id, reason=command.reason, noted_at=command.noted_at)]
        case NoteAlert():
            return _note_alert(command, premises)
        case PlaceSite() | ResolveSites():
            return _place(command, premises) if isinstance(command, PlaceSite) else _resolve(command, premises)
        case _:
            assert_never(command)


def evolve(premises: Premises, event: Event) -> Premises:
    """What is known after a fact."""
    match event:
        case InstitutionNoted():
            return replace(
                premises,
                names=event.names,
                region=event.region,
                department=event.department,
                category=event.category,
            )
        case SiteNoted():
            return _noted(premises, event.site)
        case NameNoted():
            return replace(premises, other_names=premises.other_names | {event.name})
        case SiteClosureNoted():
            left = tuple(site for site in premises.sites if site.site_id != event.site_id)
            return replace(premises, sites=left, places=_without(premises.places, event.site_id))
        case AlertNoted():
            return replace(premises, alerts=premises.alerts | {(event.alert_id, event.severity)})
        case SitePlaced():
            placed = Placed(longitude_e7=event.longitude_e7, latitude_e7=event.latitude_e7, grid=event.grid)
            return _regridded(premises, {event.site_id: placed})
        case SitesResolved():
            now = {one.site_id: replace(premises.places[one.site_id], grid=one.grid) for one in event.sites}
            return _regridded(premises, now)
        case _:
            assert_never(event)


PREMISES: Decider[Command, Premises, Event] = Decider(initial=Premises(), decide=decide, evolve=evolve)


def _note_institution(command: NoteInstitution, premises: Premises) -> list[Event]:
    known = (premises.names, premises.region, premises.department, premises.category)
    if known == (command.names, command.region, command.department, command.category):
        return []
    return [
        InstitutionNoted(
            names=command.names,
            region=command.region,
            department=command.department,
            category=command.category,
            noted_at=command.noted_at,
        )
    ]


def _note_alert(command: NoteAlert, premises: Premises) -> list[Event]:
    if (command.alert_id, command.severity) in premises.alerts:
        return []
    return [
        AlertNoted(
            alert_id=command.alert_id,
            institution_id=command.institution_id,
            rule=command.rule,
            severity=command.severity,
            summary=command.summary,
            raised_at=command.raised_at,
            region=premises.region or command.region,
            department=premises.department or command.department,
            category=premises.category,
        )
    ]


def _place(command: PlaceSite, premises: Premises) -> list[Event]:
    if premises.site(command.site_id) is None:
        raise SiteNotApproved
    place_possible(command.longitude_e7, command.latitude_e7)
    known = premises.places.get(command.site_id)
    where = Placed(longitude_e7=command.longitude_e7, latitude_e7=command.latitude_e7, grid=command.grid)
    # A later visit overrules nothing, also where two come at once.
    if known == where or (known is not None and command.source is Source.VISIT):
        return []
    return [fact(SitePlaced, command)]


def _resolve(command: ResolveSites, premises: Premises) -> list[Event]:
    moved = []
    for looked in command.sites:
        known = premises.places.get(looked.site_id)
        where = (looked.longitude_e7, looked.latitude_e7)
        if known is not None and (known.longitude_e7, known.latitude_e7) == where and known.grid != looked.grid:
            moved.append(SiteGrid(site_id=looked.site_id, grid=looked.grid))
    return [fact(SitesResolved, command, sites=tuple(moved))] if moved else []


def _as_stated(premises: Premises, site_id: UUID) -> Site | None:
    site = premises.site(site_id)
    return site and replace(site, grid=premises.stated.get(site_id, site.grid))


def _noted(premises: Premises, site: Site) -> Premises:
    """A site that moved to another address has to be placed anew; one that did not stays where it was found."""
    before = premises.site(site.site_id)
    stays = before is not None and before.address == site.address
    places = premises.places if stays else _without(premises.places, site.site_id)
    placed = places.get(site.site_id)
    here = replace(site, grid=placed.grid) if placed is not None and placed.grid else site
    stated = {**premises.stated, site.site_id: site.grid}
    return replace(premises, sites=_with(premises.sites, here), places=places, stated=stated)


def _regridded(premises: Premises, now: Mapping[UUID, Placed]) -> Premises:
    sites = tuple(
        replace(site, grid=now[site.site_id].grid or premises.stated.get(site.site_id, ""))
        if site.site_id in now
        else site
        for site in premises.sites
    )
    return replace(premises, sites=sites, places={**premises.places, **now})


def _without(places: Mapping[UUID, Placed], site_id: UUID) -> Mapping[UUID, Placed]:
    return {id: placed for id, placed in places.items() if id != site_id} if site_id in places else places


def _with(sites: tuple[Site, ...], site: Site) -> tuple[Site, ...]:
    if any(known.site_id == site.site_id for known in sites):
        return tuple(site if known.site_id == site.site_id else known for known in sites)
    return (*sites, site)
