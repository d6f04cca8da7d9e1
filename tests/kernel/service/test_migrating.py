"""Migrations in two phases, and what a start says about a database that does not fit."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from kernel.log.toy import deposit
from kernel.service.toy_service import NAME, Release, first_release, revision_of
from mingjing_kernel.log import Log
from mingjing_kernel.refused import EXIT_REFUSED
from mingjing_kernel.service.main import make_main
from mingjing_kernel.service.migrating import DataNewerThanCode, NotMigrated, Phase, check_migrated, migrate

ADD_COLUMN = """['ALTER TABLE "toll".parked_cars ADD COLUMN paid bigint']"""
MAKE_TABLE = """['CREATE TABLE "toll".parked_cars (id bigint PRIMARY KEY)']"""
FORGET = """['ALTER TABLE "toll".parked_cars DROP COLUMN paid']"""


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield first_release(tmp_path)
    sys.modules.pop("toll_service", None)


def quiet(_: str) -> None:
    """Says nothing."""


async def test_pre_stops_before_post_and_post_goes_on(release: Release, postgres_url: str) -> None:
    release.add("pre", "0002", MAKE_TABLE)
    release.add("post", "0003", ADD_COLUMN)
    await migrate(release.service, postgres_url, Phase.PRE, quiet)
    assert revision_of(postgres_url) == "0002"
    await check_migrated(release.service, postgres_url)  # the new code works before the old is gone
    await migrate(release.service, postgres_url, Phase.PRE, quiet)
    assert revision_of(postgres_url) == "0002"
    await migrate(release.service, postgres_url, Phase.POST, quiet)
    assert revision_of(postgres_url) == "0003"
    release.add("pre", "0004", FORGET)  # the next release: a post migration that was made holds nobody up
    await migrate(release.service, postgres_url, Phase.PRE, quiet)
    assert revision_of(postgres_url) == "0004"


async def test_an_upgrade_keeps_the_rows_and_twice_changes_nothing(release: Release, postgres_url: str) -> None:
    await migrate(release.service, postgres_url, say=quiet)
    log = Log(postgres_url, NAME, release.service.streams)
    await log.start()
    await log.handle_many([deposit(number) for number in range(5)])
    await log.stop()
    before = dump(postgres_url)
    assert before["head"][0][2] == 5
    release.add("pre", "0002", MAKE_TABLE)
    release.add("post", "0003", ADD_COLUMN)
    await migrate(release.service, postgres_url, say=quiet)
    after = dump(postgres_url)
    assert after["parked_cars"] == []
    assert {name: after[name] for name in before} == {**before, "alembic_version": [("0003",)]}
    await migrate(release.service, postgres_url, say=quiet)
    assert dump(postgres_url) == after


async def test_a_start_refuses_a_database_that_does_not_fit(release: Release, postgres_url: str) -> None:
    with pytest.raises(NotMigrated) as nothing:
        await check_migrated(release.service, postgres_url)
    assert "0001" in str(nothing.value)
    await migrate(release.service, postgres_url, say=quiet)
    await check_migrated(release.service, postgres_url)
    later = release.add("pre", "0002", MAKE_TABLE)
    with pytest.raises(NotMigrated):
        await check_migrated(release.service, postgres_url)
    await migrate(release.service, postgres_url, say=quiet)
    later.unlink()  # back to the older release
    for act in (check_migrated(release.service, postgres_url), migrate(release.service, postgres_url, say=quiet)):
        with pytest.raises(DataNewerThanCode):
            await act
    assert revision_of(postgres_url) == "0002"


@pytest.mark.parametrize("command", ["serve", "relay", "rebuild"])
async def test_every_command_asks_first(
    release: Release, postgres_url: str, command: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("MINGJING_POSTGRES_URL", postgres_url)
    ended = await asyncio.to_thread(CliRunner().invoke, make_main(release.service), [command])  # type: ignore[arg-type]
    assert ended.exit_code == EXIT_REFUSED, ended.output
    assert "mingjing-toll migrate" in ended.output


@pytest.mark.parametrize("arguments", [["migrate", "--phase", "before"], ["serve", "--without", "http,relay"]])
def test_a_choice_that_is_none_is_refused_in_words(release: Release, arguments: list[str]) -> None:
    ended = CliRunner().invoke(make_main(release.service), arguments)  # type: ignore[arg-type]
    assert ended.exit_code == 2
    assert "is not one of" in ended.output


def dump(url: str) -> dict[str, list[Any]]:
    """Every row of every table of the service."""
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (NAME,)).fetchall()
        return {name: sorted(connection.execute(f'SELECT * FROM "{NAME}"."{name}"').fetchall()) for (name,) in names}
