"""The numbers of a rectification (整改期限): how long an institution has, and how soon somebody looks after that."""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

RECTIFICATION_TERMS = Rule(
    name="rectification-terms",
    zh="限期整改期限",
    en="How long a rectification may take",
    numbers=(
        Number(name="days", zh="整改期限", en="To put it right", default=15, at_least=1, at_most=180, unit="days"),
        Number(
            name="recheck",
            zh="期满或自报后复查",
            en="Until somebody looks after that",
            default=3,
            at_least=1,
            at_most=30,
            unit="working-days",
        ),
    ),
    legal_basis="行政处罚法第二十八条；产品默认值",
)
