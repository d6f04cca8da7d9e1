"""Tasks on pages: planned for a site that a search found, cancelled, found in the list by the institution's name."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode, urlparse

import htpy
import httpx
import pytest

from console.test_office import opened
from console.test_round_page import outpost  # noqa: F401 - the fixture
from console.world import CLOSED, NOW, County2026, token
from inspection.samples import MUDUO, SITE
from inspection.test_plans import granted
from mingjing_console.called import all_called, called, meant
from mingjing_console.gateway import Answer
from mingjing_console.pages import tasks
from mingjing_inspection import service as inspection
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import new_id

KEY = re.compile(r'name="_key" value="([0-9a-f-]{36})"')


@pytest.fixture
async def planner(outpost: County2026) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811 - the fixture
    app = httpx.ASGITransport(outpost.hosts["console"].app())
    async with httpx.AsyncClient(transport=app, base_url="http://console") as seen:
        seen.cookies.update(await outpost.cookie("inspector"))
        yield seen


async def test_a_task_is_planned_on_a_page_and_goes_from_hand_to_hand(
    outpost: County2026,  # noqa: F811 - the fixture
    planner: httpx.AsyncClient,
) -> None:
    form = {
        "_key": "00000000-0000-4000-8000-00000000abcd", "target": f"{MUDUO}|{SITE}", "kind": "UNANNOUNCED",
        "due_on": "2026-07-10", "reason": "群众反映晚间上课",
    }  # fmt: skip
    broken = await planner.post("/tasks/new", data=form | {"due_on": "soon"})
    assert broken.status_code == 422
    foreign = await planner.post("/tasks/new", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    planned = await planner.post("/tasks/new", data=form)
    assert planned.status_code == 303, planned.text[:2_000]
    path = urlparse(planned.headers["location"]).path
    assert path == f"/tasks/{form['_key']}"
    again = await planner.post("/tasks/new", data=form)
    assert urlparse(again.headers["location"]).path == path, "sent twice it is one"
    page = (await planner.get(planned.headers["location"])).text
    assert "四不两直" in page
    assert "2026-07-10 23:59" in page
    assert "分派任务" in page
    key = KEY.findall(page)[0]
    gone = await planner.post(f"/acts/task/{form['_key']}/cancel-task", data={"_key": key, "reason": "重复安排"})
    assert gone.status_code == 303, gone.text[:2_000]
    assert "已取消" in (await planner.get(gone.headers["location"])).text
    await outpost.caught_up("inspection")
    listed = (await planner.get("/tasks?state=CANCELLED")).text
    assert path in listed
    assert (await planner.get("/tasks?format=xlsx")).headers["content-type"].startswith("application/vnd")


async def test_sites_are_offered_by_the_name_of_the_institution_and_only_to_whoever_signed_in(
    county: County2026,
) -> None:
    offered = await opened(county, "/tasks/new?" + urlencode({"q": CLOSED[:8]}), "inspector")
    assert re.search(rf'<option value="{county.ids[CLOSED]}\|[0-9a-f-]{{36}}">{CLOSED}', offered.text), offered.text
    none = await opened(county, "/tasks/new?" + urlencode({"q": "查无此名"}), "inspector")
    assert "没有找到" in none.text
    for path in ("/tasks", "/tasks/new", f"/tasks/{SITE}"):
        assert (await opened(county, path)).headers["location"] == "/sign-in"
    assert (await opened(county, "/tasks/new", form={})).headers["location"] == "/sign-in"
    head = {"Authorization": f"Bearer {token('licensing-officer')}"}
    of = "http://registry/registry/v1/institutions?ids="
    named = await county.client.get(f"{of}{county.ids[CLOSED]}", headers=head)
    assert [one["name"] for one in named.json()["items"]] == [CLOSED], named.text
    assert (await county.client.get(f"{of}x", headers=head)).status_code == 422


def test_the_link_of_a_task_has_words_where_the_registry_does_not_name_its_institution() -> None:
    row = {
        "task_id": str(SITE), "kind": "ROUTINE", "state": "PLANNED", "institution_id": str(SITE), "why_no_site": "",
        "due_at": "2026-07-16T00:00:00Z", "officer": "", "reason": "例行", "rule": "", "escalation": "",
    }  # fmt: skip
    asked = {"state": "", "is_overdue": "", "officer": "", "institution_id": ""}
    page = str(htpy.div[tasks.listed(asked, Answer(200, {"items": [row], "next": None}), {})])
    assert re.search(rf'<a href="/tasks/{SITE}">.*?检查任务', page), page


class Counting:
    """The console, with how often its database was asked for a connection."""

    def __init__(self, host: Any) -> None:
        self._host = host
        self.connections = 0

    def connection(self) -> Any:
        self.connections += 1
        return self._host.connection()


async def test_who_stands_in_several_answers_of_a_page_is_asked_once(outpost: County2026) -> None:  # noqa: F811
    await named(outpost, "p-once", "田芒种")
    kit = Counting(outpost.hosts["console"])
    said = [Answer(200, {"by": "p-once"}), Answer(404, {"by": "p-once"}), Answer(200, [{"by": "p-once"}])]
    shown = await all_called(kit, said, "by", with_account=True)  # type: ignore[arg-type]
    assert [one.body for one in shown] == [{"by": "田芒种（p-once）"}, {"by": "p-once"}, [{"by": "田芒种（p-once）"}]]
    assert kit.connections == 1


async def named(county: County2026, person: str, name: str) -> None:
    """Somebody who goes out, known by name."""
    grant = {
        "grant_id": str(new_id()), "person": person, "name": name, "home_department": "political-legal",
        "home_region": "330106", "role": "grid-officer", "department": "*", "region": "330106", "category": "*",
        "organisation": "", "reason": "副网格员", "legal_basis": "国办发〔2018〕80号",
    }  # fmt: skip
    head = {"Authorization": f"Bearer {token('administrator')}", "Idempotency-Key": str(new_id())}
    given = await county.client.post("http://console/console/v1/grants", headers=head, json={"grants": [grant]})
    assert given.status_code == 201, given.text
    await county.caught_up("console")


async def going(county: County2026, person: str, number: int) -> str:
    """The page of a task that she was given."""
    host, path = county.hosts["inspection"], f"/tasks/{new_id()}"
    contract = granted(person, "grid-officer")
    message = Message(contract, contract.service(), number, contract.subject, NOW)
    await host.log.handle_many(inspection.SERVICE.inbound[type(contract)](message, host))
    await county.caught_up("inspection")
    body = {
        "institution_id": str(MUDUO), "site_id": str(SITE), "kind": "SPECIAL", "due_at": "2026-07-05T10:00:00+00:00",
        "reason": f"给{person}",
    }  # fmt: skip
    api = "http://inspection/inspection/v1"
    await county.send("inspector", "PUT", f"{api}{path}", json=body)
    await county.send("inspector", "POST", f"{api}{path}/assignment", json={"officer": person})
    await county.caught_up("inspection")
    return path


async def test_the_filter_finds_an_officer_by_what_the_page_shows_of_her(
    outpost: County2026,  # noqa: F811 - the fixture
    planner: httpx.AsyncClient,
) -> None:
    await named(outpost, "p-filter", "沈白露")
    mine = await going(outpost, "p-filter", 11)
    assert "沈白露（p-filter）" in (await planner.get(mine)).text, "the page's forms ask for the account"

    async def found(officer: str) -> str:
        return (await planner.get("/tasks?" + urlencode({"officer": officer}))).text

    for typed in ("p-filter", "沈白露", "沈白露（p-filter）", "沈白露(p-filter)"):
        page = await found(typed)
        assert mine in page, typed
        assert "沈白露（p-filter）" in page
    assert mine not in await found("沈立秋")
    await named(outpost, "p-namesake", "沈白露")
    assert mine in await found("沈白露"), "of whom nothing is to be seen, nobody is told"
    theirs = await going(outpost, "p-namesake", 12)
    page = await found("沈白露")
    assert (mine in page, "officer=p-filter" in page, "沈白露（p-namesake）" in page) == (False, True, True)
    assert theirs in await found("沈白露（p-namesake）")
    assert await meant(outpost.hosts["console"], "沈白露") == ["p-filter", "p-namesake"]  # type: ignore[arg-type]


async def test_a_colleague_is_shown_by_name_where_the_console_knows_it(outpost: County2026) -> None:  # noqa: F811
    await named(outpost, "p-walker", "卢谷雨")
    row = {"officer": "p-walker", "colleagues": ["p-walker", "p-nobody"], "reason": "p-walker"}
    said = Answer(200, {"items": [row], "next": None})
    shown = await called(outpost.hosts["console"], said, *tasks.PEOPLE)  # type: ignore[arg-type]
    assert shown.items == [{"officer": "卢谷雨", "colleagues": ["卢谷雨", "p-nobody"], "reason": "p-walker"}]
    assert said.items == [row], "what is sent back keeps the account"
    missing = Answer(404, {"officer": "p-walker"})
    assert await called(outpost.hosts["console"], missing, *tasks.PEOPLE) is missing  # type: ignore[arg-type]
