"""Sealed values open under their own key, at their own place, on record, and nowhere else."""

from __future__ import annotations

import base64
import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.codec import Codec, NotCanonical, canonical_json
from mingjing_kernel.sealed import Masked, Sealed
from mingjing_kernel.sealed.cipher import KEY_BYTES, decrypt, encrypt, new_key
from mingjing_kernel.sealed.refusals import SealBroken, SealedValueErased
from mingjing_kernel.sealed.ring import SubjectKey
from mingjing_kernel.sealed.subject import SealedFieldsOpened

AT = datetime(2026, 3, 1, tzinfo=UTC)
STREAM = "complaint-01900000-0000-7000-8000-000000000001"
ALGORITHMS = sorted(KEY_BYTES)
ERIKA = SubjectKey("person-1", "key-1", "aes-256-gcm", bytes(range(32)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTaken:
    reporter: Sealed[str]
    phone: Sealed[str] | None = None


CODEC: Codec[ComplaintTaken] = Codec({"test.complaint-taken.v1": ComplaintTaken})


def opening(subject: str = "person-1", stream: str = STREAM, *fields: str) -> SealedFieldsOpened:
    return SealedFieldsOpened(
        subject=subject,
        stream=stream,
        fields=fields or ("reporter",),
        purpose="call-back",
        explanation="case 7",
        unsealing_id=None,
        at=AT,
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(value=st.text() | st.integers() | st.none())
def test_what_was_sealed_opens_again(algorithm: str, value: object) -> None:
    key = SubjectKey("person-1", "key-1", algorithm, new_key(algorithm))
    sealed = key.seal(value, stream=STREAM, field="reporter")
    assert key.open(sealed, field="reporter", under=opening(), kind=object) == value


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_changed_byte_is_noticed(algorithm: str) -> None:
    key = new_key(algorithm)
    box = encrypt(algorithm, key, "张三".encode(), "person-1", "key-1", STREAM, "reporter")
    for at in range(len(box)):
        changed = box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :]
        with pytest.raises(SealBroken):
            decrypt(algorithm, key, changed, "person-1", "key-1", STREAM, "reporter")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "place",
    [
        ("person-2", "key-1", STREAM, "reporter"),
        ("person-1", "key-2", STREAM, "reporter"),
        ("person-1", "key-1", "complaint-2", "reporter"),
        ("person-1", "key-1", STREAM, "witness"),
        ("person-1", "key-1", STREAM + "reporter", ""),
        ("person-1", "key-1", STREAM),
    ],
)
def test_a_box_does_not_open_at_another_place(algorithm: str, place: tuple[str, ...]) -> None:
    key = new_key(algorithm)
    box = encrypt(algorithm, key, b"x", "person-1", "key-1", STREAM, "reporter")
    with pytest.raises(SealBroken):
        decrypt(algorithm, key, box, *place)


@pytest.mark.parametrize("box", ["", "x", "AAAA", "é", base64.b64encode(b"x" * 40).decode()])
def test_nonsense_does_not_open(box: str) -> None:
    sealed = Sealed[str](subject="person-1", algorithm="aes-256-gcm", key_id="key-1", box=box)
    with pytest.raises(SealBroken):
        ERIKA.open(sealed, field="reporter", under=opening())


def test_the_algorithm_cannot_be_exchanged() -> None:
    sealed = ERIKA.seal("张三", stream=STREAM, field="reporter")
    for algorithm in ("sm4-gcm", "none", ""):
        exchanged = dataclasses.replace(sealed, algorithm=algorithm)
        with pytest.raises(SealBroken):
            ERIKA.open(exchanged, field="reporter", under=opening())


def test_a_value_of_an_older_key_is_erased() -> None:
    sealed = ERIKA.seal("张三", stream=STREAM, field="reporter")
    newer = SubjectKey("person-1", "key-2", "aes-256-gcm", bytes(32))
    with pytest.raises(SealedValueErased):
        newer.open(sealed, field="reporter", under=opening())


@pytest.mark.parametrize(
    "under", [opening("person-2"), opening("person-1", STREAM, "phone"), opening("person-1", "complaint-2")]
)
def test_nothing_opens_that_is_not_on_record(under: SealedFieldsOpened) -> None:
    sealed = ERIKA.seal("张三", stream=STREAM, field="reporter")
    with pytest.raises((ValueError, SealBroken)):
        ERIKA.open(sealed, field="reporter", under=under)


def test_the_log_hashes_ciphertext_only() -> None:
    event = ComplaintTaken(reporter=ERIKA.seal("张三丰", stream=STREAM, field="reporter"))
    name, data = CODEC.encode(event)
    assert CODEC.decode(name, data) == event
    assert "张三丰" not in data.decode()
    assert canonical_json(event.reporter) in data


def test_the_same_value_is_sealed_differently_each_time() -> None:
    boxes = {ERIKA.seal("张三", stream=STREAM, field="reporter").box for _ in range(3)}
    assert len(boxes) == 3


def test_a_key_does_not_show_itself() -> None:
    assert "\\x01" not in repr(ERIKA)
    assert "_key" not in repr(ERIKA)


def test_a_masked_value_cannot_be_stored() -> None:
    with pytest.raises(NotCanonical):
        canonical_json({"name": Masked("张**")})
    with pytest.raises(NotCanonical):
        CODEC.encode(ComplaintTaken(reporter=Masked("张**")))  # type: ignore[arg-type]
