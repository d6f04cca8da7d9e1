"""The numbers of ratings (评价): how many must be there, how often one may be changed, when a school term begins."""

from __future__ import annotations

from typing import Final

from mingjing_kernel.policy.rule import Number, Rule

RATING: Final = Rule(
    name="rating",
    zh="家长评价",
    en="Ratings by families",
    numbers=(
        Number(
            name="least",
            zh="公开所需最少评价数",
            en="Fewer ratings than this are not shown",
            default=5,
            at_least=3,
            at_most=1_000,
            unit="ratings",
        ),
        Number(
            name="editions",
            zh="同一学期最多评价（含修改）次数",
            en="Editions of one rating in a term at most",
            default=5,
            at_least=1,
            at_most=100,
            unit="times",
        ),
        Number(
            name="weight",
            zh="计算平均分时按中间分计入的评价数",
            en="Ratings in the middle that a mean begins with",
            default=5,
            at_most=1_000,
            unit="ratings",
        ),
        Number(
            name="spring",
            zh="春季学期起始月",
            en="Month in which the spring term begins",
            default=2,
            at_least=1,
            at_most=6,
            unit="month",
        ),
        Number(
            name="autumn",
            zh="秋季学期起始月",
            en="Month in which the autumn term begins",
            default=8,
            at_least=7,
            at_most=12,
            unit="month",
        ),
    ),
    legal_basis="产品默认值",
)
