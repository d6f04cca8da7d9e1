"""The duty of groups (群体投诉值守): X8, several people against one institution within days are handled together.

One rule: people are counted, not calls: by the blind index of the telephone, else of the name; whoever left neither
is nobody that could be told from another, and counts for none. It groups and punishes nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_inspection.codec_tracks import GROUPS
from mingjing_inspection.domain.complaint_group import FormGroup, JoinGroup
from mingjing_inspection.intake.complaint_people import people_of
from mingjing_inspection.policy.complaint_times import GROUP_RULE
from mingjing_inspection.projections.complaint_groups import open_groups, recent_disputes
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import in_force
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keys import Keys

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

NAME: Final = "complaint-groups"
LOOK_SECONDS: Final = 30.0
ACTOR: Final = "system:x8"
BASIS: Final = "市场监督管理投诉举报处理办法（共同投诉）"
X8: Final = "X8"


class GroupDuty:
    """Looks every half minute, in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._keys = Keys(kit)
        self._said = "not yet"

    async def recall(self) -> Done | None:
        """Nothing: what it did is in the log, that it looked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The same as between two days; the day has no work of its own."""
        await self.look()
        return self._said

    async def look(self) -> None:
        """At the open disputes of the last days, by institution."""
        await self._kit.up_to_date()
        now = self._kit.now()
        numbers = await in_force(self._kit.log, GROUP_RULE, shanghai_date(now), self._kit.settings.county_code)
        async with self._kit.connection() as connection:
            since = now - timedelta(days=numbers["days"])
            recent = (await connection.execute(recent_disputes(since))).mappings().all()
            groups = {row["institution_id"]: row for row in (await connection.execute(open_groups())).mappings()}
        people = await people_of(self._keys, [row["complaint_id"] for row in recent])
        works: list[Work] = []
        for institution_id, rows in _by_institution(recent).items():
            group = groups.get(institution_id)
            left = set(group["left"]) if group else set()
            persons = len({people[row["complaint_id"]] for row in rows if str(row["track_id"]) not in left} - {""})
            works += _works(rows, group, persons, numbers["people"], now)
        done = await self._done(works)
        self._said = f"{done} facts about groups noted" if done else "no institution has so many people against it"

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _done(self, works: Sequence[Work]) -> int:
        done = 0
        for result in await self._kit.log.handle_many(works):
            if isinstance(result, Refusal):
                continue  # somebody dissolved it meanwhile, or it is full: the next look sees that
            if not isinstance(result, Outcome):
                raise result
            done += bool(result.events) and not result.repeated
        return done


def _by_institution(rows: Sequence[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["institution_id"]].append(row)
    return found


def _works(rows: Sequence[Any], group: Any, persons: int, people_min: int, now: datetime) -> list[Work]:
    first = rows[0]
    if group is None:
        if persons < people_min:
            return []
        command = FormGroup(
            institution_id=first["institution_id"],
            department=first["department"],
            region=first["region"],
            category=first["category"],
            members=tuple(row["track_id"] for row in rows),
            people=persons,
            reaction=X8,
            reason=f"近期{persons}人投诉同一机构",
            by=ACTOR,
            at=now,
        )
        return [_work(derived_id("complaint-group", X8, first["track_id"]), command, first, "form")]
    known = {*group["members"], *group["left"]}
    return [
        _work(
            group["group_id"],
            JoinGroup(
                track_id=row["track_id"],
                people=max(persons, group["people"]),
                reason="同一机构的新投诉",
                by=ACTOR,
                at=now,
            ),
            row,
            str(row["track_id"]),
        )
        for row in rows
        if str(row["track_id"]) not in known
    ]


def _work(group_id: UUID, command: Any, row: Any, named: str) -> Work:
    id = derived_id("group-duty", group_id, named)
    envelope = Envelope(
        command_id=id,
        actor=ACTOR,
        digest=id.bytes * 2,  # two processes word the same command at two moments
        legal_basis=BASIS,
        reason=X8,
        department=row["department"],
        region=row["region"],
    )
    return Work(GROUPS, group_id, command, envelope)
