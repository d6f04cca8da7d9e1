"""Who reaches which evidence (证据权限): whoever may see the things that it belongs to, in a role named for it.

The one rule: there is no scope of evidence of its own. The service says by one SQL condition whether a thing is within
a scope, the same condition that its lists stand on; evidence that belongs to no thing yet is its sender's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select

from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.refusals import EvidenceUnknown, ThingKindUnknown, ThingUnknown
from mingjing_kernel.evidence.state import Present
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.identity import Principal, Role, Scope

Within: TypeAlias = Callable[[Scope, Collection[Role], UUID], Select[Any]]
"""Selects a row exactly when the thing exists and the scope reaches it in one of the roles."""
Ended: TypeAlias = Callable[[UUID], Select[Any]]
"""Selects when the thing's matter came to its end; a NULL says that it has, and its last fact says when; no row: it has
not. Nobody is shown it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingKind:
    """A kind of record that evidence may belong to, and who may do what with its evidence.

    ``adding`` may send evidence, ``seeing`` may see that it is there and its display copy, ``originals`` may have the
    very bytes: those show people, and where they were. It is kept for ``kept_months`` from when the thing has
    ``ended``, unless a policy says otherwise, or the thing is the record of a person: then it ends with her.
    """

    kind: str
    zh: str
    en: str
    within: Within
    adding: frozenset[Role]
    seeing: frozenset[Role]
    originals: frozenset[Role]
    ended: Ended
    kept_months: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The kinds of one service, asked of its read models."""

    kit: Kit
    kinds: Mapping[str, ThingKind]

    def kind(self, name: str) -> ThingKind:
        """Raises ``ThingKindUnknown``."""
        found = self.kinds.get(name)
        if found is None:
            raise ThingKindUnknown(kind=name[:40], kinds=", ".join(self.kinds))
        return found

    async def may_add(self, scope: Scope, thing: Thing) -> bool:
        """Whether the thing exists and the caller may add evidence to it. Waits for what was written by now."""
        await self.kit.up_to_date()
        return await self._within(scope, self.kind(thing.kind).adding, thing)

    async def require_seeing(self, scope: Scope, thing: Thing) -> None:
        """Raise ``ThingUnknown`` unless the caller may see what belongs to the thing."""
        if not await self._within(scope, self.kind(thing.kind).seeing, thing):
            raise ThingUnknown

    async def require_sight(self, caller: Principal, state: Present) -> None:
        """Raise ``EvidenceUnknown`` unless the caller sent it or may see every thing that it belongs to."""
        if state.by != caller.subject and not await self._every(caller.scope, state.things, "seeing"):
            raise EvidenceUnknown

    async def require_original(self, caller: Principal, state: Present) -> None:
        """The same for the very bytes, which its sender does not get back: the device has them."""
        if not await self._every(caller.scope, state.things, "originals"):
            raise EvidenceUnknown

    async def is_there(self, thing: Thing) -> bool:
        """Whether there is such a record at all: for the service itself."""
        kind = self.kinds.get(thing.kind)
        return kind is not None and await self._within(Scope.system(), kind.seeing, thing)

    async def _every(self, scope: Scope, things: Collection[Thing], act: str) -> bool:
        """Of every thing, not of one: else a thing of one's own would open what belongs to somebody else's."""
        for thing in things:
            kind = self.kinds.get(thing.kind)
            if kind is None or not await self._within(scope, getattr(kind, act), thing):
                return False
        return bool(things)

    async def _within(self, scope: Scope, roles: Collection[Role], thing: Thing) -> bool:
        statement = self.kind(thing.kind).within(scope, roles, thing.id).limit(1)
        async with self.kit.connection() as connection:
            return (await connection.execute(statement)).first() is not None
