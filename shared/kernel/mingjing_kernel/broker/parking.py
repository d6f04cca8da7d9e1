"""What a person may do with parked messages (搁置消息): see, mend, replay or drop them.

The one rule: nothing is lost and nothing happens twice. The original is kept beside what was mended; a replay goes
through the same reaction with the same command ids, so what was carried out before is not carried out again. Each act
is a fact in the log, and the row shows what the fact says, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import msgspec

from mingjing_kernel.broker.parked import Parked
from mingjing_kernel.broker.parked_message import (
    DROPPED,
    PARKED,
    PARKED_MESSAGE,
    REPLAYED,
    DropParked,
    MendParked,
    ReplayParked,
    Settled,
)
from mingjing_kernel.broker.reacting import Hopeless, Reacted, Reactions
from mingjing_kernel.log.envelope import Envelope, Outcome, Work
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

if TYPE_CHECKING:
    from mingjing_kernel.log import Log

LIST_MAX = 500
Act: TypeAlias = MendParked | ReplayParked | DropParked
_BECOMES: Mapping[type[Act], str] = {MendParked: PARKED, ReplayParked: REPLAYED, DropParked: DROPPED}
_COLUMNS = ", ".join(Parked.__dataclass_fields__)


class ParkedUnknown(NotFound):
    """No parked message has this id."""

    sentence = "There is no parked message {id}."
    remedy = "List the parked messages and take the id from there."


class MendedNotJson(Invalid):
    """What was mended is no JSON object."""

    sentence = "The mended data is not a JSON object."
    remedy = "Send the whole contract as one JSON object."
    field = "data"


class ReasonNeeded(Invalid):
    """Mending and dropping change what the log will say, so they are explained."""

    sentence = "A reason is needed."
    remedy = "Say why, in the Mingjing-Reason header or with --reason."
    field = "Mingjing-Reason"


class MendedSince(Refusal):
    """A repeated request must not undo what came after it, nor look as if it had."""

    sentence = "This mending was carried out before, and another one has followed it."
    remedy = "Look at the message; to mend it back, give another reason or a new Idempotency-Key."


class Parking:
    """What a person may do with the parked messages of one service; CLI and HTTP use the same."""

    def __init__(self, log: Log, reactions: Mapping[str, Reactions]) -> None:
        """``reactions`` by source, the same objects that the inboxes use."""
        self._log = log
        self._reactions = reactions
        self._table = f'"{log.schema}".parked'

    async def listed(self, state: str = "parked", limit: int = LIST_MAX) -> list[Parked]:
        """Messages in this state, oldest first."""
        rows = await self._log.pool.fetch(
            f"SELECT {_COLUMNS} FROM {self._table} WHERE state = $1 ORDER BY parked_at, id LIMIT $2", state, limit
        )
        return [_parked(row) for row in rows]

    async def get(self, id: UUID) -> Parked:
        """One message. Raises ``ParkedUnknown``."""
        row = await self._log.pool.fetchrow(f"SELECT {_COLUMNS} FROM {self._table} WHERE id = $1", id)
        if row is None:
            raise ParkedUnknown(id=id)
        return _parked(row)

    async def mend(self, id: UUID, data: bytes, written: Envelope) -> Parked:
        """Put better data beside the original; it takes effect when the message is replayed."""
        _explained(written)
        try:
            msgspec.json.decode(data, type=dict[str, Any])
        except msgspec.DecodeError as unreadable:
            raise MendedNotJson from unreadable
        await self.get(id)
        command = MendParked(mended_sha256=hashlib.sha256(data).hexdigest(), at=self._log.now())
        outcome = await self._act(id, command, written, mended=data)
        row = await self.get(id)
        if outcome.repeated and row.data != data:
            raise MendedSince
        return row

    async def drop(self, id: UUID, written: Envelope) -> Parked:
        """Decide that the message has no effect. The row stays, with who and why."""
        _explained(written)
        row = await self.get(id)
        await self._act(id, DropParked(seen=row.likeness(), at=self._log.now()), written)
        return await self.get(id)

    async def replay(self, id: UUID, written: Envelope) -> Parked:
        """React to the message again, wholly or not at all.

        Raises the refusal that still stands in its way; then nothing of it is carried out and it stays parked.
        """
        row = await self.get(id)
        command = ReplayParked(seen=row.likeness(), at=self._log.now())
        state, _ = await self._log.state(PARKED_MESSAGE, id)
        if isinstance(state, Settled):
            await self._act(id, command, written)  # says so, or gives the answer of the first time
            return await self.get(id)
        PARKED_MESSAGE.decider.decide(command, state)  # nobody reacts to what was altered, not even to look
        reacted = await self._reacted(row, written)
        if reacted.hopeless:
            await self._still(id, reacted.hopeless[0])
            raise reacted.hopeless[0].reason
        try:
            await self._act(id, command, written, reacted)
        except _StillHopeless as still:
            await self._still(id, still.item)
            raise still.item.reason from None
        return await self.get(id)

    async def _reacted(self, row: Parked, written: Envelope) -> Reacted:
        reactions = self._reactions.get(row.source)
        reacted = await reactions.to([row.incoming()]) if reactions else Reacted()
        for number, work in enumerate(reacted.works):
            # Beside the facts stands who let the machine act.
            envelope = msgspec.structs.replace(work.envelope, on_behalf_of=written.actor)
            reacted.works[number] = Work(work.aggregate, work.id, work.command, envelope)
        return reacted

    async def _act(
        self,
        id: UUID,
        command: Act,
        written: Envelope,
        reacted: Reacted | None = None,
        *,
        mended: bytes | None = None,
    ) -> Outcome:
        """The act's fact, the row that shows it, and what else follows from it: all of it or nothing."""
        reacted = reacted or Reacted()

        async def settle(connection: Any, results: Sequence[object]) -> None:
            *carried_out, acted = results
            if isinstance(acted, Exception):
                raise acted
            if left := reacted.refused(carried_out):
                raise _StillHopeless(left[0])
            if isinstance(acted, Outcome) and not acted.repeated:
                await self._show(connection, id, command, written, mended)

        works = [*reacted.works, Work(PARKED_MESSAGE, id, command, written)]
        outcome = (await self._log.handle_many(works, settle=settle))[-1]
        assert isinstance(outcome, Outcome)
        return outcome

    async def _show(self, connection: Any, id: UUID, command: Act, written: Envelope, mended: bytes | None) -> None:
        """Who acted last, and the last reason that was given: a replay may come without one."""
        state = _BECOMES[type(command)]
        changed = await connection.execute(
            f"UPDATE {self._table} SET state = $2, settled_at = $3, settled_by = $4, "
            "settled_reason = coalesce(nullif($5, ''), settled_reason), data_mended = coalesce($6, data_mended) "
            "WHERE id = $1",
            id,
            state,
            None if state == PARKED else command.at,
            written.actor,
            written.reason,
            mended,
        )
        if changed != "UPDATE 1":
            raise ParkedUnknown(id=id)

    async def _still(self, id: UUID, item: Hopeless) -> None:
        await self._log.pool.execute(
            f"UPDATE {self._table} SET tries = tries + 1, code = $2, reason_zh = $3, reason_en = $4 WHERE id = $1",
            id,
            item.reason.code(),
            item.sentence.zh,
            item.sentence.en,
        )


class _StillHopeless(Exception):
    """A rule still forbids what follows from the message."""

    def __init__(self, item: Hopeless) -> None:
        super().__init__(item.sentence.en)
        self.item = item


def _explained(written: Envelope) -> None:
    if not written.reason.strip():
        raise ReasonNeeded


def _parked(row: Any) -> Parked:
    values = dict(row)
    values["headers"] = msgspec.json.decode(values["headers"])
    return Parked(**values)
