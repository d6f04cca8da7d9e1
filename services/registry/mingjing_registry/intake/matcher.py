"""The matcher 换马甲比对: compares each institution that is new or has changed with those whose time is over.

One rule: it proposes, it never decides. Twice is once: a pair's stream is derived from the two, and what was judged is
not proposed again on the same facts. From which score on is what the policy says where the present institution is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import POLICY, Numbers, Policy, policy_id
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.ring import SUBJECTS_MAX
from mingjing_registry.codec import LIKENESSES
from mingjing_registry.domain.likeness import (
    LapseLikeness,
    LikenessLapsed,
    LikenessProposed,
    Line,
    Pair,
    ProposeLikeness,
    Resemblance,
)
from mingjing_registry.intake.standing import VALUES_MAX, Known, known
from mingjing_registry.matching.finder import Found
from mingjing_registry.matching.growing import Growing
from mingjing_registry.matching.numbers import MatchNumbers
from mingjing_registry.matching.scoring import likeness
from mingjing_registry.matching.traits import Traits
from mingjing_registry.policy.rules import MATCHING
from mingjing_registry.projections.likenesses import open_about
from mingjing_registry.projections.traits import changed_after

ROWS_MAX: Final = 500
"""Read, compared and proposed at a time; between two such steps others get their turn."""
FOUND_MAX: Final = 20
"""Proposed of one institution at a time: more than these, and the name says nothing."""
ACTOR: Final = "system:matching"
BASIS: Final = "国办发〔2021〕40号；行政许可法第三十四条"
"""Whoever examines an application checks what it states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of comparing."""

    looked_at: int = 0
    proposed: int = 0
    lapsed: int = 0
    through: int = 0


class Matcher:
    """All institutions of one service in this process, ready to be compared."""

    def __init__(self, kit: Kit, numbers: MatchNumbers | None = None) -> None:
        self._kit = kit
        self._keys = Keys(kit)
        self._lock = asyncio.Lock()
        self._everybody: dict[UUID, Known] = {}
        self._present, self._former = Growing(), Growing()
        self._unmarked: list[Mapping[str, Any]] = []
        self.numbers = numbers or MatchNumbers()
        self._policy, self._day = Policy(), date.min
        self._in_force: dict[tuple[str, str], Numbers] = {}
        self.position = 0
        """Up to where the register's changes are known here."""

    def __len__(self) -> int:
        """How many institutions are known here."""
        return len(self._everybody)

    def known(self, id: UUID) -> Known | None:
        """One institution, as of the last ``refresh``."""
        return self._everybody.get(id)

    async def refresh(self) -> None:
        """Take over what changed in the register until now."""
        async with self._lock:
            await self.take_numbers()
            head = await self._kit.log.head()
            await self._kit.up_to_date()
            changed = {one.id: one for one in await self._marked_since(head)}
            async for page in self._pages(self.position):
                changed |= {one.id: one for one in await self._made(page)}
            self._everybody |= changed
            present = {id: None if one.is_nobody or one.is_former else one.traits for id, one in changed.items()}
            former = {id: None if one.is_nobody or not one.is_former else one.traits for id, one in changed.items()}
            await asyncio.to_thread(self._present.update, present)
            await asyncio.to_thread(self._former.update, former)
            self.position = max(self.position, head)

    async def take_numbers(self) -> None:
        """The thresholds that are in force today, each where it is; the weights are the program's."""
        today = shanghai_date(self._kit.now())
        policy: Policy = (await self._kit.log.state(POLICY, policy_id(MATCHING)))[0]
        if (policy, today) != (self._policy, self._day):
            self._policy, self._day, self._in_force = policy, today, {}
        shown = {place: policy.on(MATCHING, today, *place)["show"] for place in policy.places(today)}
        is_one = len(set(shown.values())) == 1
        places = () if is_one else tuple(sorted((*place, points) for place, points in shown.items()))
        numbers = replace(self.numbers, threshold=min(shown.values()), places=places)
        if numbers != self.numbers:
            self.numbers = numbers

    def _there(self, one: Known) -> Numbers:
        """The policy where an institution is."""
        place = one.region, one.category
        if place not in self._in_force:
            self._in_force[place] = self._policy.on(MATCHING, self._day, *place)
        return self._in_force[place]

    def search(self, traits: Traits, threshold: int) -> list[Found]:
        """Whom somebody describes, former or not, the most alike first."""
        numbers = replace(self.numbers, threshold=threshold)
        found = [*self._present.like(traits, numbers), *self._former.like(traits, numbers)]
        return sorted(found, key=lambda each: (-each.resemblance.score, each.id))

    async def compare(self, institutions: Sequence[UUID], envelope: Envelope | None = None) -> Compared:
        """Compare these and propose what is found; open questions that nothing speaks for any more lapse."""
        total = Compared(through=self.position)
        for start in range(0, len(institutions), ROWS_MAX):
            some = [one for id in institutions[start : start + ROWS_MAX] if (one := self._everybody.get(id))]
            pairs = await asyncio.to_thread(self._pairs, some)
            step = await self._write(some, pairs, envelope)
            total = replace(
                total,
                looked_at=total.looked_at + len(some),
                proposed=total.proposed + step.proposed,
                lapsed=total.lapsed + step.lapsed,
            )
        return total

    def changed_since(self, position: int) -> list[UUID]:
        """Whose traits or standing changed after a position, in the order in which they did."""
        changed = [one for one in self._everybody.values() if one.position > position]
        return [one.id for one in sorted(changed, key=lambda one: (one.position, one.id))]

    async def _pages(self, position: int) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
        """Every changed row once; the facts of one position concern one institution."""
        async with self._kit.connection() as connection:
            while rows := (await connection.execute(changed_after(position, ROWS_MAX))).mappings().all():
                yield rows
                position = rows[-1]["position"]

    async def _made(self, rows: Sequence[Mapping[str, Any]]) -> list[Known]:
        """The rows made comparable; the marks of who is sealed lie beside the log, and come a moment after a fact."""
        sealed = list(dict.fromkeys(subject for row in rows for subject in row["subjects"][:VALUES_MAX]))
        marks, blinds = self._keys.marks(), dict[str, dict[str, str]]()
        for start in range(0, len(sealed), SUBJECTS_MAX):
            blinds |= await marks.blinds(sealed[start : start + SUBJECTS_MAX])
        self._unmarked += [row for row in rows if any(subject not in blinds for subject in row["subjects"])]
        index = self._keys.index()
        return await asyncio.to_thread(lambda: [known(row, index, blinds) for row in rows])

    async def _marked_since(self, head: int) -> list[Known]:
        """Who was read before the marks were there, once more; whoever is still without was erased."""
        again, self._unmarked = self._unmarked, []
        made = await self._made(again)
        self._unmarked = []
        before = self._everybody
        return [
            replace(one, position=head + 1) for one in made if one.traits.stated() != before[one.id].traits.stated()
        ]

    def _pairs(self, some: Iterable[Known]) -> dict[UUID, tuple[Pair, Resemblance]]:
        """What is alike, by the id of the likeness."""
        pairs: dict[UUID, tuple[Pair, Resemblance]] = {}
        for one in some:
            if one.is_nobody:
                continue
            others = self._present if one.is_former else self._former
            alike = [(self._everybody[each.id], each) for each in others.like(one.traits, self.numbers, but=(one.id,))]
            for other, found in [each for each in alike if self._is_shown(one, *each)][:FOUND_MAX]:
                if one.is_former:
                    pairs[likeness_id(other.id, one.id)] = (_pair(other, one), _seen_from_there(found.resemblance))
                else:
                    pairs[likeness_id(one.id, other.id)] = (_pair(one, other), found.resemblance)
        return pairs

    def _is_shown(self, one: Known, other: Known, found: Found) -> bool:
        """By the threshold of the present one of the two: its official is asked."""
        return found.resemblance.score >= self._there(other if one.is_former else one)["show"]

    async def _write(
        self, some: Iterable[Known], pairs: Mapping[UUID, tuple[Pair, Resemblance]], envelope: Envelope | None
    ) -> Compared:
        today = shanghai_date(self._kit.now())
        works = [
            Work(LIKENESSES, id, ProposeLikeness(pair=pair, resemblance=found, on=today), self._by(id, pair, envelope))
            for id, (pair, found) in pairs.items()
        ]
        lapses = [self._lapse(id, today) for id in await self._gone([one.id for one in some], pairs)]
        events: list[object] = []
        for result in await self._kit.log.handle_many([*works, *lapses]):
            if not isinstance(result, Outcome):
                raise result
            events += [] if result.repeated else result.events
        return Compared(
            proposed=sum(isinstance(event, LikenessProposed) for event in events),
            lapsed=sum(isinstance(event, LikenessLapsed) for event in events),
        )

    async def _gone(self, ids: Collection[UUID], found: Mapping[UUID, object]) -> list[UUID]:
        """Open likenesses of these that were not found again, though both sides are at hand."""
        await self._kit.up_to_date()
        async with self._kit.connection() as connection:
            rows = (await connection.execute(open_about(ids))).all()
        return [id for row in rows if (id := UUID(bytes=row.likeness_id.bytes)) not in found and self._is_gone(row)]

    def _is_gone(self, row: Any) -> bool:
        """Asked of the pair itself: what is found is limited, and a pair beyond the limit is still alike."""
        one, other = self._everybody.get(row.institution_id), self._everybody.get(row.former_id)
        if one is None or other is None or one.is_nobody or not other.is_former:
            return True
        return likeness(one.traits, other.traits, self.numbers).score < self._there(one)["show"]

    def _by(self, id: UUID, pair: Pair, envelope: Envelope | None) -> Envelope:
        """A proposal's own envelope: the same facts are the same command, whenever and however often they are found."""
        facts = (self._everybody[pair.institution_id].position, self._everybody[pair.former_id].position)
        command_id = derived_id("likeness-proposed", id, *facts, self.numbers.version, shanghai_date(self._kit.now()))
        return Envelope(
            command_id=command_id,
            actor=ACTOR,
            department=pair.department,
            region=pair.region,
            reason=f"{self.numbers.version}, threshold by {self._there(self._everybody[pair.institution_id]).version}",
            legal_basis=BASIS,
            causation=str(envelope.command_id) if envelope else "",
            digest=command_id.bytes * 2,
        )

    def _lapse(self, id: UUID, today: date) -> Work:
        command_id = derived_id("likeness-lapsed", id, self.position, self.numbers.version)
        envelope = Envelope(command_id=command_id, actor=ACTOR, reason="the facts changed", digest=command_id.bytes * 2)
        return Work(LIKENESSES, id, LapseLikeness(rule_version=self.numbers.version, on=today), envelope)


def likeness_id(institution_id: UUID, former_id: UUID) -> UUID:
    """The stream of a pair, whichever of the two comes first."""
    return derived_id("likeness", *sorted((str(institution_id), str(former_id))))


def _pair(one: Known, former: Known) -> Pair:
    return Pair(
        institution_id=one.id,
        institution_name=one.name,
        former_id=former.id,
        former_name=former.name,
        grounds=former.grounds,
        department=one.department,
        region=one.region,
        category=one.category,
    )


def _seen_from_there(found: Resemblance) -> Resemblance:
    """The same with the sides changed: the score and the fingerprint do not depend on them."""
    lines = tuple(
        Line(field=line.field, finding=line.finding, here=line.there, there=line.here, adds=line.adds)
        for line in found.lines
    )
    return replace(found, lines=lines)
