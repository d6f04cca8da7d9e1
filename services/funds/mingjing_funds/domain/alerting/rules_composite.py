"""F32: everything together (综合评分). The one rule: it looks at what the other rules said, never at the account.

Rules that look at the same thing from several sides are one kind of sign, and a kind counts once, by the worst that was
said of it. What was said fades day by day once it is no longer said, and is forgotten after ``decay_days``: a bank's
single lost entry, which shows in the balance, the books and the payments alike, adds up to one sign and not to three.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.finding import Finding, fires
from mingjing_funds.domain.alerting.thresholds import Thresholds

_GROUPS = {
    "balance": "F01 F02 F03 F04 F05 F06",
    "books": "F22",
    "missing money": "F07 F33 F34 F35 F36",
    "charging": "F08 F09 F10 F11 F12 F17",
    "refunds": "F15 F16",
    "lessons stop": "F18 F30 F37",
    "lessons faked": "F19 F20",
    "complaints": "F25",
    "debts": "F26",
    "conduct": "F13 F14 F23 F24 F27 F28 F29 F31",
}
KINDS: Mapping[str, str] = MappingProxyType({rule: kind for kind, rules in _GROUPS.items() for rule in rules.split()})
"""Rule to the kind of sign that it is. F21 is about the bank, and a sum must not count itself: they are no signs."""


class Fired(NamedTuple):
    """A rule fired, the last time so many days ago (nothing: today)."""

    rule: str
    severity: Severity
    days_ago: int


def f32_v1(fired: tuple[Fired, ...], t: Thresholds) -> Finding:
    """F32: the weights of all kinds of sign, fading over ``decay_days``, reach the score: RED."""
    weights = {Severity.RED: t.weight_red, Severity.YELLOW: t.weight_yellow, Severity.NOTICE: t.weight_notice}
    worst: dict[str, tuple[int, str]] = {}
    for one in fired:
        kind = KINDS.get(one.rule)
        weight = weights[one.severity] * max(0, t.decay_days - one.days_ago) // t.decay_days
        if kind is not None and weight > 0:
            worst[kind] = max(worst.get(kind, (0, "")), (weight, one.rule))
    score = sum(weight for weight, _ in worst.values())
    parts = [f"{rule} {weight}" for weight, rule in sorted(worst.values(), reverse=True)]
    return fires(
        Severity.RED if score >= t.score_red else None,
        t.score_red,
        lambda: (
            f"综合评分{score}（红线{t.score_red}）：{'、'.join(parts) or '无'}",
            f"score {score} of {t.score_red}: {', '.join(parts) or 'nothing'}",
        ),
        score=score,
        kinds=len(worst),
    )
