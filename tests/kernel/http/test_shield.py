"""Every answer carries the headers that keep browsers, proxies and the curious where they belong."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from starlette.testclient import TestClient

from mingjing_kernel.http.admission import ADDRESS_BYTES_MAX, HEADERS_MAX, PARAMETERS_MAX
from mingjing_kernel.http.edge import Edge
from mingjing_kernel.http.faults import install_problems
from mingjing_kernel.http.policy import NOTHING, console_policy, new_nonce, page_policy

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "server": "mingjing",
}


@pytest.fixture
def client(door) -> TestClient:
    router = APIRouter()

    @router.get("/things")
    async def things() -> list[str]:
        return []

    @router.post("/things")
    async def make(body: dict[str, int]) -> None: ...

    @router.get("/page")
    async def page(response: Response) -> None:
        response.headers["Content-Security-Policy"] = page_policy()
        response.headers["Cache-Control"] = "public, max-age=60"

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError

    made: TestClient = door.client(router)
    return made


@pytest.mark.parametrize(
    "path", ["/things", "/nothing", "/broken", "/openapi.json", "/docs", "/redoc", "/docs-assets/favicon.png", "/page"]
)
def test_every_answer_has_them_whoever_made_it(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    assert len(answer.headers.get_list("content-security-policy")) == 1


def test_data_is_kept_by_nobody_unless_its_handler_says_so(client: TestClient) -> None:
    assert client.get("/things").headers["cache-control"] == "no-store"
    assert client.get("/things").headers["content-security-policy"] == NOTHING
    assert client.get("/page").headers["cache-control"] == "public, max-age=60"
    assert client.get("/page").headers["content-security-policy"] == page_policy()


def test_over_tls_browsers_are_told_to_stay_there(client: TestClient) -> None:
    assert "strict-transport-security" not in client.get("/things").headers
    answer = client.get("https://testserver/things")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_no_answer_says_what_it_is_made_of(client: TestClient) -> None:
    for path in ("/things", "/nothing", "/broken", "/openapi.json"):
        answer = client.get(path)
        assert not re.search(r"granian|uvicorn|starlette|fastapi|python|pydantic", str(answer.headers), re.IGNORECASE)
        assert not re.search(r"granian|uvicorn|starlette|traceback|pydantic", answer.text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("address", "headers", "status", "code"),
    [
        ("/things?q=" + "x" * ADDRESS_BYTES_MAX, {}, 414, "address-too-long"),
        ("/things?" + "a=1&" * PARAMETERS_MAX, {}, 414, "address-too-long"),
        ("/things", {f"X-{n}": "1" for n in range(HEADERS_MAX)}, 431, "headers-too-large"),
        ("/things", {"Cookie": "x" * 40_000}, 431, "headers-too-large"),
    ],
)
def test_a_request_that_is_larger_than_any_is_refused(client, address, headers, status, code) -> None:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:mingjing:problem:{code}"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_a_compressed_body_is_refused_unopened(client: TestClient, encoding: str) -> None:
    answer = client.post("/things", json={}, headers={"Content-Encoding": encoding})
    assert answer.status_code == 415
    assert answer.json()["type"] == "urn:mingjing:problem:encoding-not-supported"
    assert client.post("/things", json={}, headers={"Content-Encoding": "identity"}).status_code == 200


def test_the_consoles_policy_lets_no_script_but_ours_run() -> None:
    nonce = new_nonce()
    policy = console_policy(nonce, ["https://sso.example.gov.cn"])
    assert nonce != new_nonce()
    assert "script-src 'self';" in policy
    assert f"style-src-elem 'self' 'nonce-{nonce}';" in policy
    assert "form-action 'self' https://sso.example.gov.cn;" in policy
    assert "unsafe-eval" not in policy
    assert policy.count("unsafe-inline") == 1


@pytest.mark.parametrize("media", ["application/json", "text/csv"])
async def test_a_body_that_does_not_come_holds_no_reader(media: str) -> None:
    pieces = [{"type": "http.request", "body": b"{", "more_body": True}]
    said: list[Any] = []

    async def receive() -> Any:
        if pieces:
            return pieces.pop()
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(b"content-type", media.encode()), (b"content-length", b"10")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers, "client": None}
    app = FastAPI()
    install_problems(app)

    @app.post("/")
    async def take(request: Request) -> None:
        await request.body()

    await Edge(app, 1000, {}, silence_seconds_max=0.05)(scope, receive, send)
    assert said[0]["status"] == 408
