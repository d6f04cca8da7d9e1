"""Whether the table of parked messages shows what the log says became of them.

People list, mend, replay and drop by that table, and whoever holds the database's password can write to it. The one
rule: the log is right; a row that shows anything else, that is missing or that no fact speaks of is named.

Not compared: ``tries`` and the reason that stands in the way. A replay that is refused again changes them and is no
fact; of the reason, the log has the code that the message was parked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mingjing_kernel.audit.findings import SHOWN_MAX, Finding, finding

STREAMS = "parked-message-"
_STREAMS_END = "parked-message."
"""The next after every stream of this noun: keys sort by bytes."""
_SETTLED = {"kernel.parked-message-replayed.v1": "replayed", "kernel.parked-message-dropped.v1": "dropped"}


def check_parked(cursor: Any, schema: str) -> Iterator[Finding]:
    """Fold the facts in SQL and put them beside the rows."""
    cursor.execute(
        f"""WITH {_facts(schema)}, shown AS ({_shown(cursor, schema)})
        SELECT coalesce(facts.id, shown.id), to_jsonb(facts), to_jsonb(shown)
        FROM facts FULL JOIN shown ON shown.id = facts.id
        WHERE row(facts.*) IS DISTINCT FROM row(shown.*) ORDER BY 1 LIMIT {SHOWN_MAX}"""
    )
    for id, facts, shown in cursor.fetchall():
        if shown is None:
            yield finding("parked-missing", id=id, state=facts["state"])
        elif facts is None:
            yield finding("parked-unrecorded", id=id, state=shown["state"])
        else:
            columns = [column for column in facts if facts[column] != shown[column]]
            yield finding("parked-altered", id=id, columns=", ".join(columns), state=facts["state"])


def _facts(schema: str) -> str:
    """Version 1 is always that the message was parked; who acted and why stands in the circumstances of the others."""
    states = " ".join(f"WHEN bool_or(type = '{name}') THEN '{state}'" for name, state in _SETTLED.items())
    settled = ", ".join(f"'{name}'" for name in _SETTLED)
    return f"""acts AS (
            SELECT substr(stream, {len(STREAMS) + 1:d})::uuid AS id, version, type,
                convert_from(data, 'UTF8')::jsonb AS data, convert_from(meta, 'UTF8')::jsonb AS meta
            FROM "{schema}".events WHERE stream >= '{STREAMS}' AND stream < '{_STREAMS_END}'),
        facts AS (
            SELECT id,
                max(data ->> 'source') FILTER (WHERE version = 1) AS source,
                max(data ->> 'position') FILTER (WHERE version = 1) AS position,
                max(data ->> 'type') FILTER (WHERE version = 1) AS type,
                max(data ->> 'ce_time') FILTER (WHERE version = 1) AS ce_time,
                max(data ->> 'original_sha256') FILTER (WHERE version = 1) AS data_original,
                (array_agg(data ->> 'mended_sha256' ORDER BY version DESC) FILTER (WHERE data ? 'mended_sha256'))[1]
                    AS data_mended,
                CASE {states} ELSE 'parked' END AS state,
                max((data ->> 'at')::timestamptz) FILTER (WHERE version = 1) AS parked_at,
                max((data ->> 'at')::timestamptz) FILTER (WHERE type IN ({settled})) AS settled_at,
                (array_agg(meta ->> 'actor' ORDER BY version DESC) FILTER (WHERE version > 1))[1] AS settled_by,
                (array_agg(meta ->> 'reason' ORDER BY version DESC) FILTER (WHERE version > 1 AND meta ? 'reason'))[1]
                    AS settled_reason
            FROM acts GROUP BY id)"""


def _shown(cursor: Any, schema: str) -> str:
    """The rows in the columns of the facts. Where the table was taken away no row is shown."""
    cursor.execute("SELECT to_regclass(%s) IS NULL", (f'"{schema}".parked',))
    if cursor.fetchone()[0]:
        return "SELECT * FROM facts WHERE false"
    return f"""SELECT id, source, position::text AS position, type, headers ->> 'ce-time' AS ce_time,
                encode(sha256(data_original), 'hex') AS data_original,
                encode(sha256(data_mended), 'hex') AS data_mended,
                state, parked_at, settled_at, settled_by, settled_reason
            FROM "{schema}".parked"""
