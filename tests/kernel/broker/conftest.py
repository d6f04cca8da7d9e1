"""Fixtures of the broker's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kernel.broker.world import World, make_world


@pytest.fixture
async def world(postgres_url: str, nats_url: str) -> AsyncIterator[World]:
    """Two toy services on fresh servers."""
    async with make_world(postgres_url, nats_url) as made:
        yield made
