"""Posts of a grid (网格岗位): its officer, its deputy, its community's leader, its linked inspector, and since when.

One rule: a post is held by one person at a time; whoever comes next ends the tenure before, and the former holder stays
readable for whoever asks who it was on a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, assert_never

from mingjing_inspection.domain.grid_code import is_grid
from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

DAY = timedelta(days=1)


class Post(StrEnum):
    """What somebody is for a grid; a community's leader is of the community."""

    OFFICER = "OFFICER"
    """网格员"""
    DEPUTY = "DEPUTY"
    """副网格员"""
    COMMUNITY_LEADER = "COMMUNITY_LEADER"
    """社区网格长"""
    LINKED_INSPECTOR = "LINKED_INSPECTOR"
    """责任督学"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Somebody at a post, from a day on; ``last_on`` is the last day, or ``None`` without an end."""

    post: Post
    person: str
    from_on: date
    last_on: date | None = None

    def is_on(self, day: date) -> bool:
        """Whether that person held it on the day."""
        return self.from_on <= day and (self.last_on is None or day <= self.last_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPost:
    """Somebody takes a post from a day on."""

    code: str
    post: Post
    person: str
    from_on: date
    filled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who is to hold a post."""

    post: Post
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPosts:
    """Several posts of one grid change hands on one day, so that officer and deputy can take each other's place."""

    code: str
    named: tuple[Named, ...]
    from_on: date
    filled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VacatePost:
    """Nobody holds it after this day."""

    code: str
    post: Post
    last_on: date
    vacated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilled:
    """Held by this person from this day."""

    code: str
    post: Post
    person: str
    from_on: date
    filled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVacated:
    """The tenure that began on ``from_on`` ends with this day."""

    code: str
    post: Post
    person: str
    from_on: date
    last_on: date
    vacated_at: datetime


Command: TypeAlias = FillPost | FillPosts | VacatePost
Event: TypeAlias = PostFilled | PostVacated


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """All tenures of one grid or community, in the order in which they began."""

    tenures: tuple[Tenure, ...] = ()

    def last(self, post: Post) -> Tenure | None:
        """The latest tenure of a post."""
        return next((one for one in reversed(self.tenures) if one.post is post), None)


class PostOfCommunity(Invalid):
    """Leaders are of communities, the others of grids."""

    sentence = "A community's leader is named for the 12 digits of a community, every other post for the 15 of a grid."
    remedy = "Correct the code or the post."
    field = "code"


class PersonMissing(Invalid):
    """A post without anybody."""

    sentence = "Nobody is named for the post."
    remedy = "Name the person, or vacate the post."
    field = "person"


class TenureBeforeLast(Refusal):
    """Tenures follow each other."""

    sentence = "The post has been filled from {from_on} on; the next tenure begins later."
    remedy = "Name a later day."
    field = "from_on"


class OfficerIsDeputy(Refusal):
    """Who stands in must be another person."""

    sentence = "{person} is the grid's officer or deputy already."
    remedy = "Name another person: the deputy is there for when the officer is not."
    field = "person"


class PostVacant(NotFound):
    """Nobody to take leave of."""

    sentence = "Nobody holds this post."
    remedy = "Look at who holds which post of the grid."
    field = "post"


class VacatedBeforeBegun(Invalid):
    """A tenure has at least a day."""

    sentence = "The tenure began on {from_on}, after the day on which it would end."
    remedy = "Name that day or a later one."
    field = "last_on"


def decide(command: Command, posts: Posts) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case FillPost():
            return _fill(command, posts)
        case FillPosts():
            return _fill_all(command, posts)
        case VacatePost():
            return _vacate(command, posts)
        case _:
            assert_never(command)


def evolve(posts: Posts, event: Event) -> Posts:
    """Who holds what after a fact."""
    match event:
        case PostFilled():
            tenure = Tenure(post=event.post, person=event.person, from_on=event.from_on)
            return Posts(tenures=(*posts.tenures, tenure))
        case PostVacated():
            ended = tuple(
                replace(one, last_on=event.last_on) if (one.post, one.from_on) == (event.post, event.from_on) else one
                for one in posts.tenures
            )
            return Posts(tenures=ended)
        case _:
            assert_never(event)


GRID_POST: Decider[Command, Posts, Event] = Decider(initial=Posts(), decide=decide, evolve=evolve)

_BESIDE = {Post.OFFICER: Post.DEPUTY, Post.DEPUTY: Post.OFFICER}


def _fill(command: FillPost, posts: Posts) -> list[Event]:
    if is_grid(command.code) == (command.post is Post.COMMUNITY_LEADER):
        raise PostOfCommunity
    if not command.person.strip():
        raise PersonMissing
    last = posts.last(command.post)
    if last is not None and (last.person, last.last_on) == (command.person, None) and last.from_on <= command.from_on:
        return []
    if last is not None and last.from_on >= command.from_on:
        raise TenureBeforeLast(from_on=last.from_on.isoformat())
    beside = _BESIDE.get(command.post)
    if any(
        one.post is beside and one.person == command.person and (one.last_on is None or one.last_on >= command.from_on)
        for one in posts.tenures
    ):
        raise OfficerIsDeputy(person=command.person)
    filled = fact(PostFilled, command)
    if last is None or (last.last_on is not None and last.last_on < command.from_on):
        return [filled]
    return [_vacated(last, command.code, command.from_on - DAY, command.filled_at), filled]


def _fill_all(command: FillPosts, posts: Posts) -> list[Event]:
    """Who leaves leaves first; then each is filled as if it were filled alone."""
    fills = [
        FillPost(
            code=command.code,
            post=one.post,
            person=one.person,
            from_on=command.from_on,
            filled_at=command.filled_at,
        )
        for one in command.named
    ]
    facts: list[Event] = []
    for fill in fills:
        last = posts.last(fill.post)
        if last is None or last.person == fill.person or last.last_on is not None or last.from_on >= fill.from_on:
            continue
        facts.append(_vacated(last, fill.code, fill.from_on - DAY, fill.filled_at))
        posts = evolve(posts, facts[-1])
    for fill in fills:
        for event in _fill(fill, posts):
            facts.append(event)
            posts = evolve(posts, event)
    return facts


def _vacate(command: VacatePost, posts: Posts) -> list[Event]:
    last = posts.last(command.post)
    if last is None:
        raise PostVacant
    if last.last_on is not None and last.last_on <= command.last_on:
        return []
    if command.last_on < last.from_on:
        raise VacatedBeforeBegun(from_on=last.from_on.isoformat())
    return [_vacated(last, command.code, command.last_on, command.vacated_at)]


def _vacated(tenure: Tenure, code: str, last_on: date, at: datetime) -> PostVacated:
    return PostVacated(
        code=code, post=tenure.post, person=tenure.person, from_on=tenure.from_on, last_on=last_on, vacated_at=at
    )
