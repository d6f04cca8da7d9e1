"""Policies (策略): rules with numbers, changed by event, in force from a day for a region and a category."""

from mingjing_kernel.policy.rule import Number, Rule
from mingjing_kernel.policy.streams import POLICY, in_force, in_force_in, policy_id
from mingjing_kernel.policy.versions import DEFAULT_VERSION, Numbers, Policy, ProposePolicy, Setting

__all__ = [
    "DEFAULT_VERSION",
    "POLICY",
    "Number",
    "Numbers",
    "Policy",
    "ProposePolicy",
    "Rule",
    "Setting",
    "in_force",
    "in_force_in",
    "policy_id",
]
