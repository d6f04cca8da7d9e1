"""The rules of evidence: what follows from what, without a store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.evidence.samples import AT, OTHER, PLACE, VISIT, declare, manifest
from mingjing_kernel.evidence.facts import (
    AttachEvidence,
    DestroyEvidence,
    EvidenceAttached,
    EvidenceDamaged,
    EvidenceDeclared,
    EvidenceDestroyed,
    EvidenceFoundWhole,
    EvidenceReceived,
    EvidenceRefused,
    EvidenceUploadLapsed,
    HoldEvidence,
    LapseUpload,
    LiftHold,
    ReceiveEvidence,
    RecordDamage,
    RecordScan,
    RecordWhole,
    RefuseEvidence,
    Verdict,
)
from mingjing_kernel.evidence.refusals import (
    CapturedAfterSending,
    DigestDiffers,
    DigestMalformed,
    EvidenceDeclaredOtherwise,
    EvidenceHeldStill,
    EvidenceNotKept,
    EvidenceTooLarge,
    EvidenceTypeNotAllowed,
    EvidenceUnknown,
    HoldUnknown,
    PlaceImpossible,
    UploadEnded,
)
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.state import Gone, Kept, OnItsWay, Undeclared
from mingjing_kernel.refusal import Refusal

DECIDER = EVIDENCE.decider
SHA = manifest().sha256
RECEIVE = ReceiveEvidence(sha256=SHA, sm3="5" * 64, size_bytes=3, media_type="image/jpeg", by="officer", at=AT)


def after(*commands: Any) -> Any:
    """The state after these commands, each decided on what the ones before it left."""
    state = DECIDER.initial
    for command in commands:
        state = DECIDER.fold(DECIDER.decide(command, state), state)
    return state


def kinds(*commands: Any) -> list[type]:
    """The kinds of facts that the last command leads to."""
    *before, last = commands
    return [type(event) for event in DECIDER.decide(last, after(*before))]


def test_a_declaration_belongs_to_its_thing_at_once_when_the_thing_is_there() -> None:
    assert kinds(declare()) == [EvidenceDeclared, EvidenceAttached]
    assert kinds(declare(is_thing_there=False)) == [EvidenceDeclared]
    (declared, _) = DECIDER.decide(declare(), Undeclared())
    assert declared.clock_difference_seconds == -120


def test_the_same_declaration_again_changes_nothing_or_attaches_what_came_meanwhile() -> None:
    later = declare(at=AT + timedelta(hours=1), device_sent_at=AT + timedelta(hours=1))
    assert kinds(declare(), later) == []
    assert kinds(declare(is_thing_there=False), later) == [EvidenceAttached]


@pytest.mark.parametrize("changed", [{"by": "another"}, {"known": manifest(b"other")}])
def test_another_file_or_person_under_the_same_id_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(EvidenceDeclaredOtherwise):
        kinds(declare(), declare(**changed))


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"sha256": "A" * 64}, DigestMalformed),
        ({"sm3": "5"}, DigestMalformed),
        ({"media_type": "image/svg+xml"}, EvidenceTypeNotAllowed),
        ({"size_bytes": 0}, EvidenceTooLarge),
        ({"size_bytes": 61 * 1024 * 1024}, EvidenceTooLarge),
        ({"captured_at": AT}, CapturedAfterSending),
        ({"place": type(PLACE)(latitude_e6=91_000_000, longitude_e6=0, accuracy_metres=1, datum=PLACE.datum)},
         PlaceImpossible),
    ],
)  # fmt: skip
def test_a_manifest_that_describes_no_file_is_refused(wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as found:
        DECIDER.decide(declare(manifest(**wrong)), Undeclared())
    assert type(found.value) is refusal


def test_what_arrives_must_be_what_was_declared() -> None:
    assert kinds(declare(), RECEIVE) == [EvidenceReceived]
    for wrong in ({"sha256": "0" * 64}, {"size_bytes": 4}):
        values = {name: getattr(RECEIVE, name) for name in RECEIVE.__slots__} | wrong
        with pytest.raises(DigestDiffers):
            kinds(declare(), ReceiveEvidence(**values))
    with pytest.raises(DigestDiffers):
        kinds(declare(manifest(sm3="6" * 64)), RECEIVE)


def test_an_acknowledgement_that_was_lost_is_given_again_and_not_twice() -> None:
    assert kinds(declare(), RECEIVE, RECEIVE) == []
    (received,) = DECIDER.decide(RECEIVE, after(declare()))
    assert received.things == (VISIT,)
    assert (received.device, received.place, received.clock_difference_seconds) == ("Mingjing Phone 7", PLACE, -120)


def test_what_was_refused_or_destroyed_takes_nothing_more() -> None:
    refuse = RefuseEvidence(reason="evidence-disguised", sha256=SHA, by="officer", at=AT)
    destroy = DestroyEvidence(rule="10y", by="administrator", at=AT)
    assert kinds(declare(), refuse) == [EvidenceRefused]
    assert kinds(declare(), refuse, refuse) == []
    for end in ((declare(), refuse), (declare(), RECEIVE, destroy)):
        for more in (declare(), RECEIVE):
            with pytest.raises(UploadEnded):
                kinds(*end, more)
        with pytest.raises(EvidenceNotKept):
            kinds(*end, AttachEvidence(thing=OTHER, by="officer", at=AT))


def test_a_lapsed_upload_may_be_declared_again() -> None:
    assert kinds(declare(), LapseUpload(at=AT)) == [EvidenceUploadLapsed]
    assert kinds(declare(), RECEIVE, LapseUpload(at=AT)) == []
    assert kinds(declare(), LapseUpload(at=AT), declare()) == [EvidenceDeclared]
    assert after(declare(), LapseUpload(at=AT), declare()).things == (VISIT,)


def test_nothing_is_destroyed_while_any_hold_lasts() -> None:
    held = (declare(), RECEIVE, HoldEvidence(hold="case 1", by="a", at=AT), HoldEvidence(hold="case 2", by="b", at=AT))
    destroy = DestroyEvidence(rule="10y", by="administrator", at=AT)
    with pytest.raises(EvidenceHeldStill):
        kinds(*held, destroy)
    lifted = (*held, LiftHold(hold="case 1", by="a", at=AT))
    with pytest.raises(EvidenceHeldStill):
        kinds(*lifted, destroy)
    assert kinds(*lifted, LiftHold(hold="case 2", by="b", at=AT), destroy) == [EvidenceDestroyed]
    with pytest.raises(HoldUnknown):
        kinds(*lifted, LiftHold(hold="case 1", by="a", at=AT))


def test_damage_is_one_alarm_until_the_right_bytes_are_back() -> None:
    damage = RecordDamage(found_sha256="", found_by="sweep", at=AT)
    assert kinds(declare(), RECEIVE, damage) == [EvidenceDamaged]
    assert kinds(declare(), RECEIVE, damage, damage) == []
    assert kinds(declare(), RECEIVE, damage, RecordWhole(at=AT)) == [EvidenceFoundWhole]
    assert kinds(declare(), RECEIVE, RecordWhole(at=AT)) == []


COMMANDS = st.sampled_from(
    [
        declare(),
        declare(is_thing_there=False),
        declare(by="another"),
        AttachEvidence(thing=OTHER, by="officer", at=AT),
        RECEIVE,
        RefuseEvidence(reason="evidence-disguised", sha256=SHA, by="officer", at=AT),
        LapseUpload(at=AT),
        RecordScan(verdict=Verdict.CLEAN, scanner="clamd", detail="", at=AT),
        HoldEvidence(hold="case", by="officer", at=AT),
        LiftHold(hold="case", by="officer", at=AT),
        DestroyEvidence(rule="10y", by="administrator", at=AT),
        RecordDamage(found_sha256="", found_by="sweep", at=AT),
        RecordWhole(at=AT),
    ]
)


@given(st.lists(COMMANDS, max_size=25))
def test_whatever_is_asked_in_whatever_order_bytes_are_acknowledged_once_and_never_come_back(
    commands: list[Any],
) -> None:
    state, facts = DECIDER.initial, list[Any]()
    for command in commands:
        try:
            new = DECIDER.decide(command, state)
        except (EvidenceUnknown, Refusal):
            continue
        state, facts = DECIDER.fold(new, state), [*facts, *new]
        if isinstance(command, type(RECEIVE)):
            assert DECIDER.decide(command, state) == []
    received = [fact for fact in facts if isinstance(fact, EvidenceReceived)]
    destroyed = [fact for fact in facts if isinstance(fact, EvidenceDestroyed)]
    assert len(received) <= 1
    assert len(destroyed) <= len(received)
    assert isinstance(state, Kept) == (len(received) > len(destroyed))
    assert isinstance(state, Undeclared | OnItsWay | Kept | Gone)
    things = getattr(state, "things", ())
    assert len(set(things)) == len(things)
    assert DECIDER.fold(facts) == state
