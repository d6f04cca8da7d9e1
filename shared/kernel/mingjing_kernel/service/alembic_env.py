"""What every service's ``migrations/env.py`` does: run on the connection that ``migrate`` opened, own version table."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Called by ``migrations/env.py``."""
    attributes = context.config.attributes
    schema = attributes["schema"]
    context.configure(connection=attributes["connection"], version_table="alembic_version", version_table_schema=schema)
    with context.begin_transaction():
        context.run_migrations()
