"""Versions of a policy (策略版本): proposed by one person, approved by another, counting from a day, somewhere.

Pure. The one rule: of several versions in force the most specific one gives a number: the longer region, then a named
category over all, then the later day, then the later approval. Where nobody decided, the declared default counts, and
the answer says that it is one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.policy.refusals import (
    PolicyBasisMissing,
    PolicyEndsBeforeItBegins,
    PolicyNumberUnknown,
    PolicyVersionApproved,
    PolicyVersionUnknown,
    PolicyVersionWithdrawn,
)
from mingjing_kernel.policy.rule import Rule
from mingjing_kernel.refusal import Refusal

EVERYWHERE = ""
EVERY_CATEGORY = "*"
DEFAULT_VERSION = "default/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One number of a version."""

    name: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePolicy:
    """Propose numbers of a rule; names that are not given stay as they are."""

    version_id: UUID
    rule: Rule
    numbers: tuple[Setting, ...]
    region: str = EVERYWHERE
    category: str = EVERY_CATEGORY
    effective_on: date
    effective_to: date | None = None
    legal_basis: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePolicy:
    """Approve a proposed version; not by its proposer (``APPROVE_POLICY``)."""

    version_id: UUID
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPolicy:
    """Take a proposal back before anybody approved it."""

    version_id: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProposed:
    """Somebody proposed numbers; they do not count yet."""

    version_id: UUID
    rule: str
    numbers: tuple[Setting, ...]
    region: str
    category: str
    effective_on: date
    effective_to: date | None
    legal_basis: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyApproved:
    """The proposed numbers count from the day that they name."""

    version_id: UUID
    proposed_by: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWithdrawn:
    """The proposal was taken back and will never count."""

    version_id: UUID
    reason: str
    by: str
    at: datetime


Command: TypeAlias = ProposePolicy | ApprovePolicy | WithdrawPolicy
Event: TypeAlias = PolicyProposed | PolicyApproved | PolicyWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers in force and the version they stand in: what a decision cites.

    ``version`` names each version that gave a number, joined by ``+``; ``sources`` says which gave which.
    """

    version: str
    values: Mapping[str, int]
    sources: Mapping[str, str]

    def __getitem__(self, name: str) -> int:
        """One number."""
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Policy:
    """What was proposed of one rule, and what of it was approved, in that order, or taken back."""

    proposed: Mapping[UUID, PolicyProposed] = field(default_factory=dict)
    approved: tuple[UUID, ...] = ()
    withdrawn: frozenset[UUID] = frozenset()

    def places(self, day: date) -> frozenset[tuple[str, str]]:
        """Every region and category that a version in force on a day was made for. What counts anywhere counts at one
        of these, too: whoever has to know the least or the greatest number of all asks there.
        """
        known = [self.proposed[one] for one in self.approved]
        there = {(one.region, one.category) for one in known if _is_on(one, day)}
        return frozenset(there | {(EVERYWHERE, EVERY_CATEGORY)})

    def on(self, rule: Rule, day: date, region: str = EVERYWHERE, category: str = EVERY_CATEGORY) -> Numbers:
        """The numbers in force on a day for a region and a category."""
        values = {number.name: number.default for number in rule.numbers}
        sources = dict.fromkeys(values, DEFAULT_VERSION)
        known = [self.proposed[one] for one in self.approved]
        there = [one for one in known if _counts(one, day, region, category)]
        for policy in sorted(there, key=_rank):  # stable: a later approval comes later, and prevails
            given = {number.name: number.value for number in policy.numbers if number.name in values}
            values |= given
            sources |= dict.fromkeys(given, str(policy.version_id))
        cited = list(dict.fromkeys(one for one in sources.values() if one != DEFAULT_VERSION))
        version = "+".join(cited) or DEFAULT_VERSION
        return Numbers(version=version, values=MappingProxyType(values), sources=MappingProxyType(sources))


def hindrance(step: type, policy: Policy, version_id: UUID) -> Refusal | None:
    """Why a version as it stands does not take a step; ``None`` where it may."""
    if step is ProposePolicy:
        return None
    if version_id not in policy.proposed:
        return PolicyVersionUnknown()
    if version_id in policy.withdrawn:
        return PolicyVersionWithdrawn()
    return PolicyVersionApproved() if version_id in policy.approved else None


def decide(command: Command, policy: Policy) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case ProposePolicy():
            return _propose(command, policy)
        case ApprovePolicy():
            return _approve(command, policy)
        case WithdrawPolicy():
            return _withdraw(command, policy)
        case _:
            assert_never(command)


def evolve(policy: Policy, event: Event) -> Policy:
    """The policy after a fact."""
    match event:
        case PolicyProposed():
            return replace(policy, proposed=MappingProxyType({**policy.proposed, event.version_id: event}))
        case PolicyApproved():
            return replace(policy, approved=(*policy.approved, event.version_id))
        case PolicyWithdrawn():
            return replace(policy, withdrawn=policy.withdrawn | {event.version_id})
        case _:
            assert_never(event)


def version_of(fact: Event) -> Hashable:
    """Which version a fact is about."""
    return fact.version_id


def _is_on(policy: PolicyProposed, day: date) -> bool:
    return policy.effective_on <= day and (policy.effective_to is None or day <= policy.effective_to)


def _counts(policy: PolicyProposed, day: date, region: str, category: str) -> bool:
    return _is_on(policy, day) and region.startswith(policy.region) and policy.category in (EVERY_CATEGORY, category)


def _rank(policy: PolicyProposed) -> tuple[int, bool, date]:
    return len(policy.region), policy.category != EVERY_CATEGORY, policy.effective_on


def _propose(command: ProposePolicy, policy: Policy) -> list[Event]:
    if command.version_id in policy.proposed:
        return []
    known = command.rule.by_name
    for number in command.numbers:
        declared = known.get(number.name)
        if declared is None or not declared.at_least <= number.value <= declared.at_most:
            raise PolicyNumberUnknown(name=number.name, value=number.value, known=_bounds(command.rule))
    if not (command.numbers and command.legal_basis.strip() and command.reason.strip()):
        raise PolicyBasisMissing
    if command.effective_to is not None and command.effective_to < command.effective_on:
        raise PolicyEndsBeforeItBegins
    return [
        PolicyProposed(
            version_id=command.version_id,
            rule=command.rule.name,
            numbers=command.numbers,
            region=command.region,
            category=command.category,
            effective_on=command.effective_on,
            effective_to=command.effective_to,
            legal_basis=command.legal_basis,
            reason=command.reason,
            by=command.by,
            at=command.at,
        )
    ]


def _bounds(rule: Rule) -> str:
    return ", ".join(f"{one.name} {one.at_least}–{one.at_most}" for one in rule.numbers)


def _approve(command: ApprovePolicy, policy: Policy) -> list[Event]:
    if command.version_id in policy.approved:
        return []
    if (refusal := hindrance(ApprovePolicy, policy, command.version_id)) is not None:
        raise refusal
    proposed = policy.proposed[command.version_id]
    return [PolicyApproved(version_id=command.version_id, proposed_by=proposed.by, by=command.by, at=command.at)]


def _withdraw(command: WithdrawPolicy, policy: Policy) -> list[Event]:
    if command.version_id in policy.withdrawn:
        return []
    if (refusal := hindrance(WithdrawPolicy, policy, command.version_id)) is not None:
        raise refusal
    return [PolicyWithdrawn(version_id=command.version_id, reason=command.reason, by=command.by, at=command.at)]
