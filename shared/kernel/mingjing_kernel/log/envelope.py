"""The envelope of a command: who asks, for whom, why, on what legal basis, and under which id."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identity.act import Act
from mingjing_kernel.identity.hands import NOBODY, Hands, Separation, separation
from mingjing_kernel.refusal import Invalid, Refusal

Event = TypeVar("Event")

KEYS_REMEMBERED_MAX = 100_000
NOUN = re.compile(r"[a-z][a-z-]{0,39}")


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands beside every fact in the log, encoded with sorted keys: this is hashed."""

    actor: str
    causation: str = ""
    client: str = ""
    command_id: UUID
    correlation: str = ""
    department: str = ""
    legal_basis: str = ""
    on_behalf_of: str = ""
    reason: str = ""
    region: str = ""


_IDS: dict[str, UUID] = {}
read_meta = msgspec.json.Decoder(Meta).decode
"""The circumstances of a fact, from the bytes that stand beside it."""
_ENCODE = msgspec.json.Encoder(order="sorted").encode
_META_FIELDS = Meta.__struct_fields__
_META_VALUES = attrgetter(*_META_FIELDS)


class Envelope(Meta, frozen=True, kw_only=True, omit_defaults=True):
    """A command's circumstances: what is stored beside its facts, and what only its handling needs.

    ``command_id`` is chosen by the caller; ``digest`` is the SHA-256 of the caller's own bytes (HTTP body, message),
    so that the same id with other bytes is told apart; empty means: of the command's canonical JSON.
    ``occurred_at`` is when it was true (default: when it is stored). ``expected_version`` is the stream version that
    the caller saw (HTTP ``If-Match``); ``None`` means any.
    """

    occurred_at: datetime | None = None
    digest: bytes = b""
    expected_version: int | None = None

    def meta_bytes(self) -> bytes:
        """The stored part. Fields that stand at their defaults are not written, so most envelopes are it already."""
        if self.occurred_at is None and not self.digest and self.expected_version is None:
            return _ENCODE(self)
        return _ENCODE(replace(self, occurred_at=None, digest=b"", expected_version=None))

    def meta(self) -> Meta:
        """The part that is stored with each event."""
        return Meta(**dict(zip(_META_FIELDS, _META_VALUES(self), strict=True)))


