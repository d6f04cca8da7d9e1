"""Teaching site 教学点: a physical address that is approved on its own (R5, S1:189).

One rule: a site knows its institution and its place (9-digit town, 15-digit grid) when it is proposed or recorded;
nobody teaches there before it is approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.licensing import SIGNATURES_MIN
from mingjing_registry.domain.refusals import (
    AddressMissing,
    ReasonMissing,
    SignaturesMissing,
    SiteCheckMissing,
    SiteNotInThatState,
    SiteSignatureMissing,
    SiteUnknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a site is. Empty codes mean that the address did not say."""

    address: str
    town_code: str
    """9 digits: 6 division (GB/T 2260) and 3 town."""
    grid_code: str
    """15 digits: town, 3 community, 3 sequence (GB/T 34300)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSite:
    """Take over a site that a register lists as approved."""

    institution_id: UUID
    place: Place
    area_m2: int | None
    register: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSite:
    """The institution wants to teach at one more address."""

    institution_id: UUID
    place: Place
    area_m2: int | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignSite:
    """The first officer 经办人 signs; premises and fire safety were checked (L16)."""

    officer: str
    site_check_reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSite:
    """The second signature, by another officer, on what the first one signed."""

    officer: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSite:
    """Teaching there ends."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProposed:
    """A site was proposed."""

    institution_id: UUID
    place: Place
    area_m2: int | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSigned:
    """The first officer signed."""

    officer: str
    site_check_reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteApproved:
    """A site was approved, here or (``register`` not empty) earlier by the department that keeps the register."""

    institution_id: UUID
    place: Place
    area_m2: int | None
    signed_by: tuple[str, ...]
    site_check_reference: str
    register: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClosed:
    """Teaching there ended."""

    institution_id: UUID
    reason: str
    on: date


Command: TypeAlias = RecordSite | ProposeSite | SignSite | ApproveSite | CloseSite
Event: TypeAlias = SiteProposed | SiteSigned | SiteApproved | SiteClosed


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has spoken of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Waiting for approval."""

    institution_id: UUID
    place: Place
    area_m2: int | None
    signature: SiteSigned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Teaching is allowed there."""

    institution_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """No longer used."""

    institution_id: UUID


Site: TypeAlias = Unknown | Proposed | Approved | Closed


def decide(command: Command, site: Site) -> list[Event]:
    """The facts that follow."""
    match command:
        case RecordSite():
            return _record(command, site)
        case ProposeSite():
            return _propose(command, site)
        case SignSite():
            return _sign(command, site)
        case ApproveSite():
            return _approve(command, site)
        case CloseSite():
            return _close(command, site)
        case _:
            assert_never(command)


def evolve(site: Site, event: Event) -> Site:
    """The site after one fact."""
    match event:
        case SiteProposed(institution_id=institution_id, place=place, area_m2=area_m2):
            return Proposed(institution_id=institution_id, place=place, area_m2=area_m2)
        case SiteSigned():
            assert isinstance(site, Proposed)
            return replace(site, signature=event)
        case SiteApproved(institution_id=institution_id):
            return Approved(institution_id=institution_id)
        case SiteClosed(institution_id=institution_id):
            return Closed(institution_id=institution_id)
        case _:
            assert_never(event)


SITE: Decider[Command, Site, Event] = Decider(initial=Unknown(), decide=decide, evolve=evolve)


def name_of(site: Site) -> str:
    """The state's name in answers and read models."""
    return type(site).__name__.lower()


def hindrance(step: type[Command], site: Site) -> Refusal | None:
    """Why the site as it stands does not take a step, whatever it says; ``None`` where it may."""
    needed = _NEEDED.get(step)
    if step is ApproveSite and isinstance(site, Proposed) and site.signature is None:
        return SiteSignatureMissing()
    if needed is None or isinstance(site, needed):
        return None
    if isinstance(site, Unknown):
        return SiteUnknown()
    return SiteNotInThatState(state=name_of(site), needed=" or ".join(kind.__name__.lower() for kind in needed))


_NEEDED: Mapping[type[Command], tuple[type[Site], ...]] = {
    SignSite: (Proposed,),
    ApproveSite: (Proposed,),
    CloseSite: (Proposed, Approved),
}


def _unhindered(step: type[Command], site: Site) -> None:
    if (why := hindrance(step, site)) is not None:
        raise why


def _record(command: RecordSite, site: Site) -> list[Event]:
    # A list that still names a closed site does not open it again: that takes a proposal.
    if isinstance(site, Approved | Closed):
        return []
    _addressed(command.place)
    return [
        SiteApproved(
            institution_id=command.institution_id,
            place=command.place,
            area_m2=command.area_m2,
            signed_by=(),
            site_check_reference="",
            register=command.register,
            on=command.on,
        )
    ]


def _propose(command: ProposeSite, site: Site) -> list[Event]:
    if isinstance(site, Proposed):
        return []
    if isinstance(site, Approved):
        raise SiteNotInThatState(state=name_of(site), needed="unknown or closed")
    _addressed(command.place)
    return [
        SiteProposed(institution_id=command.institution_id, place=command.place, area_m2=command.area_m2, on=command.on)
    ]


def _sign(command: SignSite, site: Site) -> list[Event]:
    _unhindered(SignSite, site)
    assert isinstance(site, Proposed)
    signed = SiteSigned(officer=command.officer, site_check_reference=command.site_check_reference, on=command.on)
    if site.signature is not None and replace(site.signature, on=command.on) == signed:
        return []
    if not command.site_check_reference:
        raise SiteCheckMissing
    return [signed]


def _approve(command: ApproveSite, site: Site) -> list[Event]:
    if isinstance(site, Approved):
        return []
    _unhindered(ApproveSite, site)
    assert isinstance(site, Proposed)
    first = site.signature
    assert first is not None, "the hindrance asks for it"
    count = len({first.officer, command.officer} - {""})
    if count < SIGNATURES_MIN:
        raise SignaturesMissing(count=count)
    return [
        SiteApproved(
            institution_id=site.institution_id,
            place=site.place,
            area_m2=site.area_m2,
            signed_by=(first.officer, command.officer),
            site_check_reference=first.site_check_reference,
            register="",
            on=command.on,
        )
    ]


def _close(command: CloseSite, site: Site) -> list[Event]:
    if isinstance(site, Closed):
        return []
    _unhindered(CloseSite, site)
    assert isinstance(site, Proposed | Approved)
    if not command.reason.strip():
        raise ReasonMissing
    return [SiteClosed(institution_id=site.institution_id, reason=command.reason, on=command.on)]


def _addressed(place: Place) -> None:
    if not place.address:
        raise AddressMissing
