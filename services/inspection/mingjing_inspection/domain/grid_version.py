"""Grid version (网格版本): a county's grids as somebody drew them, drafted, proposed, and in force from a day.

One rule: whoever proposes a version does not put it in force; a version in force is never edited, a later one comes
after it, and it stays for whoever asks in which grid a place lay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, TypeVar, assert_never

from mingjing_inspection.domain.grid_code import is_grid
from mingjing_inspection.domain.grid_version_facts import (
    AREAS_A_FACT,
    ApproveGrids,
    Area,
    AreasDrawn,
    Aside,
    Command,
    DraftGrids,
    DropFeature,
    Event,
    FeatureDropped,
    FeaturesKeptAside,
    GridsApproved,
    GridsDrafted,
    GridsProposed,
    GridsRedrawn,
    GridsReturned,
    GridsWithdrawn,
    ProposeGrids,
    RecordRedraw,
    ReturnGrids,
    WithdrawGrids,
)
from mingjing_inspection.domain.grid_version_refusals import (
    AnotherCounty,
    DraftTooLarge,
    EffectiveInPast,
    FeatureNotInDraft,
    FeaturesAside,
    GridsInForce,
    NoGridsDrawn,
    ReturnUnreasoned,
    VersionAlreadyApproved,
    VersionHasProblems,
    VersionNotApproved,
    VersionNotDrafted,
    VersionNotProposed,
    VersionProposed,
    VersionWithdrawn,
)
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Refusal

Item = TypeVar("Item")
AREAS_MAX = 10_000
"""Of one version: a county has some hundreds, a large one some thousands."""


@dataclass(frozen=True, slots=True)
class Undrafted:
    """There is no such version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Being drawn; ``aside`` by key, what could not be taken."""

    county: str
    areas: Mapping[str, Area]
    aside: Mapping[str, Aside] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Waits for a second person."""

    county: str
    areas: Mapping[str, Area]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """In force from a day; ``is_redrawn`` when sites and tasks were looked at anew for it."""

    county: str
    areas: Mapping[str, Area]
    effective_on: date
    is_redrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Given up before it came into force."""

    county: str
    areas: Mapping[str, Area]


Known: TypeAlias = Draft | Proposed | Approved | Withdrawn
Version: TypeAlias = Undrafted | Known


def decide(command: Command, version: Version) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case DraftGrids():
            return _draft(command, version)
        case DropFeature():
            return _drop(command, version)
        case ProposeGrids():
            return _propose(command, version)
        case ReturnGrids():
            return _return(command, version)
        case ApproveGrids():
            return _approve(command, version)
        case WithdrawGrids():
            return _withdraw(command, version)
        case RecordRedraw():
            return _record(command, version)
        case _:
            assert_never(command)


def evolve(version: Version, event: Event) -> Version:
    """The version as it stands after a fact."""
    match event:
        case GridsDrafted():
            return version if isinstance(version, Draft) else Draft(county=event.county, areas={})
        case AreasDrawn() | FeaturesKeptAside() | FeatureDropped():
            return _drawn(version, event)
        case GridsProposed():
            known = _known(version)
            return Proposed(county=known.county, areas=known.areas)
        case GridsReturned():
            known = _known(version)
            return Draft(county=known.county, areas=known.areas)
        case GridsApproved():
            known = _known(version)
            return Approved(county=known.county, areas=known.areas, effective_on=event.effective_on)
        case GridsWithdrawn():
            known = _known(version)
            return Withdrawn(county=known.county, areas=known.areas)
        case GridsRedrawn():
            assert isinstance(version, Approved)
            return replace(version, is_redrawn=True)
        case _:
            assert_never(event)


GRID_VERSION: Decider[Command, Version, Event] = Decider(initial=Undrafted(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], version: Version) -> Refusal | None:
    """Why the version as it stands does not take a step, whatever it says; ``None`` where it may."""
    if isinstance(version, Undrafted):
        return None if step is DraftGrids else VersionNotDrafted()
    why = _HINDRANCES.get(step, {}).get(type(version))
    return why() if why else None


_NOT_A_DRAFT: Mapping[type[Version], type[Refusal]] = {
    Proposed: VersionProposed,
    Approved: VersionAlreadyApproved,
    Withdrawn: VersionWithdrawn,
}
_NOT_PROPOSED: Mapping[type[Version], type[Refusal]] = {
    Draft: VersionNotProposed,
    Approved: VersionAlreadyApproved,
    Withdrawn: VersionWithdrawn,
}
_HINDRANCES: Mapping[type[Command], Mapping[type[Version], type[Refusal]]] = {
    DraftGrids: _NOT_A_DRAFT,
    DropFeature: _NOT_A_DRAFT,
    ProposeGrids: _NOT_A_DRAFT,
    ReturnGrids: _NOT_PROPOSED,
    ApproveGrids: _NOT_PROPOSED,
    WithdrawGrids: {Withdrawn: VersionWithdrawn},
    RecordRedraw: {Draft: VersionNotApproved, Proposed: VersionNotApproved, Withdrawn: VersionNotApproved},
}


def _draft(command: DraftGrids, version: Version) -> list[Event]:
    _unhindered(DraftGrids, version)
    if isinstance(version, Draft) and version.county != command.county:
        raise AnotherCounty(county=version.county)
    areas: list[Event] = [AreasDrawn(areas=part) for part in _parts(command.areas)]
    aside: list[Event] = [FeaturesKeptAside(aside=part) for part in _parts(command.aside)]
    before = version if isinstance(version, Draft) else Draft(county=command.county, areas={})
    after = GRID_VERSION.fold((*areas, *aside), before)
    assert isinstance(after, Draft)
    if len(after.areas) > AREAS_MAX or len(after.aside) > AREAS_MAX:
        raise DraftTooLarge(maximum=AREAS_MAX)
    drafted = fact(GridsDrafted, command, grids=_grids(after), kept_aside=len(after.aside))
    return [drafted, *areas, *aside]


def _drop(command: DropFeature, version: Version) -> list[Event]:
    _unhindered(DropFeature, version)
    assert isinstance(version, Draft)
    if command.key not in version.areas and command.key not in version.aside:
        raise FeatureNotInDraft(key=command.key)
    after = _without(version, command.key)
    return [fact(FeatureDropped, command, grids=_grids(after), kept_aside=len(after.aside))]


def _propose(command: ProposeGrids, version: Version) -> list[Event]:
    _unhindered(ProposeGrids, version)
    assert isinstance(version, Draft)
    if not _grids(version):
        raise NoGridsDrawn
    if version.aside:
        raise FeaturesAside(count=len(version.aside))
    if command.problems:
        raise VersionHasProblems(count=command.problems)
    return [fact(GridsProposed, command, grids=_grids(version))]


def _return(command: ReturnGrids, version: Version) -> list[Event]:
    _unhindered(ReturnGrids, version)
    if not command.reason.strip():
        raise ReturnUnreasoned
    return [fact(GridsReturned, command)]


def _approve(command: ApproveGrids, version: Version) -> list[Event]:
    if isinstance(version, Approved) and version.effective_on == command.effective_on:
        return []
    _unhindered(ApproveGrids, version)
    if command.effective_on < command.today:
        raise EffectiveInPast(effective_on=command.effective_on.isoformat())
    return [fact(GridsApproved, command)]


def _withdraw(command: WithdrawGrids, version: Version) -> list[Event]:
    _unhindered(WithdrawGrids, version)
    if isinstance(version, Approved) and version.effective_on <= command.today:
        raise GridsInForce(effective_on=version.effective_on.isoformat())
    if not command.reason.strip():
        raise ReturnUnreasoned
    return [fact(GridsWithdrawn, command)]


def _record(command: RecordRedraw, version: Version) -> list[Event]:
    _unhindered(RecordRedraw, version)
    assert isinstance(version, Approved)
    return [] if version.is_redrawn else [fact(GridsRedrawn, command)]


def _unhindered(step: type[Command], version: Version) -> None:
    if (why := hindrance(step, version)) is not None:
        raise why


def _known(version: Version) -> Known:
    assert not isinstance(version, Undrafted)
    return version


def _parts(items: tuple[Item, ...]) -> list[tuple[Item, ...]]:
    return [items[at : at + AREAS_A_FACT] for at in range(0, len(items), AREAS_A_FACT)]


def _grids(version: Draft) -> int:
    return sum(map(is_grid, version.areas))


def _drawn(version: Version, event: AreasDrawn | FeaturesKeptAside | FeatureDropped) -> Draft:
    assert isinstance(version, Draft)
    match event:
        case AreasDrawn():
            drawn = {area.code: area for area in event.areas}
            aside = {key: one for key, one in version.aside.items() if key not in drawn}
            return replace(version, areas={**version.areas, **drawn}, aside=aside)
        case FeaturesKeptAside():
            return replace(version, aside={**version.aside, **{one.key: one for one in event.aside}})
        case FeatureDropped():
            return _without(version, event.key)
        case _:
            assert_never(event)


def _without(version: Draft, key: str) -> Draft:
    """What waits under the key is dropped first; a grid only where nothing waits."""
    if key in version.aside:
        return replace(version, aside={one: what for one, what in version.aside.items() if one != key})
    return replace(version, areas={code: area for code, area in version.areas.items() if code != key})
