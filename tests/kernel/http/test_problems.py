"""Whatever goes wrong, the caller gets a problem document with a stable type and a way out, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from mingjing_kernel.http.app import BODY_BYTES_MAX
from mingjing_kernel.log import CommandIdReused, LogUnavailable, VersionConflict
from mingjing_kernel.refusal import NotFound
from mingjing_kernel.sealed import Masked, Unmasked

SECRET = "11010519491231002X"
PERSON = "王小明"


class Fee(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount_fen: int = Field(gt=0, strict=True)
    payer: Unmasked = Field(max_length=20)
    note: str = ""

    @field_validator("note")
    @classmethod
    def _not_shouted(cls, note: str) -> str:
        if note.isupper():
            raise ValueError("A list is expected.")
        return note


class Shown(BaseModel):
    phone: Masked


def router() -> APIRouter:  # noqa: C901 one address for each thing that can go wrong
    made = APIRouter()

    @made.post("/fees", status_code=201)
    async def pay(fee: Fee) -> None: ...

    @made.post("/files")
    async def upload(file: UploadFile = File()) -> int:
        return len(await file.read())

    @made.post("/shown")
    async def send_back(shown: Shown) -> None: ...

    @made.get("/shown")
    async def shown() -> Shown:
        return Shown(phone=Masked("199****1234"))

    @made.get("/things/{thing}")
    async def thing(thing: UUID) -> None:
        raise NotFound

    @made.put("/conflict")
    async def conflict() -> None:
        raise VersionConflict(expected=1, actual=2)

    @made.put("/reused")
    async def reused() -> None:
        raise CommandIdReused

    @made.get("/broken")
    async def broken() -> None:
        raise RuntimeError(SECRET)

    @made.get("/unfitting")
    async def unfitting() -> Shown:
        return Shown.model_validate({"phone": PERSON})

    @made.get("/half")
    async def half() -> StreamingResponse:
        def lines() -> Iterator[bytes]:
            yield b"one\n"
            raise RuntimeError(SECRET)

        return StreamingResponse(lines())

    return made


@pytest.fixture
def client(door) -> TestClient:
    return door.client(router(), uploads={"/files": 4 * BODY_BYTES_MAX})


def problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["type"] == f"urn:mingjing:problem:{code}"
    assert found["status"] == status
    assert found["detail"] != found["detail_en"]
    assert found["remedy"]
    assert found["instance"].startswith("urn:mingjing:request:")
    return found


def test_each_wrong_field_is_named_with_its_rule_in_both_languages(client: TestClient) -> None:
    answer = client.post("/fees", json={"amount_fen": 0, "payer": "x" * 21, "pin": SECRET, "note": "NO"})
    found = problem(answer, 422, "request-invalid")
    assert {(error["field"], error["rule"]) for error in found["errors"]} == {
        ("body.amount_fen", "greater_than"),
        ("body.payer", "string_too_long"),
        ("body.pin", "extra_forbidden"),
        ("body.note", "value_error"),
    }
    first = found["errors"][0]
    assert (first["detail"], first["detail_en"]) == ("应大于 0。", "A number greater than 0 is expected.")
    assert all(error["detail"] != error["detail_en"] and error["remedy"] for error in found["errors"])
    assert SECRET not in answer.text


def test_money_is_a_whole_number(client: TestClient) -> None:
    for amount in (1.5, "100", True):
        answer = client.post("/fees", json={"amount_fen": amount, "payer": "a"})
        assert problem(answer, 422, "request-invalid")["field"] == "body.amount_fen"
    answer = client.post("/fees", json={"amount_fen": 10**30 + 0.5, "payer": "a"})
    assert problem(answer, 400, "number-out-of-range")["field"] == "body.amount_fen"


@pytest.mark.parametrize("text", ["张**", "199****1234", "＊＊", "*"])
def test_masked_text_cannot_be_saved_back(client: TestClient, text: str) -> None:
    found = problem(client.post("/fees", json={"amount_fen": 1, "payer": text}), 422, "request-invalid")
    assert "脱敏" in found["errors"][0]["detail"]


def test_a_masked_value_goes_out_as_text_and_never_comes_in(client: TestClient) -> None:
    assert client.get("/shown").json() == {"phone": "199****1234"}
    problem(client.post("/shown", json={"phone": "199****1234"}), 422, "request-invalid")


@pytest.mark.parametrize("body", [b"{", b'{"a":}', b"\xef\xbb\xbf{}"])
def test_a_body_that_is_not_json_is_told_so(client: TestClient, body: bytes) -> None:
    answer = client.post("/fees", content=body, headers={"Content-Type": "application/json"})
    problem(answer, 400, "body-not-json")


@pytest.mark.parametrize(
    ("path", "media", "body"),
    [
        ("/files", "multipart/form-data", b"--b"),
        ("/files", "multipart/form-data; boundary=b", b"nonsense"),
    ],
)
def test_a_body_that_breaks_its_reader_is_a_problem(client: TestClient, path: str, media: str, body: bytes) -> None:
    answer = client.post(path, content=body, headers={"Content-Type": media})
    problem(answer, 400, "body-unreadable")


def test_an_unknown_address_a_wrong_method_and_a_wrong_id_are_problems(client: TestClient) -> None:
    problem(client.get("/nothing"), 404, "path-unknown")
    assert problem(client.delete("/fees"), 405, "method-not-allowed")["remedy_en"] == "Use one of: POST."
    assert problem(client.get("/things/7"), 422, "request-invalid")["field"] == "path.thing"
    problem(client.get(f"/things/{UUID(int=7)}"), 404, "not-found")


@pytest.mark.parametrize("address", ["/things/%00", "/shown?name=%00"])
def test_a_character_that_nothing_stores_is_refused_before_any_query(client: TestClient, address: str) -> None:
    problem(client.get(address), 400, "address-unreadable")


@pytest.mark.parametrize("media", ["image/png", "text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_in_another_format_is_refused(client: TestClient, media: str) -> None:
    answer = client.post("/fees", content=b'{"amount_fen":1}', headers={"Content-Type": media})
    problem(answer, 415, "media-type-not-supported")


def test_a_body_that_is_too_large_is_refused_announced_or_not(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    large = b'{"note":"' + b"x" * BODY_BYTES_MAX + b'"}'
    problem(client.post("/fees", content=large, headers=headers), 413, "body-too-large")

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(large), 10_000):
            yield large[at : at + 10_000]

    problem(client.post("/fees", content=pieces(), headers=headers), 413, "body-too-large")


def test_an_address_for_files_takes_more(client: TestClient) -> None:
    fine = client.post("/files", files={"file": ("a.xlsx", b"x" * (2 * BODY_BYTES_MAX))})
    assert fine.json() == 2 * BODY_BYTES_MAX
    answer = client.post("/files", files={"file": ("a.xlsx", b"x" * (4 * BODY_BYTES_MAX))})
    problem(answer, 413, "body-too-large")


def test_a_conflict_answers_a_condition_with_412_and_otherwise_409(client: TestClient) -> None:
    found = problem(client.put("/conflict", headers={"If-Match": '"1"'}), 412, "version-conflict")
    assert "第 1 版" in found["detail"]
    problem(client.put("/conflict"), 409, "version-conflict")
    problem(client.put("/reused"), 409, "command-id-reused")


def test_our_own_fault_says_nothing_but_a_reference_that_stands_in_the_log(
    client: TestClient, said_by: Callable[..., list[Any]]
) -> None:
    entries = said_by("mingjing_kernel.http.edge", "_LOG")
    answer = client.get("/broken")
    found = problem(answer, 500, "unexpected")
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    (entry,) = [one for one in entries if one["event"] == "request failed"]
    assert found["instance"] == f"urn:mingjing:request:{entry['reference']}"
    assert entry["reference"] in found["remedy"]


@pytest.mark.parametrize("path", ["/broken", "/unfitting"])
def test_our_log_says_where_it_happened_and_nothing_that_somebody_sent(
    client: TestClient, said_by: Callable[..., list[Any]], path: str
) -> None:
    entries = said_by("mingjing_kernel.http.edge", "_LOG")
    client.get(path)
    (entry,) = [one for one in entries if one["event"] == "request failed"]
    told = "".join(entry["traceback"])
    assert "test_problems.py" in told
    assert SECRET not in told
    assert PERSON not in told


def test_half_an_answer_does_not_look_like_a_whole_one(client: TestClient) -> None:
    with pytest.raises(RuntimeError):
        client.get("/half")


def test_a_refusal_outside_the_router_is_a_problem_too(door) -> None:
    async def wait(position: int) -> None:
        raise LogUnavailable

    answer = door.client(router(), wait=wait).get("/shown", headers={"Mingjing-Position": "1"})
    problem(answer, 503, "log-unavailable")
    assert answer.headers["retry-after"]
