"""Dynamic separation of duties: who had a hand in a thing, read from the facts themselves.

The one rule: a fact counts for whoever stands in its circumstances (``actor``, and ``on_behalf_of`` for a substitute,
who counts as both persons), not for whoever a service says. It is checked on the facts that a command is about to
leave, in the same append, so two requests at once cannot both slip through; an aggregate that separates nothing pays
nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from mingjing_kernel.identity.act import Act, named
from mingjing_kernel.identity.refusals import OtherPersonMust

Hands: TypeAlias = Mapping[tuple[Hashable, str], frozenset[str]]
"""Who did what: persons by thing and act."""
NOBODY: Hands = {}


class Circumstances(Protocol):
    """What stands beside a fact, as far as it names people."""

    @property
    def actor(self) -> str:
        """Who did it."""
        ...

    @property
    def on_behalf_of(self) -> str:
        """In whose place; empty when nobody else's."""
        ...


class Separation:
    """What the acts of one aggregate have to be kept apart."""

    def __init__(self, acts: Sequence[Act]) -> None:
        self._acts = tuple(acts)
        for act in acts:
            for other in act.apart_from:
                named(acts, other)  # a slip in a name would separate nothing, in silence
        others = {name for act in acts for name in act.apart_from}
        self._left_by: dict[type, tuple[Act, ...]] = {}
        for act in acts:
            if act.apart_from or act.name in others:
                for fact in act.leaves:
                    self._left_by[fact] = (*self._left_by.get(fact, ()), act)

    @property
    def facts(self) -> frozenset[type]:
        """The facts that tell who had a hand in something; no other has to be looked at."""
        return frozenset(self._left_by)

    def checked(self, facts: Iterable[Any], circumstances: Circumstances, hands: Hands) -> Hands:
        """The hands after these facts. Raises ``OtherPersonMust`` when one of them is not this person's to leave."""
        for fact in facts:
            for act in self._left_by.get(type(fact), ()):
                people = _people(act, fact, circumstances)
                if (why := self.hindrance(act, act.thing(fact), people, hands)) is not None:
                    raise why
                hands = _with(hands, act, fact, people)
        return hands

    def after(self, fact: Any, circumstances: Circumstances, hands: Hands) -> Hands:
        """The hands after a fact that stands in the log: what was once accepted is not judged again."""
        for act in self._left_by.get(type(fact), ()):
            hands = _with(hands, act, fact, _people(act, fact, circumstances))
        return hands

    def hindrance(self, act: Act, thing: Hashable, people: frozenset[str], hands: Hands) -> OtherPersonMust | None:
        """Why these people may not do this to the thing; ``None`` where nobody of them had a hand in it."""
        for name in sorted(act.apart_from):
            if people & hands.get((thing, name), frozenset()):
                return OtherPersonMust(act=act, done=named(self._acts, name))
        return None


def separation(acts: Sequence[Act]) -> Separation | None:
    """What has to be kept apart among these acts; ``None`` where nothing has."""
    return Separation(acts) if any(act.apart_from for act in acts) else None


def require_apart(act: Act, circumstances: Circumstances, acts: Sequence[Act], hands: Hands) -> None:
    """Raise ``OtherPersonMust`` for whoever did any of these to another aggregate that the act is about."""
    for (_, name), people in sorted(hands.items(), key=lambda one: one[0][1]):
        done = next((one for one in acts if one.name == name), None)
        if done is not None and people & people_of(circumstances):
            raise OtherPersonMust(act=act, done=done)


def people_of(circumstances: Circumstances) -> frozenset[str]:
    """Everybody who stands behind a command: the substitute and whom he stands in for."""
    return frozenset(filter(None, (circumstances.actor, circumstances.on_behalf_of)))


def _people(act: Act, fact: Any, circumstances: Circumstances) -> frozenset[str]:
    return people_of(circumstances).union(filter(None, act.also(fact)))


def _with(hands: Hands, act: Act, fact: Any, people: frozenset[str]) -> Hands:
    """A new mapping: what a batch has only thought of must leave no trace in what is cached."""
    key = (act.thing(fact), act.name)
    return {**hands, key: hands.get(key, frozenset()) | people}
