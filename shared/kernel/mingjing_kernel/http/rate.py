"""How often somebody may ask: a bucket for each caller and each address, for every route of a service.

The one rule: it stands before every request, so it may cost a microsecond and no more: one look into a dictionary
(GCRA, the generic cell rate algorithm of ITU-T I.371), no lock, no task. Whoever is forgotten for lack of room starts
with a full bucket. A limit counts in this process; a cell with many processes divides it at its gateway.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from limits import parse

OFF = "off"
KEYS_MAX = 100_000
_TENTH = KEYS_MAX // 10


@dataclass(frozen=True, slots=True)
class Rate:
    """``requests`` within ``seconds``: so many at once, and as many again in as much time."""

    text: str
    requests: int
    seconds: float


def parse_rate(text: str) -> Rate | None:
    """``10000/10 second``, ``600/minute``; None for ``off``. Raises ``ValueError``."""
    if text.strip().lower() == OFF:
        return None
    read = parse(text)
    if read.amount < 1:
        raise ValueError("A rate lets at least one request through.")
    return Rate(text, read.amount, float(read.get_expiry()))


class RateLimiter:
    """Counts requests by who asks."""

    def __init__(self, rate: Rate | None, ticks: Callable[[], float] = time.monotonic) -> None:
        """``ticks`` are seconds that never go back."""
        self.rate = rate
        self._ticks = ticks
        self._interval = rate.seconds / rate.requests if rate else 0.0
        self._room = self._interval * (rate.requests - 1) if rate else 0.0
        self._arrivals: dict[str, float] = {}
        """By who asks: when the bucket is full again."""

    def wait_seconds(self, who: str) -> float:
        """Count one request: 0 when it may pass, else after how many seconds the next one may."""
        if self.rate is None:
            return 0.0
        now = self._ticks()
        arrival = self._arrivals.get(who, now)
        if arrival <= now:
            arrival = now
        elif arrival - now > self._room + 1e-9:  # what adding intervals loses
            return arrival - now - self._room
        self._arrivals[who] = arrival + self._interval
        if len(self._arrivals) > KEYS_MAX:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Full buckets say nothing; if there are none, the oldest tenth goes."""
        self._arrivals = {who: arrival for who, arrival in self._arrivals.items() if arrival > now}
        if len(self._arrivals) > KEYS_MAX - _TENTH:
            for who in list(islice(self._arrivals, _TENTH)):
                del self._arrivals[who]
