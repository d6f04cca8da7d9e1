"""Locks of those who failed to sign in again and again, for the next start and the other processes."""

from alembic import context, op

from mingjing_kernel.access.kept_locks import create_lockouts
from mingjing_kernel.service.migrating import execute

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A table more; nothing that is there changes."""
    execute(op, create_lockouts(context.config.attributes["schema"]))  # type: ignore[arg-type]


def downgrade() -> None:
    """A log is never thrown away by a migration."""
    raise NotImplementedError("restore a backup instead")
