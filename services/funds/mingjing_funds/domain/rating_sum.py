"""What many ratings come to (评价汇总), in whole numbers: a share that few ratings cannot make look certain.

One rule: a published figure never says more than its number of ratings bears: the share of content families is the
lower end of Wilson's interval, and the mean is drawn towards the middle as if some had rated so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import Final

Z_SQUARED: Final = 38_416
"""1.96 squared, in ten-thousandths: 95 of 100 such intervals hold the true share."""
_SCALE: Final = 10_000
MIDDLE: Final = 300
"""Three stars, in hundredths: where nobody has rated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """Of one institution. ``content``: those with four or five stars; sums are of stars."""

    count: int
    content: int
    institution_stars: int
    lesson_stars: int


def content_permille(summed: Summed) -> int:
    """Wilson's lower bound of the share of content families, per mille, rounded down; 0 of none."""
    n, k = summed.count, summed.content
    if not n:
        return 0
    root = _root_up(Z_SQUARED * (4 * k * (n - k) * _SCALE + Z_SQUARED * n), n)
    return max(0, 1_000 * (2 * k * _SCALE + Z_SQUARED - root) // (2 * (n * _SCALE + Z_SQUARED)))


def mean_hundredths(stars: int, count: int, weight: int) -> int:
    """The mean in hundredths of a star, with ``weight`` ratings in the middle added, rounded down."""
    whole = count + weight
    return (stars * 100 + weight * MIDDLE) // whole if whole else 0


def _root_up(value: int, divisor: int) -> int:
    """Of a fraction, rounded up: the bound stays a lower one."""
    return isqrt(-(-value // divisor) - 1) + 1 if value else 0
