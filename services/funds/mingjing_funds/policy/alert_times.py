"""How long each step of an alert may take (处置时限), as a policy: by region, category and day.

The one rule: the defaults are those of ``Times``; what is in force is written into the alert that it is raised under.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mingjing_funds.domain.alerting.times import RELEASED, Times
from mingjing_kernel.policy.rule import Number, Rule

_ROWS: Final = (
    ("red_days", "红色预警到场（日，未按小时计时）", "Red: on site, where no hours are set", "days"),
    ("red_site_hours", "红色预警到场（小时，0为按日）", "Red: on site (0: by days)", "hours"),
    ("red_acknowledge_hours", "红色预警签收（小时）", "Red: acknowledged", "hours"),
    ("red_plan_working_days", "红色预警处置方案", "Red: plan of disposal", "working-days"),
    ("yellow_acknowledge_working_days", "黄色预警签收", "Yellow: acknowledged", "working-days"),
    ("yellow_verify_working_days", "黄色预警核查", "Yellow: verified", "working-days"),
    ("yellow_plan_working_days", "黄色预警处置方案", "Yellow: plan of disposal", "working-days"),
)
ALERT_TIMES: Final = Rule(
    name="alert-times",
    zh="预警处置时限",
    en="Times of the steps of an alert",
    numbers=tuple(
        Number(
            name=field.replace("_", "-"),
            zh=zh,
            en=en,
            default=getattr(RELEASED, field),
            at_least=0 if field == "red_site_hours" else 1,
            at_most=240 if unit == "hours" else 60,
            unit=unit,
        )
        for field, zh, en, unit in _ROWS
    ),
    legal_basis="国办发〔2018〕80号；产品默认值",
)


def times_of(values: Mapping[str, int], version: str) -> Times:
    """The times that these numbers say."""
    return Times(policy_version=version, **{field: values[field.replace("_", "-")] for field, *_ in _ROWS})
