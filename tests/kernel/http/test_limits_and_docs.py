"""Rate limits, languages, and documentation that works without the internet."""

from __future__ import annotations

import re

import pytest
from fastapi import APIRouter, Depends
from starlette.requests import Request

from mingjing_kernel.http import Accepted, language_of
from mingjing_kernel.http.throttle import client_address
from mingjing_kernel.log import Envelope


def request(client: str = "10.0.0.1", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "headers": raw, "client": (client, 1)})


def test_a_public_address_takes_so_many_requests_from_each_caller(door, signed_in) -> None:
    router = APIRouter()

    @router.get("/look-up", dependencies=[Depends(door.kit.throttled("2/hour"))])
    async def look_up() -> None: ...

    @router.get("/other", dependencies=[Depends(door.kit.throttled("2/hour"))])
    async def other() -> None: ...

    client = door.client(router)
    assert [client.get("/look-up").status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get("/look-up")
    assert answer.json()["type"] == "urn:mingjing:problem:too-many-requests"
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert client.get("/other").status_code == 200
    assert client.get("/look-up", headers=signed_in("p-1")).status_code == 200
    assert door.client(router, address="10.0.0.9").get("/look-up").status_code == 200


@pytest.mark.parametrize(
    ("client", "forwarded", "trusted", "expected"),
    [
        ("10.0.0.1", "1.2.3.4", (), "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4", ("10.0.0.1",), "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", ("10.0.0.1",), "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, 10.0.0.2", ("10.0.0.1", "10.0.0.2"), "1.2.3.4"),
        ("10.0.0.1", "<script>", ("10.0.0.1",), "unknown"),
        ("2001:db8:1:2:3::4", "", (), "2001:db8:1:2::/64"),
    ],
)
def test_the_caller_is_the_last_hop_that_is_not_ours(client, forwarded, trusted, expected) -> None:
    assert client_address(request(client, x_forwarded_for=forwarded), trusted) == expected


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("", "zh"), ("zh-CN", "zh"), ("en", "en"), ("en-GB,zh;q=0.9", "en"), ("zh,en;q=0.9", "zh"), ("*", "zh"),
     ("fr", "zh"), ("en;q=0", "zh"), ("en;q=x", "zh"), ("," * 1000, "zh")],
)  # fmt: skip
def test_chinese_unless_english_is_preferred(wish: str, expected: str) -> None:
    assert language_of(request(accept_language=wish)) == expected


def api(door) -> APIRouter:
    router = APIRouter(tags=["thing 事物"])

    @router.get("/things")
    async def all_things() -> list[str]:
        return []

    @router.post("/things")
    async def make_thing(envelope: Envelope = Depends(door.kit.written)) -> Accepted: ...  # type: ignore[empty-body]

    return router


def test_the_documentation_fetches_nothing_from_elsewhere(door) -> None:
    client = door.client(api(door))
    for page in ("/docs", "/redoc"):
        html = client.get(page).text
        found = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", html)
        assert found
        assert [address for address in found if not address.startswith("/")] == []
        for address in found:
            assert client.get(address).status_code == 200


def test_the_document_declares_problems_and_the_headers_of_a_write(door) -> None:
    document = door.client(api(door), wait=lambda position: None).get("/openapi.json").json()
    read, write = document["paths"]["/things"]["get"], document["paths"]["/things"]["post"]
    assert read["operationId"] == "all_things"
    assert read["tags"] == ["thing 事物"]
    assert set(read["responses"]) == {"200", *map(str, (400, 401, 403, 404, 414, 422, 429, 431, 500, 503))}
    assert {"409", "412", "413", "415"} <= set(write["responses"])
    for status, response in {**read["responses"], **write["responses"]}.items():
        if status != "200":
            schema = response["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
    names = {parameter["name"] for parameter in write["parameters"]}
    assert {"Idempotency-Key", "If-Match", "Mingjing-Reason", "Mingjing-Legal-Basis"} <= names
    assert {parameter["name"] for parameter in read["parameters"]} == {"Mingjing-Position"}
