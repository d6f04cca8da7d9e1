"""How a batch travels to PostgreSQL: as a few long values that SQL cuts apart.

Measured: asyncpg looks at every element of an array argument to see whether it is an array itself, 5 µs an event
with our columns. One ``bytea`` per column with the elements' lengths beside it, and integers and names as joined
text, cost 1.5 µs, and PostgreSQL cuts slices off a ``bytea`` without copying the rest.
The one rule: this file knows the statement's parameters and nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingjing_kernel.log.batch import Batch


def write_arguments(batch: Batch) -> tuple[Any, ...]:
    """The arguments of ``write_statement``, in its order."""
    rows, commands, tiles, frontier = batch.rows, batch.commands, batch.tiles, batch.frontier
    return (
        batch.start,
        frontier.size,
        frontier.root(),
        frontier.packed_peaks(),
        batch.recorded_at,
        "\n".join(rows.streams),
        _joined(rows.versions),
        "\n".join(rows.types),
        b"".join(rows.data),
        _joined(map(len, rows.data)),
        b"".join(rows.meta),
        _joined(map(len, rows.meta)),
        _joined(rows.late_micros),
        b"".join(rows.leaves),
        b"".join(commands.ids),
        b"".join(commands.digests),
        _joined(commands.positions),
        _joined(commands.versions),
        _joined(commands.events),
        [tile.level for tile in tiles],
        [tile.index for tile in tiles],
        [tile.hashes for tile in tiles],
    )


def move_arguments(batch: Batch) -> tuple[Any, ...]:
    """What follows them for ``write_statement(moves=True)``."""
    moves = batch.moves
    columns = ([getattr(move, name) for move in moves] for name in ("source", "before", "after", "at"))
    return (*columns, len(moves))


def write_statement(schema: str, *, moves: bool = False) -> str:
    """One statement: fence, events, commands, tiles. Yields a row when the fence held, none when the head moved.

    With ``moves`` also the cursors of inboxes: they are locked first, and the fence holds only if all stand where they
    should. The head's time is its last event's: where only cursors move, it stays, or a batch that was opened before
    and commits after would set it back.
    """
    cursors = _CURSORS.format(schema=schema) if moves else ""
    moved = _MOVED.format(schema=schema) if moves else ""
    return f"""
    WITH {cursors} fence AS (
        UPDATE "{schema}".head SET position = $2, root = $3, peaks = $4,
            recorded_at = CASE WHEN $2 > $1 THEN $5 ELSE recorded_at END
        WHERE position = $1 {"AND (SELECT count(*) FROM cursors) = $27" if moves else ""}
        RETURNING pg_notify('{schema}_log', position::text)
    ), new_events AS (
        INSERT INTO "{schema}".events
            (position, stream, version, type, data, meta, occurred_at, recorded_at, leaf)
        SELECT $1 + e.n, e.stream, e.version, e.type,
            substring($9::bytea FROM e.data_end - e.data_length + 1 FOR e.data_length),
            substring($11::bytea FROM e.meta_end - e.meta_length + 1 FOR e.meta_length),
            $5 - e.late * interval '1 microsecond', $5,
            substring($14::bytea FROM (e.n::int - 1) * 32 + 1 FOR 32)
        FROM fence, (
            SELECT r.*, (sum(r.data_length) OVER w)::int AS data_end, (sum(r.meta_length) OVER w)::int AS meta_end
            FROM ROWS FROM (
                unnest(string_to_array($6, E'\\n')), unnest(string_to_array($7, ',')::int[]),
                unnest(string_to_array($8, E'\\n')), unnest(string_to_array($10, ',')::int[]),
                unnest(string_to_array($12, ',')::int[]), unnest(string_to_array($13, ',')::bigint[])
            ) WITH ORDINALITY AS r(stream, version, type, data_length, meta_length, late, n)
            WINDOW w AS (ORDER BY r.n ROWS UNBOUNDED PRECEDING)
        ) AS e
    ), new_commands AS (
        INSERT INTO "{schema}".commands (id, digest, position, version, events)
        SELECT encode(substring($15::bytea FROM (c.n::int - 1) * 16 + 1 FOR 16), 'hex')::uuid,
            substring($16::bytea FROM (c.n::int - 1) * 32 + 1 FOR 32), c.position, c.version, c.events
        FROM fence, ROWS FROM (
            unnest(string_to_array($17, ',')::bigint[]), unnest(string_to_array($18, ',')::int[]),
            unnest(string_to_array($19, ',')::int[])
        ) WITH ORDINALITY AS c(position, version, events, n)
    ), new_tiles AS (
        INSERT INTO "{schema}".tiles (level, index, hashes)
        SELECT t.* FROM fence, unnest($20::smallint[], $21::bigint[], $22::bytea[]) AS t
    ) {moved}
    SELECT $2::bigint FROM fence"""


_CURSORS = """cursors AS MATERIALIZED (
        SELECT c.source, m.after, m.at FROM "{schema}".inbox_cursors c
        JOIN unnest($23::text[], $24::bigint[], $25::bigint[], $26::timestamptz[]) AS m(source, before, after, at)
            ON c.source = m.source AND c.position = m.before
        FOR UPDATE OF c
    ),"""
_MOVED = """, moved AS (
        UPDATE "{schema}".inbox_cursors c SET position = m.after, applied_at = m.at
        FROM fence, cursors m WHERE c.source = m.source
    )"""


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
