"""Commands and facts of a joint operation (联合检查行动): its plan, who takes part, what is shared, how it ended.

One rule: a piece of shared evidence carries where it came from, and so does every reference to it: whose it is, who
took it when, at which visit, and the SHA-256 of its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A site to be looked at; ``department`` is the competent one, which need not take part."""

    institution_id: UUID
    site_id: UUID
    region: str
    department: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a piece of evidence comes from; ``officer`` took it at ``taken_at`` (by the device's clock)."""

    department: str
    visit_id: UUID
    site_id: UUID
    officer: str
    taken_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOperation:
    """One plan for several departments; ``department`` leads, ``members`` are all with the lead."""

    title: str
    department: str
    members: tuple[str, ...]
    targets: tuple[Target, ...]
    region: str
    category: str
    held_on: date
    reason: str
    legal_basis: str
    by: str
    at: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOperation:
    """A member says whether it takes part."""

    department: str
    takes_part: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchOperation:
    """The lead sends everybody out."""

    by: str
    at: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolEvidence:
    """A member shares what it took at a visit of this operation."""

    item_id: UUID
    source: Provenance
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferEvidence:
    """Another member takes a shared piece over into a visit or a finding of its own."""

    item_id: UUID
    department: str
    visit_id: UUID | None
    finding_id: UUID | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeOperation:
    """Done; ``remaining`` tasks still wait for somebody to go."""

    conclusion: str
    remaining: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOperation:
    """Nobody goes any more."""

    reason: str
    by: str
    at: datetime


Command: TypeAlias = (
    PlanOperation
    | AnswerOperation
    | LaunchOperation
    | PoolEvidence
    | ReferEvidence
    | ConcludeOperation
    | CancelOperation
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPlanned:
    """Planned 部署: the members are asked whether they take part; the lead does."""

    title: str
    department: str
    members: tuple[str, ...]
    targets: tuple[Target, ...]
    region: str
    category: str
    held_on: date
    reason: str
    legal_basis: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationAnswered:
    """A member takes part, or does not 会签."""

    department: str
    region: str
    category: str
    takes_part: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationLaunched:
    """Each of ``departments`` has a task at every target 启动."""

    departments: tuple[str, ...]
    tasks: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePooled:
    """Shared with the members 证据共享."""

    item_id: UUID
    source: Provenance
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReferred:
    """Taken over by another member 证据引用; ``source`` as it stands in the pool."""

    item_id: UUID
    source: Provenance
    department: str
    visit_id: UUID | None
    finding_id: UUID | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationConcluded:
    """Done 办结."""

    conclusion: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationCancelled:
    """Called off 取消."""

    reason: str
    by: str
    at: datetime


Event: TypeAlias = (
    OperationPlanned
    | OperationAnswered
    | OperationLaunched
    | EvidencePooled
    | EvidenceReferred
    | OperationConcluded
    | OperationCancelled
)
