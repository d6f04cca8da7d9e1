"""What may become of a parked message: parked once, mended as often as needed, settled once, by whoever saw it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mingjing_kernel.broker.parked_message import (
    PARKED_MESSAGE,
    DropParked,
    Likeness,
    MendParked,
    MessageParked,
    ParkedAltered,
    ParkedMessageDropped,
    ParkedMessageMended,
    ParkedMessageReplayed,
    ParkedSettled,
    ParkedUnrecorded,
    ParkMessage,
    ReplayParked,
)
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAME = Likeness(
    source="funds", position=7, type="funds.evt.alert.raised.v1", ce_time="2026-03-01T00:00:00Z", sha256="aa"
)
BETTER = replace(CAME, sha256="bb")
PARK = ParkMessage(message=CAME, code="too-much", at=AT)
PARKED = MessageParked(
    source="funds",
    position=7,
    type="funds.evt.alert.raised.v1",
    ce_time="2026-03-01T00:00:00Z",
    original_sha256="aa",
    code="too-much",
    at=AT,
)
WHICH: dict[str, Any] = {
    "source": "funds",
    "position": 7,
    "type": "funds.evt.alert.raised.v1",
    "original_sha256": "aa",
    "at": AT,
}
MENDED = ParkedMessageMended(mended_sha256="bb", **WHICH)
REPLAYED = ParkedMessageReplayed(used_sha256="aa", **WHICH)
DROPPED = ParkedMessageDropped(**WHICH)
ACTS = [MendParked(mended_sha256="cc", at=AT), ReplayParked(seen=CAME, at=AT), DropParked(seen=CAME, at=AT)]


@pytest.fixture
def message() -> Spec[Any, Any, Any]:
    return Spec(PARKED_MESSAGE.decider)


def test_a_message_is_parked_with_what_it_was_and_why(message: Spec[Any, Any, Any]) -> None:
    message.when(PARK).then(PARKED)


@pytest.mark.parametrize("after", [(), (MENDED,), (REPLAYED,), (DROPPED,)])
def test_the_same_place_is_parked_once(message: Spec[Any, Any, Any], after: tuple[Any, ...]) -> None:
    message.given(PARKED, *after).when(ParkMessage(message=BETTER, code="other", at=AT)).then()


def test_mending_names_what_came_and_what_stands_for_it_now(message: Spec[Any, Any, Any]) -> None:
    message.given(PARKED).when(MendParked(mended_sha256="bb", at=AT)).then(MENDED)
    message.given(PARKED, MENDED).when(MendParked(mended_sha256="bb", at=AT)).then(MENDED)


def test_a_replay_uses_what_came_until_it_is_mended(message: Spec[Any, Any, Any]) -> None:
    message.given(PARKED).when(ReplayParked(seen=CAME, at=AT)).then(REPLAYED)
    message.given(PARKED, MENDED).when(ReplayParked(seen=BETTER, at=AT)).then(replace(REPLAYED, used_sha256="bb"))
    message.given(PARKED, MENDED).when(ReplayParked(seen=CAME, at=AT)).then_refused(ParkedAltered)


def test_what_is_dropped_is_named_by_what_came(message: Spec[Any, Any, Any]) -> None:
    message.given(PARKED).when(DropParked(seen=CAME, at=AT)).then(DROPPED)
    message.given(PARKED, MENDED).when(DropParked(seen=BETTER, at=AT)).then(DROPPED)


@pytest.mark.parametrize(
    "seen",
    [
        replace(CAME, source="registry"),
        replace(CAME, position=8),
        replace(CAME, type="funds.evt.alert.raised.v2"),
        replace(CAME, ce_time="2025-03-01T00:00:00Z"),
        BETTER,
    ],
)
def test_nobody_settles_what_they_did_not_see(message: Spec[Any, Any, Any], seen: Likeness) -> None:
    message.given(PARKED).when(ReplayParked(seen=seen, at=AT)).then_refused(ParkedAltered)
    message.given(PARKED).when(DropParked(seen=seen, at=AT)).then_refused(ParkedAltered)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("last", "state"), [(REPLAYED, "replayed"), (DROPPED, "dropped")])
def test_what_is_settled_stays_settled(message: Spec[Any, Any, Any], act: Any, last: Any, state: str) -> None:
    refusal = message.given(PARKED, last).when(act).then_refused(ParkedSettled)
    assert refusal.values == {"state": state}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_with_what_nobody_parked(message: Spec[Any, Any, Any], act: Any) -> None:
    message.when(act).then_refused(ParkedUnrecorded)
