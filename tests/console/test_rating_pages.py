"""Ratings: the institution reads and answers its own; what officials and the public see; on a phone and on a desk."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
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
PHONE = "19900000686"
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


async def paid_contract(county: County2026) -> UUID:
    """A contract under which fees were paid into custody."""
    account, contract = UUID(int=701), UUID(int=702)
    opened = {
        "account_id": str(account), "institution_id": str(OWN), "institution_name": "湖畔舞社", "bank": "湖畔商业银行",
        "account_name": "湖畔舞社", "department": "culture-tourism-sport", "region": "330106",
    }  # fmt: skip
    active = {
        "number": "6299000000009999998", "opened_on": "2026-06-02", "opening_fen": 800_000, "opening_on": "2026-06-02",
    }  # fmt: skip
    terms = {
        "contract_id": str(contract), "contract_no": "HT-701", "account_id": str(account), "pupil": {"name": "武玲帆"},
        "guardian": {"name": "段宇", "phone": PHONE}, "course": "书法", "is_subject": False, "lessons": 24,
        "price_fen": 299_900, "starts_on": "2026-07-10", "ends_on": "2026-10-09",
    }  # fmt: skip
    steps: list[tuple[str, dict[str, Any]]] = [
        ("/accounts", opened),
        (f"/accounts/{account}/agreement", {"agreement_no": "A1", "minimum_fen": 1, "signed_on": "2026-06-01"}),
        (f"/accounts/{account}/activation", active),
        ("/contracts", terms),
        (f"/contracts/{contract}/payment", {
            "payment_no": "JF7", "amount_fen": 299_900, "paid_at": "2026-07-01T09:00:00+08:00", "method": "微信",
        }),
    ]  # fmt: skip
    for path, body in steps:
        await county.send("fund-regulator", "POST", f"http://funds/funds/v1{path}", json=body)
        await county.caught_up("funds")
    return contract


async def test_a_family_without_lessons_to_confirm_is_told_a_code_and_rates_by_it(rated: County2026) -> None:
    contract = await paid_contract(rated)
    official = await signed_in(rated, "fund-regulator")
    page = await rated.client.get(f"http://console/contracts/{contract}", headers=official)
    assert f'action="/contracts/{contract}/rating-code"' in page.text
    assert PHONE not in page.text
    path = f"http://console/contracts/{contract}/rating-code"
    form = urlencode({"_key": str(new_id()), "explanation": "家长来电要求评价"})
    foreign = await rated.client.post(path, headers=official | FORM | {"Sec-Fetch-Site": "cross-site"}, content=form)
    assert foreign.status_code == 403
    told = await rated.client.post(path, headers=official | FORM, content=form)
    assert told.status_code == 200, told.text
    assert f"tel:{PHONE}" in told.text
    assert told.headers["cache-control"] == "no-store"
    code = re.search(r"<b>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</b>", told.text)
    assert code, told.text
    again = await rated.client.post(path, headers=official | FORM, content=form)
    assert code[1] in again.text, "a second click tells the same"
    await rated.caught_up("funds")
    looked = await rated.client.post("http://console/confirm", headers=FORM, content=urlencode({"code": code[1]}))
    assert "没有待您答复的课时" in looked.text
    assert "<details open" in looked.text
    stars = urlencode({"code": code[1], "institution_stars": "4", "lesson_stars": "5", "text": "好"})
    done = await rated.client.post("http://console/confirm/rating", headers=FORM, content=stars)
    assert "已评价" in done.text, done.text
    for role, organisation in (("institution", str(OWN)), ("grid-officer", "")):
        other = await signed_in(rated, role, organisation)
        refused = await rated.client.post(path, headers=other | FORM, content=form)
        assert refused.status_code in (403, 404), role
        assert PHONE not in refused.text
    assert (await rated.client.post(path, headers=FORM, content=form)).status_code == 303
