"""Taking evidence in (接收证据) over networks that break off: declare, send parts, ask how far it got, finish.

The one rule: a part is kept whole and checked, or not at all; the acknowledgement is a fact in the log, and the bytes
are on disk before it. Nothing is remembered in this process: whoever goes on after a kill -9 finds everything again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from mingjing_kernel.evidence.blobs import Blobs
from mingjing_kernel.evidence.digests import Digests
from mingjing_kernel.evidence.facts import DeclareEvidence, EvidenceReceived, Manifest, ReceiveEvidence, RefuseEvidence
from mingjing_kernel.evidence.lists import EvidenceLists
from mingjing_kernel.evidence.media import (
    OPEN_BYTES_MAX,
    OPEN_UPLOADS_MAX,
    PART_BYTES_MAX,
    PART_BYTES_MIN,
    PARTS_MAX,
    UPLOAD_DAYS_MAX,
)
from mingjing_kernel.evidence.reach import Reach
from mingjing_kernel.evidence.refusals import (
    DigestDiffers,
    EvidenceStoreFull,
    EvidenceUnknown,
    OpenUploadsTooMany,
    PartDamaged,
    PartMalformed,
    ThingUnknown,
    UploadEnded,
    UploadIncomplete,
    UploadOffsetElsewhere,
    WorkshopBusy,
)
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.sniffing import examine
from mingjing_kernel.evidence.state import Kept, OnItsWay, Present, Undeclared, stage_of
from mingjing_kernel.evidence.workshop import Workshop
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import database
from mingjing_kernel.log.envelope import Envelope, Outcome
from mingjing_kernel.refusal import Refusal

LOCKS_MAX = 3
"""Files of a process that are being kept or destroyed at once, each with a connection of its own; the others wait."""
LOCK_SECONDS_MAX = 600.0
"""The other process may be sending a whole recording to a slow store."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload got; at its full size it only has to be finished."""

    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The fact that the bytes are kept, and where it stands in the log."""

    position: int
    version: int
    fact: EvidenceReceived
    repeated: bool


class Intake:
    """One service's way in."""

    def __init__(self, kit: Kit, blobs: Blobs, lists: EvidenceLists, reach: Reach, workshop: Workshop) -> None:
        self._kit = kit
        self._blobs = blobs
        self._lists = lists
        self._reach = reach
        self._workshop = workshop
        self._locking = asyncio.Semaphore(LOCKS_MAX)

    async def declare(
        self, id: UUID, manifest: Manifest, sent_at: datetime, caller: Principal, written: Envelope
    ) -> Outcome:
        """Announce a file. Raises what speaks against it, before a byte of it travels."""
        now = self._kit.now()
        may_add = await self._reach.may_add(caller.scope, manifest.thing)
        if not may_add and not caller.scope.has(self._reach.kind(manifest.thing.kind).adding):
            raise ThingUnknown
        state, _ = await self._kit.log.state(EVIDENCE, id)
        if isinstance(state, Undeclared):
            await self._require_room(caller.subject, manifest.size_bytes)
        command = DeclareEvidence(
            manifest=manifest,
            is_thing_there=may_add,
            device_sent_at=sent_at,
            lapses_at=now + timedelta(days=UPLOAD_DAYS_MAX),
            by=caller.subject,
            at=now,
        )
        return await self._kit.log.handle(EVIDENCE, id, command, written)

    async def standing(self, id: UUID, caller: Principal) -> Standing:
        """Where to go on. Raises ``UploadEnded`` for what was refused, lapsed or destroyed."""
        state = await self._own(id, caller)
        if isinstance(state, Kept):
            return Standing(state.size_bytes, state.size_bytes)
        parts = await self._blobs.parts(id)
        return Standing(sum(part.size_bytes for part in parts), _open(state).manifest.size_bytes)

    async def take_part(self, id: UUID, offset: int, content: bytes, sha256: bytes, caller: Principal) -> Standing:
        """Keep a part. The same part at the same place once more is the same part."""
        if len(content) > PART_BYTES_MAX:
            raise PartMalformed(reason="it is larger than a part may be")
        if hashlib.sha256(content).digest() != sha256:
            raise PartDamaged
        state = _open(await self._own(id, caller))
        size = state.manifest.size_bytes
        parts = await self._blobs.parts(id)
        stands = sum(part.size_bytes for part in parts)
        if offset != stands:
            await self._refuse_offset(id, offset, content, stands)
            return Standing(stands, size)
        _check_part(offset, len(content), size, len(parts))
        await self._blobs.require_room(len(content))
        if not await self._blobs.put_part(id, offset, content):
            stands = sum(part.size_bytes for part in await self._blobs.parts(id))
            await self._refuse_offset(id, offset, content, stands)
            return Standing(stands, size)
        return Standing(offset + len(content), size)

    async def finish(self, id: UUID, caller: Principal, written: Envelope) -> Acknowledgement:
        """Put the parts together, look at what they are, keep them, and acknowledge it in the log."""
        state = await self._own(id, caller)
        if isinstance(state, Kept):
            return await self._acknowledgement(id, repeated=True)
        try:
            return await self._finish(id, _open(state).manifest, caller, written)
        except (KeyError, UploadIncomplete) as gone:
            # Asked twice at once: the other one was quicker, and took the parts away.
            if isinstance(await self._own(id, caller), Kept):
                return await self._acknowledgement(id, repeated=True)
            if isinstance(gone, UploadIncomplete):
                raise
            raise UploadIncomplete(received=0, size_bytes=_open(state).manifest.size_bytes) from gone

    async def _finish(self, id: UUID, manifest: Manifest, caller: Principal, written: Envelope) -> Acknowledgement:
        parts = await self._blobs.parts(id)
        received = sum(part.size_bytes for part in parts)
        if received != manifest.size_bytes:
            raise UploadIncomplete(received=received, size_bytes=manifest.size_bytes)
        async with self._blobs.assembled(parts) as (file, digests):
            try:
                _check_digests(manifest, digests)
                found = await self._workshop.run(examine, file, manifest.media_type)
            except WorkshopBusy:
                raise  # says nothing about the file
            except Refusal as refusal:
                await self._refused(id, refusal, digests, caller, written)
                raise
            async with self.alone(digests.sha256):  # nobody destroys these bytes between here and the fact
                await self._blobs.keep(file, digests)
                outcome = await self._receive(id, found, digests, caller, written)
        await self._blobs.drop_parts(id)
        return await self._acknowledgement(id, repeated=outcome.repeated)

    @asynccontextmanager
    async def alone(self, sha256: str) -> AsyncIterator[None]:
        """Of all processes only one keeps or destroys these bytes at a time. The lock is the session's: a large file
        takes longer than PostgreSQL lets a transaction idle. It has a connection of its own: those that hold it, and
        those that wait, need the pool for their facts, and everybody else for everything. Not to be asked for twice.
        """
        log = self._kit.log
        key = f"mingjing/{log.schema}/evidence/{sha256}"
        async with self._locking:
            connection = await database.connect(log.url, log.schema)
            try:
                await connection.execute(
                    "SELECT pg_advisory_lock(hashtextextended($1, 0))", key, timeout=LOCK_SECONDS_MAX
                )
                yield
            finally:
                connection.terminate()  # with the connection the lock goes, too

    async def give_up(self, id: UUID, caller: Principal) -> None:
        """Drop the parts; the declaration stands until it lapses."""
        _open(await self._own(id, caller))
        await self._blobs.drop_parts(id)

    async def _own(self, id: UUID, caller: Principal) -> Present:
        state, _ = await self._kit.log.state(EVIDENCE, id)
        if isinstance(state, Undeclared) or state.by != caller.subject:
            raise EvidenceUnknown
        return state  # type: ignore[no-any-return]

    async def _require_room(self, sender: str, size_bytes: int) -> None:
        await self._blobs.require_room(size_bytes)
        total_max = self._kit.settings.evidence_bytes_max
        async with self._kit.connection() as connection:
            count, under_way = (await connection.execute(self._lists.open_of(sender))).one()
            total = (await connection.execute(self._lists.total_bytes())).scalar_one() if total_max else 0
        if total + size_bytes > total_max > 0:
            raise EvidenceStoreFull
        if count >= OPEN_UPLOADS_MAX or under_way + size_bytes > OPEN_BYTES_MAX:
            raise OpenUploadsTooMany(
                count=count, size_bytes=under_way, count_max=OPEN_UPLOADS_MAX, bytes_max=OPEN_BYTES_MAX
            )

    async def _refuse_offset(self, id: UUID, offset: int, content: bytes, stands: int) -> None:
        """Unless it is the part that lies there: then only its answer was lost."""
        for part in await self._blobs.parts(id):
            if (part.offset, part.size_bytes) == (offset, len(content)) and await self._blobs.part(part) == content:
                return
        raise UploadOffsetElsewhere(offset=stands, begins=offset)

    async def _receive(
        self, id: UUID, media_type: str, digests: Digests, caller: Principal, written: Envelope
    ) -> Outcome:
        command = ReceiveEvidence(
            sha256=digests.sha256,
            sm3=digests.sm3,
            size_bytes=digests.size_bytes,
            media_type=media_type,
            by=caller.subject,
            at=self._kit.now(),
        )
        return await self._kit.log.handle(EVIDENCE, id, command, written)

    async def _refused(
        self, id: UUID, refusal: Refusal, digests: Digests, caller: Principal, written: Envelope
    ) -> None:
        """Why is a fact, too; the bytes go, the sender has them."""
        command = RefuseEvidence(reason=refusal.code(), sha256=digests.sha256, by=caller.subject, at=self._kit.now())
        envelope = replace(written, command_id=derived_id("refuse-evidence", written.command_id))
        await self._kit.log.handle(EVIDENCE, id, command, envelope)
        await self._blobs.drop_parts(id)

    async def _acknowledgement(self, id: UUID, *, repeated: bool) -> Acknowledgement:
        """As the log holds it: whoever lost the answer gets the same one again."""
        facts = await self._kit.log.history(EVIDENCE, id)
        fact = next(fact for fact in facts if isinstance(fact.event, EvidenceReceived))
        return Acknowledgement(fact.position, fact.version, fact.event, repeated)


def _open(state: Present) -> OnItsWay:
    if not isinstance(state, OnItsWay):
        raise UploadEnded(state=stage_of(state).value)
    return state


def _check_part(offset: int, length: int, size_bytes: int, parts: int) -> None:
    if length == 0 or offset + length > size_bytes:
        raise PartMalformed(reason="it is empty, or goes beyond the end of the file")
    if length < PART_BYTES_MIN and offset + length < size_bytes:
        raise PartMalformed(reason="it is smaller than a part may be that is not the last")
    if parts >= PARTS_MAX:
        raise PartMalformed(reason="the file comes in too many parts; begin again with larger ones")


def _check_digests(manifest: Manifest, digests: Digests) -> None:
    if digests.sha256 != manifest.sha256:
        raise DigestDiffers(algorithm="SHA-256", found=digests.sha256)
    if manifest.sm3 and digests.sm3 != manifest.sm3:
        raise DigestDiffers(algorithm="SM3", found=digests.sm3)
