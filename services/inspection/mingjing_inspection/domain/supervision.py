"""Supervision (监管档位): on which lists an institution stands, and which alerts keep it under watch (X4, X12).

One rule: nothing is decided here; the registry and the funds service say it, and how often somebody goes there follows
from it. An institution under watch (风险警示) is not published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider


class Level(StrEnum):
    """How closely an institution is looked at; the gravest that applies."""

    BLACK = "BLACK"
    """黑名单"""
    WATCH = "WATCH"
    """风险警示"""
    OTHER = "OTHER"
    """未列入白名单"""
    WHITE = "WHITE"
    """白名单"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWhitelist:
    """The registry says that it is on the whitelist, or left it."""

    is_on: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBlacklist:
    """The registry says that a listing is published, or over."""

    listing_id: UUID
    is_on: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWatch:
    """A YELLOW alert puts it under watch (X4)."""

    alert_id: UUID
    rule: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWatch:
    """The alert was closed."""

    alert_id: UUID
    disposal: str
    at: datetime


Command: TypeAlias = NoteWhitelist | NoteBlacklist | BeginWatch | EndWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitelistStandingNoted:
    """It is on the whitelist, or not."""

    is_on: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistStandingNoted:
    """A listing on the blacklist is published, or over."""

    listing_id: UUID
    is_on: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchBegun:
    """It is under watch because of this alert: somebody goes there twice as often."""

    alert_id: UUID
    rule: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEnded:
    """This alert keeps it under watch no more."""

    alert_id: UUID
    disposal: str
    at: datetime


Event: TypeAlias = WhitelistStandingNoted | BlacklistStandingNoted | WatchBegun | WatchEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """What was said so far."""

    is_white: bool = False
    listings: frozenset[UUID] = frozenset()
    alerts: frozenset[UUID] = frozenset()

    @property
    def level(self) -> Level:
        """The gravest that applies."""
        return level_of(is_white=self.is_white, is_black=bool(self.listings), is_watched=bool(self.alerts))


def level_of(*, is_white: bool, is_black: bool, is_watched: bool) -> Level:
    """How closely it is looked at."""
    if is_black:
        return Level.BLACK
    if is_watched:
        return Level.WATCH
    return Level.WHITE if is_white else Level.OTHER


def decide(command: Command, supervision: Supervision) -> list[Event]:
    """The facts that follow; what is so already is not noted twice."""
    match command:
        case NoteWhitelist():
            if command.is_on == supervision.is_white:
                return []
            return [WhitelistStandingNoted(is_on=command.is_on, at=command.at)]
        case NoteBlacklist():
            if command.is_on == (command.listing_id in supervision.listings):
                return []
            return [BlacklistStandingNoted(listing_id=command.listing_id, is_on=command.is_on, at=command.at)]
        case BeginWatch():
            if command.alert_id in supervision.alerts:
                return []
            return [WatchBegun(alert_id=command.alert_id, rule=command.rule, at=command.at)]
        case EndWatch():
            if command.alert_id not in supervision.alerts:
                return []
            return [WatchEnded(alert_id=command.alert_id, disposal=command.disposal, at=command.at)]
        case _:
            assert_never(command)


def evolve(supervision: Supervision, event: Event) -> Supervision:
    """What is known after a fact."""
    match event:
        case WhitelistStandingNoted():
            return replace(supervision, is_white=event.is_on)
        case BlacklistStandingNoted():
            one = frozenset({event.listing_id})
            left = supervision.listings | one if event.is_on else supervision.listings - one
            return replace(supervision, listings=left)
        case WatchBegun():
            return replace(supervision, alerts=supervision.alerts | {event.alert_id})
        case WatchEnded():
            return replace(supervision, alerts=supervision.alerts - {event.alert_id})
        case _:
            assert_never(event)


SUPERVISION: Decider[Command, Supervision, Event] = Decider(initial=Supervision(), decide=decide, evolve=evolve)
