"""The duty of groups (群体投诉值守): X8, several people against one institution within days are handled together.

One rule: people are counted, not calls: by the blind index of the telephone, else of the name; whoever left neither
is nobody that could be told from another, and counts for none. It groups and punishes nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog

from mingjing_inspection.codec_tracks import GROUPS
from mingjing_inspection.domain.complaint_group import MEMBERS_MAX, FormGroup, JoinGroup
from mingjing_inspection.intake.complaint_people import batches, people_of, told_apart
from mingjing_inspection.policy.complaint_times import GROUP_RULE
from mingjing_inspection.projections.complaint_groups import complaints_of, disputed, disputes_about, groups_of
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
INSTITUTIONS_MAX: Final = 50
"""Whose disputes are read at a time."""
WORKS_MAX: Final = 500
"""Facts of one transaction."""
_log = structlog.get_logger("mingjing.inspection")


class GroupDuty:
    """Looks every half minute, in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._keys = Keys(kit)
        self._settled: dict[UUID, tuple[Any, ...]] = {}
        """By institution: with which disputes, groups and numbers there was nothing left to do."""
        self._left_out: dict[UUID, int] = {}
        self._said = "not yet"

    async def recall(self) -> Done | None:
        """Nothing: what it did is in the log, that it looked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Everybody's again: meanwhile somebody may be told apart who was not."""
        self._settled = {}
        await self.look()
        return self._said

    async def look(self) -> None:
        """At the open disputes of the last days, by institution; at none that it was done with."""
        await self._kit.up_to_date()
        now = self._kit.now()
        numbers = await in_force(self._kit.log, GROUP_RULE, shanghai_date(now), self._kit.settings.county_code)
        since, people_min = now - timedelta(days=numbers["days"]), numbers["people"]
        async with self._kit.connection() as connection:
            found = (await connection.execute(disputed(since, people_min))).all()
        stands = {row.institution_id: (row.which, row.versions, people_min) for row in found}
        self._settled = {one: of for one, of in self._settled.items() if stands.get(one) == of}
        done, left_out = 0, dict[UUID, int]()
        for some in batches([one for one in stands if one not in self._settled], INSTITUTIONS_MAX):
            for one, (works, left) in (await self._due(some, since, people_min)).items():
                noted, refused = await self._done(works)
                done += noted
                if left:
                    left_out[one] = left
                elif not refused:
                    self._settled[one] = stands[one]
        self._tell(done, left_out)

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _due(
        self, institutions: Sequence[UUID], since: datetime, people_min: int
    ) -> dict[UUID, tuple[list[Work], int]]:
        """By institution: what is to be done, and how many of its disputes there is no room for."""
        async with self._kit.connection() as connection:
            rows = _by_institution((await connection.execute(disputes_about(institutions, since))).mappings().all())
            groups = _by_institution((await connection.execute(groups_of(institutions))).mappings().all())
        fresh = {one: _fresh(rows[one], groups[one]) for one in institutions}
        people = await people_of(self._keys, [row["complaint_id"] for one in fresh.values() for row in one])
        due = {}
        for one in institutions:
            is_open = any(not group["is_over"] for group in groups[one])
            if is_open:
                due[one] = await self._joining(fresh[one], groups[one], people)
            elif told_apart(people[row["complaint_id"]] for row in fresh[one]) >= people_min:
                due[one] = _forming(fresh[one], people, self._kit.now())
            else:
                due[one] = [], 0
        return due

    async def _joining(
        self, fresh: Sequence[Any], groups: Sequence[Any], people: Mapping[UUID, str]
    ) -> tuple[list[Work], int]:
        """Into the latest group that has room, then into the one before it."""
        works, rest = list[Work](), fresh
        for group in groups:
            room = 0 if group["is_over"] else MEMBERS_MAX - len(group["members"])
            newcomers, rest = _chosen(rest, people, room)
            if newcomers:
                works += _joined(group, newcomers, await self._people_in(group), people, self._kit.now())
        return works, len(rest)

    async def _people_in(self, group: Any) -> frozenset[str]:
        """By what those are told apart who are in it, whenever they wrote."""
        async with self._kit.connection() as connection:
            rows = (await connection.execute(complaints_of([UUID(one) for one in group["members"]]))).all()
        return frozenset((await people_of(self._keys, [row.complaint_id for row in rows])).values())

    async def _done(self, works: Sequence[Work]) -> tuple[int, int]:
        """How many facts were noted, and how many refused."""
        done = refused = 0
        for some in batches(works, WORKS_MAX):
            for result in await self._kit.log.handle_many(some):
                if isinstance(result, Refusal):
                    refused += 1  # somebody changed or dissolved it meanwhile: the next look sees that
                    continue
                if not isinstance(result, Outcome):
                    raise result
                done += bool(result.events) and not result.repeated
        return done, refused

    def _tell(self, done: int, left_out: dict[UUID, int]) -> None:
        self._said = f"{done} facts about groups noted" if done else "no institution has so many people against it"
        if left_out:
            full = f"a group holds {MEMBERS_MAX} and theirs are full"
            self._said += f"; {sum(left_out.values())} disputes about {len(left_out)} institutions left out: {full}"
        for one, left in left_out.items():
            if self._left_out.get(one) != left:
                _log.warning("group-full", institution_id=str(one), left_out=left, members_max=MEMBERS_MAX)
        self._left_out = left_out


