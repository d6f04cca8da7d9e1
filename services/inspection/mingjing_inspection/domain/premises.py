"""Premises (被检查对象): what this service must know about an institution to send somebody there.

One rule: every fact here was decided by the registry and is only noted; nothing is edited here. Reactions load this
stream, not a lagging table, so that two facts that arrive in order are also seen in order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
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


Command: TypeAlias = NoteInstitution | NoteName | NoteSite | NoteSiteClosed | NoteAlert


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


Event: TypeAlias = InstitutionNoted | NameNoted | SiteNoted | SiteClosureNoted | AlertNoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """All that is known; ``names`` is None as long as the registry said nothing. ``sites`` in order of approval."""

    names: Names | None = None
    region: str = ""
    department: str = ""
    category: str = ""
    sites: tuple[Site, ...] = ()
    other_names: frozenset[str] = frozenset()
    alerts: frozenset[tuple[UUID, str]] = frozenset()

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
            if premises.site(command.site.site_id) == command.site:
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
            return replace(premises, sites=_with(premises.sites, event.site))
        case NameNoted():
            return replace(premises, other_names=premises.other_names | {event.name})
        case SiteClosureNoted():
            left = tuple(site for site in premises.sites if site.site_id != event.site_id)
            return replace(premises, sites=left)
        case AlertNoted():
            return replace(premises, alerts=premises.alerts | {(event.alert_id, event.severity)})
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


def _with(sites: tuple[Site, ...], site: Site) -> tuple[Site, ...]:
    if any(known.site_id == site.site_id for known in sites):
        return tuple(site if known.site_id == site.site_id else known for known in sites)
    return (*sites, site)
