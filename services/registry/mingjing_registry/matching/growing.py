"""Growing 增量: a finder over many that also knows what changed since it was made, without being made anew each time.

The one rule: who changed is found as it is now and never as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from mingjing_registry.matching.finder import Finder, Found
from mingjing_registry.matching.numbers import MatchNumbers
from mingjing_registry.matching.traits import Traits

CHANGED_MAX = 2_000
"""More than these, and the whole is made anew."""


class Growing:
    """Many institutions that can be asked, and change."""

    def __init__(self) -> None:
        self._many: dict[UUID, Traits] = {}
        self._changed: dict[UUID, Traits | None] = {}
        self._old = Finder({})
        self._new = Finder({})

    def __len__(self) -> int:
        return len(self._many)

    def update(self, changes: Mapping[UUID, Traits | None]) -> None:
        """Take over what changed; ``None`` for who is no longer among them."""
        if not changes:
            return
        for id, traits in changes.items():
            if traits is None:
                self._many.pop(id, None)
            else:
                self._many[id] = traits
        self._changed |= changes
        if len(self._changed) > CHANGED_MAX:
            self._changed = {}
            self._old, self._new = Finder(dict(self._many)), Finder({})
        else:
            self._new = Finder({id: traits for id, traits in self._changed.items() if traits is not None})

    def like(self, one: Traits, numbers: MatchNumbers, *, but: Collection[UUID] = ()) -> list[Found]:
        """See ``Finder.like``."""
        found = [each for each in self._old.like(one, numbers, but=but) if each.id not in self._changed]
        found += self._new.like(one, numbers, but=but)
        return sorted(found, key=lambda each: (-each.resemblance.score, each.id))
