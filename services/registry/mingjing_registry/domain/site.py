"""Teaching site 教学点: a physical address that is approved on its own (R5, S1:189).

One rule: a site knows its institution and its place (9-digit town, 15-digit grid) when it is proposed or recorded;
nobody teaches there before it is approved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain import licensing, site_area
from mingjing_registry.domain.application import Waiver
from mingjing_registry.domain.check import Numbers
from mingjing_registry.domain.licence import Licence, Licensed, Rectifying
from mingjing_registry.domain.licence_refusals import SiteFiguresIncomplete, SiteOfOnlineLicence
from mingjing_registry.domain.licensing import SIGNATURES_MIN
from mingjing_registry.domain.profile import Mode
from mingjing_registry.domain.refusals import (
    AddressMissing,
    LicenceNotInThatState,
    ReasonMissing,
    SignaturesMissing,
    SiteCheckMissing,
    SiteNotInThatState,
    SiteSignatureMissing,
    SiteUnknown,
)
from mingjing_registry.domain.site_area import (
    SiteAreaChecked,
    SiteAreaWaived,
    SiteMeasured,
    WaiveSiteArea,
    checked,
    waived,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a site is. Empty codes mean that the address did not say."""

    address: str
    town_code: str
    """9 digits: 6 division (GB/T 2260) and 3 town."""
    grid_code: str
    """15 digits: town, 3 community, 3 sequence (GB/T 34300). Provisional unless somebody stated it
    (``Division.grid_code``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSite:
    """Take over a site that a register lists as approved; or one that a licence was just granted for (R5)."""

    institution_id: UUID
    place: Place
    area_m2: int | None
    register: str
    signed_by: tuple[str, ...] = ()
    """Both officers of the grant, with the check of its premises that they signed on; a register has neither."""
    site_check_reference: str = ""
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
    area_m2: int | None = None
    """As it was measured there; ``None``: nobody did."""
    students_max: int | None = None
    """Of one session."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSite:
    """The second signature, by another officer, on what the first one signed, where the floor area suffices (R6)."""

    officer: str
    numbers: Numbers = field(default_factory=Numbers)
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


Command: TypeAlias = RecordSite | ProposeSite | SignSite | WaiveSiteArea | ApproveSite | CloseSite
Event: TypeAlias = SiteProposed | SiteSigned | SiteApproved | SiteClosed | site_area.Fact


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
    measured: SiteMeasured | None = None
    waiver: Waiver | None = None


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
        case WaiveSiteArea():
            return _waive(command, site)
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
            return _signed(site, event)
        case SiteMeasured():
            assert isinstance(site, Proposed)
            return replace(site, measured=event, waiver=site.waiver if event.has_figures_of(site.measured) else None)
        case SiteAreaWaived(waiver=waiver):
            assert isinstance(site, Proposed)
            return replace(site, waiver=waiver)
        case SiteAreaChecked():
            return site
        case SiteApproved(institution_id=institution_id):
            return Approved(institution_id=institution_id)
        case SiteClosed(institution_id=institution_id):
            return Closed(institution_id=institution_id)
        case _:
            assert_never(event)


def _signed(site: Proposed, event: SiteSigned) -> Proposed:
    """What another check measured is not what this signature rests on, and whoever waived the rule had seen that."""
    if site.measured is None or site.measured.site_check_reference == event.site_check_reference:
        return replace(site, signature=event)
    return replace(site, signature=event, measured=None, waiver=None)


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


def unlicensed(step: type[Command], licence: Licence) -> Refusal | None:
    """Why its institution's licence does not take a step on a site: what is not in force allows no further address."""
    if step is not ApproveSite or isinstance(licence, Licensed | Rectifying):
        return None
    return LicenceNotInThatState(state=licensing.name_of(licence), needed="licensed or rectifying")


def online_only(step: type[Command], modes: Collection[Mode]) -> Refusal | None:
    """Why an institution that teaches only online takes no step towards an address: that is another licence (R4)."""
    if step not in {ProposeSite, SignSite, ApproveSite} or not modes or Mode.OFFLINE in modes:
        return None
    return SiteOfOnlineLicence()


_NEEDED: Mapping[type[Command], tuple[type[Site], ...]] = {
    SignSite: (Proposed,),
    WaiveSiteArea: (Proposed,),
    ApproveSite: (Proposed,),
    CloseSite: (Proposed, Approved),
}


def _unhindered(step: type[Command], site: Site) -> None:
    if (why := hindrance(step, site)) is not None:
        raise why


def _record(command: RecordSite, site: Site) -> list[Event]:
    # A list that still names a closed site does not open it again: that takes a proposal, or a grant's two signatures.
    if isinstance(site, Approved) or (isinstance(site, Closed) and len(set(command.signed_by)) < SIGNATURES_MIN):
        return []
    _addressed(command.place)
    return [
        SiteApproved(
            institution_id=command.institution_id,
            place=command.place,
            area_m2=command.area_m2,
            signed_by=command.signed_by,
            site_check_reference=command.site_check_reference,
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
    if (command.area_m2 is None) != (command.students_max is None):
        raise SiteFiguresIncomplete
    measured = _measured(command)
    is_signed = site.signature is not None and replace(site.signature, on=command.on) == signed
    is_measured = measured is None or (site.measured is not None and replace(site.measured, on=command.on) == measured)
    if is_signed and is_measured:
        return []
    if not command.site_check_reference:
        raise SiteCheckMissing
    return [signed] if measured is None else [measured, signed]


def _measured(command: SignSite) -> SiteMeasured | None:
    if command.area_m2 is None or command.students_max is None:
        return None
    return SiteMeasured(
        area_m2=command.area_m2,
        students_max=command.students_max,
        site_check_reference=command.site_check_reference,
        on=command.on,
    )


def _waive(command: WaiveSiteArea, site: Site) -> list[Event]:
    _unhindered(WaiveSiteArea, site)
    assert isinstance(site, Proposed)
    return [*waived(command, site.waiver)]


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
    area = checked(
        site.measured,
        site.waiver,
        command.numbers,
        address=site.place.address,
        on=command.on,
    )
    return [
        area,
        SiteApproved(
            institution_id=site.institution_id,
            place=site.place,
            area_m2=site.measured.area_m2 if site.measured else site.area_m2,
            signed_by=(first.officer, command.officer),
            site_check_reference=first.site_check_reference,
            register="",
            on=command.on,
        ),
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
