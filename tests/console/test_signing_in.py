"""Signing in at a provider, staying signed in, and leaving: the console over the development issuer, no browser."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt

from conftest import Databases
from console.sign_in_world import AUDITOR, CONSOLE, ISSUER, World, made
from mingjing.issuer import PEOPLE
from mingjing.issuer.keyring import Keyring
from mingjing_console.codec import PEOPLE as PERSONS
from mingjing_console.domain.person_commands import RevokeAccess
from mingjing_console.ending import SIGNED_OUT
from mingjing_console.service import SERVICE
from mingjing_console.session import COOKIE, ENTRY_COOKIE, ENTRY_SECONDS
from mingjing_console.signing_in import HOME, SignIn, own_path
from mingjing_kernel.access.noted import person_id
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity.scope import Session as SignedIn
from mingjing_kernel.log import Envelope
from mingjing_kernel.service.migrating import migrate


@pytest.fixture(scope="module")
async def database(databases: Databases) -> AsyncIterator[str]:
    """The console's own, empty; each test begins without sessions."""
    url = databases.fresh()
    await migrate(SERVICE, url, say=lambda _: None)
    yield url
    databases.drop(url)


@pytest.fixture
async def world(database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with made(database, tmp_path) as world:
        yield world


async def test_a_person_signs_in_at_the_provider_and_the_browser_gets_a_random_id_only(world: World) -> None:
    browser = world.browser()
    started = await browser.get("/sign-in/start?then=/sessions")
    assert started.status_code == 303
    assert started.headers["location"].startswith(f"{ISSUER}/authorize?")
    back = await browser.get(await world.choose(started))
    assert 'content="0;url=/sessions"' in back.text
    assert "code=" not in back.text
    cookie = next(value for value in back.headers.get_list("set-cookie") if value.startswith(f"{COOKIE}="))
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute in cookie
    assert len(browser.cookies[COOKIE]) == 43
    assert ENTRY_COOKIE not in browser.cookies
    page = await browser.get("/sessions")
    for shown in (AUDITOR.name, "Chrome · Windows", "本次登录", "127.0.0.1"):
        assert shown in page.text


async def test_what_lies_in_the_database_lets_nobody_act(world: World) -> None:
    browser = await world.signed_in()
    (row,) = await world.rows()
    stored = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
    for secret in (browser.cookies[COOKIE], AUDITOR.name, "eyJ", "Windows", "127.0.0.1"):
        assert secret.encode() not in stored
    assert row["subject"] == AUDITOR.subject


async def test_behind_tls_cookies_are_bound_to_this_host(database: str, tmp_path: Path) -> None:
    async with made(database, tmp_path, public_url="https://mingjing.example") as world:
        browser = world.browser()
        elsewhere = await browser.get("/sign-in/start")
        assert elsewhere.headers["location"] == "https://mingjing.example/sign-in/start?then=/overview"
        started = await browser.get("/sign-in/start", headers={"Host": "mingjing.example"})
        cookie = started.headers["set-cookie"]
        assert cookie.startswith(f"__Host-{ENTRY_COOKIE}=")
        assert "Secure" in cookie
        assert "redirect_uri=https%3A%2F%2Fmingjing.example%2Fsign-in%2Fcallback" in started.headers["location"]


async def test_an_id_that_somebody_planted_is_not_the_id_of_who_signs_in(world: World) -> None:
    browser = world.browser()
    browser.cookies.set(COOKIE, "planted", domain="127.0.0.1")
    await browser.get(await world.choose(await browser.get("/sign-in/start")))
    planted = await world.browser().get("/sessions", headers={"Cookie": f"{COOKIE}=planted"})
    assert planted.status_code == 303


async def test_signing_in_again_ends_the_session_that_the_browser_had(world: World) -> None:
    browser = await world.signed_in()
    first = browser.cookies[COOKIE]
    await browser.get(await world.choose(await browser.get("/sign-in/start"), "inspector"))
    assert len(await world.rows()) == 1
    assert (await world.browser().get("/sessions", headers={"Cookie": f"{COOKIE}={first}"})).status_code == 303


@pytest.mark.parametrize("change", [{"state": "x"}, {"iss": "https://other.example"}, {"code": "x"}, {"code": None}])
async def test_an_answer_that_does_not_belong_to_the_question_signs_nobody_in(world: World, change: dict) -> None:
    browser = world.browser()
    back = urlsplit(await world.choose(await browser.get("/sign-in/start")))
    query = {name: values[0] for name, values in parse_qs(back.query).items()} | change
    answer = await browser.get(back.path, params={name: value for name, value in query.items() if value is not None})
    assert answer.status_code == 403
    assert "重新登录" in answer.text
    assert COOKIE not in browser.cookies
    assert await world.rows() == []


async def test_an_answer_in_another_browser_or_too_late_signs_nobody_in(world: World) -> None:
    browser = world.browser()
    back = await world.choose(await browser.get("/sign-in/start"))
    assert (await world.browser().get(back)).status_code == 403
    world.later(seconds=ENTRY_SECONDS)
    assert (await browser.get(back)).status_code == 403
    assert await world.rows() == []


async def test_a_refusal_of_the_provider_is_told_and_is_text(world: World) -> None:
    browser = world.browser()
    started = await browser.get("/sign-in/start")
    state = parse_qs(urlsplit(started.headers["location"]).query)["state"][0]
    told = {"state": state, "error": "access_denied", "error_description": "<script>alert(1)</script>"}
    answer = await browser.get("/sign-in/callback", params=told)
    assert answer.status_code == 403
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "other"},
        {"nonce": None},
        {"aud": "other"},
        {"aud": ["console", "other"], "azp": "other"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"exp": True},
        {"sub": ""},
        {"sub": 7},
    ],
)
async def test_an_id_token_that_is_not_for_this_attempt_signs_nobody_in(world: World, claims: dict) -> None:
    key = Keyring(world.directory / "keys").sheet.current

    def forged(document: dict[str, Any]) -> dict[str, Any]:
        part = document["id_token"].split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) | claims
        return document | {"id_token": jwt.encode({"alg": "ES256", "kid": key.kid}, said, key, algorithms=["ES256"])}

    browser = world.browser()
    back = await world.choose(await browser.get("/sign-in/start"))
    world.change["by"] = forged
    assert (await browser.get(back)).status_code == 403
    assert await world.rows() == []


async def test_an_id_token_of_another_key_signs_nobody_in(world: World) -> None:
    def unsigned(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"id_token": document["id_token"][:-8] + "AAAAAAAA"}

    browser = world.browser()
    back = await world.choose(await browser.get("/sign-in/start"))
    world.change["by"] = unsigned
    assert (await browser.get(back)).status_code == 403


async def test_the_token_is_renewed_before_it_ends_and_a_hundred_at_once_renew_it_once(world: World) -> None:
    await world.signed_in()
    browser = await world.signed_in("inspector")
    (_, before) = sorted(await world.rows(), key=lambda row: row["subject"] == PEOPLE["inspector"].subject)
    world.later(minutes=14, seconds=30)
    found = await asyncio.gather(*(world.store.find(browser.cookies[COOKIE]) for _ in range(100)))
    assert len({one.tokens.access for one in found}) == 1
    assert found[0].tokens.until > before["token_until"]
    for _ in range(5):
        world.later(minutes=14, seconds=30)
        assert (await browser.get("/sessions")).status_code == 200


async def test_nobody_looking_for_half_an_hour_ends_a_session(world: World) -> None:
    browser = await world.signed_in()
    world.later(minutes=29)
    assert (await browser.get("/sessions")).status_code == 200
    world.later(minutes=30)
    assert (await browser.get("/sessions")).status_code == 303
    assert await world.rows() == []


async def test_after_twelve_hours_a_session_ends_however_busy_it_was(world: World) -> None:
    browser = await world.signed_in()
    for _ in range(47):
        world.later(minutes=15)
        assert (await browser.get("/sessions")).status_code == 200
    world.later(minutes=15)
    assert (await browser.get("/sessions")).status_code == 303


async def test_a_provider_that_is_away_throws_nobody_out_while_the_token_lasts(world: World) -> None:
    browser = await world.signed_in()
    world.is_away["issuer"] = True
    world.later(minutes=14, seconds=30)
    assert (await browser.get("/sessions")).status_code == 200
    started = await world.browser().get("/sign-in/start")
    assert started.status_code in (303, 503)
    world.is_away["issuer"] = False
    world.later(minutes=5)
    assert (await browser.get("/sessions")).status_code == 200


async def test_a_sign_in_that_ended_at_the_provider_ends_here(world: World) -> None:
    browser = await world.signed_in()
    session = await world.store.find(browser.cookies[COOKIE])
    await world.host.client.get(f"{ISSUER}/end-session", params={"id_token_hint": session.tokens.identity})
    world.later(minutes=16)
    assert (await browser.get("/sessions")).status_code == 303


async def test_signing_out_ends_it_here_and_at_the_provider(world: World) -> None:
    browser = await world.signed_in()
    session = await world.store.find(browser.cookies[COOKIE])
    left = await browser.post("/sign-out")
    assert COOKIE not in browser.cookies
    assert await world.rows() == []
    onward = re.search(r'content="0;url=([^"]*)"', left.text)
    assert onward is not None
    address = unescape(onward[1])
    assert address.startswith(f"{ISSUER}/end-session?")
    assert (await world.host.client.get(address)).headers["location"] == f"{CONSOLE}/"
    proof = SignIn(world.host).provider
    with pytest.raises(Exception, match="could not be signed in"):
        await proof.refresh(session.tokens)


