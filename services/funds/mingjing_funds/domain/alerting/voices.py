"""How many people say something (投诉人数): told by the inspection as numbers, else counted from papers.

The one rule: a person counts once and a paper of nobody known counts as one that may be anybody's: by papers alone
nothing is *sure* but that at least one person wrote.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mingjing_funds.domain.alerting.state import Said

ANY: Final = ""
"""The word under which every complaint counts."""


class Voices(NamedTuple):
    """Distinct ``people``, and papers of which nobody can tell who wrote them."""

    people: int
    unnamed: int

    @property
    def heard(self) -> int:
        """People and papers together: as many persons at most."""
        return self.people + self.unnamed

    @property
    def sure(self) -> int:
        """As many persons at least."""
        return self.people or min(self.unnamed, 1)


NOBODY: Final = Voices(0, 0)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the inspection told last: on which day, and by word and window of days the people. Unnamed is zero."""

    on: date
    told: tuple[tuple[str, int, Voices], ...]

    def at(self, word: str, days: int, day: date) -> Voices:
        """What still holds of it on a later day: once a whole window has passed, nobody of then is in it any more."""
        if day >= self.on + timedelta(days=days):
            return NOBODY
        return next((voices for each, window, voices in self.told if (each, window) == (word, days)), NOBODY)


def voices(said: Collection[Said], counted: Counted | None, word: str, days: int, day: date) -> Voices:
    """Who says ``word`` within so many days up to ``day``: by the numbers told, and the papers that came after them."""
    since = day - timedelta(days=days)
    papers = [
        one for one in said if since < one.on <= day and (word == ANY or word in {each.value for each in one.words})
    ]
    if counted is not None and counted.on <= day:
        told = counted.at(word, days, day)
        later = sum(one.on > counted.on for one in papers)
        return Voices(told.people, told.unnamed + later)
    return Voices(len({one.person for one in papers if one.is_person}), sum(not one.is_person for one in papers))
