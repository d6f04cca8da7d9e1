"""A message as a reaction sees it, and how it looks on the wire.

The one rule: ids of commands that follow from a message are derived from (reaction, source, position), so whatever
is delivered, fetched or replayed twice is carried out once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.refusal import Invalid


class ContractModel(Protocol):
    """What the kernel needs of a contract; ``mingjing_contracts.Contract`` is one."""

    subject: ClassVar[str]

    def to_bytes(self) -> bytes:
        """The JSON that travels."""
        ...

    @classmethod
    def from_bytes(cls, data: bytes) -> Any:
        """The contract, checked; raises ``pydantic.ValidationError``."""
        ...


ContractT_co = TypeVar("ContractT_co", covariant=True)

POSITION = "Mingjing-Position"
PREVIOUS = "Mingjing-Previous"
MESSAGE_ID = "Nats-Msg-Id"
CE_TYPE = "ce-type"
CE_TIME = "ce-time"
JSON = "application/json"


class Unaddressed(Invalid):
    """A message without a readable position: not from a relay of ours."""

    sentence = "A message on {subject} has no readable position; it did not come from a relay of this system."
    remedy = "Find out who else may publish on this subject and take the right away."


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it arrived, nothing decoded yet."""

    source: str
    position: int
    previous: int
    type: str
    time: str
    data: bytes

    def headers(self) -> dict[str, str]:
        """What is kept of its headers when it is parked."""
        return {POSITION: str(self.position), PREVIOUS: str(self.previous), CE_TYPE: self.type, CE_TIME: self.time}


@dataclass(frozen=True, slots=True)
class Message(Generic[ContractT_co]):
    """A contract with where it came from. What a reaction gets."""

    contract: ContractT_co
    source: str
    """The service that told us."""
    position: int
    """Of the fact in the log of ``source``."""
    type: str
    occurred_at: datetime

    @property
    def id(self) -> str:
        """The CloudEvents id: ``funds-123``."""
        return f"{self.source}-{self.position}"

    def command_id(self, reaction: str, *parts: object) -> UUID:
        """The id of the command that ``reaction`` (with ``parts``, when it gives several) makes of this message."""
        return derived_id(reaction, self.source, self.position, *parts)

    def envelope(self, reaction: str, *parts: object, reason: str = "", legal_basis: str = "", **more: Any) -> Envelope:
        """The circumstances of a command that follows from this message: done by the system, caused by a fact."""
        return Envelope(
            command_id=self.command_id(reaction, *parts),
            actor=f"system:{reaction}",
            reason=reason,
            legal_basis=legal_basis,
            causation=self.id,
            **more,
        )


Reaction: TypeAlias = Callable[[Any, Any], "list[Work] | Awaitable[list[Work]]"]
"""``(Message, services) -> works``; ``services`` is whatever the service's composition root hands in."""

Inbound: TypeAlias = Mapping[type[Any], Reaction]


def wire_headers(service: str, position: int, previous: int, subject: str, time: str) -> str:
    """The header lines of one message: CloudEvents 1.0 attributes (binary mode), JetStream's own message id, and the
    chain of positions. ``content-type`` is CloudEvents' datacontenttype; without it FastStream would guess the body.
    """
    return (
        f"{MESSAGE_ID}: {service}-{position}\r\n"
        f"{POSITION}: {position}\r\n"
        f"{PREVIOUS}: {previous}\r\n"
        f"ce-specversion: 1.0\r\n"
        f"ce-id: {service}-{position}\r\n"
        f"ce-source: /mingjing/{service}\r\n"
        f"{CE_TYPE}: {subject}\r\n"
        f"{CE_TIME}: {time}\r\n"
        f"content-type: {JSON}\r\n"
    )


def incoming(source: str, subject: str, headers: Mapping[str, str] | None, data: bytes) -> Incoming:
    """Read one delivery. Raises ``Unaddressed``."""
    try:
        found = headers or {}
        return Incoming(
            source, int(found[POSITION]), int(found[PREVIOUS]), found.get(CE_TYPE, subject), found[CE_TIME], data
        )
    except (KeyError, ValueError) as missing:
        raise Unaddressed(subject=subject) from missing


def source_of(contract: type[Any]) -> str:
    """The service that publishes a contract: the first word of its subject."""
    return str(contract.subject).partition(".")[0]


def fact_of(subject: str) -> str:
    """The subject without its version."""
    return subject.rpartition(".")[0]
