"""Parked messages (搁置消息): hopeless ones wait here for a person, who sees, mends, replays or drops them.

The one rule: nothing is lost and nothing happens twice. The original is kept beside what was mended; a replay goes
through the same reaction with the same command ids, so what was carried out before is not carried out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from mingjing_kernel.broker.message import CE_TIME, PREVIOUS, Incoming
from mingjing_kernel.broker.reacting import Hopeless, Reacted, Reactions
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

if TYPE_CHECKING:
    from mingjing_kernel.log import Log

LIST_MAX = 500


class ParkedUnknown(NotFound):
    """No parked message has this id."""

    sentence = "There is no parked message {id}."
    remedy = "List the parked messages and take the id from there."


class ParkedSettled(Refusal):
    """Replayed or dropped already."""

    sentence = "The parked message is settled already: {state}."
    remedy = "Nothing is left to do; look at who settled it and why."


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


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked message as a person sees it."""

    id: UUID
    source: str
    position: int
    type: str
    headers: dict[str, str]
    data_original: bytes
    data_mended: bytes | None
    code: str
    reason_zh: str
    reason_en: str
    tries: int
    state: str
    parked_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    settled_reason: str | None

    @property
    def data(self) -> bytes:
        """What a replay would use."""
        return self.data_original if self.data_mended is None else self.data_mended

    def incoming(self) -> Incoming:
        """The message again, as it came or as it was mended."""
        previous, time = int(self.headers[PREVIOUS]), self.headers[CE_TIME]
        return Incoming(self.source, self.position, previous, self.type, time, self.data)


_COLUMNS = ", ".join(Parked.__dataclass_fields__)


async def park(connection: Any, schema: str, hopeless: Sequence[Hopeless], now: datetime) -> None:
    """Write the rows, in the caller's transaction. A message that is parked already stays as it is."""
    if not hopeless:
        return
    await connection.executemany(
        f"""INSERT INTO "{schema}".parked
            (id, source, position, type, headers, data_original, code, reason_zh, reason_en, tries, state, parked_at)
        VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9, $10, 'parked', $11)
        ON CONFLICT (source, position) DO NOTHING""",
        [
            (
                derived_id("parked", schema, item.message.source, item.message.position),
                item.message.source,
                item.message.position,
                item.message.type,
                msgspec.json.encode(item.message.headers()).decode(),
                item.message.data,
                item.reason.code(),
                item.sentence.zh,
                item.sentence.en,
                item.tries,
                now,
            )
            for item in hopeless
        ],
    )


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

    async def mend(self, id: UUID, data: bytes, actor: str, reason: str) -> Parked:
        """Put better data beside the original; it takes effect when the message is replayed."""
        if not reason:
            raise ReasonNeeded
        try:
            msgspec.json.decode(data, type=dict[str, Any])
        except msgspec.DecodeError as unreadable:
            raise MendedNotJson from unreadable
        await self._set(id, "data_mended = $2, settled_by = $3, settled_reason = $4", data, actor, reason)
        return await self.get(id)

    async def drop(self, id: UUID, actor: str, reason: str) -> Parked:
        """Decide that the message has no effect. The row stays, with who and why."""
        if not reason:
            raise ReasonNeeded
        await self._set(
            id,
            "state = 'dropped', settled_at = $2, settled_by = $3, settled_reason = $4",
            self._log.now(),
            actor,
            reason,
        )
        return await self.get(id)

    async def replay(self, id: UUID, actor: str) -> Parked:
        """React to the message again. Raises the refusal that still stands in its way; then it stays parked."""
        row = await self.get(id)
        if row.state != "parked":
            raise ParkedSettled(state=row.state)
        incoming = row.incoming()
        reactions = self._reactions.get(row.source)
        reacted = await reactions.to([incoming]) if reactions else Reacted()
        for work_number, work in enumerate(reacted.works):
            # Beside the facts stands who let the machine act.
            envelope = msgspec.structs.replace(work.envelope, on_behalf_of=actor)
            reacted.works[work_number] = type(work)(work.aggregate, work.id, work.command, envelope)
        left: list[Hopeless] = []

        async def settle(connection: Any, results: Sequence[object]) -> None:
            left[:] = reacted.refused(results)
            if left:
                await self._still(connection, id, left[0])
            else:
                await self._replayed(connection, id, actor)

        await self._log.handle_many(reacted.works, settle=settle)
        if left:
            raise left[0].reason
        return await self.get(id)

    async def _still(self, connection: Any, id: UUID, item: Hopeless) -> None:
        await connection.execute(
            f"UPDATE {self._table} SET tries = tries + 1, code = $2, reason_zh = $3, reason_en = $4 WHERE id = $1",
            id,
            item.reason.code(),
            item.sentence.zh,
            item.sentence.en,
        )

    async def _replayed(self, connection: Any, id: UUID, actor: str) -> None:
        changed = await connection.execute(
            f"UPDATE {self._table} SET state = 'replayed', settled_at = $2, settled_by = $3 "
            "WHERE id = $1 AND state = 'parked'",
            id,
            self._log.now(),
            actor,
        )
        if changed != "UPDATE 1":
            raise ParkedSettled(state="replayed")

    async def _set(self, id: UUID, assignments: str, *values: object) -> None:
        changed = await self._log.pool.execute(
            f"UPDATE {self._table} SET {assignments} WHERE id = $1 AND state = 'parked'", id, *values
        )
        if changed != "UPDATE 1":
            raise ParkedSettled(state=(await self.get(id)).state)


def _parked(row: Any) -> Parked:
    values = dict(row)
    values["headers"] = msgspec.json.decode(values["headers"])
    return Parked(**values)
