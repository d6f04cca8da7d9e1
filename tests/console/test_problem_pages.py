"""Wrong addresses and wrong ids: a page for whoever looks with a browser, a document for programs."""

from __future__ import annotations

import httpx
import pytest

from console.test_round_page import outpost  # noqa: F401 - a fixture
from console.world import County2026
from mingjing_console.problem_pages import wants_html
from mingjing_console.session import COOKIE

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROBLEM = "application/problem+json"


async def asked(county: County2026, path: str, accept: str, method: str = "GET", *roles: str) -> httpx.Response:
    held = await county.cookie(*roles) if roles else {}
    headers = {"Accept": accept} | ({"Cookie": f"{COOKIE}={held[COOKIE]}"} if held else {})
    return await county.client.request(method, f"http://console{path}", headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/no-such-page", 404, ("没有这一页", "请核对地址", "Check the address")),
        (
            "GET",
            "/institutions/torn",
            422,
            ("地址中的编号（institution_id）不完整", "The id in the address (institution_id)"),
        ),
        ("GET", f"/?q={'x' * 101}", 422, ("地址中的 q", "at most 100", "100")),
        ("DELETE", "/whitelist", 405, ("此地址不能这样使用", "DELETE")),
    ],
)
async def test_a_browser_is_told_in_a_page_what_is_wrong_and_where_to_go(
    outpost: County2026,  # noqa: F811 - the fixture
    method: str,
    path: str,
    status: int,
    words: tuple[str, ...],
) -> None:
    shown = await asked(outpost, path, FIREFOX, method)
    assert shown.status_code == status
    assert shown.headers["content-type"].startswith("text/html")
    assert (shown.headers["vary"], shown.headers["cache-control"]) == ("Accept", "no-store")
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert len(shown.headers.get_list("content-type")) == 1
    for said in (*words, 'href="/"', 'href="/overview"', 'lang="en"'):
        assert said.lower() in shown.text.lower(), said
    assert "xxx" not in shown.text, "what was typed is not said again"
    assert shown.headers.get("allow") == ("GET" if status == 405 else None)
    told = await asked(outpost, path, "*/*", method)
    assert (told.status_code, told.headers["content-type"], told.headers["vary"]) == (status, PROBLEM, "Accept")
    assert told.json()["status"] == status


async def test_whoever_has_signed_in_is_still_greeted_on_the_page_of_a_wrong_id(
    outpost: County2026,  # noqa: F811 - the fixture
) -> None:
    shown = await asked(outpost, "/institutions/torn", FIREFOX, "GET", "auditor")
    assert shown.status_code == 422
    assert "苏小暑" in shown.text


@pytest.mark.parametrize("path", ["/console/v1/nothing", "/round/api/nothing"])
async def test_the_api_and_the_device_get_their_documents_whatever_they_accept(
    outpost: County2026,  # noqa: F811 - the fixture
    path: str,
) -> None:
    told = await asked(outpost, path, FIREFOX)
    assert told.status_code in (401, 404)
    assert not told.headers.get("content-type", "").startswith("text/html")


@pytest.mark.parametrize(
    ("accept", "is_html"),
    [
        (FIREFOX, True), ("text/html", True), ("*/*", False), ("", False), ("application/json", False),
        ("application/json, text/html;q=0.5", False), ("text/html;q=0", False), ("text/html;q=x", False),
        ("application/json;q=0.2, text/html", True),
    ],
)  # fmt: skip
def test_a_page_is_for_those_who_ask_for_one(accept: str, is_html: bool) -> None:
    assert wants_html(accept) is is_html
