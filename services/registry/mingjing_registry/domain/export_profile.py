"""Export profiles 导出对照: which columns a platform wants, under which headings, in which words and forms.

One rule: a profile is data. It is proposed by one person and approved by another, counts from a day, and is never
changed: another version replaces it, and a file says by which version it was made.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.export_refusals import (
    ProfileBasisMissing,
    ProfileColumnsWrong,
    ProfileFieldUnknown,
    ProfileFormWrong,
    ProfilesFull,
    ProfileVersionApproved,
    ProfileVersionUnknown,
    ProfileVersionWithdrawn,
)

COLUMNS_MAX: Final = 100
VERSIONS_MAX: Final = 1_000
"""Of all profiles together."""

Form: TypeAlias = Literal["text", "integer", "date", "yuan"]
FIELDS: Mapping[str, Form] = MappingProxyType({
    "name": "text", "former_names": "text", "uscc": "text", "nature": "text", "kind": "text", "category": "text",
    "categories": "text", "items": "text", "mode": "text", "stages": "text", "department": "text", "region": "text",
    "county": "text", "organizer": "text", "legal_representative": "text", "phone": "text", "addresses": "text",
    "licence_state": "text", "licence_number": "text", "issued_on": "date", "expires_on": "date", "begun_on": "date",
    "ended_on": "date", "ended_how": "text", "operation_state": "text", "annual_check": "text", "is_white": "text",
    "sites": "integer", "floor_area_m2": "integer", "staff_stated": "integer", "staff_recorded": "integer",
    "teachers_recorded": "integer", "students_stated": "integer", "pupils": "integer",
    "pupils_surveyed": "integer", "contracts_open": "integer",
    "custody_bank": "text", "balance_fen": "yuan", "unconsumed_fen": "yuan", "prepaid_on": "date",
})  # fmt: skip
"""What a column may show of an institution, and what it is."""
FORMS: Mapping[Form, frozenset[str]] = MappingProxyType({
    "text": frozenset({""}),
    "integer": frozenset({""}),
    "date": frozenset({"", "YYYY/MM/DD", "YYYYMMDD", "YYYY年MM月DD日"}),
    "yuan": frozenset({"", "fen"}),
})  # fmt: skip
"""How a field may be written beside its plain form: a day as one of the spreadsheet, an amount in yuan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Our word for a value, and the platform's."""

    ours: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileColumn:
    """One column: a field in the platform's words and form, or a constant where there is no field."""

    heading: str
    field: str = ""
    terms: tuple[Term, ...] = ()
    form: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How the ledger is handed to one receiver."""

    name: str
    """Names it for ever: ``national-platform``."""
    title: str
    """Above the printed table."""
    columns: tuple[ProfileColumn, ...]
    basis: str
    """Whose template it follows, and which rule asks for it."""
    only_there: bool = True
    """Only institutions that are there, or also those that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeProfile:
    """Propose a version of a profile."""

    version_id: UUID
    profile: Profile
    effective_on: date
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveProfile:
    """Approve a proposed version; not by its proposer (``APPROVE_PROFILE``)."""

    version_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProfile:
    """Take a proposal back before anybody approved it."""

    version_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileProposed:
    """Somebody proposed it; it does not count yet. ``number`` counts the versions of one profile."""

    version_id: UUID
    number: int
    profile: Profile
    effective_on: date
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileApproved:
    """It counts from its day on."""

    version_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileWithdrawn:
    """It was taken back and will never count."""

    version_id: UUID
    reason: str
    on: date


