"""How long a false alarm stays silent (误报静默), as a policy: by region, category and day.

The one rule: the defaults are those of ``Silence``; what is in force on the day of an evaluation counts.
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
