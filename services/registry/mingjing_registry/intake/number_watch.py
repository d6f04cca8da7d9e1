"""The watch of numbers while a list is taken: what is given to somebody else meanwhile is not given again.

One rule: the lists say whose a number is when the taking begins; what was written since is read in each transaction of
the list, in which nobody else writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from mingjing_kernel.log import Log, Outcome, Work
from mingjing_kernel.log.envelope import Result
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.licence import LicenceApproved, LicenceRecorded
from mingjing_registry.domain.licensing import name_of
from mingjing_registry.domain.number_refusals import LicenceNumberTaken

READ_MAX = 1_000
"""Facts read at once of those that were written since the last transaction."""


class _GivenMeanwhileError(Exception):
    """Takes a transaction down: some of its numbers are another's by now."""


@dataclass(slots=True)
class NumberWatch:
    """Over the numbers of one list, by institution, from a position on at which the lists were asked."""

    log: Log
    since: int
    numbers: Mapping[UUID, str]
    _given: dict[str, set[UUID]] = field(default_factory=dict)

    async def carry(self, works: Sequence[Work]) -> list[Result]:
        """Carry out one transaction; ``LicenceNumberTaken`` for each work whose number was given to another one."""
        taken: dict[UUID, UUID] = {}
        while True:
            rest = [work for work in works if work.id not in taken]
            try:
                done = await self.log.handle_many(rest, settle=partial(self._settled, rest, taken))
            except _GivenMeanwhileError:
                continue  # ``taken`` has more by now, so that this ends
            break
        self.since = max([self.since, *(last for _, last in map(_written, done) if last)])
        refused = {id: await self._refusal(id, holder) for id, holder in taken.items()}
        results = iter(done)
        return [refused[work.id] if work.id in refused else next(results) for work in works]

    async def _settled(
        self, works: Sequence[Work], taken: dict[UUID, UUID], connection: Any, results: Sequence[Result]
    ) -> None:
        await self._read(connection, min((first for first, _ in map(_written, results) if first), default=0))
        hits = {work.id: self._other(work.id) for work in works}
        found = {id: holder for id, holder in hits.items() if holder is not None}
        if found:
            taken |= found
            raise _GivenMeanwhileError

    async def _read(self, connection: Any, own: int) -> None:
        """What others wrote; what this list writes begins at ``own``, or nowhere."""
        after = self.since
        while limit := READ_MAX if not own else min(READ_MAX, max(own - 1 - after, 0)):
            facts = await self.log.read(after, limit, connection)
            for fact in facts:
                if isinstance(fact.event, LicenceApproved | LicenceRecorded):
                    self._given.setdefault(fact.event.terms.number, set()).add(fact.id)
            if len(facts) < limit:
                return
            after = facts[-1].position

    def _other(self, id: UUID) -> UUID | None:
        number = self.numbers.get(id, "")
        holders = self._given.get(number, set()) if number else set()
        return next((holder for holder in sorted(holders) if holder != id), None)

    async def _refusal(self, id: UUID, holder: UUID) -> LicenceNumberTaken:
        known, _ = await self.log.state(INSTITUTIONS, holder)
        return LicenceNumberTaken(
            number=self.numbers[id],
            holder=known.particulars.name,
            institution_id=holder,
            state=name_of(known.licence),
        )


def _written(result: Result) -> tuple[int, int]:
    """From and to which position a result was written by this transaction; nothing twice is (0, 0)."""
    if not isinstance(result, Outcome) or result.repeated or not result.events:
        return 0, 0
    return result.position - len(result.events) + 1, result.position
