"""Whoever asks: grants at random, in force or not, and what they reach, decided in plain words.

One rule: ``reaches`` is written from the promise (every dimension that a row has must be within one grant in force) and
shares no line with the product; what the product decides, in SQL or in memory, is compared with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st

from mingjing_kernel.access.facts import GrantGiven
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import ANY, OUTSIDERS, Grant, Principal, Role, Scope
from scopes.question import NOW, Row

WHO = "somebody"
DAY = datetime.timedelta(days=1)
TERMS = st.sampled_from([
    (NOW - DAY, None), (NOW - DAY, NOW + DAY), (NOW, None), (NOW - DAY, None), (NOW - DAY, NOW + DAY),
    (NOW - DAY, NOW), (NOW - 2 * DAY, NOW - DAY), (NOW + DAY, None), (NOW + DAY, NOW + 2 * DAY),
])  # fmt: skip
"""From when until when: in force, from this very moment, until this very moment, over, not yet."""

NOBODY: Mapping[Role, str] = {}


@dataclass(frozen=True)
class Held:
    """A grant, from a moment until just before another."""

    grant: Grant
    begins: datetime.datetime
    ends: datetime.datetime | None

    @property
    def is_in_force(self) -> bool:
        """Now."""
        return self.begins <= NOW and (self.ends is None or self.ends > NOW)

    def given(self, who: str, number: int) -> GrantGiven:
        """The fact in the log."""
        terms = {name: getattr(self.grant, name) for name in ("department", "region", "category", "organisation")}
        return GrantGiven(
            person=who,
            grant_id=derived_id("grant", who, number),
            role=self.grant.role.value,
            valid_from=self.begins,
            valid_until=self.ends,
            manner="given",
            delegated_from=None,
            given_by="an administrator",
            reason="任命",
            legal_basis="1号",
            given_at=self.begins,
            **terms,
        )


GRANTS = st.builds(
    Grant,
    role=st.sampled_from(Role),
    department=st.sampled_from(["education", "science", "a%", ANY]),
    region=st.sampled_from(["33", "3301", "330106", "330106109", "330108", ANY]),
    category=st.sampled_from(["art", "sport", ANY]),
    organisation=st.sampled_from(["", ANY, "icbc", str(UUID(int=1))]),
)
HOLDINGS = st.lists(st.builds(lambda grant, term: Held(grant, *term), GRANTS, TERMS), max_size=5)
"""What one person holds: nothing, too."""


def give(standing: Standing, who: str, held: Iterable[Held]) -> None:
    """Let a service know of it, as its log would."""
    for number, one in enumerate(held):
        standing.apply(one.given(who, number))


def scope_of(held: Iterable[Held]) -> Scope:
    """What the product makes of it at this moment."""
    standing = Standing()
    give(standing, WHO, held)
    return Principal(subject=WHO, grants=standing.grants_of(WHO, NOW)).scope


def reaches(
    held: Iterable[Held],
    roles: Collection[Role],
    row: Row,
    dimensions: Collection[str],
    holders: Mapping[Role, str] = NOBODY,
) -> bool:
    """Whether somebody with these grants, or just anybody, may see the row. ``holders`` are outsiders, each with the
    organisation that holds the row.
    """
    return Role.PUBLIC in roles or any(
        one.is_in_force
        and one.grant.role in {*roles, *holders}
        and (one.grant.role not in OUTSIDERS or one.grant.organisation in {ANY, holders.get(one.grant.role, ANY)})
        and ("department" not in dimensions or one.grant.department in (ANY, row.department))
        and ("region" not in dimensions or one.grant.region == ANY or row.region.startswith(one.grant.region))
        and ("category" not in dimensions or one.grant.category in (ANY, row.category))
        for one in held
    )
