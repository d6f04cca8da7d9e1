"""A service whose migrations the test writes, one by one, into a package of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg

from kernel.log.toy import ACCOUNT
from mingjing_kernel.service import Service

NAME = "toll"
FIRST = """create_log(context.config.attributes["schema"], context.config.attributes["hash"])"""
ENV = "from mingjing_kernel.service.alembic_env import run\n\nrun()\n"
MIGRATION = """from alembic import context, op
from mingjing_kernel.log.schema import create_log
from mingjing_kernel.service.migrating import execute

revision = {revision!r}
down_revision = {before!r}


def upgrade():
    execute(op, {statements})
"""


@dataclass
class Release:
    """The code as it is installed now: as many migrations as were added."""

    versions: Path
    service: Service
    last: str | None = None

    def add(self, phase: str, revision: str, statements: str) -> Path:
        """One more migration, which does ``statements`` (a Python expression)."""
        path = self.versions / f"2026_11_22_{revision}_{phase}_step.py"
        path.write_text(MIGRATION.format(revision=revision, before=self.last, statements=statements))
        self.last = revision
        return path


def first_release(directory: Path) -> Release:
    """A package on the path with one ``pre`` migration, which makes the log."""
    versions = directory / "toll_service" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "toll_service" / "__init__.py").write_text("")
    (versions.parent / "env.py").write_text(ENV)
    release = Release(versions, Service(name=NAME, package="toll_service", title="Toll", aggregates=(ACCOUNT,)))
    release.add("pre", "0001", FIRST)
    return release


def revision_of(url: str) -> str:
    """How far the database was migrated."""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT version_num FROM {NAME}.alembic_version").fetchone()
        assert row is not None
        return str(row[0])
