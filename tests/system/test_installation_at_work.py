"""An installation at work: no password stands in a command line, a log or a file that others may read; and a developer
can try what a bank's system calls.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from mingjing.allinone import AllInOne
from mingjing.case_export import machine_user
from mingjing.installation import Installation
from mingjing.issuer.people import ACTING_PEOPLE
from mingjing.servers.process import read_identity
from mingjing.service_process import answers
from mingjing_kernel.identifiers import new_id

OUTSIDE = ("MINGJING_POSTGRES_URL", "MINGJING_NATS_URL", "MINGJING_ISSUER_URL")
SERVICES = ("registry", "inspection", "funds", "console")


@pytest.fixture(scope="module")
def everything() -> Iterator[AllInOne]:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="mingjing-tests-") as place:
        for name in OUTSIDE:
            patch.delenv(name, raising=False)
        installation = Installation(Path(place) / "data")
        with installation.locked():
            made = AllInOne(installation, lambda _: None)
            made.start(lambda _: None)
            try:
                yield made
            finally:
                made.stop(lambda _: None)


def secrets(everything: AllInOne) -> dict[str, str]:
    """Every password and key of the installation, by its file."""
    data = everything.installation.data
    files = [*data.rglob("*password"), *everything.installation.keys.glob("*.key")]
    return {str(path.relative_to(data)): path.read_text("utf-8").strip().splitlines()[-1] for path in files}


def test_every_service_runs_as_its_own_user_of_both_servers(everything: AllInOne) -> None:
    for name in SERVICES:
        found = httpx.get(f"{everything.urls[name]}/{name}/v1/health", timeout=10).json()
        assert found["ready"], found
        for inbox in found["inboxes"].values():
            assert inbox["broker"] == "listening", found
    with psycopg.connect(everything.postgres.url) as connection:
        rows = connection.execute(
            "SELECT usename, application_name FROM pg_stat_activity WHERE application_name LIKE 'mingjing-%'"
        ).fetchall()
    assert {user for user, _ in rows} == {f"mingjing_{name}" for name in SERVICES}
    assert all(user.removeprefix("mingjing_") == shown.removeprefix("mingjing-") for user, shown in rows)


def folding(everything: AllInOne) -> tuple[psutil.Process, psutil.Process]:
    """Who serves funds, and who folds its lists."""
    served = read_identity(everything.installation.run / "funds.identity")
    assert served is not None
    (folds,) = served.children()
    return served, folds


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: nothing is folded apart")
def test_lists_of_funds_are_folded_apart_and_the_two_die_as_one(everything: AllInOne) -> None:
    served, folds = folding(everything)
    folds.kill()
    psutil.wait_procs([served], 60)
    assert not served.is_running()
    deadline = time.monotonic() + 90
    while not answers(f"{everything.urls['funds']}/funds/v1/health"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    served, folds = folding(everything)
    served.kill()
    psutil.wait_procs([folds], 60)
    assert not folds.is_running()
    while not answers(f"{everything.urls['funds']}/funds/v1/health"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_no_command_line_shows_a_secret(everything: AllInOne) -> None:
    hidden = secrets(everything)
    assert len(hidden) >= 10
    lines = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    assert len(lines) > len(SERVICES)
    assert [name for name, secret in hidden.items() if any(secret in line for line in lines)] == []


def test_no_log_shows_a_secret(everything: AllInOne) -> None:
    data = everything.installation.data
    logs = [path for path in data.rglob("*") if path.is_file() and (path.suffix == ".log" or "log" in path.parent.name)]
    said = {path: path.read_text("utf-8", errors="replace") for path in logs}
    assert any(said.values())
    found = [(name, path) for name, secret in secrets(everything).items() for path in said if secret in said[path]]
    assert found == []


def test_secrets_are_their_owners_alone(everything: AllInOne) -> None:
    data = everything.installation.data
    names = [*secrets(everything), "nats/nats.conf", "postgres/data/pg_hba.conf"]
    assert [name for name in names if stat.S_IMODE((data / name).stat().st_mode) & 0o077] == []


def answer(everything: AllInOne, service: str, path: str, method: str = "GET", **more: Any) -> Any:
    """What a service answers to a demo person, with a token of the box's own issuer."""
    asked = {"grant_type": "client_credentials", "client_id": more.pop("person")}
    if organisation := more.pop("organisation", ""):
        asked["organisation"] = organisation
    token = httpx.post(f"{everything.urls['issuer']}/token", data=asked, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id()), **more.pop("headers", {})}
    url = f"{everything.urls[service]}/{service}/v1{path}"
    found = httpx.request(method, url, headers=headers, timeout=30, **more)
    found.raise_for_status()
    return found.json()


def applied(everything: AllInOne, bank: str, institution: str) -> tuple[str, int]:
    """A new account, and the position at which it is to be seen."""
    account = {
        "account_id": str(new_id()), "institution_id": institution, "institution_name": "木铎轩", "bank": bank,
        "account_name": "木铎轩", "department": "education", "region": "330106",
    }  # fmt: skip
    made = answer(everything, "funds", "/accounts", "POST", person="fund-regulator", json=account)
    return str(account["account_id"]), made["position"]


def test_a_banks_system_has_its_rights_by_an_event_and_sees_its_own_accounts(everything: AllInOne) -> None:
    bank, other = (key.partition("@")[2] for key in list(ACTING_PEOPLE)[:2])
    institution = next(key.partition("@")[2] for key in ACTING_PEOPLE if key.startswith("institution@"))
    account, position = applied(everything, bank, institution)
    seen = {"headers": {"Mingjing-Position": str(position)}}

    def accounts(**who: str) -> list[str]:
        return [row["account_id"] for row in answer(everything, "funds", "/accounts", **who, **seen)["items"]]

    assert accounts(person="bank", organisation=bank) == [account]
    assert accounts(person="institution", organisation=institution) == [account]
    assert accounts(person="bank", organisation=other) == []
    assert accounts(person="bank", organisation="不在册的银行") == []
    subject = ACTING_PEOPLE[f"bank@{bank}"].subject
    (given,) = answer(everything, "console", f"/grants?person={subject}", person="administrator")["items"]
    assert (given["role"], given["organisation"], given["manner"]) == ("bank", bank, "first-administrator")
    taken = answer(
        everything,
        "console",
        f"/grants/{given['grant_id']}/taking",
        "POST",
        person="administrator",
        json={"reason": "试"},
    )
    assert taken["position"] > 0
    deadline = time.monotonic() + 60
    while accounts(person="bank", organisation=bank):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_case_that_leaves_on_the_command_line_is_on_record_while_the_services_run(
    everything: AllInOne, tmp_path: Path
) -> None:
    account, _ = applied(everything, "别的银行", str(new_id()))
    out = tmp_path / "case.zip"
    words = ["audit", "export", f"account/{account}", "--reason", "法院调取", "--out", str(out)]
    command = [sys.executable, "-m", "mingjing", *words, "--data", str(everything.installation.data)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert out.exists()

    def noted() -> list[dict[str, Any]]:
        return list(answer(everything, "funds", f"/reads?thing={account}", person="auditor")["items"])

    deadline = time.monotonic() + 60
    while not (rows := noted()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert [(row["reader"], row["kind"]) for row in rows] == [(machine_user(), "case-file")]
    assert "法院调取" in rows[0]["purpose"]
