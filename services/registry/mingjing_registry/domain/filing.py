"""Filings 备案: training materials, prospectuses, adverts: handed in, looked at by another person (R11, R13, R16).

One rule: what was filed is the file with this digest; a new version is a new filing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.refusals import ReasonMissing
from mingjing_registry.domain.staff_refusals import (
    FilingIncomplete,
    FilingIsAnother,
    FilingSettled,
    FilingUnknown,
    SubjectAdvertForbidden,
)

Kind: TypeAlias = Literal["material", "advert", "prospectus"]
"""培训材料, 广告, 招生简章."""
Settled: TypeAlias = Literal["accepted", "refused", "withdrawn"]


class Channel(StrEnum):
    """Where an advert is shown; ``""`` for what is no advert."""

    NONE = ""
    MEDIA = "media"
    NEW_MEDIA = "new-media"
    PUBLIC_PLACE = "public-place"
    COMMUNITY = "community"
    SCHOOL_GROUNDS = "school-grounds"
    SCHOOL_MATERIAL = "school-material"
    OWN_PREMISES = "own-premises"
    OWN_WEBSITE = "own-website"


CLOSED_TO_SUBJECTS = frozenset(Channel) - {Channel.NONE, Channel.OWN_PREMISES, Channel.OWN_WEBSITE}
"""R13: mainstream and new media, public places, communities, campuses, school materials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What is filed."""

    kind: Kind
    title: str
    evidence_sha256: str
    is_subject: bool
    channel: Channel = Channel.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class FileItem:
    """Hand it in."""

    institution_id: UUID
    within: Jurisdiction
    item: Filed
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptItem:
    """Nothing speaks against it."""

    remark: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseItem:
    """It may not be used."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawItem:
    """It is used no more."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFiled:
    """Handed in; waits for somebody else's look."""

    institution_id: UUID
    within: Jurisdiction
    item: Filed
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAccepted:
    """On file."""

    remark: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRefused:
    """May not be used."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn:
    """Used no more."""

    reason: str
    on: date


Command: TypeAlias = FileItem | AcceptItem | RefuseItem | WithdrawItem
Event: TypeAlias = ItemFiled | ItemAccepted | ItemRefused | ItemWithdrawn


@dataclass(frozen=True, slots=True)
class NothingFiled:
    """No such filing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What is decided on; ``settled`` with the words that went with it."""

    institution_id: UUID
    item: Filed
    settled: tuple[Settled, str] | None = None


State: TypeAlias = NothingFiled | Filing


def hindrance(step: type[Command], state: State) -> Refusal | None:
    """Why the filing as it stands does not take a step, whatever it says; ``None`` where it may."""
    if issubclass(step, FileItem):
        return None
    if isinstance(state, NothingFiled):
        return FilingUnknown()
    if state.settled is None or (step is WithdrawItem and state.settled[0] == "accepted"):
        return None
    return FilingSettled(state=state.settled[0])


def decide(command: Command, state: State) -> list[Event]:
    """The facts that follow."""
    if isinstance(command, FileItem):
        return _file(command, state)
    how, words = _settling(command)
    if isinstance(state, Filing) and state.settled == (how, words):
        return []
    if (why := hindrance(type(command), state)) is not None:
        raise why
    match command:
        case AcceptItem(remark=remark, on=on):
            return [ItemAccepted(remark=remark, on=on)]
        case RefuseItem(reason=reason, on=on):
            return [ItemRefused(reason=_given(reason), on=on)]
        case WithdrawItem(reason=reason, on=on):
            return [ItemWithdrawn(reason=_given(reason), on=on)]
        case _:
            assert_never(command)


def evolve(state: State, event: Event) -> State:
    """The filing after one fact."""
    if isinstance(event, ItemFiled):
        return Filing(institution_id=event.institution_id, item=event.item)
    assert isinstance(state, Filing)
    match event:
        case ItemAccepted(remark=remark):
            return replace(state, settled=("accepted", remark))
        case ItemRefused(reason=reason):
            return replace(state, settled=("refused", reason))
        case ItemWithdrawn(reason=reason):
            return replace(state, settled=("withdrawn", reason))
        case _:
            assert_never(event)


FILING: Decider[Command, State, Event] = Decider(initial=NothingFiled(), decide=decide, evolve=evolve)


def _file(command: FileItem, state: State) -> list[Event]:
    item = command.item
    if isinstance(state, Filing):
        if (state.institution_id, state.item) != (command.institution_id, item):
            raise FilingIsAnother
        return []
    if not item.title.strip() or not re.fullmatch(r"[0-9a-f]{64}", item.evidence_sha256):
        raise FilingIncomplete
    if item.kind == "advert" and item.is_subject and item.channel in CLOSED_TO_SUBJECTS:
        raise SubjectAdvertForbidden(channel=item.channel.value)
    return [ItemFiled(institution_id=command.institution_id, within=command.within, item=item, on=command.on)]


def _settling(command: AcceptItem | RefuseItem | WithdrawItem) -> tuple[Settled, str]:
    match command:
        case AcceptItem(remark=remark):
            return "accepted", remark
        case RefuseItem(reason=reason):
            return "refused", reason
        case WithdrawItem(reason=reason):
            return "withdrawn", reason
        case _:
            assert_never(command)


def _given(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason
