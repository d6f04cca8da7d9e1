"""Signing in at a provider that somebody else wrote, found through its discovery document."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread

from conftest import Databases
from mingjing_console.service import SERVICE
from mingjing_console.session import COOKIE
from mingjing_console.signing_in import SignIn
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate

CONSOLE = "http://127.0.0.1:8100"
PERSON = User(sub="p-7", claims={"name": "苏小暑"})


@pytest.fixture
async def host(databases: Databases, tmp_path: Path) -> AsyncIterator[Host]:
    make_key_file(tmp_path / "keys" / "sealing.key")
    url = databases.fresh()
    await migrate(SERVICE, url, say=lambda _: None)
    with run_server_in_thread(user_claims=[PERSON], require_client_registration=True, require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        async with httpx.AsyncClient(trust_env=False) as client:
            wanted = {"redirect_uris": [f"{CONSOLE}/sign-in/callback"]}
            registered = (await client.post(f"{issuer}/oauth2/clients", json=wanted)).json()
        settings = SERVICE.settings(
            postgres_url=url,
            issuer_url=issuer,
            console_url=CONSOLE,
            data_dir=tmp_path,
            sign_in_client_id=registered["client_id"],
            sign_in_client_secret=registered["client_secret"],
            sign_in_scopes="openid profile",
        )
        made = Host(SERVICE, settings, parts={"http"})
        async with made.running():
            yield made
    databases.drop(url)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider's own, of the library that it is made of
async def test_a_person_of_another_provider_signs_in_with_a_secret_in_the_header_and_is_renewed(host: Host) -> None:
    inside = httpx.ASGITransport(host.app(), client=("127.0.0.1", 1))
    async with (
        httpx.AsyncClient(transport=inside, base_url=CONSOLE) as browser,
        httpx.AsyncClient(trust_env=False) as outside,
    ):
        started = await browser.get("/sign-in/start")
        assert started.status_code == 303, started.text
        chosen = await outside.post(started.headers["location"], data={"sub": PERSON.sub})
        assert chosen.status_code == 302, chosen.text
        back = urlsplit(chosen.headers["location"])
        answer = await browser.get(f"{back.path}?{back.query}")
        assert answer.status_code == 200, answer.text
        store, provider = SignIn(host).store, SignIn(host).provider
        session = await store.find(browser.cookies[COOKIE])
        assert session is not None
        assert session.tokens.subject == PERSON.sub
        renewed = await provider.refresh(session.tokens)
        assert renewed.subject == PERSON.sub
        assert renewed.access != session.tokens.access
        assert "/oauth2/end_session?" in await provider.sign_out_address(session.tokens)
