"""When an alert is told again, and when it ends by itself (误报静默与自动解除): policies by region, category and day.

The one rule: the defaults are those of ``Silence`` and ``Observe``; what is in force on the day of an evaluation
counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mingjing_funds.domain.alerting.persisting import LOUD_AGAIN, Silence
from mingjing_kernel.policy.rule import Number, Rule

ALERT_SILENCE: Final = Rule(
    name="alert-false-alarms",
    zh="误报静默",
    en="How long a false alarm stays silent",
    numbers=(
        Number(
            name="silent-days",
            zh="误报后静默天数",
            en="Days without being told again",
            default=LOUD_AGAIN.days,
            at_least=1,
            at_most=365,
            unit="days",
        ),
        Number(
            name="worse-percent",
            zh="恶化幅度达到即再报",
            en="Told sooner when the figure grows worse by",
            default=LOUD_AGAIN.worse_percent,
            at_least=1,
            at_most=1_000,
            unit="percent",
        ),
    ),
    legal_basis="国办发〔2018〕80号；产品默认值",
)


def silence_of(values: Mapping[str, int]) -> Silence:
    """What these numbers say."""
    return Silence(days=values["silent-days"], worse_percent=values["worse-percent"])


ALERT_CLEARING: Final = Rule(
    name="alert-clearing",
    zh="预警自动解除",
    en="When an alert ends by itself, and is the same one again",
    numbers=(
        Number(
            name="quiet-days",
            zh="条件消失多少天后自动解除",
            en="Days without its condition",
            default=3,
            at_least=1,
            at_most=60,
            unit="days",
        ),
        Number(
            name="window-days",
            zh="多少天内再现视为同一预警",
            en="Days within which it is the same alert",
            default=30,
            at_least=1,
            at_most=365,
            unit="days",
        ),
    ),
    legal_basis="国办发〔2018〕80号；产品默认值",
)
