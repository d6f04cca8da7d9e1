"""What happens to evidence that is here (证据保管): shown, handed out, held, transferred, destroyed; each a fact.

The one rule: the fact is in the log before the bytes are in anybody's hands, and no byte is shown that is not what was
received.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from msgspec.structs import replace
from sqlalchemy import func, select

from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.evidence.blobs import BlobDamaged, Blobs, pieces
from mingjing_kernel.evidence.display import DisplayCopy, draw_copy
from mingjing_kernel.evidence.facts import (
    AttachEvidence,
    Command,
    DeclareEvidence,
    DestroyEvidence,
    HoldEvidence,
    LiftHold,
    ReceiveEvidence,
    RecordDamage,
    RecordHandingOut,
    RecordView,
    Thing,
    TransferEvidence,
    Verdict,
)
from mingjing_kernel.evidence.intake import Intake
from mingjing_kernel.evidence.lists import EvidenceLists
from mingjing_kernel.evidence.media import MEDIA_TYPES, UPLOAD_DAYS_MAX
from mingjing_kernel.evidence.reach import Reach
from mingjing_kernel.evidence.refusals import (
    EvidenceAltered,
    EvidenceHeldStill,
    EvidenceInfected,
    EvidenceNotKept,
    EvidenceNotScanned,
    EvidenceUnknown,
    NoDisplayCopy,
    ThingUnknown,
)
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Kept, Present, Stage, Undeclared, stage_of
from mingjing_kernel.evidence.workshop import Workshop
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.identity import Principal
from mingjing_kernel.log.envelope import Envelope, Outcome, Work

COPY_SECONDS_MAX = 30.0
DESTRUCTIONS_MAX = 200
"""Asked for at a time."""
CASE_TWINS_MAX = 50
"""Pieces of evidence with the same bytes whose chain of custody says that a case file has them."""
IsOver: TypeAlias = Callable[[Thing], Awaitable[bool]]
"""Whether another thing's own time is over, too."""
_log = structlog.get_logger("mingjing.evidence")


def own_envelope(what: str, *parts: object) -> Envelope:
    """The circumstances of what the service does by itself; the same parts are the same command."""
    command_id = derived_id(f"evidence-{what}", *parts)
    return Envelope(command_id=command_id, actor="system:evidence", digest=hashlib.sha256(command_id.bytes).digest())


def _read_by(caller: Principal, command_id: UUID) -> Envelope:
    """The circumstances of what somebody only asked to read, without a key of the request's own."""
    return Envelope(
        command_id=command_id,
        actor=caller.subject,
        department=caller.department,
        region=caller.region,
        digest=hashlib.sha256(command_id.bytes).digest(),
    )


async def _never(_thing: Thing) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Ended:
    """What was destroyed with a thing, and what was not and why."""

    destroyed: tuple[UUID, ...]
    stays: Mapping[UUID, str]


