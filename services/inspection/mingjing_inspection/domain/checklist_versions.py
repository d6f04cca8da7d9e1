"""Versions of the checklist (检查清单版本): proposed by one person, approved by another, in force from a day.

One rule: what was released or approved never changes and can be answered for ever; the day only says which version is
handed out, and whether a report answered the one that was in force.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias, assert_never

from mingjing_inspection.domain.checklist import CHECKLISTS, PATROL_V1, Checklist, Item
from mingjing_inspection.domain.checklist_refusals import (
    ChecklistApprovedAlready,
    ChecklistBackdated,
    ChecklistReasonMissing,
    ChecklistUnproposed,
    ChecklistVersionTaken,
    ChecklistWithdrawnAlready,
    ItemsMistaken,
    VersionMalformed,
    VersionsTooMany,
)
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

VERSION = re.compile(r"[a-z][a-z0-9.-]{2,39}")
CODE = re.compile(r"C(0[1-9]|1[0-5])(-[0-9]{1,2})?")
"""A group of the catalogue, and a number within it."""
ITEMS_MAX = 100
VERSIONS_MAX = 200
TITLE_CHARACTERS_MAX = 200
BASIS_CHARACTERS_MAX = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that a version came in: its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeChecklist:
    """Propose a version; it counts for nothing until somebody else approves it."""

    version: str
    effective_from: date
    items: tuple[Item, ...]
    source: Source
    reason: str
    by: str
    at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveChecklist:
    """Approve a proposed version; not by its proposer."""

    version: str
    by: str
    at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawChecklist:
    """Take a proposal back before anybody approved it."""

    version: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistProposed:
    """Somebody proposed these questions."""

    version: str
    effective_from: date
    items: tuple[Item, ...]
    source: Source
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistApproved:
    """The proposed questions are in force from ``in_force_from`` until another version is."""

    version: str
    in_force_from: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistWithdrawn:
    """The proposal was taken back."""

    version: str
    reason: str
    by: str
    at: datetime


Command: TypeAlias = ProposeChecklist | ApproveChecklist | WithdrawChecklist
Event: TypeAlias = ChecklistProposed | ChecklistApproved | ChecklistWithdrawn


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version that was proposed, and those of them that were approved (in that order) or taken back."""

    proposed: Mapping[str, ChecklistProposed] = field(default_factory=dict)
    approved: Mapping[str, date] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()

    def checklist(self, version: str) -> Checklist | None:
        """A version that can be answered: shipped, or approved."""
        if version in CHECKLISTS:
            return CHECKLISTS[version]
        begins = self.approved.get(version)
        if begins is None:
            return None
        return Checklist(version=version, effective_from=begins, items=self.proposed[version].items)

    def on(self, day: date) -> Checklist:
        """The version in force on a day: the one that came into force last; of one day, the one approved last.

        Before the first one began the first one is asked all the same: there is no other.
        """
        known = [*CHECKLISTS.values(), *(found for name in self.approved if (found := self.checklist(name)))]
        begun = [one for one in known if one.effective_from <= day]
        latest = max((one.effective_from for one in begun), default=None)
        return next((one for one in reversed(begun) if one.effective_from == latest), PATROL_V1)

    def every(self) -> tuple[Checklist, ...]:
        """All that can be answered."""
        return (*CHECKLISTS.values(), *(found for name in self.approved if (found := self.checklist(name))))


def decide(command: Command, versions: Versions) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case ProposeChecklist():
            return _propose(command, versions)
        case ApproveChecklist():
            return _approve(command, versions)
        case WithdrawChecklist():
            return _withdraw(command, versions)
        case _:
            assert_never(command)


def evolve(versions: Versions, event: Event) -> Versions:
    """The versions after a fact."""
    match event:
        case ChecklistProposed():
            return replace(versions, proposed=MappingProxyType({**versions.proposed, event.version: event}))
        case ChecklistApproved():
            return replace(
                versions, approved=MappingProxyType({**versions.approved, event.version: event.in_force_from})
            )
        case ChecklistWithdrawn():
            return replace(versions, withdrawn=versions.withdrawn | {event.version})
        case _:
            assert_never(event)


VERSIONS: Decider[Command, Versions, Event] = Decider(initial=Versions(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], versions: Versions, version: str) -> Refusal | None:
    """Why a version as it stands does not take a step; ``None`` where it may."""
    if step is ProposeChecklist:
        return None
    if version not in versions.proposed:
        return ChecklistUnproposed(version=version[:40])
    if version in versions.withdrawn:
        return ChecklistWithdrawnAlready(version=version)
    return ChecklistApprovedAlready(version=version) if version in versions.approved else None


def version_of(fact: Event) -> Hashable:
    """Which version a fact is about."""
    return fact.version


def _propose(command: ProposeChecklist, versions: Versions) -> list[Event]:
    before = versions.proposed.get(command.version)
    if before is not None and (before.items, before.effective_from) == (command.items, command.effective_from):
        return []
    if before is not None or command.version in CHECKLISTS:
        raise ChecklistVersionTaken(version=command.version)
    if not VERSION.fullmatch(command.version):
        raise VersionMalformed
    if not command.reason.strip():
        raise ChecklistReasonMissing
    if command.effective_from < command.on:
        raise ChecklistBackdated
    if len(versions.proposed) >= VERSIONS_MAX:
        raise VersionsTooMany(maximum=VERSIONS_MAX)
    if (why := mistake_in(command.items)) is not None:
        raise why
    return [
        ChecklistProposed(
            version=command.version,
            effective_from=command.effective_from,
            items=command.items,
            source=command.source,
            reason=command.reason,
            by=command.by,
            at=command.at,
        )
    ]


def mistake_in(items: tuple[Item, ...]) -> Refusal | None:
    """Why these questions are no checklist; ``None`` where they are."""
    if not 0 < len(items) <= ITEMS_MAX:
        return ItemsMistaken(item="", maximum=ITEMS_MAX)
    codes = [item.code for item in items]
    for item in items:
        texts = (item.title_zh, item.title_en, item.legal_basis)
        limits = (TITLE_CHARACTERS_MAX, TITLE_CHARACTERS_MAX, BASIS_CHARACTERS_MAX)
        is_said = bool(item.title_zh.strip() and item.legal_basis.strip())
        is_short = all(len(text) <= limit for text, limit in zip(texts, limits, strict=True))
        if not CODE.fullmatch(item.code) or codes.count(item.code) > 1 or not is_said or not is_short:
            return ItemsMistaken(item=item.code[:20], maximum=ITEMS_MAX)
    return None


def _approve(command: ApproveChecklist, versions: Versions) -> list[Event]:
    if command.version in versions.approved:
        return []
    if (why := hindrance(ApproveChecklist, versions, command.version)) is not None:
        raise why
    wanted = versions.proposed[command.version].effective_from
    # Nobody is asked yesterday what was decided today.
    return [
        ChecklistApproved(version=command.version, in_force_from=max(wanted, command.on), by=command.by, at=command.at)
    ]


def _withdraw(command: WithdrawChecklist, versions: Versions) -> list[Event]:
    if command.version in versions.withdrawn:
        return []
    if (why := hindrance(WithdrawChecklist, versions, command.version)) is not None:
        raise why
    if not command.reason.strip():
        raise ChecklistReasonMissing
    return [ChecklistWithdrawn(version=command.version, reason=command.reason, by=command.by, at=command.at)]
