"""F01 and F02 as the first release had them: case files and older alerts cite these versions. Those in force are in
``domain/alerting/catalogue.py``.

The one rule: never edit a released version; add the next one. Thresholds are product defaults and per region; the
minimum of the account's own agreement stands before the regional one. Source: domain rules F01 (minimum balance,
国办发〔2018〕80号 names the tool; figures of Hangzhou) and F02 (balance below liability, Jiangsu 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mingjing_funds.domain.alert import Features, Severity
from mingjing_funds.domain.money import yuan

HYSTERESIS_DAYS = 3
IN_TRANSIT_DAYS_MAX = 5
"""A payment announced longer ago than this and not credited counts no longer as on its way: three working days."""
REGIONAL_MINIMUM_FEN = 300_000_00
REGIONAL_MINIMUM_FIRST_YEAR_FEN = 100_000_00
_FIRST_YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says: how bad (nothing when all is well), and what the balance should be at least, in fen."""

    severity: Severity | None
    threshold_fen: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence in Chinese and in English."""

    zh: str
    en: str


Rule: TypeAlias = Callable[[Features], Finding]


def f01_v1(features: Features) -> Finding:
    """F01: balance below the minimum is YELLOW, below half of it RED."""
    minimum = features.agreed_minimum_fen
    if minimum <= 0:
        young = features.months_open < _FIRST_YEAR_MONTHS
        minimum = REGIONAL_MINIMUM_FIRST_YEAR_FEN if young else REGIONAL_MINIMUM_FEN
    if 2 * features.balance_fen < minimum:
        return Finding(Severity.RED, minimum)
    return Finding(Severity.YELLOW if features.balance_fen < minimum else None, minimum)


def f02_v1(features: Features) -> Finding:
    """F02: balance and payments on their way together below what is owed to families (U) is RED."""
    covered = features.balance_fen + features.in_transit_fen
    return Finding(Severity.RED if covered < features.unconsumed_fen else None, features.unconsumed_fen)


RULES: dict[str, tuple[str, Rule]] = {"F01": ("F01/1", f01_v1), "F02": ("F02/1", f02_v1)}
"""Rule to its first version and its function."""


def explanation(rule_version: str, features: Features, threshold_fen: int) -> Explanation:
    """Why the rule speaks, in Chinese and English, for a person."""
    balance, threshold = yuan(features.balance_fen), yuan(threshold_fen)
    day = features.day.isoformat()
    if rule_version == "F01/1":
        own = features.agreed_minimum_fen > 0
        source_zh, source_en = ("托管协议约定", "the custody agreement") if own else ("本地区", "the region")
        return Explanation(
            zh=f"截至{day},托管专户余额{balance}元,低于{source_zh}的最低留存额度{threshold}元。",
            en=f"On {day} the custody account holds ¥{balance}, below the minimum of ¥{threshold} set by {source_en}.",
        )
    transit, short = yuan(features.in_transit_fen), yuan(threshold_fen - features.balance_fen - features.in_transit_fen)
    return Explanation(
        zh=f"截至{day},托管专户余额{balance}元,在途{transit}元,未消课负债{threshold}元,差额{short}元。",
        en=(
            f"On {day} the custody account holds ¥{balance} with ¥{transit} on its way; lessons not yet given are "
            f"worth ¥{threshold}: ¥{short} are missing."
        ),
    )
