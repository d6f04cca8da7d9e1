"""How many people complain of one institution (投诉人数): distinct persons, told as numbers and nothing else.

One rule: a number of people leaves the service and never a word by which one of them could be told from another.
Within a window a person counts once, however often she writes; whoever cannot be told from others (neither telephone
nor name is known) is counted apart, as a paper.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from mingjing_kernel.decider import Decider

WINDOWS = (7, 30, 60)
"""Days, the last one included: a week and a month (F25), and two months for what takes long to be said by several."""
ANY = ""
"""The word under which every complaint counts, whatever it says."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One complaint: when, what it says of money, and by what its writer is told from others (empty: by nothing)."""

    on: date
    person: str
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Within so many days so many ``people`` said so, and so many papers more of which nobody knows who wrote them."""

    word: str
    days: int
    people: int
    unnamed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountComplainants:
    """Say how many they are today."""

    institution_id: UUID
    voices: tuple[Voices, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantsCounted:
    """So many people complain of this institution; what is not named is none."""

    institution_id: UUID
    voices: tuple[Voices, ...]
    on: date


def counted(papers: Collection[Paper], today: date) -> tuple[Voices, ...]:
    """The numbers of every window and word, as of the end of a day; those that are zero are left out."""
    found = []
    for word in (ANY, *sorted({word for paper in papers for word in paper.words})):
        for days in WINDOWS:
            since = today - timedelta(days=days)
            said = [one for one in papers if since < one.on <= today and (word == ANY or word in one.words)]
            if said:
                people = len({one.person for one in said} - {""})
                unnamed = sum(not one.person for one in said)
                found.append(Voices(word=word, days=days, people=people, unnamed=unnamed))
    return tuple(found)


def _decide(command: CountComplainants, told: tuple[Voices, ...]) -> list[ComplainantsCounted]:
    if command.voices == told:
        return []
    return [ComplainantsCounted(institution_id=command.institution_id, voices=command.voices, on=command.on)]


def _evolve(_told: tuple[Voices, ...], event: ComplainantsCounted) -> tuple[Voices, ...]:
    return event.voices


COMPLAINANT_COUNT: Decider[CountComplainants, tuple[Voices, ...], ComplainantsCounted] = Decider((), _decide, _evolve)
