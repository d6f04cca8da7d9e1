"""Letting somebody in: the token says who it is, the directory says what that person may do now.

The one rule: what was revoked or locked is refused before anything else is asked, on every request, by whichever way it
comes: a token that was checked a moment ago and is still remembered comes no further than a new one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from mingjing_kernel.access.directory import Directory
from mingjing_kernel.access.refusals import NotTheirSubstitute, PersonIsLocked, TokenRevoked
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.access.terms import NOT_PASSED_ON
from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.apart import conflicts
from mingjing_kernel.identity.grant import Grant
from mingjing_kernel.identity.scope import Principal

TokenGrants: TypeAlias = Literal["all", "services", "none"]
"""Whose tokens may carry grants: everybody's, those of services only, nobody's."""
UNTIL_FURTHER_NOTICE = "further notice"


class Admission:
    """From whom a token names to a principal with the grants that are in force at this moment."""

    def __init__(self, directory: Directory, now: Clock, token_grants: TokenGrants) -> None:
        self._directory = directory
        self._now = now
        self._token_grants = token_grants

    async def let_in(self, found: Principal, named: str = "") -> Principal:
        """Whom a token names, as himself or in the place of the person whom the request names.

        Raises what ``admit`` and ``acting_for`` raise.
        """
        admitted = await self.admit(found)
        return await self.acting_for(admitted, named) if named else admitted

    async def admit(self, found: Principal) -> Principal:
        """Whom a token names, with the grants in force now; asked on every request, of remembered tokens too.

        Raises ``TokenRevoked``, ``PersonIsLocked``, ``AccessNotRead``.
        """
        standing = await self._directory.current()
        self._check(found, standing)
        granted = standing.grants_of(found.subject, self._now())
        if not self._believes(found):
            return replace(found, grants=granted)
        return replace(found, grants=(*found.grants, *granted)) if granted else found

    async def acting_for(self, caller: Principal, subject: str) -> Principal:
        """The caller in the place of the person named in ``Mingjing-On-Behalf-Of``.

        He has what that person held when the substitution began and still holds, and nothing of his own, so that
        whatever he does with it carries both names. What was given since is not lent: nobody has said that he may have
        it. What is not passed on is not lent either, nor what must not meet in one person with his own grants as they
        are now. Raises ``NotTheirSubstitute``, ``PersonIsLocked``.
        """
        standing, now = await self._directory.current(), self._now()
        began = standing.stands_in_since(caller.subject, subject, now)
        if began is None:
            raise NotTheirSubstitute
        _refuse_locked(standing, subject, self._now)
        kept = standing.kept_since(subject, began, now)
        return replace(caller, grants=_lent(caller.grants, kept), on_behalf_of=subject)

    def _check(self, found: Principal, standing: Standing) -> None:
        revocation = standing.revocation(found.subject, found.session)
        if revocation is not None:
            raise TokenRevoked(since=revocation.revoked_at, reason=revocation.reason)
        _refuse_locked(standing, found.subject, self._now)

    def _believes(self, found: Principal) -> bool:
        return self._token_grants == "all" or (self._token_grants == "services" and found.kind == "service")


def _lent(own: tuple[Grant, ...], theirs: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """What a substitute may use of another's grants; asked each time: his own may be newer than the substitution."""
    lent = tuple(grant for grant in theirs if grant.role not in NOT_PASSED_ON)
    clashing = {grant for found in conflicts((*own, *lent)) for grant in (found.first, found.second)}
    return tuple(grant for grant in lent if grant not in clashing)


def _refuse_locked(standing: Standing, subject: str, now: Clock) -> None:
    lock = standing.lock(subject, now())
    if lock is not None:
        raise PersonIsLocked(until=lock.locked_until or UNTIL_FURTHER_NOTICE, reason=lock.reason)
