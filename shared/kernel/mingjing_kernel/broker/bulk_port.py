"""The bulk port: commands over NATS with replies, for systems that send thousands a second.

A bank, a vendor or a hotline sends ``<service>.cmd.<command>.<system>`` requests as fast as it may; each gets its own
reply, after the commit. ``<system>`` is its user of NATS, which lets it publish under no other name: the address of a
caller here. Who it is says the token in the ``Authorization`` header. It is let in by the same gate and the same grants
as over HTTP, in another's place too (``Mingjing-On-Behalf-Of``), and refused in the same words.
Beside single commands there are messages that a service takes in whole (a bank's statement).

The one rule: a reply of success means on disk, and a request without a reply may be sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import msgspec
import structlog
from nats.errors import Error as NatsError

from mingjing_kernel.http.gate import Gate
from mingjing_kernel.http.problem import problem_of, retry_after
from mingjing_kernel.http.refusals import Unexpected
from mingjing_kernel.http.strict_json import check_json
from mingjing_kernel.http.tracebacks import traceback_of
from mingjing_kernel.http.writing import ON_BEHALF_OF_HEADER, check_moment, check_text, on_behalf_of
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.identity import NotSignedIn, Principal, Scope
from mingjing_kernel.log import Aggregate, Envelope, Log
from mingjing_kernel.log.database import is_away
from mingjing_kernel.log.envelope import LogBusy, LogUnavailable, VersionConflict
from mingjing_kernel.refusal import Invalid, Refusal

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from mingjing_kernel.access.admission import Admission

IN_HAND_MAX = 20_000
"""Requests that wait for their commit; beyond it the caller is told to come back."""
AUTHORIZATION = "Authorization"
NOTHING = UUID(int=0)
SYSTEM_LENGTH_MAX = 48
"""Of a user's name; a longer one is cut, and shares its rate and its locks with whoever begins alike."""
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
    require: Callable[[Scope, Any], None]
    """Raises ``OutsideScope`` unless the caller may: ``scope.require(act, dimensions of the command)``."""


@dataclass(frozen=True, slots=True)
class PortMessage:
    """What becomes several commands, or is read before it becomes one: the service takes it in whole, and looks itself
    who may send it. Sent again it must change nothing: its content is its identity.
    """

    body: type[Any]
    answer: type[Any]
    take: Callable[[Any, Scope, Any, Envelope], Awaitable[Any]]
    """From the host of the service, the caller's scope, the body and the circumstances to the answer."""
    in_hand_max: int = 4
    """Of those that are taken in at a time; the next caller is told to come back."""


class Sending(msgspec.Struct, frozen=True):
    """What a caller sends where the service takes it in whole."""

    command: msgspec.Raw
    reason: str = ""
    legal_basis: str = ""


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


Entry: TypeAlias = PortCommand | PortMessage
_READ = msgspec.json.Decoder(Request).decode
_READ_SENDING = msgspec.json.Decoder(Sending).decode
_WRITE = msgspec.json.Encoder().encode


