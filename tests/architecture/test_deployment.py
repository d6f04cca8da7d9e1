"""What runs in containers is what runs here: the same commands, settings and files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from architecture.source import CLONE, SERVICES
from mingjing_kernel.settings import ENV_PREFIX

COMPOSE = CLONE / "deploy" / "compose.yaml"
TOOLS = Path(sys.executable).parent


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_by_its_own_entry_point(service: str) -> None:
    defined = compose()["services"][service]
    program, action = defined["command"]
    assert action == "serve"
    assert program in {entry.name for entry in entry_points(group="console_scripts")}
    assert f"/{service}/v1/health" in defined["healthcheck"]["test"][-1]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_only_what_it_reads(service: str) -> None:
    told = {name.removeprefix(ENV_PREFIX).lower() for name in compose()["services"][service]["environment"]}
    assert told <= set(import_module(f"mingjing_{service}.service").SERVICE.settings.model_fields)


def test_every_variable_without_a_default_has_an_example() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?\}", COMPOSE.read_text(encoding="utf-8")))
    example = (CLONE / "deploy" / "example.env").read_text(encoding="utf-8")
    assert needed <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_every_file_that_is_mounted_exists() -> None:
    for service in compose()["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (COMPOSE.parent / source).is_file(), volume


def test_nothing_trades_durability_for_speed() -> None:
    settings = (CLONE / "deploy/allinone/mingjing/servers/postgresql.conf").read_text(encoding="utf-8")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert re.search(rf"^{setting} = on$", settings, re.MULTILINE)
    assert not re.search(r"fsync\s*=\s*off|synchronous_commit\s*=\s*off", COMPOSE.read_text(encoding="utf-8"))


def test_the_broker_takes_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATS_PASSWORD", "password")
    monkeypatch.setenv("HOSTNAME", "nats")
    command = [shutil.which("nats-server", path=str(TOOLS)) or "nats-server", "-t", "-c", "deploy/nats/nats.conf"]
    checked = subprocess.run(command, cwd=CLONE, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_launcher_and_the_image_use_the_same_uv() -> None:
    fetched = re.search(r'^VERSION = "(.+)"', (CLONE / "deploy/allinone/tools/fetch_uv.py").read_text(), re.MULTILINE)
    image = re.search(r"uv==([\d.]+)", (CLONE / "deploy/Dockerfile").read_text())
    assert fetched is not None
    assert image is not None
    assert fetched[1] == image[1]
