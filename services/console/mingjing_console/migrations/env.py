"""Alembic's entry point."""

from mingjing_kernel.service.alembic_env import run

run()
