"""JSON bodies: whatever two programs could understand differently, or no request needs, is refused with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import APIRouter, Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mingjing_kernel.http.refusals import (
    BodyNotJson,
    MemberRepeated,
    NestedTooDeeply,
    NumberOutOfRange,
    TextNotUnicode,
    TextTooLong,
    TooManyEntries,
)
from mingjing_kernel.http.strict_json import CHARACTERS_MAX, DEPTH_MAX, ENTRIES_MAX, MEMBERS_MAX, NUMBER_MAX, check_json
from mingjing_kernel.refusal import Refusal

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-NUMBER_MAX, NUMBER_MAX) | st.floats(-1e15, 1e15) | TEXTS,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(TEXTS, inner, max_size=6),
    max_leaves=30,
)


def nested(levels: int) -> bytes:
    return b'{"a":[' * (levels // 2) + b"[" * (levels % 2) + b"]" * (levels % 2) + b"]}" * (levels // 2)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_programs_write_is_taken(value: Any, ascii_only: bool, indent: int | None) -> None:
    check_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode())


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5), st.booleans(), st.data())
def test_a_repeated_member_is_found_wherever_it_stands(value: dict[str, Any], ascii_only: bool, data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(value)))
    written = [f"{json.dumps(n, ensure_ascii=ascii_only)}:{json.dumps(v)}" for n, v in value.items()]
    again = f"{json.dumps(name, ensure_ascii=not ascii_only)} : {json.dumps(data.draw(VALUES))}"
    written.insert(data.draw(st.integers(0, len(written))), again)
    with pytest.raises(MemberRepeated):
        check_json(("[0,{" + ",".join(written) + '},"a:b"]').encode())


@pytest.mark.parametrize(
    ("body", "refusal", "field"),
    [
        (nested(DEPTH_MAX + 2), NestedTooDeeply, None),
        (b"[" * 100_000, NestedTooDeeply, "body"),
        (b"[" * 50_000 + b"]" * 50_000, NestedTooDeeply, "body"),
        (json.dumps({"a": list(range(ENTRIES_MAX + 1))}).encode(), TooManyEntries, "body.a"),
        (json.dumps([{str(n): 0 for n in range(MEMBERS_MAX + 1)}]).encode(), TooManyEntries, "body.0"),
        (json.dumps({"a": ["x" * (CHARACTERS_MAX + 1)]}).encode(), TextTooLong, "body.a.0"),
        (json.dumps({"x" * (CHARACTERS_MAX + 1): 1}).encode(), TextTooLong, "body"),
        (b'{"a":NaN}', NumberOutOfRange, "body"),
        (b'{"a":[-Infinity]}', NumberOutOfRange, "body"),
        (b'{"a":1e400}', NumberOutOfRange, "body.a"),
        (b'{"a":1e17}', NumberOutOfRange, "body.a"),
        (b'{"a":9007199254740992}', NumberOutOfRange, "body.a"),
        (b'{"a":' + b"9" * 10_000 + b"}", NumberOutOfRange, "body"),
        (b'{"a":1,"b":{"c":1,"c":2}}', MemberRepeated, "body.c"),
        (b'{"a":1,"\\u0061":2}', MemberRepeated, "body.a"),
        (b'{"a:":1,"a\\u003a":2}', MemberRepeated, "body.a:"),
        (b'{"a":"\\u003a","a":1}', MemberRepeated, "body.a"),
        (b'{"a":"\xff"}', TextNotUnicode, "body"),
        ('{"a":1}'.encode("utf-16"), TextNotUnicode, "body"),
        (b'{"a":"\\ud800 and more"}', TextNotUnicode, "body"),
        (b'{"a":"\\u0000"}', TextNotUnicode, "body"),
        (b'{"a":1,}', BodyNotJson, "body"),
        (b'{"a":1} {"a":2}', BodyNotJson, "body"),
    ],
)  # fmt: skip
def test_each_kind_of_bad_body_has_its_own_refusal(body: bytes, refusal: type[Refusal], field: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        check_json(body)
    assert type(caught.value) is refusal
    if field is not None:
        assert caught.value.values.get("field", caught.value.field) == field


def test_the_limits_themselves_are_allowed() -> None:
    check_json(nested(DEPTH_MAX))
    check_json(b'{"a:":":\\u003a:","b":"\\\\u0000 \\\\u003a"}')
    check_json(json.dumps([NUMBER_MAX, -NUMBER_MAX, [0] * ENTRIES_MAX, "x" * CHARACTERS_MAX]).encode())


def test_a_refused_body_reaches_no_handler_and_a_good_one_arrives_byte_for_byte(door) -> None:
    router, seen = APIRouter(), list[bytes]()

    @router.post("/things")
    async def take(request: Request) -> None:
        seen.append(await request.body())

    client: TestClient = door.client(router)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = client.post("/things", content=b'{"a":1,"a":2}', headers=headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:mingjing:problem:member-repeated"
    assert answer.json()["remedy"]
    assert seen == []

    def pieces() -> Any:
        yield b'{ "a"'
        yield b" : 1 }"

    assert client.post("/things", content=pieces(), headers=headers).status_code == 200
    assert client.post("/things", content=b"", headers=headers).status_code == 200
    assert seen == [b'{ "a" : 1 }', b""]
