"""A head that was read back continues the tree exactly as the memory would have; proofs from tiles at any edge."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import asyncpg
import pytest

from kernel.log.tall import SHA256, TallLog
from kernel.log.toy import ACCOUNT, ALICE, SCHEMA, check_whole, deposit, make_schema
from mingjing_kernel.audit.tiles import BeyondTheLog, TileMissing, Tiles
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.head import load_head
from mingjing_kernel.log.merkle import (
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    subtree_root,
)

EDGES = (1, 2, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_535, 65_536, 65_537, 65_791, 65_792)


@pytest.fixture
async def tall(postgres_url: str) -> AsyncIterator[TallLog]:
    await make_schema(postgres_url)
    connection = await asyncpg.connect(asyncpg_url(postgres_url))
    yield TallLog(connection)
    await connection.close()


async def test_a_head_read_back_is_the_head_in_memory_and_proves_the_same(tall: TallLog) -> None:
    pick = random.Random(7)
    tiles = Tiles(SCHEMA, SHA256)
    for size in EDGES:
        await tall.grow(size)
        head = await load_head(tall.connection, SCHEMA)
        assert (head.position, head.frontier.peaks) == (size, tall.frontier.peaks)
        assert head.frontier.open_tiles == tall.frontier.open_tiles
        cold = Tiles(SCHEMA, SHA256)
        for where in (tiles, cold):
            assert await where.root(tall.connection, size) == tall.frontier.root()
        for smaller in {size, pick.randint(1, size), max(1, size - 1), size - size % 256 or size}:
            index = pick.randrange(smaller)
            path = await tiles.inclusion(tall.connection, index, smaller)
            assert path == inclusion_path(SHA256, tall.node, index, smaller)
            root = subtree_root(SHA256, tall.node, 0, smaller)
            assert check_inclusion(SHA256, tall.leaves[index], index, smaller, path, root)
            path = await cold.consistency(tall.connection, smaller, size)
            assert path == consistency_path(SHA256, tall.node, smaller, size)
            assert check_consistency(SHA256, smaller, size, root, tall.frontier.root(), path)
    with pytest.raises(BeyondTheLog):
        await tiles.inclusion(tall.connection, 3, size + 1)


async def test_a_hole_in_the_tiles_is_said_not_hidden(tall: TallLog) -> None:
    await tall.grow(600)
    await tall.connection.execute(f'ALTER TABLE "{SCHEMA}".tiles DISABLE TRIGGER ALL; DELETE FROM "{SCHEMA}".tiles')
    with pytest.raises(TileMissing):
        await Tiles(SCHEMA, SHA256).root(tall.connection, 600)


async def test_a_scribe_that_starts_at_an_edge_goes_on(postgres_url: str) -> None:
    await make_schema(postgres_url)
    for size in (255, 256, 257):
        log = Log(postgres_url, SCHEMA, [ACCOUNT])
        await log.start()
        there = await log.head()
        await log.handle_many([deposit(number, 1, ALICE) for number in range(there, size)])
        assert len(await check_whole(log)) == size
        assert await Tiles(SCHEMA, SHA256).root(log.pool, size) == await log.pool.fetchval(
            f'SELECT root FROM "{SCHEMA}".head'
        )
        await log.stop()
