"""Data policies over HTTP (个人信息策略): the numbers in force, versions proposed, approved by somebody else.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.sealed.data_policy import (
    DATA_POLICY,
    ApprovePolicy,
    DataPolicy,
    Number,
    PolicyKind,
    ProposePolicy,
    policy_id,
)


class PolicyVersion(BaseModel):
    """One version: proposed, and perhaps approved."""

    version_id: UUID
    numbers: dict[str, int]
    effective_on: date
    legal_basis: str
    reason: str
    proposed_by: str
    is_approved: bool


class PolicyShown(BaseModel):
    """What is in force today, and every version that was proposed, oldest first."""

    kind: PolicyKind
    version: str
    numbers: dict[str, int] = Field(description="Retention in months, openings in openings")
    versions: list[PolicyVersion]


class ProposalBody(BaseModel):
    """New numbers; names that are not given stay as they are."""

    numbers: dict[str, int] = Field(min_length=1, max_length=20)
    effective_on: date
    legal_basis: str = Field(max_length=1_000)
    reason: str = Field(max_length=1_000)


def make_policies_router(kit: Kit, readers: Callable[..., Any], deciders: Callable[..., Any]) -> APIRouter:
    """Mounted by every service that seals."""
    router = APIRouter(prefix="/data-policies", tags=["data-policy 个人信息策略"])

    @router.get("/{kind}", summary="现行策略 the numbers in force and all versions")
    async def policy(kind: PolicyKind, _: Any = Depends(readers)) -> PolicyShown:
        """How many openings a person may make; how long what is kept."""
        state: DataPolicy = (await kit.log.state(DATA_POLICY, policy_id(kind)))[0]
        numbers = state.on(kind, shanghai_date(kit.now()))
        versions = [
            PolicyVersion(
                version_id=one.version_id,
                numbers={number.name: number.value for number in one.numbers},
                effective_on=one.effective_on,
                legal_basis=one.legal_basis,
                reason=one.reason,
                proposed_by=one.by,
                is_approved=one.version_id in state.approved,
            )
            for one in state.proposed.values()
        ]
        return PolicyShown(kind=kind, version=numbers.version, numbers=dict(numbers.values), versions=versions)

    @router.put("/{kind}/versions/{version_id}", summary="提出新版本 propose numbers")
    async def propose(
        kind: PolicyKind,
        version_id: UUID,
        body: ProposalBody,
        response: Response,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(deciders),
    ) -> Accepted:
        """They count when somebody else has approved them, from the day that they name."""
        command = ProposePolicy(
            version_id=version_id,
            kind=kind,
            numbers=tuple(Number(name=name, value=value) for name, value in sorted(body.numbers.items())),
            effective_on=body.effective_on,
            legal_basis=body.legal_basis,
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason, legal_basis=body.legal_basis)
        return accepted(response, await kit.log.handle(DATA_POLICY, policy_id(kind), command, grounds))

    @router.post("/{kind}/versions/{version_id}/approval", status_code=201, summary="批准 approve a version")
    async def approve(
        kind: PolicyKind,
        version_id: UUID,
        response: Response,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(deciders),
    ) -> Accepted:
        """Not by its proposer."""
        command = ApprovePolicy(version_id=version_id, by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(DATA_POLICY, policy_id(kind), command, written))

    return router
