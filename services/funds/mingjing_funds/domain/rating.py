"""Rating (评价): what a family with a real contract thinks of the institution and of its lessons, once a term.

One rule: only who paid under a contract rates, once a contract and term; changing it is a later fact, and so is the
institution's answer. The stream does not say which contract it is of: an institution must not find out who rated it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

STARS_MIN, STARS_MAX = 1, 5
GOOD_STARS: Final = 4
"""From here on a family is content: what the published share counts."""
TEXT_CHARACTERS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """What is rated: the institution, under its own competence, in one school term (2026-spring)."""

    institution_id: UUID
    department: str
    region: str
    category: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Stars of the institution and of its lessons, and words; ``editions_max`` is the policy's number on that day."""

    of: Of
    institution_stars: int
    lesson_stars: int
    text: str
    editions_max: int
    rated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRating:
    """The institution answers; a later answer takes the place of an earlier one."""

    text: str
    answered_by: str
    answered_at: datetime


Command: TypeAlias = Rate | AnswerRating


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A family thinks so. ``edition`` counts from 1: what it thought before stays in the log."""

    of: Of
    institution_stars: int
    lesson_stars: int
    text: str
    edition: int
    rated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingAnswered:
    """The institution's word to it; ``edition`` is the one that it answers."""

    text: str
    edition: int
    answered_by: str
    answered_at: datetime


Event: TypeAlias = Rated | RatingAnswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The latest edition; ``None`` where nothing was said."""

    latest: Rated | None = None
    answer: str = ""


class RatingNotGiven(NotFound):
    """Nothing was rated under this id, or too little for single ratings to be shown."""

    sentence = "There is no such rating."
    remedy = "Look at the list of ratings."


class StarsOutOfRange(Invalid):
    """No such number of stars."""

    sentence = "Stars are a number from {least} to {most}."
    remedy = "Choose one of them."
    field = "institution_stars"


class RatingTextTooLong(Invalid):
    """Longer than anybody reads."""

    sentence = "It is longer than {maximum} characters."
    remedy = "Shorten it."
    field = "text"


class RatedOftenEnough(Refusal):
    """Changed as often as the policy allows."""

    sentence = "A rating can be given {maximum} times in one term, the changes counted."
    remedy = "Rate again in the next term."
    rule = "one contract and term, one rating, with limited changes (policy rating)"
    field = "institution_stars"


class ContractUnpaid(Refusal):
    """Only a real contract counts."""

    sentence = "Only a contract under which fees were paid into custody can be rated."
    remedy = "Rate once the payment is recorded."
    rule = "families with a real contract rate (domain: evaluation)"
    field = "code"


class AnswerMissing(Invalid):
    """An answer without a word."""

    sentence = "The answer says nothing."
    remedy = "Write down the answer."
    field = "text"


def decide(command: Command, rating: Rating) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case Rate():
            return _rate(command, rating)
        case AnswerRating():
            return _answer(command, rating)
        case _:
            assert_never(command)


def evolve(rating: Rating, event: Event) -> Rating:
    """The rating after a fact."""
    match event:
        case Rated():
            return Rating(latest=event)
        case RatingAnswered():
            return replace(rating, answer=event.text)
        case _:
            assert_never(event)


RATING: Decider[Command, Rating, Event] = Decider(initial=Rating(), decide=decide, evolve=evolve)


def hindrance(step: type[Command], rating: Rating) -> Refusal | None:
    """Why the rating as it stands does not take a step; ``None`` where it may."""
    return RatingNotGiven() if step is AnswerRating and rating.latest is None else None


def term_of(day: date, spring_month: int, autumn_month: int) -> str:
    """The school term that a day is in; January belongs to the autumn before. Months by the policy ``rating``."""
    if day.month < spring_month:
        return f"{day.year - 1}-autumn"
    return f"{day.year}-spring" if day.month < autumn_month else f"{day.year}-autumn"


def _rate(command: Rate, rating: Rating) -> list[Event]:
    for stars in (command.institution_stars, command.lesson_stars):
        if not STARS_MIN <= stars <= STARS_MAX:
            raise StarsOutOfRange(least=STARS_MIN, most=STARS_MAX)
    if len(command.text) > TEXT_CHARACTERS_MAX:
        raise RatingTextTooLong(maximum=TEXT_CHARACTERS_MAX)
    before = rating.latest
    if before is not None:
        said = (before.institution_stars, before.lesson_stars, before.text)
        if said == (command.institution_stars, command.lesson_stars, command.text):
            return []  # A second click is no second edition.
        if before.edition >= command.editions_max:
            raise RatedOftenEnough(maximum=command.editions_max)
    return [
        Rated(
            of=command.of,
            institution_stars=command.institution_stars,
            lesson_stars=command.lesson_stars,
            text=command.text,
            edition=before.edition + 1 if before else 1,
            rated_at=command.rated_at,
        )
    ]


def _answer(command: AnswerRating, rating: Rating) -> list[Event]:
    if rating.latest is None:
        raise RatingNotGiven
    if not command.text.strip():
        raise AnswerMissing
    if len(command.text) > TEXT_CHARACTERS_MAX:
        raise RatingTextTooLong(maximum=TEXT_CHARACTERS_MAX)
    if command.text == rating.answer:
        return []
    return [
        RatingAnswered(
            text=command.text,
            edition=rating.latest.edition,
            answered_by=command.answered_by,
            answered_at=command.answered_at,
        )
    ]
