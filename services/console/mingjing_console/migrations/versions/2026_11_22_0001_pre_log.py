"""The log and the broker's tables."""

from alembic import context, op

from mingjing_kernel.broker.schema import create_broker_tables
from mingjing_kernel.log.schema import create_log
from mingjing_kernel.service.migrating import execute

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make an empty log: the console decides nothing, but it witnesses the other services' checkpoints."""
    schema, hash_name = context.config.attributes["schema"], context.config.attributes["hash"]
    # Alembic's module ``op`` stands for its Operations.
    execute(op, [*create_log(schema, hash_name), *create_broker_tables(schema)])  # type: ignore[arg-type]


def downgrade() -> None:
    """A log is never thrown away by a migration."""
    raise NotImplementedError("restore a backup instead")