async def test_a_person_ends_one_of_her_sessions_or_all_others_and_nobody_elses(world: World) -> None:
    here, there, third = await world.signed_in(), await world.signed_in(), await world.signed_in()
    other = await world.signed_in("inspector")
    mine = await world.store.of(AUDITOR.subject)
    assert len(mine) == 3
    foreign = (await world.store.find(other.cookies[COOKIE])).session_id
    await here.post(f"/sessions/{foreign}/end")
    assert (await other.get("/sessions")).status_code == 200
    gone = (await world.store.find(there.cookies[COOKIE])).session_id
    assert (await here.post(f"/sessions/{gone}/end")).headers["location"] == "/sessions"
    assert (await there.get("/sessions")).status_code == 303
    assert (await third.get("/sessions")).status_code == 200
    await here.post("/sessions/others/end")
    assert (await third.get("/sessions")).status_code == 303
    assert (await here.get("/sessions")).status_code == 200
    assert (await other.get("/sessions")).status_code == 200


async def test_a_session_is_ended_by_whoever_has_to_for_one_person_or_one_sign_in(world: World) -> None:
    await world.signed_in()
    await world.signed_in()
    (session, _) = await world.store.of(AUDITOR.subject)
    assert await world.store.end_of_provider(session.tokens.provider_session) == 1
    assert await world.store.end_of_provider("") == 0
    assert await world.store.end_all(AUDITOR.subject) == 1
    assert await world.rows() == []


async def test_of_too_many_sessions_the_longest_idle_one_ends(database: str, tmp_path: Path) -> None:
    async with made(database, tmp_path, sessions_max=2) as world:
        browsers = []
        for _ in range(3):
            browsers.append(await world.signed_in())
            world.later(minutes=2)
        codes = [(await browser.get("/sessions")).status_code for browser in browsers]
        assert codes == [303, 200, 200]


async def test_what_ended_by_itself_is_swept_when_the_next_one_begins(world: World) -> None:
    for _ in range(3):
        await world.signed_in("inspector")
    world.later(hours=13)
    await world.signed_in()
    assert [row["subject"] for row in await world.rows()] == [AUDITOR.subject]


async def test_bad_answers_again_and_again_lock_signing_in_at_that_address(world: World) -> None:
    browser = world.browser()
    for _ in range(10):
        await browser.get("/sign-in/start")
        assert (await browser.get("/sign-in/callback?state=x")).status_code == 403
    back = await world.choose(await browser.get("/sign-in/start"))
    locked = await browser.get(back)
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "30")
    assert "锁定至" in locked.text


async def test_without_a_client_the_page_says_what_is_missing(database: str, tmp_path: Path) -> None:
    async with made(database, tmp_path) as world:
        settings = world.host.settings.model_copy(update={"sign_in_client_id": ""})
        world.host.settings = settings
        answer = await world.browser().get("/sign-in/start")
        assert answer.status_code == 503
        assert "MINGJING_SIGN_IN_CLIENT_ID" in answer.text


@pytest.mark.parametrize("path", ["", "x", "//x.example", "/\\x.example", "https://x.example", "/a\nb", "/a\\b", "\t/"])
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert own_path(path) == HOME


async def test_a_sign_in_that_ends_here_is_refused_by_every_service_that_hears_of_it(world: World) -> None:
    browser = await world.signed_in()
    (row,) = await world.rows()
    await browser.post("/sign-out")
    standing = await world.host.directory.current()
    ended = standing.revocation(AUDITOR.subject, SignedIn(session_id=row["provider_session"]))
    assert ended is not None
    assert ended.reason == SIGNED_OUT


async def test_what_an_administrator_ends_ends_here_too(world: World) -> None:
    browser = await world.signed_in()
    assert (await browser.get("/sessions")).status_code == 200
    at = world.time["now"] + timedelta(minutes=1)
    command = RevokeAccess(
        person=AUDITOR.subject,
        revocation_id=new_id(),
        what="person",
        value=AUDITOR.subject,
        revoked_by="somebody else",
        reason="a lost phone",
        at=at,
    )
    envelope = Envelope(command_id=new_id(), actor="somebody else")
    await world.host.log.handle(PERSONS, person_id(AUDITOR.subject), command, envelope)
    world.later(minutes=1)
    assert (await browser.get("/sessions")).status_code == 303
    assert await world.rows() == []
