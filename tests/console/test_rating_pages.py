"""Ratings: the institution reads and answers its own; what officials and the public see; on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from conftest import Databases
from console.browser import browser
from console.test_browser import free_port, served
from console.test_track_pages import FORM, SIZES, TEXT, WIDTH
from console.world import NOW, County2026, host_of
from mingjing_console import service as console
from mingjing_console.session import COOKIE
from mingjing_funds import service as funds
from mingjing_funds.codec import RATINGS
from mingjing_funds.domain.rating import Of, Rate
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keyfile import make_key_file

SHOTS = os.environ.get("MINGJING_SCREENSHOTS", "")
OWN, OTHER = UUID(int=1), UUID(int=9)
WORDS = "老师很好，<b>退费</b>慢"


@pytest.fixture(scope="module", name="rated")
async def make_rated(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[County2026]:
    """Console and funds alone; six families have rated one institution."""
    directory = tmp_path_factory.mktemp("rated")
    for name in ("sealing", "index"):
        make_key_file(directory / "keys" / f"{name}.key")
    async with AsyncExitStack() as stack:
        hosts = {
            service.name: await host_of(service, databases, directory, stack)
            for service in (funds.SERVICE, console.SERVICE)
        }
        mounts = {f"http://{name}": httpx.ASGITransport(host.app()) for name, host in hosts.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts, timeout=60))
        for host in hosts.values():
            await host.client.aclose()
            host.client = client
            await stack.enter_async_context(host.running())
        made = County2026(hosts, client)
        of = Of(
            institution_id=OWN, department="culture-tourism-sport", region="330106", category="art", term="2026-spring"
        )
        for n in range(6):
            command = Rate(of=of, institution_stars=5, lesson_stars=3, text=WORDS, editions_max=5, rated_at=NOW)
            envelope = Envelope(command_id=new_id(), actor="test")
            await hosts["funds"].log.handle(RATINGS, UUID(int=900 + n), command, envelope)
        await made.caught_up("funds")
        yield made


async def signed_in(county: County2026, role: str, organisation: str = "") -> dict[str, str]:
    held = await county.cookie(role, organisation=organisation)
    return {"Cookie": f"{COOKIE}={held[COOKIE]}"}


async def test_the_institution_answers_its_own_ratings_and_nobody_else_does(rated: County2026, tmp_path: Path) -> None:
    mine = await signed_in(rated, "institution", str(OWN))
    page = await rated.client.get("http://console/ratings", headers=mine)
    assert page.text.count("&lt;b&gt;退费") == 6
    assert page.text.count("/answer-rating") == 6
    act = f"http://console/acts/rating/{UUID(int=900)}/answer-rating"
    answered = await rated.client.post(act, headers=mine | FORM, content="text=" + "谢谢，已加快")
    assert answered.status_code == 303, answered.text
    await rated.caught_up("funds")
    assert "谢谢，已加快" in (await rated.client.get("http://console/ratings", headers=mine)).text
    other = await signed_in(rated, "institution", str(OTHER))
    assert "没有可显示的评价" in (await rated.client.get("http://console/ratings", headers=other)).text
    official = await signed_in(rated, "fund-regulator")
    read = await rated.client.get("http://console/ratings", headers=official)
    assert "谢谢，已加快" in read.text
    assert "/answer-rating" not in read.text
    refused = await rated.client.post(act, headers=official | FORM, content="text=x")
    assert refused.status_code == 403
    assert (await rated.client.get("http://console/ratings")).status_code == 303
    held = await rated.cookie("institution", organisation=str(OWN))
    async with browser(tmp_path / "profile") as seen, served(rated.hosts["console"].app(), free_port()) as url:
        for width, height in SIZES:
            await seen.open(f"{url}/ratings", width, height, held)
            assert "机构回复" in await seen.value(TEXT)
            assert await seen.value(WIDTH) <= width
            if SHOTS:
                await seen.screenshot(Path(SHOTS) / f"ratings-{width}.png")
        assert seen.complaints == []
