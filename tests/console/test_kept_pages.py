"""Public pages that were made before: shown again as long as nothing changed, to nobody who has signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from console.world import County2026
from mingjing_console.kept_pages import RUSH, RUSH_SECONDS, Rush
from mingjing_console.session import COOKIE
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import ActivateCustody

NAME = "击壤屿"
ASKED = f"/?q={quote(NAME)}"


@contextmanager
def questions(county: County2026) -> Iterator[list[str]]:
    """What the registry is asked meanwhile."""
    asked: list[str] = []

    async def note(request: httpx.Request) -> None:
        if request.url.host == "registry":
            asked.append(request.url.path.removeprefix("/registry/v1"))

    county.client.event_hooks["request"].append(note)
    try:
        yield asked
    finally:
        county.client.event_hooks["request"].remove(note)


async def look(county: County2026, path: str, address: str, **headers: str) -> httpx.Response:
    return await county.client.get(f"http://console{path}", headers={"X-Forwarded-For": address, **headers})


async def test_what_was_made_before_is_shown_again_until_something_changes(county: County2026) -> None:
    first = await look(county, ASKED, "10.1.0.1")
    assert NAME in first.text
    with questions(county) as asked:
        again = await look(county, ASKED, "10.1.0.2")
    assert asked == ["/public/edition"]
    assert (again.text, dict(again.headers)) == (first.text, dict(first.headers))
    for path in (f"/institutions/{_one_of(county)}", "/whitelist", f"/s/{new_id()}"):
        shown = await look(county, path, "10.1.0.1")
        with questions(county) as asked:
            assert (await look(county, path, "10.1.0.2")).text == shown.text
        assert asked == ["/public/edition"], path
    await _open_account(county, "岭下村镇银行")
    with questions(county) as asked:
        changed = await look(county, ASKED, "10.1.0.3")
    assert asked == ["/public/edition", "/public/institutions"]
    assert "岭下村镇银行" in changed.text
    assert "岭下村镇银行" not in first.text


async def test_who_has_signed_in_is_shown_no_kept_page_and_leaves_none(county: County2026) -> None:
    held = await county.cookie("auditor")
    cookie = {"Cookie": f"{COOKIE}={held[COOKIE]}"}
    path = "/?q=" + quote("培训学校")
    official = await look(county, path, "10.1.1.1", **cookie)
    assert "苏小暑" in official.text
    assert official.headers["cache-control"] == "no-store"
    assert "苏小暑" not in (await look(county, path, "10.1.1.2")).text
    assert "苏小暑" in (await look(county, path, "10.1.1.1", **cookie)).text


async def test_a_kept_page_is_no_way_around_the_limit(county: County2026) -> None:
    answers = [await look(county, ASKED, "10.1.2.1")]
    while answers[-1].status_code == 200 and len(answers) < 600:  # meanwhile one more may pass each second
        answers.append(await look(county, ASKED, "10.1.2.1"))
    codes = [answer.status_code for answer in answers]
    assert set(codes[:60]) == {200}
    assert codes[-1] == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "查询太频繁" in answers[-1].text
    assert answers[-1].headers["content-security-policy"] == answers[0].headers["content-security-policy"]
    assert (await look(county, "/", "10.1.2.1")).status_code == 200
    assert (await look(county, ASKED, "10.1.2.2")).status_code == 200


async def test_one_question_is_asked_for_all_who_wait(county: County2026) -> None:
    await look(county, ASKED, "10.1.3.1")
    with questions(county) as asked:
        answers = await asyncio.gather(*(look(county, ASKED, f"10.1.4.{n}") for n in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert set(asked) == {"/public/edition"}
    assert len(asked) <= 3


def test_a_rush_is_many_within_a_moment_and_ends_with_it() -> None:
    rush = Rush()
    assert not any(rush.comes(at / 10) for at in range(2_000)), "ten a second are no rush"
    assert [rush.comes(1_000.0) for _ in range(RUSH + 1)] == [False] * RUSH + [True]
    assert rush.comes(1_000.0 + RUSH_SECONDS), "the moment after, it goes on"
    assert not rush.comes(1_000.0 + 2 * RUSH_SECONDS)


async def test_what_the_registry_does_not_say_is_not_kept(county: County2026) -> None:
    path, host = "/?q=" + quote("鼓瑟"), county.hosts["console"]
    settings, host.settings = host.settings, host.settings.model_copy(update={"registry_url": "http://nowhere.invalid"})
    try:
        assert "暂时查不到" in (await look(county, path, "10.1.5.1")).text
    finally:
        host.settings = settings
    assert "鼓瑟" in (await look(county, path, "10.1.5.1")).text
    malformed = await look(county, "/?q=" + "x" * 101, "10.1.5.1")
    assert malformed.status_code == 422


def _one_of(county: County2026) -> Any:
    return next(id for name, id in county.ids.items() if NAME in name)


async def _open_account(county: County2026, bank: str) -> None:
    day = date(2026, 6, 30)
    command = ActivateCustody(account_id="330", bank=bank, account_name="专户", opened_on=day, on=day)
    envelope = Envelope(command_id=new_id(), actor="system:funds")
    outcome = await county.hosts["registry"].log.handle(INSTITUTIONS, _one_of(county), command, envelope)
    assert isinstance(outcome, Outcome)
    await county.caught_up("registry")
