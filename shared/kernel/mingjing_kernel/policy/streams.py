"""The streams of policies, who may write to them, and the question that every decision asks: what is in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity.act import Act, roles
from mingjing_kernel.identity.role import Role
from mingjing_kernel.log import Aggregate, Log
from mingjing_kernel.policy.rule import Rule
from mingjing_kernel.policy.versions import (
    EVERY_CATEGORY,
    EVERYWHERE,
    ApprovePolicy,
    Event,
    Numbers,
    Policy,
    PolicyApproved,
    PolicyProposed,
    PolicyWithdrawn,
    ProposePolicy,
    WithdrawPolicy,
    decide,
    evolve,
    version_of,
)

DECIDERS = roles(Role.APPROVER, Role.ADMINISTRATOR)
PROPOSE_POLICY = Act(
    name="propose-policy",
    zh="提出策略",
    en="propose a policy",
    roles=DECIDERS,
    asks=ProposePolicy,
    leaves=(PolicyProposed,),
    thing=version_of,
)
APPROVE_POLICY = Act(
    name="approve-policy",
    zh="批准策略",
    en="approve a policy",
    roles=DECIDERS,
    asks=ApprovePolicy,
    leaves=(PolicyApproved,),
    thing=version_of,
    apart_from=frozenset({"propose-policy"}),
)
WITHDRAW_POLICY = Act(
    name="withdraw-policy", zh="撤回策略", en="withdraw a proposed policy", roles=DECIDERS, asks=WithdrawPolicy
)
POLICY_CODEC: Codec[Event] = Codec(
    {
        "kernel.policy-proposed.v1": PolicyProposed,
        "kernel.policy-approved.v1": PolicyApproved,
        "kernel.policy-withdrawn.v1": PolicyWithdrawn,
    }
)
POLICY = Aggregate(
    "policy",
    Decider(Policy(), decide, evolve),
    POLICY_CODEC,
    (PROPOSE_POLICY, APPROVE_POLICY, WITHDRAW_POLICY),
)


def policy_id(rule: Rule) -> UUID:
    """The stream of one rule."""
    return derived_id("policy", rule.name)


async def in_force(
    log: Log, rule: Rule, day: date, region: str = EVERYWHERE, category: str = EVERY_CATEGORY
) -> Numbers:
    """The numbers of a rule on a day, read from the log itself: a list could be behind."""
    policy: Policy = (await log.state(POLICY, policy_id(rule)))[0]
    return policy.on(rule, day, region, category)


async def in_force_in(
    log: Log, rule: Rule, day: date, places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Numbers]:
    """The same for many places (region, category) at once: the rule's versions are read once."""
    policy: Policy = (await log.state(POLICY, policy_id(rule)))[0]
    return {place: policy.on(rule, day, *place) for place in places}
