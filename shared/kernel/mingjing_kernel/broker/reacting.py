"""From message to works: which reaction hears what, and what becomes of a message that nobody can use.

The one rule: a message is hopeless only for a reason that lies in itself (it cannot be read, or a rule forbids what
follows from it). Whatever lies in the circumstances is trouble, and tried again.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from mingjing_kernel.broker.message import Inbound, Incoming, Message, Reaction, fact_of, source_of
from mingjing_kernel.log import Work
from mingjing_kernel.refusal import Invalid, Refusal
from mingjing_kernel.text import Bilingual, package_of, render


class UnreadableContract(Invalid):
    """The data does not fit the contract that the message claims to be."""

    sentence = "The message does not fit the contract {type}: {problem} ({field_path})."
    remedy = "Mend the data so that it fits the contract, then replay the message."


class UnknownVersion(Invalid):
    """We hear this fact, but not in this version."""

    sentence = "{type} is a version that this release does not know; it knows {known}."
    remedy = "Install the release that knows it, then replay the message."


class KeepsFailing(Refusal):
    """The reaction raised the same kind of trouble at every try."""

    sentence = "The reaction failed {tries} times: {trouble}."
    remedy = "Mend the cause (the log of the service has the details), then replay the message."


class Defect(Refusal):
    """Deciding raised something that is no refusal: a mistake in our code."""

    sentence = "Carrying out the command failed with a program error: {trouble}."
    remedy = "Report it with the message's number; replay the message once it is mended."


@dataclass(frozen=True, slots=True)
class Hopeless:
    """A message to park, with the reason."""

    message: Incoming
    reason: Refusal
    tries: int = 1

    @property
    def sentence(self) -> Bilingual:
        """Why, in Chinese and English."""
        return render(self.reason.sentence, self.reason.values, package_of(type(self.reason)))


@dataclass(slots=True)
class Reacted:
    """What a batch leads to: works in order, which message each belongs to, and what is hopeless already."""

    works: list[Work] = field(default_factory=list)
    owners: list[Incoming] = field(default_factory=list)
    hopeless: list[Hopeless] = field(default_factory=list)
    taken: int = 0
    """How many of the messages these works are for, from the first on."""

    def refused(self, results: Iterable[object]) -> list[Hopeless]:
        """Everything to park once the works' results are known: one row a message, its first reason."""
        found = {item.message.position: item for item in self.hopeless}
        for message, result in zip(self.owners, results, strict=True):
            if isinstance(result, Exception):
                reason = result if isinstance(result, Refusal) else Defect(trouble=repr(result))
                found.setdefault(message.position, Hopeless(message, reason))
        return list(found.values())


class Reactions:
    """The reactions of one service to one source."""

    def __init__(self, source: str, inbound: Inbound, services: Any) -> None:
        heard = [contract for contract in inbound if source_of(contract) == source]
        self._services = services
        self._table: dict[str, tuple[type[Any], Reaction]] = {
            contract.subject: (contract, inbound[contract]) for contract in heard
        }
        self._looking = {contract.subject for contract in heard if inspect.iscoroutinefunction(inbound[contract])}
        self._facts: dict[str, list[str]] = {}
        for subject in sorted(self._table):
            self._facts.setdefault(fact_of(subject), []).append(subject)

    async def to(self, messages: Iterable[Incoming]) -> Reacted:
        """Works for a batch, or for its beginning. Raises whatever trouble a reaction raises; parks nothing itself.

        A reaction that is a coroutine may look at the log. It must see what follows from the messages before it, so
        the works stop there: the caller writes them and comes again with the rest.
        """
        reacted = Reacted()
        for message in messages:
            if reacted.works and message.type in self._looking:
                break
            reacted.taken += 1
            try:
                works = await self._works(message)
            except Refusal as reason:
                reacted.hopeless.append(Hopeless(message, reason))
                continue
            reacted.works += works
            reacted.owners += [message] * len(works)
        return reacted

    async def _works(self, incoming: Incoming) -> list[Work]:
        known = self._table.get(incoming.type)
        if known is None:
            if versions := self._facts.get(fact_of(incoming.type)):
                raise UnknownVersion(type=incoming.type, known=", ".join(versions))
            return []  # a fact that this service does not react to
        kind, reaction = known
        works = reaction(_message(kind, incoming), self._services)
        return await works if inspect.isawaitable(works) else works


def _message(kind: type[Any], incoming: Incoming) -> Message[Any]:
    try:
        contract = kind.from_bytes(incoming.data)
        return Message(
            contract, incoming.source, incoming.position, incoming.type, datetime.fromisoformat(incoming.time)
        )
    except ValidationError as unreadable:
        first = unreadable.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "$"
        raise UnreadableContract(type=incoming.type, problem=first["msg"], field_path=path) from unreadable
    except ValueError as unreadable:
        raise UnreadableContract(type=incoming.type, problem=str(unreadable), field_path="ce-time") from unreadable
