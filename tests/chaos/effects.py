"""What one service's facts must have led to in another: once each, neither lost nor doubled.

The one rule: the expectation is derived from the source's own log and the services' published reactions; the result is
counted in the other's.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

import psycopg

from mingjing.auditing import reading, service_of
from mingjing_kernel.broker.message import Message
from mingjing_kernel.broker.publication import Outbox
from mingjing_kernel.log import Log
from mingjing_kernel.service import Service
from mingjing_kernel.settings import load_settings

PAIRS = (("inspection", "registry"), ("inspection", "funds"), ("funds", "registry"), ("registry", "funds"))
"""Who hears whom."""
ARRIVED_SECONDS_MAX = 60.0
_DEPENDS_ON_WHEN = "system:urgent-inspection"
"""Where somebody is sent depends on whether the registry had named the site by then; these are counted instead."""
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Listener:
    """What a reaction may look at."""

    log: Log
    settings: Any


async def faults(url: str) -> list[str]:
    """Every message that did not lead to its commands exactly once, once everything has arrived."""
    found = list[str]()
    for listener, source in PAIRS:
        found += await _between(url, service_of(listener), service_of(source))
    return [*found, *await asyncio.to_thread(_stories, url)]


async def _between(url: str, listener: Service, source: Service) -> list[str]:
    async with reading(url, source) as told, reading(url, listener) as heard:
        messages = await Outbox(told, source.name, source.outbound).between(0, await told.head(), 0)
        wanted = [message for message in messages if _reaction(listener, message.subject) is not None]
        if not wanted:
            return []
        if not await _arrived(heard, source.name, wanted[-1].position):
            return [f"{listener.name} has not heard {source.name} up to {wanted[-1].position}"]
        expected = Counter[Any]()
        services = _Listener(heard, load_settings(listener.settings))
        for message in wanted:
            kind, reaction = _reaction(listener, message.subject) or (None, None)
            assert kind is not None
            assert reaction is not None
            read = Message(kind.from_bytes(message.data), source.name, message.position, message.subject, told.now())
            works = reaction(read, services)
            works = await works if asyncio.iscoroutine(works) else works
            expected.update(work.envelope.command_id for work in works if work.envelope.actor != _DEPENDS_ON_WHEN)
        known = await heard.pool.fetch(
            f'SELECT id FROM "{listener.name}".commands WHERE id = ANY($1::uuid[])', list(expected)
        )
        missing = expected.keys() - {row["id"] for row in known}
        doubled = [id_ for id_, count in expected.items() if count > 1]
        return [
            *(f"{listener.name} did not do what {source.name} asks: {id_}" for id_ in missing),
            *(f"two messages of {source.name} share the command {id_}" for id_ in doubled),
        ]


def _reaction(listener: Service, subject: str) -> tuple[Any, Any] | None:
    return next(((kind, made) for kind, made in listener.inbound.items() if kind.subject == subject), None)


async def _arrived(heard: Log, source: str, position: int) -> bool:
    """Whether the listener's cursor reaches the position in time."""
    deadline = asyncio.get_running_loop().time() + ARRIVED_SECONDS_MAX
    while asyncio.get_running_loop().time() < deadline:
        cursor = await heard.pool.fetchval(
            f'SELECT position FROM "{heard.schema}".inbox_cursors WHERE source = $1', source
        )
        if cursor is not None and cursor >= position:
            return True
        await asyncio.sleep(_POLL_SECONDS)
    return False


_HEARD = "position <= (SELECT position FROM {listener}.inbox_cursors WHERE source = '{source}')"
"""A duty goes on raising alerts while we count: of what the other has not heard yet nothing can have followed."""
_COUNTS = {
    "suspensions and blocks of charges (X11)": (
        f"""SELECT count(*) FROM registry.events WHERE type = 'registry.licence-suspended.v1'
            AND {_HEARD.format(listener="funds", source="registry")}""",
        "SELECT count(*) FROM funds.events WHERE type = 'funds.charging-blocked.v1'",
    ),
    "active accounts and whitelist preconditions (X15)": (
        f"""SELECT count(*) FROM funds.events WHERE type = 'funds.account-activated.v1'
            AND convert_from(data, 'UTF8')::jsonb -> 'holder' ->> 'institution_id' IS NOT NULL
            AND {_HEARD.format(listener="registry", source="funds")}""",
        "SELECT count(*) FROM registry.events WHERE type = 'registry.custody-activated.v1'",
    ),
    "RED alerts and urgent inspections (X1)": (
        f"""SELECT count(DISTINCT convert_from(data, 'UTF8')::jsonb ->> 'alert_id') FROM funds.events
            WHERE type IN ('funds.alert-raised.v4', 'funds.alert-worsened.v4', 'funds.alert-returned.v3')
            AND convert_from(data, 'UTF8')::jsonb -> 'said' ->> 'severity' = 'RED'
            AND {_HEARD.format(listener="inspection", source="funds")}""",
        # An institution of several approved sites gets a task at each of them; one told twice of a site counts double.
        """SELECT count(DISTINCT alert) + count(*) - count(DISTINCT (alert, coalesce(site, ''))) FROM (
            SELECT convert_from(data, 'UTF8')::jsonb -> 'cause' ->> 'alert_id' AS alert,
                convert_from(data, 'UTF8')::jsonb ->> 'site_id' AS site FROM inspection.events
            WHERE type IN ('inspection.task-planned.v1', 'inspection.task-planned-without-site.v1')) AS planned
            WHERE alert IS NOT NULL""",
    ),
}


def _stories(url: str) -> list[str]:
    """The three reactions that people count on, counted on both sides in one snapshot."""
    found = list[str]()
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for name, (cause, effect) in _COUNTS.items():
            counts = [connection.execute(query.encode()).fetchone() for query in (cause, effect)]
            if counts[0] != counts[1]:
                found.append(f"{name}: {counts[0]} and {counts[1]}")
    return found
