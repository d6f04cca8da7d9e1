"""The envelope of a write: the caller's id, the digest of the bytes, who asks and why."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from fastapi import APIRouter, Body, Depends, File, Response, UploadFile
from starlette.testclient import TestClient

from kernel.http.conftest import AT, Door
from mingjing_kernel.http import Accepted, accepted, make_dependencies
from mingjing_kernel.log import Envelope, Outcome

KEY = {"Idempotency-Key": "00000000-0000-7000-8000-000000000001"}


class Desk:
    """Keeps the envelopes of the writes that it sees."""

    def __init__(self, door, signed_in) -> None:
        self.seen: list[Envelope] = []
        self.signed_in = signed_in()
        router = APIRouter()
        kit = door.kit

        def take(response: Response, envelope: Envelope) -> Accepted:
            self.seen.append(envelope)
            return accepted(response, Outcome(position=41, version=3, events=(), repeated=False))

        @router.post("/things")
        async def post(response: Response, body: dict = Body(), envelope: Envelope = Depends(kit.written)) -> Accepted:
            return take(response, envelope)

        @router.post("/bare")
        async def bare(response: Response, envelope: Envelope = Depends(kit.written)) -> Accepted:
            return take(response, envelope)

        @router.post("/files")
        async def files(
            response: Response, file: UploadFile = File(), envelope: Envelope = Depends(kit.written)
        ) -> Accepted:
            return take(response, envelope)

        @router.put("/things/{thing}")
        async def put(
            thing: int, response: Response, body: dict = Body(), envelope: Envelope = Depends(kit.written)
        ) -> Accepted:
            return take(response, envelope)

        @router.post("/public")
        async def public(response: Response, envelope: Envelope = Depends(kit.written_by_visitor)) -> Accepted:
            return take(response, envelope)

        self.client: TestClient = door.client(router)

    def post(self, path: str = "/things", headers: dict | None = None, **more) -> Envelope:
        more = more or {"json": {"a": 1}}
        answer = self.client.post(path, headers={**self.signed_in, **KEY, **(headers or {})}, **more)
        assert answer.status_code == 200, answer.text
        return self.seen[-1]

    def refused(self, headers: dict | None = None, method: str = "POST", path: str = "/things") -> dict:
        answer = self.client.request(method, path, headers={**self.signed_in, **(headers or {})}, json={"a": 1})
        assert answer.status_code == 400, answer.text
        assert not self.seen
        return answer.json()


@pytest.fixture
def desk(door, signed_in) -> Desk:
    return Desk(door, signed_in)


def test_the_envelope_says_who_for_whom_why_and_on_what_basis(desk: Desk) -> None:
    envelope = desk.post(
        headers={
            "Mingjing-Reason": "%E5%A4%8D%E6%9F%A5",
            "Mingjing-Legal-Basis": "L07%20art%2024",
            "Mingjing-On-Behalf-Of": "%E5%BC%A0%E5%B1%80%E9%95%BF",
            "Mingjing-Occurred-At": "2026-02-28T10:00:00+08:00",
            "Mingjing-Correlation": "case-7",
            "If-Match": '"6"',
            "User-Agent": "grid-app/1",
        }
    )
    assert envelope.command_id == UUID(KEY["Idempotency-Key"])
    assert (envelope.actor, envelope.department, envelope.region) == ("p-1", "education", "330106")
    assert (envelope.reason, envelope.legal_basis, envelope.on_behalf_of) == ("复查", "L07 art 24", "张局长")
    assert envelope.occurred_at == datetime(2026, 2, 28, 2, 0, tzinfo=UTC)
    assert envelope.expected_version == 6
    assert envelope.correlation == "case-7"
    assert envelope.client == "127.0.0.1 grid-app/1"


def test_the_same_request_has_the_same_digest_and_any_other_does_not(desk: Desk, signed_in) -> None:
    first = desk.post().digest
    assert desk.post().digest == first
    others = [
        desk.post(json={"a": 2}),
        desk.post(path="/things?b=1"),
        desk.post(headers={"Mingjing-Reason": "x"}),
        desk.post(headers={"Mingjing-Legal-Basis": "x"}),
        desk.post(headers={"Mingjing-On-Behalf-Of": "x"}),
        desk.post(headers={"If-Match": '"1"'}),
        desk.post(headers={"Mingjing-Occurred-At": "2026-02-28T10:00:00Z"}),
        desk.post(headers=signed_in("p-2")),
        desk.post(path="/bare"),
    ]
    digests = [envelope.digest for envelope in others]
    assert len({first, *digests}) == len(digests) + 1


def test_every_byte_of_the_body_counts_whoever_reads_it(desk: Desk) -> None:
    bare = desk.post("/bare", content=b"1", headers={"Content-Type": "application/json"}).digest
    assert desk.post("/bare", content=b"2", headers={"Content-Type": "application/json"}).digest != bare
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n%s\r\n--b--\r\n'
    file = desk.post("/files", content=body % b"one", headers=form).digest
    assert desk.post("/files", content=body % b"one", headers=form).digest == file
    assert desk.post("/files", content=body % b"two", headers=form).digest != file


def test_a_write_answers_with_its_position_and_version(desk: Desk) -> None:
    answer = desk.client.post("/bare", headers={**desk.signed_in, **KEY})
    assert answer.headers["mingjing-position"] == "41"
    assert answer.headers["etag"] == '"3"'
    assert answer.json() == {"position": 41, "version": 3, "repeated": False}


def test_a_post_without_an_id_of_its_own_is_told_how_to_get_one(desk: Desk) -> None:
    found = desk.refused()
    assert found["type"] == "urn:mingjing:problem:idempotency-key-missing"
    assert "UUID" in found["remedy"]
    malformed = desk.refused({"Idempotency-Key": "7"})
    assert malformed["type"] == "urn:mingjing:problem:idempotency-key-malformed"


def test_a_put_derives_its_id_from_address_and_bytes(desk: Desk) -> None:
    def put(thing: int, value: int) -> UUID:
        answer = desk.client.put(f"/things/{thing}", json={"a": value}, headers=desk.signed_in)
        assert answer.status_code == 200
        return desk.seen[-1].command_id

    assert put(1, 1) == put(1, 1)
    assert len({put(1, 1), put(1, 2), put(2, 1)}) == 3


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("If-Match", "seven"),
        ("If-Match", '"1", "2"'),
        ("If-Match", "99999999999999999999"),
        ("If-Match", "-1"),
        ("Mingjing-Reason", "%FF%FE"),
        ("Mingjing-Reason", "a" * 2001),
        ("Mingjing-Reason", "%00"),
        ("Mingjing-On-Behalf-Of", "p-2%20"),
        ("Mingjing-On-Behalf-Of", "%20p-2"),
        ("Mingjing-On-Behalf-Of", "p-2%E3%80%80"),
        ("Mingjing-On-Behalf-Of", "%FF"),
        ("Mingjing-Occurred-At", "yesterday"),
        ("Mingjing-Occurred-At", "2026-02-28T10:00:00"),
        ("Mingjing-Occurred-At", "2026-03-01T09:00:00Z"),
    ],
)
def test_a_malformed_header_is_named(desk: Desk, header: str, value: str) -> None:
    found = desk.refused({**KEY, header: value})
    assert found["type"] == "urn:mingjing:problem:header-malformed"
    assert found["field"] == header


@pytest.mark.parametrize("value", ["*", ""])
def test_no_condition_means_any_version(desk: Desk, value: str) -> None:
    assert desk.post(headers={"If-Match": value} if value else {}).expected_version is None


def test_who_has_not_signed_in_writes_only_where_the_public_may(desk: Desk) -> None:
    refused = desk.client.post("/things", json={"a": 1}, headers=KEY)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="mingjing"'
    assert desk.client.post("/public", headers=KEY).status_code == 200
    assert desk.seen[-1].actor == "public"
    bad = desk.client.post("/public", headers={**KEY, "Authorization": "Bearer nonsense"})
    assert bad.status_code == 401
    assert 'error="invalid_token"' in bad.headers["www-authenticate"]


def test_whose_place_it_is_was_asked_before_it_is_written_down(desk: Desk) -> None:
    not_theirs = desk.client.post(
        "/things", json={}, headers={**desk.signed_in, **KEY, "Mingjing-On-Behalf-Of": "no-1"}
    )
    nobody = desk.client.post("/public", headers={**KEY, "Mingjing-On-Behalf-Of": "p-2"})
    assert (not_theirs.status_code, nobody.status_code) == (403, 401)
    assert not desk.seen


def test_where_no_substitutes_are_known_nobody_is_one(checker, signed_in) -> None:
    desk = Desk(Door(make_dependencies(checker, lambda: AT)), signed_in)
    assert desk.refused({**KEY, "Mingjing-On-Behalf-Of": "p-2"})["field"] == "Mingjing-On-Behalf-Of"
