"""Guesses at what is sealed: wrong ones are counted for each subject and day, whoever makes them.

The one rule: a limit by caller does not help the subject, for callers are cheap; the limit here is the subject's own.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import structlog

from mingjing_kernel.clock import Clock, shanghai_date

WRONG_A_DAY_MAX: Final = 5
"""For one subject: a slip of the finger is forgiven, trying out a list of suspects is not."""
SUBJECTS_MAX: Final = 50_000
"""Subjects whose wrong guesses of a day are remembered; while there are so many, no other one is answered."""
_logger = structlog.get_logger("mingjing.guesses")


class Guesses:
    """Wrong guesses of today. Kept in memory: a restart forgets them, and each stands in the service's own log."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._day: date | None = None
        self._wrong: dict[str, int] = {}

    def begin(self, subject: str) -> bool:
        """Whether one more may be answered. It counts as wrong until it proves right: many at once are no more."""
        today = shanghai_date(self._now())
        if today != self._day:
            self._day, self._wrong = today, {}
        before = self._wrong.get(subject, 0)
        if before >= WRONG_A_DAY_MAX or (not before and len(self._wrong) >= SUBJECTS_MAX):
            _logger.warning("guesses.closed", subject=subject)
            return False
        self._wrong[subject] = before + 1
        return True

    def wrong(self, subject: str) -> None:
        """Say it, without what was guessed."""
        _logger.warning("guesses.wrong", subject=subject, today=self._wrong.get(subject, 0))

    def right(self, subject: str) -> None:
        """It was the person herself."""
        self._wrong[subject] = self._wrong.get(subject, 1) - 1
        if not self._wrong[subject]:
            del self._wrong[subject]
