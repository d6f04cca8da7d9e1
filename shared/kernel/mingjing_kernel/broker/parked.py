"""Parked messages (搁置消息): the table in which hopeless ones wait for a person, and what the inbox puts there.

What became of a message is a fact in the log (``parked_message``). This table keeps the bodies, which must not stand
there, and is what people list. The one rule: what it says of a message is written in the transaction of the fact that
says so, and so is the row itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from mingjing_kernel.broker.message import CE_TIME, PREVIOUS, Incoming
from mingjing_kernel.broker.parked_message import PARKED_MESSAGE, Likeness, ParkMessage
from mingjing_kernel.broker.reacting import Hopeless
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.envelope import Envelope, Work


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

    def likeness(self) -> Likeness:
        """What a replay would see, to be compared with what the log says came or was mended."""
        return _likeness(self.source, self.position, self.type, self.headers.get(CE_TIME, ""), self.data)


def parked_id(schema: str, source: str, position: int) -> UUID:
    """Of the row and of the stream that says what became of the message."""
    return derived_id("parked", schema, source, position)


def park_works(schema: str, hopeless: Sequence[Hopeless], now: datetime) -> list[Work]:
    """Put on record that these are parked; to be carried out with ``park``. Once for one message, however often."""
    return [_park_work(schema, item, now) for item in hopeless]


def _park_work(schema: str, item: Hopeless, now: datetime) -> Work:
    message = item.message
    likeness = _likeness(message.source, message.position, message.type, message.time, message.data)
    envelope = Envelope(
        command_id=derived_id("park", message.source, message.position, likeness.sha256),
        actor="system:inbox",
        causation=f"{message.source}-{message.position}",
        digest=bytes.fromhex(likeness.sha256),
    )
    command = ParkMessage(message=likeness, code=item.reason.code(), at=now)
    return Work(PARKED_MESSAGE, parked_id(schema, message.source, message.position), command, envelope)


async def park(connection: Any, schema: str, hopeless: Sequence[Hopeless], now: datetime) -> None:
    """Write the rows, in the transaction of their facts. A message that is parked already stays as it is."""
    if not hopeless:
        return
    await connection.executemany(
        f"""INSERT INTO "{schema}".parked
            (id, source, position, type, headers, data_original, code, reason_zh, reason_en, tries, state, parked_at)
        VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9, $10, 'parked', $11)
        ON CONFLICT (source, position) DO NOTHING""",
        [
            (
                parked_id(schema, item.message.source, item.message.position),
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


def _likeness(source: str, position: int, type: str, ce_time: str, data: bytes) -> Likeness:
    return Likeness(
        source=source, position=position, type=type, ce_time=ce_time, sha256=hashlib.sha256(data).hexdigest()
    )
