"""The first administrator, whom nobody could appoint: while there is none, whoever the settings name makes one.

The one rule: there is one first. Whether there is none yet is asked when the request comes, and once more inside the
append, when nobody else can write: of two requests at the same moment the second is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mingjing_console.api.models import NewGrant
from mingjing_console.domain.person_refusals import FirstAdministratorIsThere
from mingjing_kernel.access.directory import Directory
from mingjing_kernel.access.facts import GrantGiven, Manner
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.http import Kit
from mingjing_kernel.identity import Role
from mingjing_kernel.log import Envelope
from mingjing_kernel.log.envelope import Result, Settle


@dataclass(frozen=True, slots=True)
class Giving:
    """In which manner grants are given, and what must hold at their commit."""

    manner: Manner
    settle: Settle


async def way_of(kit: Kit, written: Envelope, grants: Sequence[NewGrant]) -> Giving:
    """Whether the settings make the caller the first administrator: only while there is no other, and only for a
    request that makes one, who stays: he has this power once. The same request again is answered again.
    """
    standing, position = await kit.directory.current(), kit.directory.position
    if all(_gave(standing, new, written) for new in grants):
        return Giving("first-administrator", all_or_none)
    named = written.actor in kit.settings.first_administrators and not written.on_behalf_of
    makes_one = any(new.role is Role.ADMINISTRATOR and new.valid_until is None for new in grants)
    now = kit.now()
    if not named or not makes_one or standing.has_administrator(now):
        return Giving("given", all_or_none)
    alone = _Alone(kit.directory, position, frozenset(new.grant_id for new in grants), now)
    return Giving("first-administrator", alone.settle)


async def all_or_none(_connection: Any, results: Sequence[Result]) -> None:
    """One that is refused takes all down with it."""
    for result in results:
        if isinstance(result, Exception):
            raise result


@dataclass(frozen=True, slots=True)
class _Alone:
    """Still nobody but us: asked while the head of the log is held."""

    directory: Directory
    position: int
    """Up to here the directory knew that there was nobody."""
    own: frozenset[UUID]
    at: datetime

    async def settle(self, connection: Any, results: Sequence[Result]) -> None:
        """Raise ``FirstAdministratorIsThere`` when somebody else has made one since."""
        await all_or_none(connection, results)
        others = Standing()
        for fact in await self.directory.said_since(connection, self.position):
            if not (isinstance(fact, GrantGiven) and fact.grant_id in self.own):
                others.apply(fact)
        if others.has_administrator(self.at):
            raise FirstAdministratorIsThere


def _gave(standing: Standing, new: NewGrant, written: Envelope) -> bool:
    """Whether the caller gave this grant to this person as the first administrator; its terms the decider compares."""
    known = standing.grants.get(new.grant_id)
    return known is not None and (known.manner, known.given_by, known.person) == (
        "first-administrator",
        written.actor,
        new.person,
    )
