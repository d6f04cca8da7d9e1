"""Fingerprints of lessons, made with the index key (see ``domain/lesson_print.py``).

The one rule: a name goes in masked and comes out as a keyed digest that is this contract's own: the same name on
another contract is another digest, so that counting them tells nobody which names are common.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mingjing_funds.domain.lesson_print import written
from mingjing_funds.sources.lessons import LessonLine
from mingjing_kernel.sealed.blind import BlindIndex

DIGITS = 16
PUPILS_REMEMBERED_MAX = 100_000


@dataclass(slots=True)
class LessonPrints:
    """Make one a file: a pupil's lessons come by the dozen."""

    index: BlindIndex = field(repr=False)
    _pupils: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def of(self, line: LessonLine) -> str:
        """Of a line of a file."""
        what = self.index.of("lesson", "\x1f".join(line.taught))[:DIGITS]
        return written(what, "" if line.pupil is None else self._pupil(line.contract_no, line.pupil))

    def of_words(self, words: str) -> str:
        """Of what somebody says who reports a lesson by hand: kept as a digest, too, for it may name anybody."""
        return written(self.index.of("lesson", words)[:DIGITS], "") if words else ""

    def _pupil(self, contract_no: str, pupil: str) -> str:
        found = self._pupils.get((contract_no, pupil))
        if found is None:
            if len(self._pupils) >= PUPILS_REMEMBERED_MAX:
                self._pupils.clear()
            found = self.index.of("lesson-pupil", f"{contract_no}\x1f{pupil}")[:DIGITS]
            self._pupils[contract_no, pupil] = found
        return found
