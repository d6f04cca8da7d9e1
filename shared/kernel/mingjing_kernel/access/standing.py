"""How things stand: the fold of everything that was said about access, asked for one person and one moment.

Pure: no clock, no input or output. The one rule: what cannot be told for certain grants nothing (a role that this
release does not know, a delegation whose source is gone, narrower or over).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.access.facts import (
    AccessRevoked,
    Fact,
    GrantGiven,
    GrantTaken,
    PersonLocked,
    PersonUnlocked,
    SubstituteDismissed,
    SubstituteNamed,
)
from mingjing_kernel.identity.grant import Grant
from mingjing_kernel.identity.role import Role
from mingjing_kernel.identity.scope import Session

REVOKED_DAYS_MAX = 31
"""How long a revoked session or token is remembered: no session lives as long."""
TAKEN_DAYS_MAX = 31
"""How long a grant that was taken back can still be asked for: no device is without a network as long."""
REMEMBERED_MAX = 50_000
"""Answers kept ready; beyond it all of them are worked out anew."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """The grants of a person, the same from ``begins`` until just before ``ends``."""

    grants: tuple[Grant, ...]
    begins: datetime
    ends: datetime


@dataclass(eq=False, slots=True)
class Standing:
    """Everything known about access up to a position of a log. Not to be changed but by ``apply``."""

    grants: dict[UUID, GrantGiven] = field(default_factory=dict)
    held: dict[str, dict[UUID, GrantGiven]] = field(default_factory=dict)
    """By subject."""
    past: dict[UUID, tuple[GrantGiven, datetime]] = field(default_factory=dict)
    """Taken back, and when; in the order in which they were."""
    substitutions: dict[UUID, SubstituteNamed] = field(default_factory=dict)
    lent: dict[str, dict[UUID, SubstituteNamed]] = field(default_factory=dict)
    """By the substitute's subject."""
    revoked: dict[tuple[str, str, str], AccessRevoked] = field(default_factory=dict)
    """By what, value, and for a session or token whose it is: nobody ends what is another's by guessing its id."""
    locked: dict[str, PersonLocked] = field(default_factory=dict)
    _passing: deque[tuple[tuple[str, str, str], AccessRevoked]] = field(default_factory=deque, repr=False)
    """Ended sessions and tokens in the order of the log: one sign-out more must not look at all the others."""
    _answers: dict[str, Answer] = field(default_factory=dict, repr=False)

    def apply(self, fact: Fact) -> None:
        """One more fact, in the order of the log."""
        self._answers.clear()
        match fact:
            case GrantGiven():
                self.grants[fact.grant_id] = fact
                self.held.setdefault(fact.person, {})[fact.grant_id] = fact
            case GrantTaken():
                self._take(fact)
            case SubstituteNamed():
                self.substitutions[fact.substitution_id] = fact
                self.lent.setdefault(fact.substitute, {})[fact.substitution_id] = fact
            case SubstituteDismissed():
                self.substitutions.pop(fact.substitution_id, None)
                _drop(self.lent, fact.substitute, fact.substitution_id)
            case AccessRevoked():
                self._revoke(fact)
            case PersonLocked():
                self.locked[fact.person] = fact
            case PersonUnlocked():
                self.locked.pop(fact.person, None)
            case _:
                assert_never(fact)

    def grants_of(self, subject: str, at: datetime) -> tuple[Grant, ...]:
        """What the person holds in force at a moment, in the order in which it was given, each with its end."""
        known = self._answers.get(subject)
        if known is not None and known.begins <= at < known.ends:
            return known.grants
        if len(self._answers) >= REMEMBERED_MAX:
            self._answers.clear()
        answer = self._answers[subject] = self._answer(subject, at)
        return answer.grants

    def held_then(self, subject: str, at: datetime) -> tuple[Grant, ...]:
        """What the person held at a moment of the last weeks, whatever was taken back since: for what is told later."""
        since = {id: given for id, (given, taken_at) in self.past.items() if at < taken_at}
        found: list[Grant] = []
        for given in (*self.held_by(subject), *(one for one in since.values() if one.person == subject)):
            of = given.delegated_from
            source = None if of is None else self.grants.get(of) or since.get(of)
            if _is_in_force(given, source, at):
                found += _grant(given, source)
        return tuple(found)

    def held_by(self, subject: str) -> tuple[GrantGiven, ...]:
        """Every grant of the person that was not taken back, whether in force or not."""
        return tuple(self.held.get(subject, {}).values())

    def in_force(self, given: GrantGiven, at: datetime) -> bool:
        """Whether this grant can be used at a moment; a delegated one only while its source can."""
        return _is_in_force(given, self._source(given), at)

    def substitutes_for(self, subject: str, at: datetime) -> tuple[SubstituteNamed, ...]:
        """For whom the person may act at a moment."""
        return tuple(one for one in self.lent.get(subject, {}).values() if one.valid_from <= at < one.valid_until)

    def stands_in_since(self, subject: str, of: str, at: datetime) -> datetime | None:
        """Since when ``subject`` may act for ``of``; None when he may not at this moment.

        A substitution that was named after its first day begins when it was named.
        """
        named = [one for one in self.substitutes_for(subject, at) if one.person == of]
        return max((max(one.valid_from, one.named_at) for one in named), default=None)

    def kept_since(self, subject: str, began: datetime, at: datetime) -> tuple[Grant, ...]:
        """What the person held in force when something began and still holds: whoever lends knows what he lends."""
        return tuple(
            grant
            for given in self.held_by(subject)
            if given.given_at <= began and self.in_force(given, began) and self.in_force(given, at)
            for grant in _grant(given, self._source(given))
        )

    def revocation(self, subject: str, session: Session) -> AccessRevoked | None:
        """What ended this sign-in; None while nothing did."""
        if not self.revoked:
            return None
        asked = (
            ("session", session.session_id, subject),
            ("token", session.token_id, subject),
            ("person", subject, ""),
            ("client", session.client, ""),
        )
        for key in asked:
            found = self.revoked.get(key) if key[1] else None
            if found is not None and (key[0] in ("session", "token") or session.issued_at < found.before):
                return found
        return None

    def lock(self, subject: str, at: datetime) -> PersonLocked | None:
        """The lock in force at a moment."""
        found = self.locked.get(subject)
        return found if found is not None and (found.locked_until is None or at < found.locked_until) else None

    def has_administrator(self, at: datetime) -> bool:
        """Whether anybody holds an administrator's grant, now or later: then nobody is needed to be the first."""
        return any(
            given.role == Role.ADMINISTRATOR and (given.valid_until is None or at < given.valid_until)
            for given in self.grants.values()
        )

    def document(self) -> dict[str, Any]:
        """Everything, for comparing two of them."""
        return {
            "grants": self.grants,
            "past": tuple(self.past.items()),
            "substitutions": self.substitutions,
            "revoked": self.revoked,
            "locked": self.locked,
            "held": {subject: tuple(found) for subject, found in self.held.items()},
            "lent": {subject: tuple(found) for subject, found in self.lent.items()},
        }

    def _source(self, given: GrantGiven) -> GrantGiven | None:
        """The grant that a delegated one is part of."""
        return None if given.delegated_from is None else self.grants.get(given.delegated_from)

    def _take(self, fact: GrantTaken) -> None:
        given = self.grants.pop(fact.grant_id, None)
        _drop(self.held, fact.person, fact.grant_id)
        if given is not None:
            self.past[fact.grant_id] = (given, fact.taken_at)
        oldest = fact.taken_at - timedelta(days=TAKEN_DAYS_MAX)
        while self.past and (first := next(iter(self.past.items())))[1][1] < oldest:
            del self.past[first[0]]

    def _revoke(self, fact: AccessRevoked) -> None:
        whose = fact.person if fact.what in ("session", "token") else ""
        key = (fact.what, fact.value, whose)
        self.revoked[key] = fact
        if whose:
            self._passing.append((key, fact))
        oldest = fact.revoked_at - timedelta(days=REVOKED_DAYS_MAX)
        while self._passing and self._passing[0][1].revoked_at < oldest:
            passed, ended = self._passing.popleft()
            if self.revoked.get(passed) is ended:  # else it was ended anew since
                del self.revoked[passed]

    def _answer(self, subject: str, at: datetime) -> Answer:
        grants: list[Grant] = []
        edges: list[datetime] = []
        for given in self.held_by(subject):
            source = self._source(given)
            for one in (given,) if source is None else (given, source):
                edges += [edge for edge in (one.valid_from, one.valid_until) if edge is not None and edge > at]
            if self.in_force(given, at):
                grants += _grant(given, source)
        return Answer(tuple(grants), at, min(edges, default=_NEVER))


