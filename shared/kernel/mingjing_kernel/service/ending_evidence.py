"""Evidence ends with the person (证据随人到期): what belongs to the record of an erased subject is destroyed.

The one rule: the list says whom to ask, the log whether a hold keeps it; and what a process left over that died after
the erasure, or what came later, is found again by the next sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import FromClause, Text, cast, exists, select

from mingjing_kernel.evidence.custody import Ended
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.state import Stage
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.opening import subject_id
from mingjing_kernel.sealed.subject import SUBJECT

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

SUBJECTS_MAX = 200
"""Asked for at a time."""
NOTHING = Ended((), {})
_log = structlog.get_logger("mingjing.sweeping")


@dataclass(frozen=True, slots=True)
class EvidenceEnding:
    """Destroys the evidence of one service's erased subjects; nothing where the service keeps none."""

    kit: Kit
    subjects: FromClause

    async def of_subject(self, subject: str, written: Envelope) -> Ended:
        """All that belongs to the record of one subject, if it is erased."""
        await self.kit.up_to_date()
        row = await self._row(self.subjects.c.subject == subject)
        return NOTHING if row is None else await self._of_row(row, written)

    async def of_all(self, actor: str) -> tuple[int, int]:
        """Of every erased subject of whose record anything is here: how many files went, and how many stay."""
        went, stays, after = 0, 0, ""
        while rows := await self._left(after):
            after = rows[-1]["subject"]
            for row in rows:
                ended = await self._of_row(row, _envelope(row, actor))
                went, stays = went + len(ended.destroyed), stays + len(ended.stays)
        return went, stays

    async def _of_row(self, row: Any, written: Envelope) -> Ended:
        desk, thing = self.kit.evidence, _thing(row["stream"])
        if desk is None or thing.kind not in desk.reach.kinds or not await self._is_over(thing):
            return NOTHING
        rule = f"{row['record']}: the person is erased"
        ended = await desk.custody.destroy_of_thing(thing, rule, written, self._is_over)
        if ended != NOTHING:
            kept = {str(id): why for id, why in ended.stays.items()}
            _log.info("evidence.ended", record=row["stream"], destroyed=len(ended.destroyed), stays=kept)
        return ended

    async def _is_over(self, thing: Thing) -> bool:
        return bool(await self.is_person_gone(thing))

    async def is_person_gone(self, thing: Thing) -> bool | None:
        """Whether its subject is erased, and no hold was placed since; ``None`` for the record of no person."""
        row = await self._row(self.subjects.c.stream == f"{thing.kind}-{thing.id}")
        if row is None or row["erased_at"] is None:
            return None if row is None else False
        state, _ = await self.kit.log.state(SUBJECT, subject_id(row["subject"]))
        return not state.holds

    async def _row(self, condition: Any) -> Any:
        """As the list has it; ``None`` for nobody."""
        async with self.kit.connection() as connection:
            found = await connection.execute(select(self.subjects).where(condition).limit(1))
            return found.mappings().one_or_none()

    async def _left(self, after: str) -> Sequence[Any]:
        if self.kit.evidence is None:
            return []
        lists, rows = self.kit.evidence.plan.lists, self.subjects.c
        files, things = lists.evidence.table.c, lists.things.table.c
        is_here = exists().where(
            things.thing_kind + "-" + cast(things.thing_id, Text) == rows.stream,
            files.evidence_id == things.evidence_id,
            files.stage == Stage.RECEIVED.value,
        )
        wanted = (
            select(self.subjects)
            .where(rows.erased_at.is_not(None), rows.subject > after, is_here)
            .order_by(rows.subject)
            .limit(SUBJECTS_MAX)
        )
        async with self.kit.connection() as connection:
            return (await connection.execute(wanted)).mappings().all()


def _thing(stream: str) -> Thing:
    """The record itself: ``complaint-018f…``."""
    return Thing(kind=stream[:-37], id=UUID(stream[-36:]))


def _envelope(row: Any, actor: str) -> Envelope:
    command_id = derived_id("evidence-ended", row["subject"], row["erased_at"].isoformat())
    return Envelope(
        command_id=command_id,
        actor=actor,
        department=row["department"],
        region=row["region"],
        digest=command_id.bytes * 2,
        reason=f"the person of this {row['record']} is erased",
        legal_basis="个人信息保护法第四十七条 PIPL art. 47",
    )
