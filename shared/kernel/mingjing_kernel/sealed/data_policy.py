"""Data policies (个人信息策略): how many openings a person may make, how long what is kept. Numbers, by event.

Pure. A version is proposed by one person and approved by another, with the day from which it counts and the legal
basis; a decision cites the version it used. The one rule: where nobody has approved anything, the defaults below
count, and they say that they are defaults.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity.act import Act, roles
from mingjing_kernel.identity.role import Role
from mingjing_kernel.log.envelope import Aggregate
from mingjing_kernel.refusal import Invalid, NotFound

NUMBER_MAX = 100_000


class PolicyKind(StrEnum):
    """What a policy is about."""

    UNSEALING = "unsealing"
    """Openings of sealed fields, a person: ``openings-an-hour``, ``openings-a-day``."""
    RETENTION = "retention"
    """Months from the end of the matter until a person's data goes, a kind of record; 0 means at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a policy. Its name says the unit: months for retention, openings for unsealing."""

    name: str
    value: int


DEFAULTS: Mapping[PolicyKind, Mapping[str, int]] = MappingProxyType(
    {
        PolicyKind.UNSEALING: MappingProxyType({"openings-an-hour": 10, "openings-a-day": 40}),
        # Complaints 10 years, contracts 5 years after completion (at least 3 by law), penalty cases 30 years,
        # recordings 2 years: the retention table of the record rules. To be confirmed with the archives before use.
        # While a family's money is left on a contract, it is kept as long as the ledgers are (会计档案管理办法).
        PolicyKind.RETENTION: MappingProxyType(
            {
                "case-file": 360,
                "complaint": 120,
                "inspection": 120,
                "contract": 60,
                "contract-with-balance": 360,
                "recording": 24,
                "system-log": 24,
            }
        ),
    }
)
DEFAULT_VERSION = "default/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers in force on a day and the version they stand in: what a decision cites."""

    version: str
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePolicy:
    """Propose new numbers; names that are not given stay as they are."""

    version_id: UUID
    kind: PolicyKind
    numbers: tuple[Number, ...]
    effective_on: date
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
class PolicyProposed:
    """Somebody proposed numbers; they do not count yet."""

    version_id: UUID
    kind: PolicyKind
    numbers: tuple[Number, ...]
    effective_on: date
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


Command: TypeAlias = ProposePolicy | ApprovePolicy
Event: TypeAlias = PolicyProposed | PolicyApproved


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """What was proposed, and what of it was approved, in that order."""

    proposed: Mapping[UUID, PolicyProposed] = field(default_factory=dict)
    approved: tuple[UUID, ...] = ()

    def on(self, kind: PolicyKind, day: date) -> Numbers:
        """The numbers in force on a day: a later approval prevails over an earlier one of the same name."""
        values, version = dict(DEFAULTS[kind]), DEFAULT_VERSION
        in_force = [self.proposed[one] for one in self.approved if self.proposed[one].effective_on <= day]
        for policy in sorted(in_force, key=lambda one: one.effective_on):
            values |= {number.name: number.value for number in policy.numbers}
            version = str(policy.version_id)
        return Numbers(version=version, values=MappingProxyType(values))


class PolicyNumberUnknown(Invalid):
    """A policy sets what it is about, and nothing else."""

    sentence = "“{name}” is not a number of this policy; it has: {known}."
    remedy = "Use one of the names, and a whole number from 0 to 100,000."
    field = "numbers"


class PolicyBasisMissing(Invalid):
    """How long a person's data is kept follows from a law."""

    sentence = "A policy needs its legal basis and the reason for the change."
    remedy = "Name the law or rule with its article, and say why the numbers change."
    rule = "PIPL art. 19"
    field = "legal_basis"


class PolicyVersionUnknown(NotFound):
    """Nobody proposed this version."""

    sentence = "No such version was proposed."
    remedy = "Look at the list of versions."
    field = "version_id"


def decide(command: Command, policy: DataPolicy) -> list[Event]:
    """The facts that follow, or a refusal."""
    match command:
        case ProposePolicy():
            return _propose(command, policy)
        case ApprovePolicy():
            return _approve(command, policy)
        case _:
            assert_never(command)


def evolve(policy: DataPolicy, event: Event) -> DataPolicy:
    """The policy after a fact."""
    match event:
        case PolicyProposed():
            return replace(policy, proposed=MappingProxyType({**policy.proposed, event.version_id: event}))
        case PolicyApproved():
            return replace(policy, approved=(*policy.approved, event.version_id))
        case _:
            assert_never(event)


def _propose(command: ProposePolicy, policy: DataPolicy) -> list[Event]:
    if command.version_id in policy.proposed:
        return []
    known = DEFAULTS[command.kind]
    for number in command.numbers:
        if number.name not in known or not 0 <= number.value <= NUMBER_MAX:
            raise PolicyNumberUnknown(name=number.name, known=", ".join(known))
    if not (command.numbers and command.legal_basis.strip() and command.reason.strip()):
        raise PolicyBasisMissing
    return [fact(PolicyProposed, command)]


def _approve(command: ApprovePolicy, policy: DataPolicy) -> list[Event]:
    proposed = policy.proposed.get(command.version_id)
    if proposed is None:
        raise PolicyVersionUnknown
    if command.version_id in policy.approved:
        return []
    return [PolicyApproved(version_id=command.version_id, proposed_by=proposed.by, by=command.by, at=command.at)]


def policy_id(kind: PolicyKind) -> UUID:
    """The stream of one kind of policy."""
    return derived_id("data-policy", kind.value)


def _version(fact: PolicyProposed | PolicyApproved) -> Hashable:
    return fact.version_id


DECIDERS = roles(Role.APPROVER, Role.ADMINISTRATOR)
PROPOSE_POLICY = Act(
    name="propose-data-policy",
    zh="提出个人信息策略",
    en="propose a data policy",
    roles=DECIDERS,
    asks=ProposePolicy,
    leaves=(PolicyProposed,),
    thing=_version,
)
APPROVE_POLICY = Act(
    name="approve-data-policy",
    zh="批准个人信息策略",
    en="approve a data policy",
    roles=DECIDERS,
    asks=ApprovePolicy,
    leaves=(PolicyApproved,),
    thing=_version,
    apart_from=frozenset({"propose-data-policy"}),
)
DATA_POLICY_CODEC: Codec[Event] = Codec(
    {"kernel.data-policy-proposed.v1": PolicyProposed, "kernel.data-policy-approved.v1": PolicyApproved}
)
DATA_POLICY = Aggregate(
    "data-policy", Decider(DataPolicy(), decide, evolve), DATA_POLICY_CODEC, (PROPOSE_POLICY, APPROVE_POLICY)
)
