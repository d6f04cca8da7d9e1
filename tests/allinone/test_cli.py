"""The command line speaks both languages, ends with documented codes, and shows nobody a traceback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mingjing import __main__ as entry
from mingjing.cli.app import COMMANDS, make_app
from mingjing.cli.screen import Exit
from mingjing.installation import Installation

HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Z][a-z]+ [a-z]+")


def invoke(*arguments: str) -> Result:
    asked = next((word for word in arguments if not word.startswith("-")), None)
    return CliRunner().invoke(make_app(asked), arguments)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mingjing", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment or None)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=lambda command: " ".join(command))
def test_help_is_worth_reading_in_both_languages(command: list[str]) -> None:
    shown = invoke(*command, "--help")
    assert shown.exit_code == 0
    assert HAN.search(shown.output)
    assert WORDS.search(shown.output)


SUBCOMMANDS = [
    *(["audit", name] for name in ("verify", "replay", "evidence", "prove", "export", "compare", "check")),
    *(["parked", name] for name in ("list", "show", "mend", "replay", "drop")),
    *(["alerts", name] for name in ("review", "replay")),
    ["keys", "make"],
    ["inspection", "draw"],
    ["inspection", "draw", "verify"],
    ["grids", "draw"],
]


@pytest.mark.parametrize("command", [*([name] for name in COMMANDS), *SUBCOMMANDS], ids=" ".join)
def test_help_fits_a_terminal_of_80_columns_and_names_the_exit_codes(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = invoke(*command, "--help")
    assert shown.exit_code == 0
    assert "…" not in shown.output
    assert "Exit codes" in shown.output


def test_a_directory_that_cannot_be_written_is_a_sentence_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("up", "--data", str(tmp_path / "file" / "data"))
    assert ended.returncode == Exit.UNAVAILABLE
    assert "无法写入" in ended.stderr
    assert "--data" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_up_names_the_first(tmp_path: Path) -> None:
    with Installation(tmp_path).locked():
        ended = run("up", "--data", str(tmp_path))
    assert ended.returncode == Exit.UNAVAILABLE
    assert "Another Mingjing" in ended.stderr


def test_nothing_running_is_said_and_found(tmp_path: Path) -> None:
    shown = invoke("status", "--data", str(tmp_path))
    assert shown.exit_code == Exit.FOUND
    told = invoke("status", "--json", "--data", str(tmp_path))
    assert json.loads(told.output.splitlines()[-1]) == {"running": False, "services": {}}


def test_a_wrong_command_is_wrong_usage() -> None:
    ended = run("dance")
    assert ended.returncode == Exit.USAGE
    assert "Traceback" not in ended.stderr


def test_versions_are_machine_readable() -> None:
    told = json.loads(invoke("version", "--json").output)
    assert set(told) == {"mingjing", "postgresql", "nats", "python", "platform"}


def test_a_defect_is_written_down_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.tell(ZeroDivisionError("division by zero")) is Exit.FAULT
    said = " ".join(capsys.readouterr().err.split())
    written = re.search(r"(/\S+mingjing-\S+\.txt)", said)
    assert written is not None
    assert "ZeroDivisionError" in Path(written[1]).read_text(encoding="utf-8")
    assert "Traceback" not in said
    Path(written[1]).unlink()
