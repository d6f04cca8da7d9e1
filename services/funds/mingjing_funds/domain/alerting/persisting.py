"""A false alarm that goes on (误报后持续): silent for a while, and told again when that is over or it grows worse.

The one rule: that somebody found nothing is no reason to look away for ever. How long it stays silent, and by how much
its figure has to grow worse before that, is a policy; that it was once judged false is said with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mingjing_funds.domain.alerting.life_facts import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """For how long a false alarm is not told again, and by what share of its figure it may grow worse meanwhile."""

    days: int = 30
    worse_percent: int = 20


LOUD_AGAIN: Final = Silence()
"""As this release has it."""


class Again(StrEnum):
    """Why a false alarm is told again."""

    PERSISTS = "persists"
    WORSE = "worse"


_MORE, _LESS = 1, -1
_FIGURES: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "F01": ("balance_fen", _LESS),
        "F02": ("short_fen", _MORE),
        "F03": ("outflow_fen", _MORE),
        "F04": ("outflow_fen", _MORE),
        "F05": ("outflow_fen", _MORE),
        "F06": ("debits_fen", _MORE),
        "F07": ("payments_fen", _MORE),
        "F08": ("charges", _MORE),
        "F09": ("charges", _MORE),
        "F10": ("charges", _MORE),
        "F11": ("people", _MORE),
        "F12": ("above_published", _MORE),
        "F13": ("owed_fen", _MORE),
        "F14": ("deposit_fen", _LESS),
        "F15": ("refunds_fen", _MORE),
        "F16": ("requests", _MORE),
        "F17": ("week_fen", _MORE),
        "F19": ("units", _MORE),
        "F20": ("share_percent", _MORE),
        "F22": ("gap_fen", _LESS),
        "F25": ("month", _MORE),
        "F26": ("people", _MORE),
        "F28": ("drop_percent", _MORE),
        "F30": ("patrols", _MORE),
        "F31": ("sites", _MORE),
        "F32": ("score", _MORE),
        "F33": ("lessons", _MORE),
        "F34": ("people", _MORE),
        "F35": ("heads", _MORE),
        "F36": ("receipts_fen", _LESS),
        "F37": ("lessons", _LESS),
    }
)
"""The figure by which a rule says how bad it is, and whether more or less of it is worse. Days that only pass (F18,
F21, F29) are no growth, and what is there or not (F23, F24, F27) has no degree: of these only the time counts.
"""


def again(said: Said, before: Said | None, judged_on: date, silence: Silence) -> Again | None:
    """Why what was judged false is told again on this day; ``None``: it stays silent."""
    if before is not None and _is_worse(said, before, silence.worse_percent):
        return Again.WORSE
    return Again.PERSISTS if said.day >= judged_on + timedelta(days=silence.days) else None


def _is_worse(said: Said, before: Said, percent: int) -> bool:
    name, direction = _FIGURES.get(said.rule, ("", 0))
    now = next((one.value for one in said.measures if one.name == name), None)
    then = next((one.value for one in before.measures if one.name == name), None)
    if now is None or then is None or before.rule_version != said.rule_version:
        return False
    growth = direction * (now - then)
    return growth > 0 and 100 * growth >= percent * abs(then)


def words(why: Again, judged_on: date, said: Said) -> tuple[str, str]:
    """What the alert says, with what was judged before, in Chinese and English."""
    zh = {Again.PERSISTS: "仍未消除", Again.WORSE: "又有恶化"}[why]
    en = {Again.PERSISTS: "it is still so", Again.WORSE: "it has grown worse"}[why]
    return (
        f"{said.because_zh}；{judged_on.isoformat()}曾判为误报，{zh}",
        f"{said.because_en}; judged a false alarm on {judged_on.isoformat()}, and {en}",
    )
