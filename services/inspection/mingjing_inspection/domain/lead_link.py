"""Link of two leads (线索关联): what an official holds to be the same, or not the same, whatever the rule says.

One rule: a person goes before the rule, and says why; the last word counts, and all of them stay readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.lead_refusals import (
    LeadLinkedToItself,
    LeadNotLinked,
    LeadsLinkedAlready,
    LinkReasonMissing,
)
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLeads:
    """They are about the same; ``first`` has the lower id."""

    first: UUID
    second: UUID
    region: str
    department: str
    category: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLeads:
    """They are not about the same, though a telephone or the distance says so."""

    first: UUID
    second: UUID
    region: str
    department: str
    category: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsLinked:
    """Held to be the same from now on."""

    first: UUID
    second: UUID
    region: str
    department: str
    category: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsParted:
    """Held not to be the same from now on."""

    first: UUID
    second: UUID
    region: str
    department: str
    category: str
    reason: str
    by: str
    at: datetime


Command: TypeAlias = LinkLeads | PartLeads
Event: TypeAlias = LeadsLinked | LeadsParted
Link: TypeAlias = bool | None
"""Linked, parted, or nobody has said anything."""


def in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The two as a link names them."""
    if one == other:
        raise LeadLinkedToItself
    return (one, other) if one.int < other.int else (other, one)


def hindrance(step: type[Any], link: Link) -> Refusal | None:
    """Why a link as it stands does not take a step; ``None`` where it may."""
    if step is LinkLeads:
        return LeadsLinkedAlready() if link is True else None
    return LeadNotLinked() if link is False else None


def _decide(command: Command, link: Link) -> list[Event]:
    if (why := hindrance(type(command), link)) is not None:
        raise why
    if not command.reason.strip():
        raise LinkReasonMissing
    said = {
        "first": command.first,
        "second": command.second,
        "region": command.region,
        "department": command.department,
        "category": command.category,
        "reason": command.reason.strip(),
        "by": command.by,
        "at": command.at,
    }
    match command:
        case LinkLeads():
            return [LeadsLinked(**said)]  # type: ignore[arg-type]
        case PartLeads():
            return [LeadsParted(**said)]  # type: ignore[arg-type]
        case _:
            assert_never(command)


def _evolve(_link: Link, event: Event) -> Link:
    return isinstance(event, LeadsLinked)


LEAD_LINK: Decider[Command, Link, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
