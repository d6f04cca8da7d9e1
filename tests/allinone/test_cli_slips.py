"""A slip of whoever types is a sentence in both languages with its remedy, never a defect and never silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from mingjing.auditing import NothingToAudit, database, known_keys
from mingjing.calling import NoDevelopmentIssuer, need_issuer
from mingjing.cli.screen import Exit, Log
from mingjing.installation import Installation
from mingjing.keys import LOGS, KeysMissing, complete, ensure_keys


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mingjing", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}, timeout=60
    )


def test_every_log_can_be_typed() -> None:
    assert tuple(Log) == LOGS


def test_an_audit_of_nothing_is_refused_and_leaves_no_trace_that_would_hinder_a_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MINGJING_POSTGRES_URL", raising=False)
    installation = Installation(tmp_path / "new")
    with pytest.raises(NothingToAudit), database(installation):
        pass
    assert not installation.postgres.exists()
    with installation.locked():
        ensure_keys(installation)
    assert (installation.keys / "funds.vkey").exists()


def test_public_halves_are_made_again_from_the_private_ones(tmp_path: Path) -> None:
    complete(tmp_path)
    before = known_keys(tmp_path)
    for path in tmp_path.glob("*.vkey"):
        path.unlink()
    assert complete(tmp_path, has_data=True) == [f"{log}.vkey" for log in LOGS]
    assert known_keys(tmp_path) == before


def test_a_log_that_was_not_signed_before_gets_its_key_beside_data_once(tmp_path: Path) -> None:
    complete(tmp_path)
    (tmp_path / "console-signing.key").unlink()
    with pytest.raises(KeysMissing):
        complete(tmp_path, has_data=True)
    (tmp_path / "console.vkey").unlink()
    assert complete(tmp_path, has_data=True) == ["console-signing.key", "console.vkey"]
    (tmp_path / "funds-signing.key").unlink()
    (tmp_path / "funds.vkey").unlink()
    with pytest.raises(KeysMissing):
        complete(tmp_path, has_data=True)


def test_lost_keys_are_never_replaced_beside_an_outside_database_that_was_written_with_them(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGJING_POSTGRES_URL", postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE SCHEMA funds")
        connection.execute("CREATE TABLE funds.subject_keys (subject uuid)")
    assert complete(tmp_path / "first") != []
    with psycopg.connect(postgres_url) as connection:
        connection.execute("INSERT INTO funds.subject_keys VALUES (gen_random_uuid())")
    with pytest.raises(KeysMissing):
        complete(tmp_path / "second")


CASE = "complaint/018f0000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "verify", "WRONGNAME"],
        ["audit", "prove", "funds/x"],
        ["audit", "export", CASE],
        ["audit", "export", CASE, "--reason", " "],
        ["audit", "export", CASE, "--reason", "x" * 401],
        ["dance"],
        ["up", "--wat"],
        ["parked", "mend", "funds"],
        ["parked", "list", "--state", "lost"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_said_in_both_languages(words: list[str]) -> None:
    ended = run(*words)
    assert ended.returncode == Exit.USAGE
    assert "用法错误" in ended.stderr
    assert "Wrong usage" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_mended_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mended.json").write_bytes(b"\xff\xfe\x00")
    ended = run("parked", "mend", "funds", "1", str(tmp_path / "mended.json"), "--reason", "x", "--data", str(tmp_path))
    assert ended.returncode == Exit.FOUND
    assert "cannot be read" in ended.stderr


def test_the_demo_asks_for_the_development_issuer_before_it_starts_anything(tmp_path: Path) -> None:
    ended = run("demo", "--data", str(tmp_path / "data"), MINGJING_ISSUER_URL="https://sso.example.gov.cn")
    assert ended.returncode == Exit.UNAVAILABLE
    assert "development issuer" in ended.stderr
    assert not (tmp_path / "data").exists()
    with pytest.raises(NoDevelopmentIssuer):
        need_issuer({"funds": "http://127.0.0.1:1"})


def test_a_service_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    state = {"urls": dict.fromkeys(("funds", "issuer"), "http://127.0.0.1:9"), "ready": {}}
    script = (
        "import json, os, pathlib, sys\n"
        "from mingjing.servers import process\n"
        "run = pathlib.Path(sys.argv[1]) / 'run'\n"
        "run.mkdir(parents=True)\n"
        f"(run / 'state.json').write_text({json.dumps(state)!r})\n"
        "process.write_identity(run / 'identity', os.getpid())\n"
        "sys.argv = ['mingjing', 'parked', 'list', 'funds', '--data', sys.argv[1]]\n"
        "from mingjing.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert ended.returncode == Exit.UNAVAILABLE
    assert "does not answer" in ended.stderr


def test_keys_of_a_cluster_are_made_once_and_never_in_part(tmp_path: Path) -> None:
    assert run("keys", "make", str(tmp_path / "keys")).returncode == Exit.OK
    assert run("keys", "make", str(tmp_path / "keys")).returncode == Exit.OK
    (tmp_path / "keys" / "index.key").unlink()
    ended = run("keys", "make", str(tmp_path / "keys"))
    assert ended.returncode == Exit.UNAVAILABLE
    assert "index.key" in ended.stderr


def test_a_benchmark_refuses_what_it_does_not_use() -> None:
    ended = run("bench", "verify", "--callers", "3")
    assert ended.returncode == Exit.FOUND
    assert "--callers" in ended.stderr
    assert "--events" in ended.stderr
