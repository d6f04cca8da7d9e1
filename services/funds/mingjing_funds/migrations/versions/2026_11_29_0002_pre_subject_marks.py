"""Masked text and blind indexes of sealed people, beside their keys."""

from alembic import context, op

from mingjing_kernel.log.schema import role_of
from mingjing_kernel.sealed.marks import create_subject_marks
from mingjing_kernel.service.migrating import execute

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A table more; nothing that is there changes."""
    schema = context.config.attributes["schema"]
    # Alembic's module ``op`` stands for its Operations.
    execute(op, create_subject_marks(schema, role_of(schema)))  # type: ignore[arg-type]


def downgrade() -> None:
    """A log is never thrown away by a migration."""
    raise NotImplementedError("restore a backup instead")
