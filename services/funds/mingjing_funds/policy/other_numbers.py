"""Other numbers for the alert rules (另设阈值), as a person writes them: ``alert-refunds.overdue-refunds=5``.

The one rule: only what a policy could be set to can be tried; nothing here changes a policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.policy.alert_thresholds import RULES, field_of
from mingjing_kernel.refusal import Invalid

WRITTEN_MAX: Final = 20
"""Numbers that one question changes."""
VERSION: Final = "what-if"


class NumberNotKnown(Invalid):
    """No alert rule has this number."""

    sentence = "“{written}” is not a number of the alert rules."
    remedy = "Write it as alert-refunds.overdue-refunds=5; GET /rules lists the rules and their numbers."
    field = "set"


class NumberOutOfBounds(Invalid):
    """No policy could be set to this."""

    sentence = "“{written}”: this number is from {at_least} to {at_most} ({unit})."
    remedy = "Try a number within these bounds."
    field = "set"


def changed(written: Sequence[str]) -> dict[str, int]:
    """The fields of ``Thresholds`` that are set otherwise; raises ``NumberNotKnown``, ``NumberOutOfBounds``."""
    values: dict[str, int] = {}
    for one in written:
        name, _, value = one.partition("=")
        rule_name, _, number_name = name.strip().partition(".")
        rule = next((rule for rule in RULES if rule.name == rule_name), None)
        number = rule.by_name.get(number_name) if rule else None
        known = field_of(rule_name, number_name)
        if number is None or known is None:
            raise NumberNotKnown(written=one)
        said = value.strip()
        if not (said.isascii() and said.isdecimal()) or not number.at_least <= int(said) <= number.at_most:
            raise NumberOutOfBounds(written=one, at_least=number.at_least, at_most=number.at_most, unit=number.unit)
        field, factor = known
        values[field] = int(said) * factor
    return values


def otherwise(thresholds: Thresholds, values: Mapping[str, int]) -> Thresholds:
    """These numbers with some of them set otherwise."""
    return replace(thresholds, version=VERSION, **values)  # type: ignore[arg-type]
