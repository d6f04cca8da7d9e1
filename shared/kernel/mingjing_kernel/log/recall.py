"""What the log already knows of the works of a batch: their streams folded, their commands carried out before.

The one rule: what cannot be read is marked where it stands and raised to whoever asked for it, never to neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from mingjing_kernel.log.batch import UNREADABLE, Batch, Entry, Group, Known
from mingjing_kernel.log.envelope import Aggregate, read_meta


async def streams(connection: Any, schema: str, wanted: Mapping[str, Aggregate]) -> dict[str, Entry]:
    """The streams' versions and states; an empty stream has version 0, one that cannot be folded ``UNREADABLE``."""
    telling = sorted({name for aggregate in wanted.values() for name in aggregate.telling})
    rows = await connection.fetch(
        "SELECT stream, version, type, data, "
        + ("CASE WHEN type = ANY($2::text[]) THEN meta END" if telling else "NULL::bytea")
        + f' FROM "{schema}".events WHERE stream = ANY($1::text[]) ORDER BY stream, version',
        list(wanted),
        *([telling] if telling else ()),
    )
    found = {stream: Entry(0, aggregate.decider.initial) for stream, aggregate in wanted.items()}
    for stream, version, type_, data, meta in rows:
        aggregate, entry = wanted[stream], found[stream]
        if entry.version == UNREADABLE:
            continue
        try:
            fact = aggregate.codec.decode(type_, data)
            entry.state = aggregate.decider.evolve(entry.state, fact)
            if meta is not None and aggregate.separation is not None:
                entry.hands = aggregate.separation.after(fact, read_meta(meta), entry.hands)
            entry.version = version
        except Exception as reason:
            entry.version, entry.state = UNREADABLE, reason
    return found


async def past_commands(connection: Any, schema: str, groups: Iterable[Group]) -> dict[UUID, Known]:
    """Which of these commands the log carried out before, and what came of them."""
    works = [work for group in groups for work in group.works]
    rows = await connection.fetch(
        f'SELECT id, digest, position, version, events FROM "{schema}".commands WHERE id = ANY($1::uuid[])',
        [work.envelope.command_id for work in works],
    )
    if not rows:
        return {}
    ranges = [(row["position"] - row["events"], row["position"]) for row in rows if row["events"]]
    facts = await connection.fetch(
        f'''SELECT e.position, e.stream, e.type, e.data FROM unnest($1::bigint[], $2::bigint[]) AS r(low, high)
        JOIN "{schema}".events e ON e.position > r.low AND e.position <= r.high''',
        [low for low, _ in ranges],
        [high for _, high in ranges],
    )
    at = {fact["position"]: fact for fact in facts}
    aggregates = {work.aggregate.stream(work.id): work.aggregate for work in works}
    return {row["id"]: _known(row, at, aggregates) for row in rows}


async def is_overtaken(connection: Any, schema: str, batch: Batch) -> bool:
    """Whether a refusal of this batch may be wrong: another process moved the log on since the streams were loaded,
    or the command had been carried out before and came again because its answer was lost.
    """
    row = await connection.fetchrow(
        f'SELECT (SELECT position FROM "{schema}".head) AS position, '
        f'EXISTS (SELECT FROM "{schema}".commands WHERE id = ANY($1::uuid[])) AS is_known',
        batch.refused,
    )
    return bool(row["position"] != batch.start or row["is_known"])


def _known(row: Any, at: Mapping[int, Any], aggregates: Mapping[str, Aggregate]) -> Known:
    """One command's own facts. Those of a stream that nobody named here stay undecoded: their asker gets a 409."""
    first = row["position"] - row["events"] + 1
    stream, events, trouble = "", list[Any](), None
    try:
        for position in range(first, row["position"] + 1):
            fact = at[position]
            stream = fact["stream"]
            if stream in aggregates:
                events.append(aggregates[stream].codec.decode(fact["type"], fact["data"]))
    except Exception as reason:
        trouble = reason
    return Known(row["digest"], stream, row["position"], row["version"], tuple(events), trouble)