@dataclass(frozen=True, eq=False)
class Aggregate:
    """A kind of stream: its noun, its rules, its stored names, what people may do to it. Compared by identity: each is
    declared once.
    """

    noun: str
    decider: Decider[Any, Any, Any]
    codec: Codec[Any]
    acts: tuple[Act, ...] = ()
    separation: Separation | None = field(init=False, repr=False)
    """Which of the acts take different people; ``None`` where none do."""
    telling: tuple[str, ...] = field(init=False, repr=False)
    """Stored names of the facts that tell who had a hand in something."""
    _keys: dict[UUID, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse a noun that would make a stream key ambiguous."""
        if not NOUN.fullmatch(self.noun):
            raise ValueError(f"noun {self.noun!r}: lower-case letters and dashes, 40 at most")
        apart = separation(self.acts)
        object.__setattr__(self, "separation", apart)
        object.__setattr__(self, "telling", _names(self.codec, apart.facts) if apart else ())

    def stream(self, id: UUID) -> str:
        """The stream's key: ``contract-018f…``. Remembered: printing a UUID costs more than finding it."""
        keys = self._keys
        key = keys.get(id)
        if key is None:
            if len(keys) >= KEYS_REMEMBERED_MAX:
                keys.clear()
            key = keys[id] = f"{self.noun}-{id}"
        return key


def _names(codec: Codec[Any], facts: frozenset[type]) -> tuple[str, ...]:
    """Every stored name of these facts, the retired ones too."""
    present = {name for name, kind in codec.types.items() if kind in facts}
    if len(present) != len(facts):
        raise ValueError("an act leaves a fact that has no stored name here")
    found, more = present, True
    while more:
        retired = {name for name, step in codec.retired.items() if step.into in found} - found
        found, more = found | retired, bool(retired)
    return tuple(sorted(found))


class Work(msgspec.Struct, frozen=True):
    """One command for one stream."""

    aggregate: Aggregate
    id: UUID
    command: Any
    envelope: Envelope


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command: the log's position and the stream's version after it, and the new facts.

    ``repeated``: the same command was carried out before; these are its facts from then.
    """

    position: int
    version: int
    events: tuple[Any, ...]
    repeated: bool = False


class Recorded(msgspec.Struct, Generic[Event], frozen=True):
    """One fact as the log holds it, decoded."""

    position: int
    stream: str
    version: int
    type: str
    event: Event
    meta_bytes: bytes
    occurred_at: datetime
    recorded_at: datetime

    @property
    def meta(self) -> Meta:
        """Who, why, on what basis; decoded when somebody asks: most readers do not."""
        return read_meta(self.meta_bytes)

    @property
    def noun(self) -> str:
        """The kind of stream: ``contract``."""
        return self.stream[:-37]

    @property
    def id(self) -> UUID:
        """The UUID of the stream's key. Remembered: reading one costs more than decoding the event."""
        found = _IDS.get(self.stream)
        if found is None:
            if len(_IDS) >= KEYS_REMEMBERED_MAX:
                _IDS.clear()
            found = _IDS[self.stream] = UUID(self.stream[-36:])
        return found


class Standing(msgspec.Struct, frozen=True):
    """How a stream stands: its state and version, and who had a hand in what (only where acts are kept apart)."""

    state: Any
    version: int
    hands: Hands = msgspec.field(default_factory=lambda: NOBODY)


class Move(msgspec.Struct, frozen=True):
    """An inbox's cursor that moves with the facts it leads to: from ``before``, or the batch is not written."""

    source: str
    before: int
    after: int
    at: datetime


Result: TypeAlias = Outcome | Exception
Attach: TypeAlias = Callable[[Any], Awaitable[None]]
"""Extra writes in the same transaction; receives the asyncpg connection."""
Settle: TypeAlias = Callable[[Any, list[Result]], Awaitable[None]]
"""The same, for whoever must also write down what became of each work: receives the results before the commit."""


class VersionConflict(Refusal):
    """The stream moved on since the caller looked at it."""

    sentence = "The record has changed since you read it: you saw version {expected}, it is now at version {actual}."
    remedy = "Read it again, check that your change still makes sense, and send it with the new version."
    rule = "If-Match"
    field = "version"
    status = 412


class CommandIdReused(Refusal):
    """The same command id came before with other bytes."""

    sentence = "This command id was used before for something else."
    remedy = "Use a new Idempotency-Key for a new request; repeat a request only with the same bytes."
    rule = "Idempotency-Key"
    field = "Idempotency-Key"


class OccurredImplausibly(Invalid):
    """A moment so far away is a slip of the pen: year 202 for 2026."""

    sentence = "The moment {moment} is more than 200 years away."
    remedy = "Check the year."
    field = "occurred_at"


class LogUnavailable(Refusal):
    """The log could not be reached in time; whether the command was carried out is not known yet."""

    sentence = "The log cannot be reached at the moment, so it is not known yet whether this was carried out."
    remedy = "Send the same request again with the same Idempotency-Key: it is carried out once at most."
    status = 503


class MomentNotYetCome(Refusal):
    """Somebody asks how things will have stood."""

    sentence = "{moment} has not come yet, so nobody can say what will have been known then."
    remedy = "Name an earlier moment, or leave as_of out for the present."
    rule = "as_of"
    field = "as_of"
    status = 422


class PositionNotYetWritten(Refusal):
    """The same question, asked by position; or somebody waits for a write that this log never had."""

    sentence = "Position {position} has not been written yet: the log ends at {head}."
    remedy = "Name a position that this service has answered with, or leave it out for the present."
    rule = "as_of, Mingjing-Position"
    field = "as_of"
    status = 422


class LogBusy(Refusal):
    """Too many commands wait for the log."""

    sentence = "Too many requests are waiting; this one was not carried out."
    remedy = "Send the same request again in a few seconds."
    status = 503