class BulkPort:
    """Answers requests of one service until stopped."""

    def __init__(
        self,
        log: Log,
        service: str,
        commands: Mapping[str, Entry],
        gate: Gate,
        admission: Admission,
        host: Any = None,
    ) -> None:
        self._log = log
        self._host = host
        self._subject = f"{service}.cmd."
        self._table = {name: (entry, msgspec.json.Decoder(_form(entry)).decode) for name, entry in commands.items()}
        self._taking: Counter[str] = Counter()
        self._queue = f"{service}-bulk-port"
        self._gate = gate
        self._admission = admission
        self._in_hand: set[asyncio.Task[None]] = set()
        self._subscription: Any = None
        self._unanswerable = 0

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

    @property
    def is_open(self) -> bool:
        """Whether NATS was there, so that requests reach it."""
        return self._subscription is not None

    def readiness(self) -> dict[str, Any]:
        """How much it has in hand, what came too fast, and what nobody waited for."""
        return {
            "is_open": self.is_open,
            "in_hand": len(self._in_hand),
            "throttled": self._gate.throttled,
            "without_reply_address": self._unanswerable,
        }

    async def _take(self, message: Msg) -> None:
        if not message.reply:  # nobody would learn what became of it, so it does not take place
            self._unanswerable += 1
            return
        command, _, system = message.subject.removeprefix(self._subject).partition(".")
        system = system[:SYSTEM_LENGTH_MAX]
        try:
            self._gate.count(_address(system))
            if len(self._in_hand) >= IN_HAND_MAX:
                raise LogBusy
        except Refusal as refusal:
            await _respond(message, _refused(refusal))
            return
        task = asyncio.create_task(self._answer(message, command, system))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)

    async def _answer(self, message: Msg, command: str, system: str) -> None:
        try:
            reply = await self._carry_out(message, command, system)
        except Refusal as refusal:
            reply = _refused(refusal)
        except Exception as failure:
            reply = _refused(_failed(failure, message.subject))
        await _respond(message, reply)

    async def _carry_out(self, message: Msg, name: str, system: str) -> bytes:
        principal = await self._principal(message, system)
        entry, decode = self._entry(name, system)
        if isinstance(entry, PortMessage):
            return await self._take_in(message, name, entry, decode, principal, system)
        check_json(message.data)
        request, command = _read(message, _READ, decode)
        entry.require(principal.scope, command)
        envelope = self._envelope(request, principal, system, _digest(message, principal))
        outcome = await self._log.handle(entry.aggregate, request.id, command, envelope)
        return _WRITE(Carried(outcome.position, outcome.version, outcome.repeated))

    async def _take_in(
        self,
        message: Msg,
        name: str,
        entry: PortMessage,
        decode: Callable[[Any], Any],
        principal: Principal,
        system: str,
    ) -> bytes:
        """A message that the service takes in whole, a few at a time: each may be as large as NATS lets through."""
        if self._taking[name] >= entry.in_hand_max:
            raise LogBusy
        self._taking[name] += 1
        try:
            check_json(message.data)
            sending, body = _read(message, _READ_SENDING, decode)
            digest = _digest(message, principal)
            request = Request(
                id=NOTHING,
                command_id=derived_id("port-message", digest.hex()),
                command=sending.command,
                reason=sending.reason,
                legal_basis=sending.legal_basis,
            )
            envelope = self._envelope(request, principal, system, digest)
            return _WRITE(await entry.take(self._host, principal.scope, body, envelope))
        finally:
            self._taking[name] -= 1

    async def _principal(self, message: Msg, system: str) -> Principal:
        """Who calls, in whose place, and with which grants: gate, token, directory, as over HTTP."""
        headers = message.headers or {}
        named = on_behalf_of(headers.get(ON_BEHALF_OF_HEADER))
        token = headers.get(AUTHORIZATION, "").removeprefix("Bearer ")
        if not token:
            raise NotSignedIn
        return await self._admission.let_in(await self._gate.known(token, lambda: _address(system)), named)

    def _envelope(self, request: Request, principal: Principal, system: str, digest: bytes) -> Envelope:
        check_text("reason", request.reason)
        check_text("legal_basis", request.legal_basis)
        if request.occurred_at is not None:
            check_moment("occurred_at", request.occurred_at, self._log.now())
        return Envelope(
            command_id=request.command_id,
            actor=principal.subject,
            on_behalf_of=principal.on_behalf_of,
            department=principal.department,
            region=principal.region,
            reason=request.reason,
            legal_basis=request.legal_basis,
            client=f"{self._queue} {system}",
            occurred_at=request.occurred_at,
            digest=digest,
        )

    def _entry(self, name: str, system: str) -> tuple[Entry, Callable[[Any], Any]]:
        found = self._table.get(name)
        if found is None or not system or "." in system:
            raise CommandUnreadable(reason=f"no command {name!r} here, or no system after it")
        return found


def _form(entry: Entry) -> type[Any]:
    return entry.body if isinstance(entry, PortMessage) else entry.command


def _read(message: Msg, read: Callable[[bytes], Any], decode: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The request, and the command in it. Raises ``CommandUnreadable``."""
    try:
        request = read(message.data)
        return request, decode(request.command)
    except (msgspec.DecodeError, msgspec.ValidationError) as unreadable:
        raise CommandUnreadable(reason=str(unreadable)) from unreadable


def _address(system: str) -> str:
    """Where a request comes from, beside the addresses of those who come over HTTP."""
    return f"nats:{system}"


def _digest(message: Msg, principal: Principal) -> bytes:
    """The same id with the same bytes from the same caller is the same command."""
    whole = hashlib.sha256()
    for part in (message.subject, principal.subject, principal.on_behalf_of):
        encoded = part.encode()
        whole.update(len(encoded).to_bytes(4, "big") + encoded)
    whole.update(message.data)
    return whole.digest()


def _failed(failure: Exception, subject: str) -> Refusal:
    """What is nobody's refusal: the database away, or our fault, which our log finds by its reference."""
    reference = str(new_id())
    if is_away(failure):
        _log.error("bulk_port.database_away", subject=subject, reference=reference, reason=type(failure).__name__)
        return LogUnavailable()
    _log.error("bulk_port.failed", subject=subject, reference=reference, traceback=traceback_of(failure))
    return Unexpected(reference=reference)


async def _respond(message: Msg, reply: bytes) -> None:
    try:  # ``Msg.respond`` would send the caller's own headers back, the token among them
        await message._client.publish(message.reply, reply)
    except NatsError as gone:  # its caller hears nothing and sends again
        _log.warning("bulk_port.not_answered", subject=message.subject, reason=type(gone).__name__)


def _refused(refusal: Refusal) -> bytes:
    """The problem document (RFC 9457) that HTTP would answer with; when to come back is a member of it."""
    # 412 answers a condition; nobody states one here.
    status = 409 if isinstance(refusal, VersionConflict) else None
    wait = retry_after(refusal)
    return _WRITE(
        problem_of(refusal, status=status).model_dump(exclude_none=True)
        | ({} if wait is None else {"retry_after_seconds": wait})
    )