Command: TypeAlias = ProposeProfile | ApproveProfile | WithdrawProfile
Event: TypeAlias = ProfileProposed | ProfileApproved | ProfileWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Everything that was proposed, and what of it was approved, in that order, or taken back."""

    proposed: Mapping[UUID, ProfileProposed] = field(default_factory=dict)
    approved: tuple[UUID, ...] = ()
    withdrawn: frozenset[UUID] = frozenset()

    def of(self, name: str) -> tuple[ProfileProposed, ...]:
        """Every version of one profile, oldest first."""
        return tuple(one for one in self.proposed.values() if one.profile.name == name)

    def on(self, name: str, day: date) -> ProfileProposed | None:
        """The version in force on a day: the latest that began by then, the later approval of two."""
        known = [self.proposed[id] for id in self.approved]
        there = [one for one in known if one.profile.name == name and one.effective_on <= day]
        return sorted(there, key=lambda one: one.effective_on)[-1] if there else None


def hindrance(step: type, profiles: Profiles, version_id: UUID) -> Refusal | None:
    """Why a version as it stands does not take a step; ``None`` where it may."""
    if step is ProposeProfile:
        return None
    if version_id not in profiles.proposed:
        return ProfileVersionUnknown()
    if version_id in profiles.withdrawn:
        return ProfileVersionWithdrawn()
    return ProfileVersionApproved() if version_id in profiles.approved else None


def decide(command: Command, profiles: Profiles) -> list[Event]:
    """The facts that follow."""
    match command:
        case ProposeProfile():
            return [*_propose(command, profiles)]
        case ApproveProfile(version_id=id, on=on):
            return (
                []
                if id in profiles.approved
                else _settled(ApproveProfile, profiles, ProfileApproved(version_id=id, on=on))
            )
        case WithdrawProfile(version_id=id, reason=reason, on=on):
            if id in profiles.withdrawn:
                return []
            return _settled(WithdrawProfile, profiles, ProfileWithdrawn(version_id=id, reason=reason, on=on))
        case _:
            assert_never(command)


def evolve(profiles: Profiles, event: Event) -> Profiles:
    """The profiles after one fact."""
    proposed, approved, withdrawn = profiles.proposed, profiles.approved, profiles.withdrawn
    match event:
        case ProfileProposed(version_id=id):
            return Profiles(proposed={**proposed, id: event}, approved=approved, withdrawn=withdrawn)
        case ProfileApproved(version_id=id):
            return Profiles(proposed=proposed, approved=(*approved, id), withdrawn=withdrawn)
        case ProfileWithdrawn(version_id=id):
            return Profiles(proposed=proposed, approved=approved, withdrawn=withdrawn | {id})
        case _:
            assert_never(event)


EXPORT_PROFILES: Decider[Command, Profiles, Event] = Decider(initial=Profiles(), decide=decide, evolve=evolve)


def version_of(fact: Event) -> Hashable:
    """Which version a fact is about."""
    return fact.version_id


def check(profile: Profile) -> None:
    """Raise what is wrong with a profile; also asked of those that ship."""
    if not (profile.title.strip() and profile.basis.strip()):
        raise ProfileBasisMissing
    headings = {column.heading.strip() for column in profile.columns}
    if not 1 <= len(profile.columns) <= COLUMNS_MAX or len(headings) < len(profile.columns) or "" in headings:
        raise ProfileColumnsWrong(limit=COLUMNS_MAX)
    for column in profile.columns:
        _check_column(column)


def _check_column(column: ProfileColumn) -> None:
    if not column.field and column.constant:
        return
    kind = FIELDS.get(column.field)
    if kind is None:
        raise ProfileFieldUnknown(heading=column.heading, name=column.field, known=", ".join(sorted(FIELDS)))
    if column.form not in FORMS[kind]:
        raise ProfileFormWrong(heading=column.heading, form=column.form, known=", ".join(sorted(FORMS[kind] - {""})))


def _propose(command: ProposeProfile, profiles: Profiles) -> list[ProfileProposed]:
    if command.version_id in profiles.proposed:
        return []
    if len(profiles.proposed) >= VERSIONS_MAX:
        raise ProfilesFull(limit=VERSIONS_MAX)
    if not command.reason.strip():
        raise ProfileBasisMissing
    check(command.profile)
    return [
        ProfileProposed(
            version_id=command.version_id,
            number=len(profiles.of(command.profile.name)) + 1,
            profile=command.profile,
            effective_on=command.effective_on,
            reason=command.reason,
            on=command.on,
        )
    ]


def _settled(step: type, profiles: Profiles, fact: ProfileApproved | ProfileWithdrawn) -> list[Event]:
    if (refusal := hindrance(step, profiles, fact.version_id)) is not None:
        raise refusal
    return [fact]