class Custody:
    """One service's evidence, once it is here."""

    def __init__(
        self, kit: Kit, blobs: Blobs, lists: EvidenceLists, reach: Reach, workshop: Workshop, intake: Intake
    ) -> None:
        self._kit = kit
        self._blobs = blobs
        self._lists = lists
        self._reach = reach
        self._workshop = workshop
        self._intake = intake

    async def seen(self, id: UUID, caller: Principal) -> tuple[Present, int]:
        """What is known, and the stream's version, for whoever may see it. Raises ``EvidenceUnknown``."""
        state, version = await self._kit.log.state(EVIDENCE, id)
        if isinstance(state, Undeclared):
            raise EvidenceUnknown
        await self._reach.require_sight(caller, state)
        return state, version

    async def attachable(self, id: UUID, caller: Principal) -> Present:
        """As ``seen``, for whoever may say to what else it belongs: its sender, or who may have the original."""
        state, _ = await self.seen(id, caller)
        if state.by != caller.subject:
            await self._reach.require_original(caller, state)
        return state

    async def attach(self, id: UUID, thing: Thing, caller: Principal, written: Envelope) -> Outcome:
        """Say that it belongs to one more thing. Whoever may add to the thing; see ``attachable``."""
        await self.attachable(id, caller)
        if not await self._reach.may_add(caller.scope, thing):
            raise ThingUnknown
        return await self._kit.log.handle(EVIDENCE, id, self._attachment(thing, caller), written)

    def attach_work(self, id: UUID, thing: Thing, caller: Principal, written: Envelope) -> Work:
        """The same as part of a larger write, for a thing that is made in it. Ask ``attachable`` first."""
        circumstances = replace(
            written, command_id=derived_id("attach-evidence", written.command_id, id), expected_version=None
        )
        return Work(EVIDENCE, id, self._attachment(thing, caller), circumstances)

    async def share(self, id: UUID, copy_id: UUID, thing: Thing, caller: Principal) -> None:
        """The same bytes as evidence of another thing as well, for those who do not see the first: under an id of its
        own, with device, time and place as they were declared. Asked again it does nothing. See ``attachable``.
        """
        state = await self.attachable(id, caller)
        if not await self._reach.may_add(caller.scope, thing):
            raise ThingUnknown
        kept = self._servable(state)
        now = self._kit.now()
        manifest = dataclasses.replace(kept.manifest, thing=thing)
        commands: Sequence[Command] = (
            DeclareEvidence(
                manifest=manifest,
                is_thing_there=True,
                device_sent_at=max(now, manifest.captured_at or now),
                lapses_at=now + timedelta(days=UPLOAD_DAYS_MAX),
                by=caller.subject,
                at=now,
            ),
            ReceiveEvidence(
                sha256=kept.sha256,
                sm3=kept.sm3,
                size_bytes=kept.size_bytes,
                media_type=kept.media_type,
                by=caller.subject,
                at=now,
            ),
        )
        async with self._intake.alone(kept.sha256):  # nobody destroys these bytes before the second stands on them
            if isinstance((await self._kit.log.state(EVIDENCE, copy_id))[0], Undeclared):
                for command in commands:
                    written = _read_by(caller, derived_id(f"share-{type(command).__name__}", copy_id))
                    await self._kit.log.handle(EVIDENCE, copy_id, command, written)

    async def copy(self, id: UUID, caller: Principal) -> DisplayCopy:
        """The display copy, made for this viewer at this moment. Raises ``NoDisplayCopy`` for what cannot be drawn."""
        state, _ = await self.seen(id, caller)
        kept = self._servable(state)
        if not MEDIA_TYPES[kept.media_type].has_display_copy:
            raise NoDisplayCopy(media_type=kept.media_type)
        now = self._kit.now()
        await self._record_view(id, caller)
        async with self._verified(id, kept) as file:
            font = str(self._kit.settings.evidence_font_file or "")
            lines = self._watermark(kept, caller)
            drawn = await self._workshop.run(draw_copy, file, kept.media_type, lines, font, seconds=COPY_SECONDS_MAX)
        if not drawn.is_chinese:
            _log.warning("evidence.no_chinese_font", at=now.isoformat(), because="set MINGJING_EVIDENCE_FONT_FILE")
        return drawn

    @asynccontextmanager
    async def original(
        self, id: UUID, purpose: str, caller: Principal, written: Envelope
    ) -> AsyncIterator[tuple[Kept, Path, Outcome]]:
        """A verified local copy of the very bytes, handed out on record."""
        state, _ = await self.seen(id, caller)
        await self._reach.require_original(caller, state)
        kept = self._servable(state)
        async with self._verified(id, kept) as file:
            command = RecordHandingOut(purpose=purpose, by=caller.subject, at=self._kit.now())
            yield kept, file, await self._kit.log.handle(EVIDENCE, id, command, written)

    async def for_case(
        self, digests: Sequence[str], purpose: str, caller: Principal
    ) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """Of these digests the originals that may leave with a case, each handed out on record. What is infected, not
        scanned, altered or gone stays out; whoever binds the case names what is missing. Ask first who the caller is.
        """
        await self._kit.up_to_date()
        rows = self._lists.rows.c
        for digest in digests:
            here = self._lists.ids(rows.sha256 == digest, rows.stage == Stage.RECEIVED.value, limit=CASE_TWINS_MAX)
            async with self._kit.connection() as connection:
                ids = [UUID(int=row.evidence_id.int) for row in (await connection.execute(here)).all()]
            try:
                kept = [self._servable((await self._kit.log.state(EVIDENCE, id))[0]) for id in ids]
                if not kept:
                    continue
                async with self._verified(ids[0], kept[0]) as file:
                    for id in ids:
                        await self._record_case(id, purpose, caller)
                    yield digest, pieces(file)
            except (EvidenceAltered, EvidenceInfected, EvidenceNotKept, EvidenceNotScanned) as stays:
                _log.warning("evidence.not_in_case", sha256=digest, purpose=purpose, because=stays.code())

    async def hold(self, id: UUID, hold: str, caller: Principal, written: Envelope) -> Outcome:
        """Nothing is destroyed while it lasts. For whoever may have the original."""
        await self._acting(id, caller)
        command = HoldEvidence(hold=hold, by=caller.subject, at=self._kit.now())
        return await self._kit.log.handle(EVIDENCE, id, command, written)

    async def lift(self, id: UUID, hold: str, caller: Principal, written: Envelope) -> Outcome:
        """The hold is over. Not for whoever placed it (``OtherPersonMust``)."""
        await self._acting(id, caller)
        command = LiftHold(hold=hold, by=caller.subject, at=self._kit.now())
        return await self._kit.log.handle(EVIDENCE, id, command, written)

    async def transfer(self, id: UUID, to: str, caller: Principal, written: Envelope) -> Outcome:
        """On record that it was handed on to another authority."""
        await self._acting(id, caller)
        command = TransferEvidence(to=to, by=caller.subject, at=self._kit.now())
        return await self._kit.log.handle(EVIDENCE, id, command, written)

    async def destroy(self, id: UUID, rule: str, written: Envelope) -> Outcome:
        """Destroy by a retention rule; digests stay. Raises ``EvidenceHeldStill``. No person asks for it.

        Other evidence with the same bytes keeps them. A process that dies in the middle leaves a blob that nobody
        refers to; the keeper takes it away.
        """
        state, _ = await self._kit.log.state(EVIDENCE, id)
        sha256 = getattr(state, "sha256", "")
        async with self._intake.alone(sha256):
            command = DestroyEvidence(rule=rule, by=written.actor, at=self._kit.now())
            outcome = await self._kit.log.handle(EVIDENCE, id, command, written)
        await self.drop_unreferred(sha256)
        return outcome

    async def destroy_of_thing(self, thing: Thing, rule: str, written: Envelope, is_over: IsOver = _never) -> Ended:
        """The same for all that belongs to a thing whose own time is over, or whose person is erased. What is held, or
        belongs to another thing as well whose time is not over, stays, and why is said.
        """
        await self._kit.up_to_date()
        destroyed, stays, after = list[UUID](), dict[UUID, str](), UUID(int=0)
        while found := await self._received_of(thing, after):
            after = found[-1]
            for id in found:
                if why := await self._destroy_with(id, thing, rule, written, is_over):
                    stays[id] = why
                else:
                    destroyed.append(id)
        return Ended(tuple(destroyed), stays)

    async def _received_of(self, thing: Thing, after: UUID) -> list[UUID]:
        rows = self._lists.of_thing(thing.kind, thing.id)
        columns = rows.selected_columns
        waiting = (
            rows.where(columns.stage == Stage.RECEIVED.value, columns.evidence_id > after)
            .order_by(columns.evidence_id)
            .limit(DESTRUCTIONS_MAX)
        )
        async with self._kit.connection() as connection:
            return [UUID(int=row.evidence_id.int) for row in (await connection.execute(waiting)).all()]

    async def _destroy_with(self, id: UUID, thing: Thing, rule: str, written: Envelope, is_over: IsOver) -> str:
        """Why it stays; empty when it is destroyed."""
        state, _ = await self._kit.log.state(EVIDENCE, id)
        for other in state.things:
            if other != thing and not await is_over(other):
                return "it belongs to another record as well"
        command_id = derived_id("destroy-evidence", written.command_id, id)
        try:
            await self.destroy(id, rule, replace(written, command_id=command_id, expected_version=None))
        except EvidenceHeldStill as held:
            return str(held)
        return ""

    async def drop_unreferred(self, sha256: str) -> bool:
        """Take a blob away unless some evidence stands on it; whether it was."""
        rows = self._lists.rows.c
        async with self._intake.alone(sha256), self._kit.connection() as connection:
            await self._kit.up_to_date()
            stands = select(func.count()).where(rows.sha256 == sha256, rows.stage == Stage.RECEIVED.value)
            if not sha256 or (await connection.execute(stands)).scalar_one():
                return False
            await self._blobs.destroy(sha256)
            return True

    async def alarm(self, id: UUID, found: str, found_by: str) -> None:
        """On record that what is stored is not what was received."""
        now = self._kit.now()
        command = RecordDamage(found_sha256=found, found_by=found_by, at=now)
        envelope = own_envelope("damaged", id, found, now.isoformat())
        await self._kit.log.handle(EVIDENCE, id, command, envelope)
        _log.error("evidence.damaged", evidence_id=str(id), found=found or "nothing", found_by=found_by)

    async def _acting(self, id: UUID, caller: Principal) -> None:
        state, _ = await self.seen(id, caller)
        await self._reach.require_original(caller, state)

    def _servable(self, state: Present) -> Kept:
        if not isinstance(state, Kept):
            raise EvidenceNotKept(state=stage_of(state).value)
        if state.verdict is Verdict.INFECTED:
            raise EvidenceInfected(detail=state.scan_detail)
        if self._kit.settings.evidence_scan == "required" and state.verdict is not Verdict.CLEAN:
            raise EvidenceNotScanned(detail=state.scan_detail or "it waits for the scanner")
        return state

    @asynccontextmanager
    async def _verified(self, id: UUID, kept: Kept) -> AsyncIterator[Path]:
        try:
            async with self._blobs.opened(kept.sha256) as file:
                yield file
        except BlobDamaged as damaged:
            await self.alarm(id, damaged.found, "read")
            raise EvidenceAltered from damaged

    async def _record_view(self, id: UUID, caller: Principal) -> None:
        """Once a minute for one viewer: whoever leafs through a report looks at the same picture several times."""
        now = self._kit.now()
        minute = now.astimezone(SHANGHAI).strftime("%Y%m%d%H%M")
        # The later look of the same minute is the same command.
        envelope = _read_by(caller, derived_id("evidence-viewed", id, caller.subject, minute))
        await self._kit.log.handle(EVIDENCE, id, RecordView(by=caller.subject, at=now), envelope)

    async def _record_case(self, id: UUID, purpose: str, caller: Principal) -> None:
        command = RecordHandingOut(purpose=purpose, by=caller.subject, at=self._kit.now())
        await self._kit.log.handle(EVIDENCE, id, command, _read_by(caller, new_id()))

    def _attachment(self, thing: Thing, caller: Principal) -> AttachEvidence:
        return AttachEvidence(thing=thing, by=caller.subject, at=self._kit.now())

    def _watermark(self, kept: Kept, caller: Principal) -> list[str]:
        now = self._kit.now().astimezone(SHANGHAI)
        thing = kept.things[0] if kept.things else kept.manifest.thing
        kind = self._reach.kinds.get(thing.kind)
        named: Any = kind.zh if kind else thing.kind
        return [
            f"明镜 Mingjing  {named} {thing.kind} {str(thing.id)[:8]}",
            f"查看 viewed by {caller.subject[:40]}  {now:%Y-%m-%d %H:%M:%S}",
            f"SHA-256 {kept.sha256[:16]}…",
        ]
