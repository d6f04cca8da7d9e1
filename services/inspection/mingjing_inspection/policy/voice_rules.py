"""The numbers of the citizen's side of a complaint (诉求人): how long, how often, how much."""

from __future__ import annotations

from typing import Final

from mingjing_kernel.policy.rule import Number, Rule

COMPLAINT_VOICE: Final = Rule(
    name="complaint-voice",
    zh="诉求人补充、回访与重新办理",
    en="What the citizen may say to a complaint, and until when",
    numbers=(
        Number(
            name="told",
            zh="答复是否受理",
            en="Until she is told whether it is taken up",
            default=7,
            at_least=1,
            at_most=30,
            unit="working-days",
        ),
        Number(
            name="reopen",
            zh="办结后可申请重新办理",
            en="After the closing, it can be taken up again",
            default=15,
            at_least=1,
            at_most=365,
            unit="days",
        ),
        Number(
            name="reopenings",
            zh="可申请重新办理次数",
            en="How often it can be taken up again",
            default=1,
            at_most=10,
            unit="times",
        ),
        Number(
            name="additions",
            zh="可补充次数",
            en="How often something can be added",
            default=20,
            at_least=1,
            at_most=200,
            unit="times",
        ),
        Number(
            name="photos",
            zh="可补充照片数",
            en="How many photos can be added",
            default=9,
            at_most=100,
            unit="photos",
        ),
    ),
    legal_basis="市场监督管理投诉举报处理暂行办法第十四条；产品默认值",
)

COMPLAINT_PUBLIC: Final = Rule(
    name="complaint-public",
    zh="诉求公开的最小数量",
    en="How many complaints hide one, where they are published",
    numbers=(
        Number(
            name="least",
            zh="同月同类不足此数的不公开",
            en="Fewer than this of one service and month are not listed",
            default=5,
            at_least=2,
            at_most=1_000,
            unit="complaints",
        ),
    ),
    legal_basis="市场监督管理投诉举报处理暂行办法第三十三条；产品默认值",
)
COMPLAINT_SECRET: Final = Rule(
    name="complaint-secret",
    zh="交付查询码的次数",
    en="How often an official hands a secret for one complaint",
    numbers=(
        Number(
            name="handed",
            zh="每件可交付次数",
            en="How often, for one complaint",
            default=3,
            at_least=1,
            at_most=20,
            unit="times",
        ),
    ),
    legal_basis="《市场监督管理投诉举报处理办法》（总局令第121号）；产品默认值",
)
VOICE_RULES: Final = (COMPLAINT_VOICE, COMPLAINT_PUBLIC, COMPLAINT_SECRET)