def _by_institution(rows: Sequence[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["institution_id"]].append(row)
    return found


def _fresh(rows: Sequence[Any], groups: Sequence[Any]) -> list[Any]:
    """Those that are and were in no group, be it dissolved: nobody is put back where a person let her go."""
    known = {one for group in groups for one in (*group["members"], *group["left"])}
    return [row for row in rows if str(row["track_id"]) not in known]


def _chosen(rows: Sequence[Any], people: Mapping[UUID, str], room: int) -> tuple[list[Any], list[Any]]:
    """For whom there is room, and the rest: one of each person first, so that who writes often keeps nobody out."""
    firsts: dict[str, UUID] = {}
    for row in rows if len(rows) > room else ():
        firsts.setdefault(people[row["complaint_id"]], row["track_id"])
    firsts.pop("", None)
    before = set(firsts.values())
    ranked = sorted(rows, key=lambda row: row["track_id"] not in before)
    return ranked[:room], ranked[room:]


def _forming(fresh: Sequence[Any], people: Mapping[UUID, str], now: datetime) -> tuple[list[Work], int]:
    members, rest = _chosen(fresh, people, MEMBERS_MAX)
    first, persons = fresh[-1], told_apart(people[row["complaint_id"]] for row in members)
    command = FormGroup(
        institution_id=first["institution_id"],
        department=first["department"],
        region=first["region"],
        category=first["category"],
        members=tuple(row["track_id"] for row in sorted(members, key=lambda row: row["received_at"])),
        people=persons,
        reaction=X8,
        reason=f"近期{persons}人投诉同一机构",
        by=ACTOR,
        at=now,
    )
    return [_work(derived_id("complaint-group", X8, first["track_id"]), command, first, "form")], len(rest)


def _joined(
    group: Any, newcomers: Sequence[Any], within: frozenset[str], people: Mapping[UUID, str], now: datetime
) -> Iterator[Work]:
    """Each with how many they are then; counted anew where somebody changed the group meanwhile."""
    persons = set(within)
    for after, row in enumerate(newcomers):
        persons.add(people[row["complaint_id"]])
        command = JoinGroup(
            track_id=row["track_id"],
            people=told_apart(persons),
            reason="同一机构的新投诉",
            by=ACTOR,
            at=now,
        )
        yield _work(group["group_id"], command, row, str(row["track_id"]), group["version"] + after)


def _work(group_id: UUID, command: Any, row: Any, named: str, version: int | None = None) -> Work:
    id = derived_id("group-duty", group_id, named)
    envelope = Envelope(
        command_id=id,
        actor=ACTOR,
        digest=id.bytes * 2,  # two processes word the same command at two moments
        legal_basis=BASIS,
        reason=X8,
        department=row["department"],
        region=row["region"],
        expected_version=version,
    )
    return Work(GROUPS, group_id, command, envelope)
