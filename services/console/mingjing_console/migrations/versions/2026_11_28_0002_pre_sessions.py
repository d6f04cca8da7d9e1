"""Sessions of people who have signed in: no part of the log, gone when they end."""

from alembic import context, op

from mingjing_kernel.log.schema import role_of
from mingjing_kernel.service.migrating import execute

revision = "0002_sessions"
down_revision = "0001"


def upgrade() -> None:
    """One row a session; what is secret in it (tokens, name, device, address) lies sealed in ``box``."""
    schema = context.config.attributes["schema"]
    statements = [
        f"""CREATE TABLE "{schema}".sessions (
            session_id uuid PRIMARY KEY,
            digest bytea NOT NULL UNIQUE,
            subject text NOT NULL,
            provider_session text NOT NULL,
            began_at timestamptz NOT NULL,
            seen_at timestamptz NOT NULL,
            token_until timestamptz NOT NULL,
            algorithm text NOT NULL,
            box bytea NOT NULL)""",
        f'CREATE INDEX sessions_of_subject ON "{schema}".sessions (subject, seen_at)',
        f'CREATE INDEX sessions_by_sight ON "{schema}".sessions (seen_at)',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{schema}".sessions TO "{role_of(schema)}"',
    ]
    # Alembic's module ``op`` stands for its Operations.
    execute(op, statements)  # type: ignore[arg-type]


def downgrade() -> None:
    """Everybody signs in again; but the old release would not know the rows."""
    raise NotImplementedError("restore a backup instead")
