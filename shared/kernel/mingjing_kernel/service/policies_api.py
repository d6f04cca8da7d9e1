"""Policies over HTTP (策略): rules with the numbers in force, versions proposed, approved by somebody else, withdrawn.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from msgspec.structs import replace
from pydantic import BaseModel, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AvailableActions, Kit, accepted, available_actions
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.policy.refusals import PolicyRuleUnknown, PolicyVersionUnknown
from mingjing_kernel.policy.rule import Rule
from mingjing_kernel.policy.streams import POLICY, policy_id
from mingjing_kernel.policy.versions import (
    EVERY_CATEGORY,
    EVERYWHERE,
    ApprovePolicy,
    Policy,
    ProposePolicy,
    Setting,
    WithdrawPolicy,
    hindrance,
)

_REGION = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$"
_CATEGORY = r"^(\*|[a-z][a-z0-9-]{0,59})$"


class NumberShown(BaseModel):
    """One number, and where its value comes from."""

    name: str
    zh: str
    en: str
    unit: str
    value: int
    version: str = Field(description="The version that gives it, or that it is the default")
    default: int
    at_least: int
    at_most: int


class RuleShown(BaseModel):
    """A rule with the numbers in force on a day, for a region and a category."""

    name: str
    zh: str
    en: str
    legal_basis: str
    version: str = Field(description="What a decision on this day cites")
    numbers: list[NumberShown]


class PolicyVersion(BaseModel):
    """One version, as it stands."""

    version_id: UUID
    numbers: dict[str, int]
    region: str = Field(description="Region code; empty: everywhere")
    category: str = Field(description="Category; *: every one")
    effective_on: date
    effective_to: date | None = Field(description="The last day on which it counts")
    legal_basis: str
    reason: str
    proposed_by: str
    state: Literal["proposed", "approved", "withdrawn"]


class PolicyShown(RuleShown):
    """The same with every version that was proposed, oldest first."""

    versions: list[PolicyVersion]


class ProposalBody(BaseModel):
    """New numbers; names that are not given stay as they are."""

    numbers: dict[str, int] = Field(min_length=1, max_length=40)
    region: str = Field(default=EVERYWHERE, pattern=_REGION)
    category: str = Field(default=EVERY_CATEGORY, pattern=_CATEGORY)
    effective_on: date
    effective_to: date | None = None
    legal_basis: str = Field(max_length=1_000)
    reason: str = Field(max_length=1_000)


class WithdrawalBody(BaseModel):
    """Why it is taken back."""

    reason: str = Field(min_length=1, max_length=1_000)


def make_policies_router(
    kit: Kit, rules: tuple[Rule, ...], readers: Callable[..., Any], deciders: Callable[..., Any]
) -> Router:
    """Mounted by every service that declares rules."""
    router = Router(prefix="/policies", tags=["policy 策略"])
    known = {rule.name: rule for rule in rules}
    _questions(router, kit, known, readers)
    _acts(router, kit, known, deciders)
    return router


def _questions(router: Router, kit: Kit, known: Mapping[str, Rule], readers: Callable[..., Any]) -> None:
    @router.get("", summary="现行策略 every rule with the numbers in force")
    async def policies(
        on: date | None = Query(default=None, description="On which day; today by default"),
        region: str = Query(default=EVERYWHERE, pattern=_REGION),
        category: str = Query(default=EVERY_CATEGORY, pattern=_CATEGORY),
        _: Any = Depends(readers),
    ) -> list[RuleShown]:
        """For a region and a category: the most specific version in force gives each number."""
        day = on or shanghai_date(kit.now())
        return [RuleShown(**_shown(rule, await _state(kit, rule), day, region, category)) for rule in known.values()]

    @router.get("/{rule}", summary="某项策略及其版本 the numbers in force and all versions")
    async def policy(
        rule: str,
        on: date | None = None,
        region: str = Query(default=EVERYWHERE, pattern=_REGION),
        category: str = Query(default=EVERY_CATEGORY, pattern=_CATEGORY),
        _: Any = Depends(readers),
    ) -> PolicyShown:
        """Also of a past day: what was in force then, as it is known now."""
        found = _known(known, rule)
        state = await _state(kit, found)
        shown = _shown(found, state, on or shanghai_date(kit.now()), region, category)
        return PolicyShown(**shown, versions=_versions(state))

    @router.get("/{rule}/versions/{version_id}/available-actions", summary="可办事项 what may be done to a version now")
    async def policy_actions(rule: str, version_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        here = Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED)
        found, why_not = _known(known, rule), partial(_hindered, version_id)
        if version_id not in (await _state(kit, found)).proposed:
            raise PolicyVersionUnknown
        return await available_actions(kit, POLICY, policy_id(found), caller, here, why_not, thing=version_id)


def _acts(router: Router, kit: Kit, known: Mapping[str, Rule], deciders: Callable[..., Any]) -> None:
    @router.put("/{rule}/versions/{version_id}", summary="提出新版本 propose numbers")
    async def propose_policy(
        rule: str,
        version_id: UUID,
        body: ProposalBody,
        response: Response,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(deciders),
    ) -> Accepted:
        """They count when somebody else has approved them, from the day that they name."""
        found = _known(known, rule)
        command = ProposePolicy(
            version_id=version_id,
            rule=found,
            numbers=tuple(Setting(name=name, value=value) for name, value in sorted(body.numbers.items())),
            region=body.region,
            category=body.category,
            effective_on=body.effective_on,
            effective_to=body.effective_to,
            legal_basis=body.legal_basis,
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        grounds = replace(written, reason=body.reason, legal_basis=body.legal_basis)
        return accepted(response, await kit.log.handle(POLICY, policy_id(found), command, grounds))

    @router.post("/{rule}/versions/{version_id}/approval", status_code=201, summary="批准 approve a version")
    async def approve_policy(
        rule: str,
        version_id: UUID,
        response: Response,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(deciders),
    ) -> Accepted:
        """Not by its proposer."""
        command = ApprovePolicy(version_id=version_id, by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(POLICY, policy_id(_known(known, rule)), command, written))

    @router.post("/{rule}/versions/{version_id}/withdrawal", status_code=201, summary="撤回 take a proposal back")
    async def withdraw_policy(
        rule: str,
        version_id: UUID,
        body: WithdrawalBody,
        response: Response,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(deciders),
    ) -> Accepted:
        """Before anybody approved it; what counts already is ended by another version."""
        command = WithdrawPolicy(version_id=version_id, reason=body.reason, by=written.actor, at=kit.now())
        grounds = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(POLICY, policy_id(_known(known, rule)), command, grounds))


def _hindered(version_id: UUID, step: type, policy: Policy) -> Any:
    return hindrance(step, policy, version_id)


def _known(known: Mapping[str, Rule], name: str) -> Rule:
    if name not in known:
        raise PolicyRuleUnknown(rule=name, known=", ".join(known))
    return known[name]


async def _state(kit: Kit, rule: Rule) -> Policy:
    policy: Policy = (await kit.log.state(POLICY, policy_id(rule)))[0]
    return policy


def _shown(rule: Rule, policy: Policy, day: date, region: str, category: str) -> dict[str, Any]:
    numbers = policy.on(rule, day, region, category)
    shown = [
        NumberShown(
            name=one.name,
            zh=one.zh,
            en=one.en,
            unit=one.unit,
            value=numbers.values[one.name],
            version=numbers.sources[one.name],
            default=one.default,
            at_least=one.at_least,
            at_most=one.at_most,
        )
        for one in rule.numbers
    ]
    titles = {"name": rule.name, "zh": rule.zh, "en": rule.en, "legal_basis": rule.legal_basis}
    return titles | {"version": numbers.version, "numbers": shown}


def _versions(policy: Policy) -> list[PolicyVersion]:
    return [
        PolicyVersion(
            version_id=one.version_id,
            numbers={number.name: number.value for number in one.numbers},
            region=one.region,
            category=one.category,
            effective_on=one.effective_on,
            effective_to=one.effective_to,
            legal_basis=one.legal_basis,
            reason=one.reason,
            proposed_by=one.by,
            state="withdrawn" if id in policy.withdrawn else "approved" if id in policy.approved else "proposed",
        )
        for id, one in policy.proposed.items()
    ]
