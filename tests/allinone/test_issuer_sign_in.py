"""Signing in at the development issuer as at a real provider: codes, refresh tokens, clients, rotating keys."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from starlette.testclient import TestClient
from typer.testing import CliRunner

from mingjing.cli.keys import NoIssuerKey, keys
from mingjing.issuer import PEOPLE, make_issuer
from mingjing.issuer.keyring import PUBLISHED_AFTER, Keyring, rotate
from mingjing.issuer.sign_ins import SIGN_IN_LIFE
from mingjing.issuer.tokens import TOKEN_SECONDS, TOKEN_SECONDS_MAX
from mingjing.keys import client_key_file
from mingjing_kernel.identity import PublishedKeys, TokenChecker
from mingjing_kernel.identity.client import Client, read_client_key
from mingjing_kernel.identity.credentials import ServiceCredentials
from mingjing_kernel.identity.keys import FRESH_SECONDS_MAX
from mingjing_kernel.identity.refusals import ClientKeyUnreadable, TokenKeyUnknown
from mingjing_kernel.settings import ServiceSettings

URL = "http://127.0.0.1:8109"
CONSOLE = "http://127.0.0.1:8100"
BACK = f"{CONSOLE}/sign-in/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "console",
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "state-1",
    "nonce": "nonce-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class World:
    """An issuer with a clock of its own, and its clients."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.at = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
        app = make_issuer(URL, directory, console=CONSOLE, now=self.now)
        self.client = TestClient(app, base_url=URL, client=("127.0.0.1", 50_000), follow_redirects=False)

    def now(self) -> datetime:
        return self.at

    def proof(self, client: str = "console", audience: str = f"{URL}/token") -> dict[str, str]:
        return dict(Client(client, key_file=client_key_file(self.directory, client)).proof(audience, self.now))

    def code(self, person: str = "auditor", **more: str) -> str:
        answer = self.client.post("/authorize", data={**ASKED, **more, "person": person})
        assert answer.status_code == 303, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def exchange(self, code: str, **more: str) -> Any:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return self.client.post("/token", data={**self.proof(), **fields, **more})

    def refresh(self, token: str) -> Any:
        fields = {"grant_type": "refresh_token", "refresh_token": token}
        return self.client.post("/token", data={**self.proof(), **fields})

    def signed_in(self) -> dict[str, Any]:
        answer = self.exchange(self.code())
        assert answer.status_code == 200, answer.text
        return answer.json()

    def checker(self) -> TokenChecker:
        async def fetch(url: str) -> bytes:
            return self.client.get(url).content

        return TokenChecker(
            issuer=URL, audience="mingjing", keys=PublishedKeys(URL, now=self.now, fetch=fetch), now=self.now
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _part(token: str, number: int) -> dict[str, Any]:
    part = token.split(".")[number]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def _claims(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    return _part(token, 1)


async def test_a_person_is_chosen_and_the_client_gets_tokens_that_a_service_believes(world: World) -> None:
    page = world.client.get("/authorize", params=ASKED)
    assert PEOPLE["auditor"].name in page.text
    assert "<script" not in page.text
    assert f"form-action 'self' {CONSOLE}" in page.headers["content-security-policy"]
    chosen = world.client.post("/authorize", data={**ASKED, "person": "auditor"})
    back = urlsplit(chosen.headers["location"])
    query = parse_qs(back.query)
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    assert (query["state"], query["iss"]) == (["state-1"], [URL])
    tokens = world.exchange(query["code"][0]).json()
    assert tokens["expires_in"] == TOKEN_SECONDS <= 900
    principal = await world.checker().principal(tokens["access_token"])
    identity = _claims(tokens["id_token"])
    assert (identity["aud"], identity["nonce"], identity["sub"]) == ("console", "nonce-1", principal.subject)
    assert principal.session.session_id == identity["sid"]
    assert principal.session.token_id
    assert principal.session.client == "console"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"state": ""}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_the_client_is_told_what_is_wrong_with_its_request(world: World, change: dict, error: str) -> None:
    for answer in (
        world.client.get("/authorize", params={**ASKED, **change}),
        world.client.post("/authorize", data={**ASKED, **change, "person": "auditor"}),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{BACK}?")
        assert f"error={error}" in answer.headers["location"]


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": "http://127.0.0.1:8100.attacker.example/sign-in/callback"},
        {"redirect_uri": "https://attacker.example"},
        {"redirect_uri": ""},
        {"client_id": "bank-system"},
        {"client_id": "nobody"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(world: World, change: dict) -> None:
    answer = world.client.get("/authorize", params={**ASKED, **change})
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_a_page_elsewhere_chooses_nobody(world: World) -> None:
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://x.example"}):
        answer = world.client.post("/authorize", data={**ASKED, "person": "auditor"}, headers=foreign)
        assert answer.status_code == 403


def test_a_service_is_not_chosen_as_a_person(world: World) -> None:
    answer = world.client.post("/authorize", data={**ASKED, "person": "service"})
    assert "error=access_denied" in answer.headers["location"]


def test_a_code_is_good_once_and_a_second_use_ends_what_came_of_it(world: World) -> None:
    code = world.code()
    tokens = world.exchange(code).json()
    again = world.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert world.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_code_is_good_for_a_minute(world: World) -> None:
    code = world.code()
    world.at += timedelta(seconds=60)
    assert world.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("wrong", [{"code_verifier": "w" * 64}, {"code_verifier": ""}, {"redirect_uri": CONSOLE}])
def test_a_code_without_its_verifier_or_address_is_worth_nothing(world: World, wrong: dict) -> None:
    code = world.code()
    assert world.exchange(code, **wrong).json()["error"] == "invalid_grant"
    assert world.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_needs_the_clients_own_key(world: World) -> None:
    fields = {"grant_type": "authorization_code", "code": world.code(), "redirect_uri": BACK, "code_verifier": VERIFIER}
    for proof in ({"client_id": "console"}, world.proof("bank-system") | {"client_id": "console"}):
        answer = world.client.post("/token", data={**proof, **fields})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_refresh_token_changes_each_time_and_an_old_one_ends_the_sign_in(world: World) -> None:
    first = world.signed_in()
    second = world.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert _claims(second["access_token"])["sid"] == _claims(first["access_token"])["sid"]
    assert world.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert world.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_sign_in_ends_by_itself_however_often_it_is_renewed(world: World) -> None:
    token = world.signed_in()["refresh_token"]
    end = world.at + SIGN_IN_LIFE
    while world.at + timedelta(hours=1) < end:
        world.at += timedelta(hours=1)
        token = world.refresh(token).json()["refresh_token"]
    world.at = end
    assert world.refresh(token).json()["error"] == "invalid_grant"


def test_a_refresh_token_is_revoked_and_signing_out_ends_the_sign_in(world: World) -> None:
    revoked, left = world.signed_in(), world.signed_in()
    proof = world.proof(audience=f"{URL}/revoke")
    assert world.client.post("/revoke", data={**proof, "token": revoked["refresh_token"]}).status_code == 200
    assert world.refresh(revoked["refresh_token"]).json()["error"] == "invalid_grant"
    hint = {"id_token_hint": left["id_token"], "post_logout_redirect_uri": f"{CONSOLE}/", "state": "bye"}
    answer = world.client.get("/end-session", params=hint)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CONSOLE}/?state=bye")
    assert world.refresh(left["refresh_token"]).json()["error"] == "invalid_grant"
    elsewhere = world.client.get("/end-session", params=hint | {"post_logout_redirect_uri": "https://x.example"})
    assert elsewhere.status_code == 200
    assert "location" not in elsewhere.headers


def test_userinfo_says_who_it_is(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.signed_in()['access_token']}"}
    assert world.client.get("/userinfo", headers=headers).json()["sub"] == PEOPLE["auditor"].subject
    assert world.client.get("/userinfo").status_code == 401
    assert world.client.get("/userinfo", headers={"Authorization": "Bearer x"}).status_code == 401


def test_what_discovery_promises_is_there(world: World) -> None:
    document = world.client.get("/.well-known/openid-configuration").json()
    for name, address in document.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            path = urlsplit(address).path
            assert "POST" in world.client.delete(path).headers["allow"] or world.client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("client", "person"),
    [("bank-system", "bank"), ("institution-system", "institution"), ("hotline-system", "hotline-operator"),
     ("service-funds", "service")],
)  # fmt: skip
async def test_a_machine_proves_itself_with_its_own_key(world: World, client: str, person: str) -> None:
    asked = {"grant_type": "client_credentials", **world.proof(client)}
    token = world.client.post("/token", data=asked).json()["access_token"]
    principal = await world.checker().principal(token)
    assert (principal.subject, principal.session.client) == (PEOPLE[person].subject, client)
    unproven = world.client.post("/token", data={"grant_type": "client_credentials", "client_id": client})
    assert (unproven.status_code, unproven.json()["error"]) == (401, "invalid_client")


def test_nobody_is_a_service_without_a_key(world: World) -> None:
    assert world.client.post("/token", data={"client_id": "service"}).status_code == 401


def test_an_assertion_is_good_once(world: World) -> None:
    asked = {"grant_type": "client_credentials", **world.proof("bank-system")}
    assert world.client.post("/token", data=asked).status_code == 200
    again = world.client.post("/token", data=asked)
    assert again.status_code == 401
    assert "used before" in again.json()["error_description"]


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "https://other.example"},
        {"aud": [f"{URL}/token", "https://other.example"]},
        {"aud": 7},
        {"iss": "console"},
        {"sub": "console"},
        {"exp": 301},
        {"exp": -61},
        {"exp": "soon"},
        {"exp": True},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 201},
    ],
)
def test_an_assertion_that_is_not_for_this_request_is_refused(world: World, change: dict) -> None:
    key = read_client_key(client_key_file(world.directory, "bank-system"))
    seconds = int(world.at.timestamp())
    claims = {"iss": "bank-system", "sub": "bank-system", "aud": f"{URL}/token", "exp": 60, "jti": "j", **change}
    if isinstance(claims["exp"], int) and not isinstance(claims["exp"], bool):
        claims["exp"] += seconds
    assertion = jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])
    asked = {**world.proof("bank-system"), "client_assertion": assertion, "grant_type": "client_credentials"}
    answer = world.client.post("/token", data=asked)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_client_that_fails_again_and_again_waits_and_the_others_go_on(world: World) -> None:
    wrong = {"grant_type": "client_credentials", "client_id": "bank-system", "client_assertion": "x"}
    codes = [world.client.post("/token", data=wrong).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    right = {"grant_type": "client_credentials", **world.proof("bank-system")}
    locked = world.client.post("/token", data=right)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    assert world.client.post("/token", data={"client_id": "auditor"}).status_code == 200
    assert world.exchange(world.code()).status_code == 200
    world.at += timedelta(seconds=30)
    right = {"grant_type": "client_credentials", **world.proof("bank-system")}
    assert world.client.post("/token", data=right).status_code == 200


async def test_keys_rotate_without_a_gap(world: World) -> None:
    """Services keep the key set for up to an hour; nobody's token is refused before, while or after keys change."""
    checker, tokens = world.checker(), []
    for _ in range(4):
        tokens.append(world.client.post("/token", data={"client_id": "auditor", "seconds": "43200"}).json())
        for one in tokens:
            assert await checker.principal(one["access_token"])
        rotate(world.directory, world.at)
        tokens.append(world.client.post("/token", data={"client_id": "auditor", "seconds": "43200"}).json())
        for one in tokens:
            assert await checker.principal(one["access_token"])
        world.at += timedelta(seconds=FRESH_SECONDS_MAX + 1)
    kids = {_part(one["access_token"], 0)["kid"] for one in tokens}
    assert len(kids) == 5


async def test_a_retired_key_is_published_until_its_last_token_has_ended_and_then_goes(world: World) -> None:
    asked = {"client_id": "auditor", "seconds": str(TOKEN_SECONDS_MAX)}
    old = world.client.post("/token", data=asked).json()["access_token"]
    rotate(world.directory, world.at)
    world.at += timedelta(seconds=TOKEN_SECONDS_MAX - 1)
    assert await world.checker().principal(old)
    world.at += PUBLISHED_AFTER
    assert len(world.client.get("/jwks").json()["keys"]) == 2
    with pytest.raises(TokenKeyUnknown):
        await world.checker().principal(old)


def test_a_token_is_bound_to_the_certificate_that_a_proxy_on_this_machine_saw(world: World) -> None:
    der = b"certificate"
    shown = {"Client-Cert": f":{base64.b64encode(der).decode()}:"}
    asked = {"grant_type": "client_credentials", **world.proof("bank-system")}
    token = world.client.post("/token", data=asked, headers=shown).json()["access_token"]
    wanted = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    assert _claims(token)["cnf"] == {"x5t#S256": wanted}


@pytest.mark.parametrize("body", [b"a=1&a=2", b"&".join(b"a%d=1" % n for n in range(50)), b"[]", b"{", b"\xff" * 100])
def test_a_form_that_cannot_be_read_is_a_refusal(world: World, body: bytes) -> None:
    for media in ("application/json", "application/x-www-form-urlencoded"):
        assert 400 <= world.client.post("/token", content=body, headers={"Content-Type": media}).status_code < 500


async def test_a_service_fetches_its_own_tokens_with_its_own_key_and_renews_them_in_time(world: World) -> None:
    settings = ServiceSettings(
        issuer_url=URL, client_id="service-funds", client_jwk_file=client_key_file(world.directory, "service-funds")
    )
    transport = httpx.ASGITransport(make_issuer(URL, world.directory, now=world.now), client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport) as client:
        credentials = ServiceCredentials(client, settings, world.now)
        first = await credentials.headers()
        assert await credentials.headers() == first
        world.at += timedelta(seconds=TOKEN_SECONDS - 61)
        assert await credentials.headers() == first
        world.at += timedelta(seconds=1)
        second = await credentials.headers()
    assert second != first
    principal = await world.checker().principal(second["Authorization"].removeprefix("Bearer "))
    assert (principal.kind, principal.session.client) == ("service", "service-funds")


def test_a_client_key_that_others_may_read_is_not_used(world: World) -> None:
    path = client_key_file(world.directory, "bank-system")
    path.chmod(0o640)
    with pytest.raises(ClientKeyUnreadable):
        world.proof("bank-system")
    path.unlink()
    with pytest.raises(ClientKeyUnreadable):
        world.proof("bank-system")


def test_the_command_rotates_the_keys_of_an_installation_and_of_nothing_else(tmp_path: Path) -> None:
    nothing = CliRunner().invoke(keys, ["rotate", "--data", str(tmp_path)])
    assert isinstance(nothing.exception, NoIssuerKey)
    before = Keyring(tmp_path / "keys").sheet
    done = CliRunner().invoke(keys, ["rotate", "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    after = Keyring(tmp_path / "keys").sheet
    assert (after.current.kid, after.retired[0][0].kid) == (before.next.kid, before.current.kid)
