"""The bulk port: commands over NATS with replies, for systems that send thousands a second.

A bank, a vendor or a hotline sends ``<service>.cmd.<command>`` requests as fast as it likes; each gets its own reply,
after the commit. The caller's token travels in the ``Authorization`` header, and the digest is that of the request's
bytes, as over HTTP. The one rule: a reply of success means on disk, and a request without a reply may be sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import structlog

from mingjing_kernel.identity import NotSignedIn, OutsideScope, Principal, Scope
from mingjing_kernel.log import Aggregate, Envelope, Log
from mingjing_kernel.log.envelope import LogBusy
from mingjing_kernel.refusal import Invalid, Refusal
from mingjing_kernel.text import package_of, render

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from mingjing_kernel.access.admission import Admission

IN_HAND_MAX = 20_000
"""Requests that wait for their commit; beyond it the caller is told to come back."""
AUTHORIZATION = "Authorization"
_log = structlog.get_logger("mingjing.bulk_port")


class CommandUnreadable(Invalid):
    """The request's bytes do not describe a command of this name."""

    sentence = "The request cannot be read: {reason}"
    remedy = "Send JSON with id, command_id and command as the AsyncAPI document of this service says."
    field = "command"


@dataclass(frozen=True, slots=True)
class PortCommand:
    """A command that may come in bulk: for which streams, in which form, and who may send it."""

    aggregate: Aggregate
    command: type[Any]
    allows: Callable[[Scope, Any], bool]


class Request(msgspec.Struct, frozen=True):
    """What a caller sends. ``command_id`` is its own, so that it may send again."""

    id: UUID
    command_id: UUID
    command: msgspec.Raw
    occurred_at: datetime | None = None
    reason: str = ""
    legal_basis: str = ""


class Carried(msgspec.Struct, frozen=True, omit_defaults=True):
    """The reply to a command that was carried out."""

    position: int
    version: int
    repeated: bool = False


_READ = msgspec.json.Decoder(Request).decode
_WRITE = msgspec.json.Encoder().encode


class BulkPort:
    """Answers requests of one service until stopped."""

    def __init__(self, log: Log, service: str, commands: Mapping[str, PortCommand], checker: Admission) -> None:
        self._log = log
        self._subject = f"{service}.cmd."
        self._table = {
            self._subject + name: (entry, msgspec.json.Decoder(entry.command).decode)
            for name, entry in commands.items()
        }
        self._queue = f"{service}-bulk-port"
        self._checker = checker
        self._in_hand: set[asyncio.Task[None]] = set()
        self._subscription: Any = None

    async def start(self, client: Client) -> None:
        """Subscribe; processes of one service share the requests (a queue group)."""
        self._subscription = await client.subscribe(
            self._subject + ">", queue=self._queue, cb=self._take, pending_msgs_limit=IN_HAND_MAX * 2
        )

    async def stop(self) -> None:
        """No new requests; finish what is in hand."""
        if self._subscription:
            await self._subscription.unsubscribe()
        await asyncio.gather(*self._in_hand, return_exceptions=True)

    async def _take(self, message: Msg) -> None:
        if len(self._in_hand) >= IN_HAND_MAX:
            await message.respond(_refused(LogBusy()))
            return
        task = asyncio.create_task(self._answer(message))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)

    async def _answer(self, message: Msg) -> None:
        try:
            reply = await self._carry_out(message)
        except Refusal as refusal:
            reply = _refused(refusal)
        except Exception:
            _log.exception("bulk_port.failed", subject=message.subject)
            reply = _refused(Refusal())
        await message.respond(reply)

    async def _carry_out(self, message: Msg) -> bytes:
        principal = await self._principal(message)
        entry, decode = self._entry(message.subject)
        try:
            request = _READ(message.data)
            command = decode(request.command)
        except (msgspec.DecodeError, msgspec.ValidationError) as unreadable:
            raise CommandUnreadable(reason=str(unreadable)) from unreadable
        if not entry.allows(principal.scope, command):
            raise OutsideScope
        envelope = Envelope(
            command_id=request.command_id,
            actor=principal.subject,
            department=principal.department,
            region=principal.region,
            reason=request.reason,
            legal_basis=request.legal_basis,
            client=self._queue,
            occurred_at=request.occurred_at,
            digest=hashlib.sha256(message.subject.encode() + b"\n" + message.data).digest(),
        )
        outcome = await self._log.handle(entry.aggregate, request.id, command, envelope)
        return _WRITE(Carried(outcome.position, outcome.version, outcome.repeated))

    async def _principal(self, message: Msg) -> Principal:
        token = (message.headers or {}).get(AUTHORIZATION, "").removeprefix("Bearer ")
        if not token:
            raise NotSignedIn
        return await self._checker.principal(token)

    def _entry(self, subject: str) -> tuple[PortCommand, Callable[[Any], Any]]:
        found = self._table.get(subject)
        if found is None:
            raise CommandUnreadable(reason=f"no command {subject.removeprefix(self._subject)!r} here")
        return found


def _refused(refusal: Refusal) -> bytes:
    """The members of a problem document (RFC 9457) that matter to a machine and to a person."""
    package = package_of(type(refusal))
    sentence = render(refusal.sentence, refusal.values, package)
    remedy = render(refusal.remedy, refusal.values, package)
    return _WRITE(
        {
            "type": f"urn:mingjing:problem:{refusal.code()}",
            "status": refusal.status,
            "detail": sentence.zh,
            "detail_en": sentence.en,
            "field": refusal.field,
            "rule": refusal.rule,
            "remedy": remedy.zh,
            "remedy_en": remedy.en,
        }
    )
