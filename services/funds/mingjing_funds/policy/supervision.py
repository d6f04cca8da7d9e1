"""Supervision of prepaid fees by region (监管模式): custody at a bank, a risk deposit, or both; the numbers of each.

One rule: the law leaves the model to the region, so both are flags of a policy; the domain's own defaults equal these.
"""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

SUPERVISION = Rule(
    name="supervision-models",
    zh="预收费监管模式",
    en="How prepaid fees are supervised",
    numbers=(
        Number(
            name="bank-custody",
            zh="实行银行托管（1 是，0 否）",
            en="Custody at a bank (1 yes, 0 no)",
            default=1,
            at_most=1,
            unit="flag",
        ),
        Number(
            name="risk-deposit",
            zh="实行风险保证金（1 是，0 否）",
            en="Risk deposit (1 yes, 0 no)",
            default=0,
            at_most=1,
            unit="flag",
        ),
    ),
    legal_basis="教监管函〔2021〕2号",
)
RISK_DEPOSIT = Rule(
    name="risk-deposit",
    zh="风险保证金最低额",
    en="Least risk deposit",
    numbers=(
        Number(
            name="floor",
            zh="地区最低额（元）",
            en="The region's floor, in yuan",
            default=50_000,
            unit="yuan",
        ),
        Number(
            name="ratio",
            zh="占未消课负债的比例",
            en="Share of what is not yet consumed",
            default=20,
            at_most=100,
            unit="percent",
        ),
        Number(
            name="period",
            zh="收费周期（月）",
            en="Months of a charging period, all fees of which it covers",
            default=3,
            at_least=1,
            at_most=12,
            unit="months",
        ),
    ),
    legal_basis="教监管函〔2021〕2号",
)
BANK_PAYMENTS = Rule(
    name="bank-payments",
    zh="付款批次与对账期限",
    en="Payment batches and the patience of reconciliation",
    numbers=(
        Number(
            name="cut-off",
            zh="当日指令截止时间（时）",
            en="Hour of the day at which instructions close",
            default=16,
            at_least=1,
            at_most=23,
            unit="hours",
        ),
        Number(
            name="execution",
            zh="执行期限（工作日）",
            en="Working days until the bank carries a batch out",
            default=1,
            at_most=5,
            unit="working-days",
        ),
        Number(
            name="in-transit",
            zh="缴费在途天数上限",
            en="Days for which a payment may be on its way",
            default=5,
            at_least=1,
            at_most=30,
            unit="days",
        ),
    ),
    legal_basis="教监管函〔2021〕2号；托管协议",
)
RULES = (SUPERVISION, RISK_DEPOSIT, BANK_PAYMENTS)
