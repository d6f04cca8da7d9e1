"""The log's tables, as statements for a service's Alembic migrations.

The one rule: append-only twice over. The service's role holds INSERT and SELECT and nothing else, and triggers
refuse UPDATE, DELETE and TRUNCATE to everyone, the owner included. Only the head moves.
"""

from __future__ import annotations

APPEND_ONLY = ("events", "commands", "tiles", "checkpoints", "segments")


def role_of(schema: str) -> str:
    """The role that a service works under."""
    return f"mingjing_{schema}"


def read_schema_of(schema: str) -> str:
    """Where a service's read models live; they can be dropped and rebuilt at any time."""
    return f"{schema}_read"


def create_log(schema: str, hash_name: str = "sha256") -> list[str]:
    """Statements that make an empty log in ``schema`` and its role."""
    return [*_tables(schema, hash_name), *_proofs(schema), *_guards(schema), *_grants(schema)]


def _tables(schema: str, hash_name: str) -> list[str]:
    if hash_name not in ("sha256", "sm3"):
        raise ValueError(f"hash {hash_name!r}: sha256 or sm3")
    return [
        f'CREATE SCHEMA IF NOT EXISTS "{schema}"',
        f'CREATE SCHEMA IF NOT EXISTS "{read_schema_of(schema)}"',
        f"""CREATE TABLE "{schema}".events (
            position bigint PRIMARY KEY CHECK (position > 0),
            stream text COLLATE "C" NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            type text COLLATE "C" NOT NULL,
            data bytea NOT NULL,
            meta bytea NOT NULL,
            occurred_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            leaf bytea NOT NULL,
            CONSTRAINT events_stream_version UNIQUE (stream, version))""",
        f"""CREATE TABLE "{schema}".commands (
            id uuid PRIMARY KEY,
            digest bytea NOT NULL,
            position bigint NOT NULL,
            version integer NOT NULL,
            events integer NOT NULL)""",
        f"""CREATE TABLE "{schema}".tiles (
            level smallint NOT NULL,
            index bigint NOT NULL,
            hashes bytea NOT NULL,
            PRIMARY KEY (level, index))""",
        f"""CREATE TABLE "{schema}".head (
            one boolean PRIMARY KEY DEFAULT true CHECK (one),
            hash text NOT NULL,
            position bigint NOT NULL,
            root bytea NOT NULL,
            peaks bytea NOT NULL,
            recorded_at timestamptz NOT NULL)""",
        f"INSERT INTO \"{schema}\".head VALUES (true, '{hash_name}', 0, '', '', 'epoch')",
    ]


def _proofs(schema: str) -> list[str]:
    return [
        f"""CREATE TABLE "{schema}".checkpoints (
            size bigint PRIMARY KEY,
            note text NOT NULL,
            recorded_at timestamptz NOT NULL)""",
        f"""CREATE TABLE "{schema}".segments (
            first bigint PRIMARY KEY,
            last bigint NOT NULL,
            payload bytea NOT NULL,
            digest bytea NOT NULL)""",
        # What was last seen of each other service's log. Moves forward only; kept beside the log, not in it.
        f"""CREATE TABLE "{schema}".witnessed (
            origin text PRIMARY KEY,
            size bigint NOT NULL,
            note text NOT NULL,
            seen_at timestamptz NOT NULL)""",
    ]


def _guards(schema: str) -> list[str]:
    refuse = f"""CREATE OR REPLACE FUNCTION "{schema}".refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the log is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege'; END $$"""
    return [
        refuse,
        *(
            f"""CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{schema}".{table}
                FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".refuse_change()"""
            for table in APPEND_ONLY
        ),
        f"""CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON "{schema}".head
            FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".refuse_change()""",
    ]


def _grants(schema: str) -> list[str]:
    role, read = role_of(schema), read_schema_of(schema)
    appended = ", ".join(f'"{schema}".{table}' for table in APPEND_ONLY)
    return [
        f"""DO $$ BEGIN CREATE ROLE "{role}" NOLOGIN; EXCEPTION
            WHEN duplicate_object THEN NULL; WHEN unique_violation THEN NULL; END $$""",
        f'GRANT "{role}" TO CURRENT_USER',
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"',
        f'GRANT SELECT, INSERT ON {appended} TO "{role}"',
        f'GRANT SELECT, UPDATE ON "{schema}".head TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE ON "{schema}".witnessed TO "{role}"',
        f'GRANT USAGE ON SCHEMA "{read}" TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{read}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
    ]
