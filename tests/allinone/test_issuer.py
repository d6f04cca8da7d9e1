"""The development issuer: tokens for demo people, on this machine and nowhere else."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mingjing.first_grants import demo_grants, demo_subject
from mingjing.issuer import PEOPLE, issuer_keys, make_issuer
from mingjing.issuer.keyring import FILE_NAME, FORMER_FILE_NAME, new_key
from mingjing.issuer.people import ACTING_PEOPLE
from mingjing.issuer.refusals import IssuerKeyUnreadable, NotOnLoopback
from mingjing_kernel.identity import OFFICIALS, OUTSIDERS, Role, TokenChecker
from mingjing_kernel.text import untranslated

URL = "http://127.0.0.1:8109"
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    app = make_issuer(URL, tmp_path, now=lambda: AT)
    return TestClient(app, base_url=URL, client=("127.0.0.1", 50_000))


def checker(directory: Path) -> TokenChecker:
    return TokenChecker(issuer=URL, audience="mingjing", keys=issuer_keys(directory), now=lambda: AT)


@pytest.mark.parametrize("key", [key for key, person in PEOPLE.items() if person.kind == "person"])
async def test_each_demo_person_gets_a_token_that_a_service_believes(
    client: TestClient, tmp_path: Path, key: str
) -> None:
    answer = client.post("/token", data={"grant_type": "client_credentials", "client_id": key}).json()
    principal = await checker(tmp_path).principal(answer["access_token"])
    assert principal.subject == PEOPLE[key].subject
    assert principal.grants == (PEOPLE[key].grants if principal.kind == "service" else ())


def test_there_is_a_demo_person_for_each_role() -> None:
    held = {grant.role for person in PEOPLE.values() for grant in person.grants}
    assert held >= OFFICIALS | OUTSIDERS | {Role.SERVICE}


async def test_a_person_can_act_for_one_organisation_only(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/token", json={"client_id": "bank", "organisation": "icbc"}).json()
    principal = await checker(tmp_path).principal(answer["access_token"])
    assert principal.subject == demo_subject("bank@icbc") != PEOPLE["bank"].subject
    assert principal.grants == (), "what she may do is said by events, for her as for everybody"


def test_who_acts_for_one_organisation_is_given_a_grant_for_that_one_alone() -> None:
    given = {one["person"]: one for one in demo_grants()}
    for key, person in ACTING_PEOPLE.items():
        role, _, organisation = key.partition("@")
        found = given[person.subject]
        assert (found["role"], found["organisation"], found["name"]) == (role, organisation, person.name)
    assert {key.partition("@")[0] for key in ACTING_PEOPLE} == {"bank", "institution"}


def test_discovery_names_this_issuer_and_only_public_keys_are_published(client: TestClient) -> None:
    discovery = client.get("/.well-known/openid-configuration").json()
    assert discovery["issuer"] == URL
    assert discovery["jwks_uri"] == f"{URL}/jwks"
    keys = client.get("/jwks").json()["keys"]
    assert len(keys) == 2
    assert not [key for key in keys if "d" in key or "retired_at" in key]


@pytest.mark.parametrize(
    ("sent", "status", "type"),
    [
        ({"client_id": "nobody"}, 404, "person-unknown"),
        ({}, 404, "person-unknown"),
        ({"client_id": "auditor", "grant_type": "password"}, 422, "token-request-invalid"),
        ({"client_id": "auditor", "seconds": "0"}, 422, "token-request-invalid"),
        ({"client_id": "auditor", "seconds": "99999999999999999999"}, 422, "token-request-invalid"),
        ({"client_id": "bank", "organisation": "x" * 101}, 422, "token-request-invalid"),
    ],
)
def test_a_wrong_request_is_a_problem_document(client: TestClient, sent: dict, status: int, type: str) -> None:
    answer = client.post("/token", json=sent)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:mingjing:problem:{type}"
    assert answer.json()["remedy"]


@pytest.mark.parametrize("url", ["http://0.0.0.0:8109", "http://10.0.0.1:8109", "https://issuer.example", "nonsense"])
def test_it_is_not_made_for_an_address_that_others_can_reach(tmp_path: Path, url: str) -> None:
    with pytest.raises(NotOnLoopback):
        make_issuer(url, tmp_path)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2"])
def test_the_process_refuses_to_listen_outside_loopback(tmp_path: Path, host: str) -> None:
    command = [sys.executable, "-m", "mingjing.issuer", "--directory", str(tmp_path / "keys"), "--host", host]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "开发用身份签发服务" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "keys").exists()


def test_callers_from_elsewhere_are_refused(tmp_path: Path) -> None:
    app = make_issuer(URL, tmp_path)
    from_elsewhere = TestClient(app, base_url=URL, client=("192.168.1.7", 50_000))
    assert from_elsewhere.get("/people").status_code == 403
    by_another_name = TestClient(app, base_url="http://rebound.example:8109", client=("127.0.0.1", 50_000))
    assert by_another_name.get("/people").status_code == 403


async def test_the_key_outlives_a_restart_and_is_readable_by_its_owner_alone(
    client: TestClient, tmp_path: Path
) -> None:
    token = client.post("/token", data={"client_id": "auditor"}).json()["access_token"]
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    make_issuer(URL, tmp_path)
    assert (await checker(tmp_path).principal(token)).subject == PEOPLE["auditor"].subject


async def test_the_one_key_of_an_earlier_release_becomes_the_current_one(tmp_path: Path) -> None:
    key = new_key()
    (tmp_path / FORMER_FILE_NAME).write_text(json.dumps(key.as_dict(private=True)))
    client = TestClient(make_issuer(URL, tmp_path, now=lambda: AT), base_url=URL, client=("127.0.0.1", 50_000))
    assert client.get("/jwks").json()["keys"][0]["kid"] == key.kid
    assert not (tmp_path / FORMER_FILE_NAME).exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"keys":[]}', b'{"keys":[{"kty":"oct","k":"eA"}]}'])
def test_a_damaged_key_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    (tmp_path / FILE_NAME).chmod(0o600)
    with pytest.raises(IssuerKeyUnreadable):
        make_issuer(URL, tmp_path)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    make_issuer(URL, tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["clients", FILE_NAME]
    (tmp_path / FILE_NAME).chmod(0o644)
    with pytest.raises(IssuerKeyUnreadable):
        make_issuer(URL, tmp_path)


def test_every_sentence_is_translated() -> None:
    assert [line for line in untranslated("mingjing") if line.startswith("mingjing.issuer.")] == []
