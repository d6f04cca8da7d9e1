"""The broker's own tables, as statements for a service's Alembic migrations.

The one rule: these tables hold how far the talking got and what waits, never what is true. Deleting ``relay_cursor``
publishes everything again; only ``inbox_cursors`` and ``parked`` must be kept with the log, since they move in its
transactions.
"""

from __future__ import annotations

from mingjing_kernel.log.schema import role_of

TABLES = ("relay_cursor", "inbox_cursors", "parked")


def create_broker_tables(schema: str) -> list[str]:
    """Statements that make the broker's tables in the schema of the log; run them after ``create_log``."""
    role = role_of(schema)
    return [
        # position: up to where the log was looked through; published: the position of the last message sent.
        f"""CREATE TABLE "{schema}".relay_cursor (
            one boolean PRIMARY KEY DEFAULT true CHECK (one),
            position bigint NOT NULL,
            published bigint NOT NULL,
            moved_at timestamptz NOT NULL,
            CHECK (published <= position))""",
        f"INSERT INTO \"{schema}\".relay_cursor VALUES (true, 0, 0, 'epoch')",
        f"""CREATE TABLE "{schema}".inbox_cursors (
            source text COLLATE "C" PRIMARY KEY,
            position bigint NOT NULL,
            applied_at timestamptz NOT NULL)""",
        # data_original is what came; data_mended what a person made of it. Nothing here is ever deleted. What became
        # of a message is a fact in the log; a row shows it, and ``audit verify`` compares.
        f"""CREATE TABLE "{schema}".parked (
            id uuid PRIMARY KEY,
            source text COLLATE "C" NOT NULL,
            position bigint NOT NULL,
            type text COLLATE "C" NOT NULL,
            headers jsonb NOT NULL,
            data_original bytea NOT NULL,
            data_mended bytea,
            code text NOT NULL,
            reason_zh text NOT NULL,
            reason_en text NOT NULL,
            tries integer NOT NULL,
            state text NOT NULL CHECK (state IN ('parked', 'replayed', 'dropped')),
            parked_at timestamptz NOT NULL,
            settled_at timestamptz,
            settled_by text,
            settled_reason text,
            CONSTRAINT parked_message UNIQUE (source, position))""",
        f"""CREATE INDEX parked_open ON "{schema}".parked (parked_at, id) WHERE state = 'parked'""",
        *(f'GRANT SELECT, INSERT, UPDATE ON "{schema}".{table} TO "{role}"' for table in TABLES),
    ]


def drop_broker_tables(schema: str) -> list[str]:
    """The way back; parked messages are lost with it."""
    return [f'DROP TABLE IF EXISTS "{schema}".{table}' for table in TABLES]
