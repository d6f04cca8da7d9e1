"""What a service notes of access in its own log, so that the log itself proves which grants it knew when it decided.

The one rule: it is noted as it was told, in the order in which it was told; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mingjing_kernel.access.facts import (
    AccessRevoked,
    Fact,
    GrantGiven,
    GrantTaken,
    PersonLocked,
    PersonUnlocked,
    SubstituteDismissed,
    SubstituteNamed,
)
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.envelope import Aggregate, Work

NOTED = "console-said-so"
"""Why it is noted; a code, put into words where somebody reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAccess:
    """The console told this."""

    fact: Fact


def _decide(command: NoteAccess, _state: None) -> list[Fact]:
    """The inbox's cursor and the derived command id make sure that it is noted once."""
    return [command.fact]


def _evolve(_state: None, _event: Fact) -> None:
    """Nothing is decided on what is noted, so nothing needs to be remembered here; the directory folds it."""
    return


CODEC: Codec[Fact] = Codec(
    {
        "kernel.grant-noted.v1": GrantGiven,
        "kernel.grant-taken-noted.v1": GrantTaken,
        "kernel.substitute-noted.v1": SubstituteNamed,
        "kernel.substitute-dismissed-noted.v1": SubstituteDismissed,
        "kernel.revocation-noted.v1": AccessRevoked,
        "kernel.lock-noted.v1": PersonLocked,
        "kernel.unlock-noted.v1": PersonUnlocked,
    }
)
ACCESS = Aggregate("access", Decider(None, _decide, _evolve), CODEC)
"""One stream a person or client; the id is ``person_id(subject)``."""

TOLD_AS: Mapping[str, type[Fact]] = {
    "console.evt.person.grant-given.v1": GrantGiven,
    "console.evt.person.grant-taken.v1": GrantTaken,
    "console.evt.person.substitute-named.v1": SubstituteNamed,
    "console.evt.person.substitute-dismissed.v1": SubstituteDismissed,
    "console.evt.person.access-revoked.v1": AccessRevoked,
    "console.evt.person.person-locked.v1": PersonLocked,
    "console.evt.person.person-unlocked.v1": PersonUnlocked,
}
"""Subject of a contract -> the fact with the very same fields."""


def person_id(subject: str) -> UUID:
    """The id of everything that is said about one subject: the same in every log."""
    return derived_id("person", subject)


def noting(contracts: Iterable[type[Any]]) -> dict[type[Any], Reaction]:
    """What a service adds to its ``INBOUND`` to hear of access."""
    return dict.fromkeys(contracts, note_access)


def hears_access(contracts: Iterable[type[Any]]) -> bool:
    """Whether a service that hears these contracts hears of access."""
    return any(str(contract.subject) in TOLD_AS for contract in contracts)


def note_access(message: Message[Any], _host: object) -> list[Work]:
    """Put it into our own log, as it was told."""
    fact = TOLD_AS[message.type](**dict(message.contract))
    envelope = message.envelope("note-access", reason=NOTED)
    return [Work(ACCESS, person_id(fact.person), NoteAccess(fact=fact), envelope)]
