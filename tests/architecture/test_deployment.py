"""What runs in containers is what runs here: the same commands, settings and files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from architecture.source import CLONE, SERVICES
from mingjing.auditing import service_of
from mingjing.passwords import NATS_ENVIRONMENT, make_passwords
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
    fields = service_of(service).settings.model_fields
    secret = {f"{name}_file" for name, field in fields.items() if not field.repr}
    for part in (service, f"{service}-migrate"):
        told = {name.removeprefix(ENV_PREFIX).lower() for name in compose()["services"][part]["environment"]}
        assert told <= set(fields) | secret


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_own_users_and_only_its_preparation_the_owners(service: str) -> None:
    services = compose()["services"]
    given = {part: [one if isinstance(one, str) else one["source"] for one in services[part]["secrets"]]
             for part in (service, f"{service}-migrate")}  # fmt: skip
    own = {f"{service}_postgres_url", f"{service}_nats_url"}
    signing_in = {"sign_in_client_secret"} if service == "console" else set()
    assert set(given[service]) == own | signing_in | {"client_secret"}
    assert set(given[f"{service}-migrate"]) == own | {"postgres_admin_url", "nats_admin_url"}
    assert services[service]["depends_on"] == {f"{service}-migrate": {"condition": "service_completed_successfully"}}


def test_no_container_can_do_more_than_it_must() -> None:
    loaded = compose()
    for name, defined in loaded["services"].items():
        assert defined["read_only"] is True, name
        assert defined["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in defined["security_opt"], name
        assert not defined.get("privileged"), name
        assert "ports" not in defined or defined["ports"] == ["127.0.0.1:8100:8000"], name
    assert loaded["networks"]["inner"] == {"internal": True}
    assert all(loaded["services"][name]["networks"] == ["inner"] for name in ("postgres", "nats"))
    dockerfile = (CLONE / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", dockerfile, re.MULTILINE)


def test_no_secret_stands_in_what_is_committed() -> None:
    for path in (COMPOSE, CLONE / "deploy" / "example.env", CLONE / "deploy" / "nats" / "users.conf"):
        assert not re.search(
            r"(?i)(password|secret)\s*[:=]\s*[\"']?(?!\$|/run|\{|\s|$)[\w-]{6,}", path.read_text("utf-8")
        )


def test_the_passwords_that_are_made_are_those_that_are_mounted(tmp_path: Path) -> None:
    made = set(make_passwords(tmp_path))
    mounted = {Path(one["file"]).name for one in compose()["secrets"].values()}
    assert mounted - made == {"client_secret", "sign_in_client_secret"}  # the issuer gives them
    assert made - mounted == {NATS_ENVIRONMENT}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    variables = (tmp_path / NATS_ENVIRONMENT).read_text("ascii")
    assert set(re.findall(r"\$(NATS\w+)", (CLONE / "deploy/nats/users.conf").read_text("utf-8"))) == set(
        re.findall(r"^(NATS\w+)=p[0-9a-f]{40}$", variables, re.MULTILINE)
    )
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert make_passwords(tmp_path) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


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
    make_passwords(tmp_path)
    for line in (tmp_path / NATS_ENVIRONMENT).read_text("ascii").splitlines():
        monkeypatch.setenv(*line.split("=", 1))
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
