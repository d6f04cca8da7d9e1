"""The duty of counting people (投诉人数值守): how many complain of each institution, told to the funds when it changes.

One rule: the blind indexes are compared here, beside the log that they belong to, and only sums of people leave. Within
half a minute of a complaint about the institutions that it is about, and each day about all, for windows move on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_inspection.codec_tracks import COMPLAINANT_COUNTS
from mingjing_inspection.domain.complainant_count import WINDOWS, CountComplainants, Paper, counted
from mingjing_inspection.domain.money_words import words_of
from mingjing_inspection.intake.complaint_people import people_of
from mingjing_inspection.projections.complainant_counts import PAPERS_MAX, complained_of, papers_about
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.sealed.keys import Keys

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

NAME: Final = "complainant-counts"
LOOK_SECONDS: Final = 30.0
ACTOR: Final = "system:complainant-counts"
BASIS: Final = "国办发〔2018〕80号（预收费风险监测）"
WHY: Final = "complainants-counted"
BACK_DAYS: Final = max(WINDOWS) + 30
"""So far back somebody complained of whom a number may still stand that has to go down."""
INSTITUTIONS_MAX: Final = 50
"""Whose complaints are read at a time, and fewer where they are many."""
_OF_ANOTHER_DAY: Final = (-1, datetime.min.replace(tzinfo=UTC))


class ComplainantDuty:
    """Counts in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._keys = Keys(kit)
        self._counted: dict[UUID, tuple[int, datetime] | None] = {}
        """By institution: how many complaints there were, and the latest, when its people were counted last."""
        self._said = "not yet"

    async def recall(self) -> Done | None:
        """Nothing: what it counted is in the log, that it counted is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Everybody again: what was said a week ago is said no more."""
        self._counted = dict.fromkeys(self._counted, _OF_ANOTHER_DAY)
        await self.look()
        return self._said

    async def look(self) -> None:
        """At the institutions of which somebody complained since the last look."""
        await self._kit.up_to_date()
        now = self._kit.now()
        async with self._kit.connection() as connection:
            found = (await connection.execute(complained_of(now - timedelta(days=BACK_DAYS)))).all()
        stands = {row.institution_id: (row.papers, row.last_at) for row in found}
        # Of whom nobody complains any more (it was about somebody else), that is to be told, too.
        changed = [one for one in {**stands, **self._counted} if self._counted.get(one) != stands.get(one)]
        told = 0
        for some in _together(changed, {one: papers for one, (papers, _) in stands.items()}):
            told += await self._count(some, now)
            self._counted.update({one: stands.get(one) for one in some})
        self._said = f"{len(changed)} institutions counted, {told} told" if changed else "nobody complained since"

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _count(self, institutions: Sequence[UUID], now: datetime) -> int:
        async with self._kit.connection() as connection:
            statement = papers_about(institutions, now - timedelta(days=BACK_DAYS))
            rows = (await connection.execute(statement)).all()
        people = await people_of(self._keys, [row.complaint_id for row in rows])
        papers: dict[UUID, list[Paper]] = defaultdict(list)
        latest: dict[UUID, Any] = {}
        for row in rows:
            words = frozenset(word.value for word in words_of(f"{row.title}。{row.text}"))
            papers[row.institution_id].append(Paper(shanghai_date(row.received_at), people[row.complaint_id], words))
            latest.setdefault(row.institution_id, row)
        head = await self._kit.log.head()
        works = [_work(one, latest.get(one), papers[one], shanghai_date(now), head) for one in institutions]
        done = 0
        for result in await self._kit.log.handle_many(works):
            if not isinstance(result, Outcome):
                raise result
            done += bool(result.events) and not result.repeated
        return done


def _work(institution_id: UUID, latest: Any, papers: Sequence[Paper], today: date, head: int) -> Work:
    id = derived_id("complainant-count", institution_id, today, head)  # what was told may be true again later
    envelope = Envelope(
        command_id=id,
        actor=ACTOR,
        digest=id.bytes * 2,
        legal_basis=BASIS,
        reason=WHY,
        department=latest.department if latest else "",
        region=latest.region if latest else "",
    )
    command = CountComplainants(institution_id=institution_id, voices=counted(papers, today), on=today)
    return Work(COMPLAINANT_COUNTS, institution_id, command, envelope)


def _together(institutions: Sequence[UUID], papers: Mapping[UUID, int]) -> Iterator[list[UUID]]:
    """As many as are read at a time, so that what one wrote of is not cut short by what was written of another."""
    some, read = list[UUID](), 0
    for one in institutions:
        more = min(papers.get(one, 0), PAPERS_MAX)
        if some and (len(some) == INSTITUTIONS_MAX or read + more > PAPERS_MAX):
            yield some
            some, read = [], 0
        some.append(one)
        read += more
    if some:
        yield some
