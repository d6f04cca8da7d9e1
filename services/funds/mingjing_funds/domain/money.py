"""Fen arithmetic of a contract: the one rule is C(k) = floor(P·k / N), exact at the end.

Source: 教监管函〔2021〕2号 (release in step with teaching); Beijing's rule "custody total ÷ lessons × delivered".
"""

from __future__ import annotations


def cumulative_release_fen(paid_fen: int, lessons: int, used: int) -> int:
    """C(k): what ``used`` of ``lessons`` paid lessons release together, in fen. C(0) = 0 and C(N) = P."""
    if not 0 <= used <= lessons:
        raise ValueError(f"used lessons {used} are outside 0..{lessons}")
    return paid_fen * used // lessons


def lesson_release_fen(paid_fen: int, lessons: int, before: int, after: int) -> int:
    """What the lessons from ``before`` to ``after`` release: C(after) − C(before), in fen."""
    return cumulative_release_fen(paid_fen, lessons, after) - cumulative_release_fen(paid_fen, lessons, before)


def yuan(fen: int) -> str:
    """An amount for people: 1234567 is 12,345.67."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"
