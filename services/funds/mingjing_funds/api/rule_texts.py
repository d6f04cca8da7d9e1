"""The rules that alerts and contracts cite, as they decide: what goes into a case file beside the facts.

The one rule: the text is the code that ran, with the figures that it used, so that nobody writes it a second time.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache

from mingjing_funds.domain.alerting import catalogue, thresholds
from mingjing_funds.domain.alerting.rules_composite import f32_v1
from mingjing_funds.policy import alert_rules
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_funds.policy.family_rules import FAMILY_RULES
from mingjing_kernel.policy import DEFAULT_VERSION


@cache
def rule_texts() -> Mapping[str, str]:
    """Every rule version with its text."""
    named = vars(alert_rules).items()
    figures = "\n".join(f"{name} = {value}" for name, value in named if name.isupper() and isinstance(value, int))
    rules = {version: f"{figures}\n\n{inspect.getsource(rule)}" for version, rule in alert_rules.RULES.values()}
    numbers = inspect.getsource(thresholds.Thresholds)
    says = {rule.version: rule.says for rule in catalogue.RULES.values()} | {catalogue.COMPOSITE_VERSION: f32_v1}
    alerting = {version: f"{numbers}\n\n{inspect.getsource(rule)}" for version, rule in says.items()}
    family = {f"{rule.name}/{DEFAULT_VERSION}": f"{rule}\n" for rule in FAMILY_RULES}
    return {**rules, **alerting, LIMITS_V1.version: f"{LIMITS_V1}\n", **family}
