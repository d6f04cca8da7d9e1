"""The number of the half-monthly bulletin (半月通报): how long ago the same problem still makes it a repeated one."""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

BULLETIN_RULE = Rule(
    name="bulletin",
    zh="半月通报",
    en="Half-monthly bulletin",
    numbers=(
        Number(
            name="repeat",
            zh="同一教学点同一事项再次发现算作重复的天数",
            en="Days within which the same matter at the same site counts as repeated",
            default=180,
            at_least=1,
            at_most=1_000,
            unit="days",
        ),
    ),
    legal_basis="中办发〔2021〕40号；产品默认值",
)
