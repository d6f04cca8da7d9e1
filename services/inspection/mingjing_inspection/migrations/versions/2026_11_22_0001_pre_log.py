"""The log, the broker's tables and the subjects' keys."""

from alembic import context, op

from mingjing_kernel.broker.schema import create_broker_tables
from mingjing_kernel.log.schema import create_log, role_of
from mingjing_kernel.sealed.ring import create_subject_keys
from mingjing_kernel.service.migrating import execute

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make an empty log."""
    schema, hash_name = context.config.attributes["schema"], context.config.attributes["hash"]
    keys = create_subject_keys(schema, role_of(schema))
    # Alembic's module ``op`` stands for its Operations.
    execute(op, [*create_log(schema, hash_name), *create_broker_tables(schema), *keys])  # type: ignore[arg-type]


def downgrade() -> None:
    """A log is never thrown away by a migration."""
    raise NotImplementedError("restore a backup instead")
