"""Facts as exact canonical JSON (RFC 8785), names chosen by hand, and the way up from what was stored before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.codec import Codec, NotCanonical, TextUnstorable, UnknownEvent, Upcast, canonical_json

SAFE_INTEGER_MAX = 2**53 - 1
"""RFC 8785 knows no larger ones."""


class Colour(StrEnum):
    RED = "red"
    BLUE = "蓝"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    zebra: str
    apple: int
    is_true: bool
    id: UUID
    day: date
    at: datetime
    parts: tuple[Part, ...]
    colour: Colour
    mode: Literal["a", "b"]
    maybe: str | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    value: Any


CODEC: Codec[Any] = Codec({"toy.happened.v1": Happened, "toy.nothing.v1": Nothing, "toy.loose.v1": Loose})
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
integers = st.integers(-SAFE_INTEGER_MAX, SAFE_INTEGER_MAX)
events = st.builds(
    Happened,
    zebra=texts,
    apple=integers,
    is_true=st.booleans(),
    id=st.uuids(),
    day=st.dates(),
    at=st.datetimes(timezones=st.just(UTC)),
    parts=st.lists(st.builds(Part, name=texts, amount_fen=integers), max_size=3).map(tuple),
    colour=st.sampled_from(Colour),
    mode=st.sampled_from(["a", "b"]),
    maybe=st.none() | texts,
    raw=st.binary(max_size=20),
)


@given(events)
def test_what_is_stored_is_canonical_json_and_comes_back(event: Happened) -> None:
    name, data = CODEC.encode(event)
    assert name == "toy.happened.v1"
    assert data == rfc8785.dumps(msgspec.to_builtins(event))
    assert data == canonical_json(event)
    assert CODEC.decode(name, data) == CODEC.decoder(name)(data) == event
    assert CODEC.encode(CODEC.decode(name, data)) == (name, data)


def test_an_event_without_fields_is_an_empty_object() -> None:
    assert CODEC.encode(Nothing()) == ("toy.nothing.v1", b"{}")


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        Decimal("1.50"),
        datetime(2026, 3, 1),  # noqa: DTZ001
        (1, 2.0),
        [{"a": [0.1]}],
        {"a": Decimal(1)},
        {1.5: "a"},
        Part(name="a", amount_fen=1.0),  # type: ignore[arg-type]
        (datetime(2026, 3, 1),),  # noqa: DTZ001
        object(),
        timedelta(1),
        1j,
    ],
)
def test_what_has_no_exact_form_is_refused_however_deep(value: Any) -> None:
    with pytest.raises(NotCanonical):
        CODEC.encode(Loose(value=value))
    with pytest.raises(NotCanonical):
        canonical_json(value)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\\\0"])
def test_a_nul_is_refused_and_a_backslash_before_u0000_is_not(text: str) -> None:
    with pytest.raises(TextUnstorable):
        CODEC.encode(Loose(value=text))
    kept = text.replace("\0", "\\u0000")
    name, data = CODEC.encode(Loose(value=kept))
    assert CODEC.decode(name, data) == Loose(value=kept)


def test_a_moment_keeps_its_microsecond_in_any_zone() -> None:
    for zone in (UTC, timezone(timedelta(hours=8))):
        at = datetime(2026, 3, 1, 8, 0, 0, 123_456, tzinfo=zone)
        assert canonical_json(at).startswith(b'"2026-03-01T08:00:00.123456')
        assert msgspec.json.decode(canonical_json(at), type=datetime) == at


def test_unknown_classes_and_names_are_said() -> None:
    with pytest.raises(UnknownEvent, match="Part"):
        CODEC.encode(Part(name="a", amount_fen=1))
    with pytest.raises(UnknownEvent, match=r"toy\.later\.v1"):
        CODEC.decode("toy.later.v1", b"{}")
    with pytest.raises(UnknownEvent, match=r"toy\.later\.v1"):
        CODEC.decoder("toy.later.v1")(b"{}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Third form: fen, and who paid."""

    amount_fen: int
    payer: UUID
    days: tuple[date, ...] = field(default=())


def _to_fen(fields: dict[str, Any]) -> dict[str, Any]:
    return {"amount_fen": fields["amount_yuan"] * 100, "day": fields["day"]}


def _to_days(fields: dict[str, Any]) -> dict[str, Any]:
    return {"amount_fen": fields["amount_fen"], "payer": str(UUID(int=0)), "days": [fields["day"]]}


PAID: Codec[Any] = Codec(
    {"toy.paid.v3": Paid},
    retired={"toy.paid.v1": Upcast("toy.paid.v2", _to_fen), "toy.paid.v2": Upcast("toy.paid.v3", _to_days)},
)


def test_retired_forms_are_brought_up_step_by_step() -> None:
    expected = Paid(amount_fen=300, payer=UUID(int=0), days=(date(2026, 3, 1),))
    assert PAID.decode("toy.paid.v1", b'{"amount_yuan":3,"day":"2026-03-01"}') == expected
    assert PAID.decoder("toy.paid.v2")(b'{"amount_fen":300,"day":"2026-03-01"}') == expected
    assert PAID.encode(expected)[0] == "toy.paid.v3"


def test_names_are_checked_when_the_codec_is_made() -> None:
    with pytest.raises(ValueError, match="two stored names"):
        Codec({"toy.a.v1": Paid, "toy.a.v2": Paid})
    with pytest.raises(ValueError, match="not retired"):
        Codec({"toy.a.v1": Paid}, retired={"toy.a.v1": Upcast("toy.a.v1", _to_fen)})
    with pytest.raises(ValueError, match="leads nowhere"):
        Codec({"toy.a.v2": Paid}, retired={"toy.a.v1": Upcast("toy.a.v9", _to_fen)})
