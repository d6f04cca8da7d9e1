"""One data directory, one process; ports that stay."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mingjing.allinone import DEMO_APP, AllInOne
from mingjing.installation import Installation
from mingjing.outside import OutsideNats, OutsidePostgres
from mingjing.servers.faults import AlreadyRunning, ServerUnreachable
from mingjing_kernel.settings import ServiceSettings, load_settings

HOLDER = """
import pathlib, sys
from mingjing.installation import Installation
with Installation(pathlib.Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_has_the_directory(tmp_path: Path) -> None:
    with Installation(tmp_path).locked(), pytest.raises(AlreadyRunning) as caught, Installation(tmp_path).locked():
        pass
    assert caught.value.values["pid"] == str(os.getpid())


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
    with Installation(tmp_path).locked():
        pass


def test_a_service_keeps_its_port_and_gives_way_to_another_program(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.prepare()
    port = installation.port("library")
    assert installation.port("library") == port
    with socket.socket() as intruder:
        intruder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        intruder.bind(("127.0.0.1", port))
        intruder.listen()
        assert installation.port("library") != port


def test_outside_servers_that_do_not_answer_are_named() -> None:
    with pytest.raises(ServerUnreachable) as caught:
        OutsideNats("nats://127.0.0.1:1").start()
    assert caught.value.values["variable"] == "MINGJING_NATS_URL"
    with pytest.raises(ServerUnreachable):
        OutsidePostgres("postgresql://nobody@127.0.0.1:1/x").start()


def test_outside_servers_that_answer_are_used(postgres_url: str, nats_url: str) -> None:
    OutsidePostgres(postgres_url).start()
    OutsideNats(nats_url).start()


def test_an_outside_server_may_be_named_by_a_file_and_is_told_to_services_once(
    tmp_path: Path, postgres_url: str, nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, url in (("POSTGRES_URL", postgres_url), ("NATS_URL", nats_url), ("NATS_ADMIN_URL", nats_url + "?owner")):
        monkeypatch.delenv(f"MINGJING_{name}", raising=False)
        file = tmp_path / name
        file.write_text(url)
        file.chmod(0o600)
        monkeypatch.setenv(f"MINGJING_{name}_FILE", str(file))
    everything = AllInOne(Installation(tmp_path / "data"), lambda _: None)
    everything.urls = {"funds": "http://127.0.0.1:1"}
    told = {**os.environ, **everything.environment_of("funds")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(ServiceSettings)
    assert (settings.postgres_url, settings.nats_url) == (postgres_url, nats_url)
    assert settings.owner_url == postgres_url
    assert settings.nats_admin_url == nats_url + "?owner"


def test_a_sample_app_may_post_in_the_demo_and_elsewhere_nobody_unless_named(
    tmp_path: Path, postgres_url: str, nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MINGJING_OPEN311_KEYS", raising=False)
    monkeypatch.setenv("MINGJING_POSTGRES_URL", postgres_url)
    monkeypatch.setenv("MINGJING_NATS_URL", nats_url)
    up, everything = (AllInOne(Installation(tmp_path / "data"), lambda _: None, is_demo=demo) for demo in (False, True))
    everything.urls = {"inspection": "http://127.0.0.1:1"}
    assert "MINGJING_OPEN311_KEYS" not in everything.environment_of("inspection")
    everything.urls["issuer"] = "http://127.0.0.1:2"
    up.urls = everything.urls
    assert "MINGJING_OPEN311_KEYS" not in up.environment_of("inspection"), "real complaints may come in here"
    assert json.loads(everything.environment_of("inspection")["MINGJING_OPEN311_KEYS"]) == [DEMO_APP]
    monkeypatch.setenv("MINGJING_OPEN311_KEYS", "[]")
    assert "MINGJING_OPEN311_KEYS" not in everything.environment_of("inspection"), "the environment's own stands"