Index: TypeAlias = dict[str, dict[UUID, Any]]


def _drop(index: Index, subject: str, key: UUID) -> None:
    """A subject of whom nothing is left takes no room."""
    found = index.get(subject)
    if found is not None:
        found.pop(key, None)
        if not found:
            del index[subject]


def _is_within(given: GrantGiven, at: datetime) -> bool:
    return given.valid_from <= at and (given.valid_until is None or at < given.valid_until)


def _is_in_force(given: GrantGiven, source: GrantGiven | None, at: datetime) -> bool:
    """``source``: the grant that a delegated one is part of, where it is known."""
    if not _is_within(given, at):
        return False
    if given.delegated_from is None:
        return True
    return source is not None and _may_stem(given, source) and _is_within(source, at)


def _may_stem(given: GrantGiven, source: GrantGiven) -> bool:
    """A delegation is part of a grant of whoever delegated, and of one that was not delegated itself."""
    return source.person == given.given_by and source.delegated_from is None and source.terms.covers(given.terms)


def _grant(given: GrantGiven, source: GrantGiven | None) -> list[Grant]:
    ends = [one.valid_until for one in (given, source) if one is not None and one.valid_until is not None]
    try:
        return [
            Grant(
                role=Role(given.role),
                department=given.department,
                region=given.region,
                category=given.category,
                organisation=given.organisation,
                until=min(ends, default=None),
            )
        ]
    except ValueError:  # of a later release, or malformed: nobody can say what it means, so it grants nothing
        return []
