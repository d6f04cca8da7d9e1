"""What must be true of a log after whatever happened to its servers.

The one rule: everything is asked of PostgreSQL itself, in SQL that shares no line with the code that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from chaos.load import Acknowledged, Deposit, Ledger


@dataclass(frozen=True, slots=True)
class Question:
    """A query whose every row is a fault; ``{log}`` is the schema."""

    fault: str
    query: str


_COMMANDS = """WITH written AS (
        SELECT (convert_from(meta, 'UTF8')::jsonb ->> 'command_id')::uuid AS id, count(*) AS events,
            min(position) AS first, max(position) AS last, max(version) AS version
        FROM {log}.events GROUP BY 1
    )"""
QUESTIONS = (
    Question(
        "positions have a gap or do not lead to the head",
        """SELECT h.position, count(e.position), min(e.position), max(e.position) FROM {log}.head h, {log}.events e
        GROUP BY h.position HAVING count(e.position) <> h.position OR min(e.position) <> 1
            OR max(e.position) <> h.position""",
    ),
    Question(
        "versions of a stream have a gap",
        """SELECT stream, count(*), min(version), max(version) FROM {log}.events GROUP BY stream
        HAVING count(*) <> max(version) OR min(version) <> 1 LIMIT 5""",
    ),
    Question(
        "versions of a stream are out of order",
        """SELECT stream, position FROM (SELECT stream, position, version, lag(version) OVER w AS before
            FROM {log}.events WINDOW w AS (PARTITION BY stream ORDER BY position)) AS ordered
        WHERE version <> coalesce(before, 0) + 1 LIMIT 5""",
    ),
    Question(
        "a command's facts are not where the command says, or are there twice",
        _COMMANDS
        + """SELECT c.id, c.position, c.version, c.events, w.* FROM (SELECT * FROM {log}.commands WHERE events > 0) c
        FULL JOIN written w USING (id)
        WHERE c.id IS NULL OR w.id IS NULL OR c.events <> w.events OR c.position <> w.last
            OR w.last - w.first + 1 <> w.events OR c.version <> w.version LIMIT 5""",
    ),
    Question(
        "the clock of the log ran backwards",
        """SELECT position FROM (SELECT position, recorded_at, lag(recorded_at) OVER (ORDER BY position) AS before
            FROM {log}.events) AS ordered WHERE recorded_at < before LIMIT 5""",
    ),
    Question("a message was parked", "SELECT source, position, type, reason_en FROM {log}.parked LIMIT 5"),
)


def faults(url: str, logs: Sequence[str], ledger: Ledger) -> list[str]:
    """Everything that is wrong with these logs, in words; empty when all is well."""
    found = list[str]()
    with psycopg.connect(url) as connection:
        for log in logs:
            for question in QUESTIONS:
                rows = connection.execute(question.query.replace("{log}", log).encode()).fetchall()
                found += [f"{log}: {question.fault}: {row}" for row in rows]
            promised = [one for one in ledger.acknowledged if one.service == log]
            found += _broken_promises(connection, log, promised)
        found += _missing_money(connection, ledger.deposits)
    return found


def _broken_promises(connection: psycopg.Connection[Any], log: str, promised: Iterable[Acknowledged]) -> list[str]:
    """Acknowledged commands that are not in the log as they were promised."""
    kept: Mapping[Any, tuple[int, int]] = {
        row[0]: (row[1], row[2])
        for row in connection.execute(f"SELECT id, position, version FROM {log}.commands".encode())
    }
    return [
        f"{log}: promised {one}, the log has {kept.get(one.command_id)}"
        for one in promised
        if kept.get(one.command_id) != (one.position, one.version)
    ]


def _missing_money(connection: psycopg.Connection[Any], deposits: Sequence[Deposit]) -> list[str]:
    """Deposits that are not booked once, with their amount, on their account; and bookings that nobody sent."""
    booked: dict[tuple[str, str], list[int]] = {}
    rows = connection.execute(
        """SELECT stream, convert_from(data, 'UTF8')::jsonb FROM funds.events WHERE type = 'funds.entry-booked.v1'"""
    )
    for stream, fact in rows:
        booked.setdefault((stream, fact["flow"]), []).append(fact["amount_fen"])
    found = list[str]()
    for one in deposits:
        amounts = booked.pop((f"account-{one.account_id}", one.flow), [])
        if amounts != [one.amount_fen]:
            found.append(f"funds: {one} is booked as {amounts}")
    return [*found, *(f"funds: {place} was booked and nobody was told" for place in booked)]
