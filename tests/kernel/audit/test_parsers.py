"""Whatever somebody hands in as a note, a key, a proof or a case file: a verdict comes back, never a crash."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.audit.burgled import COSIGNER, KEYS, SIGNER, prepare
from kernel.log.toy import ACCOUNT, SCHEMA
from mingjing_kernel.audit.check_proof import Unproved, check, parse_key, split_note
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.note import (
    Checkpoint,
    NoteMalformed,
    SignatureWrong,
    open_checkpoint,
    parse_note,
    parse_vkey,
)
from mingjing_kernel.audit.proof import prove
from mingjing_kernel.clock import system_clock
from mingjing_kernel.log import Log

VKEYS = [key.encode() for key in KEYS]
SIGNED = SIGNER.sign(Checkpoint(SIGNER.name, 7, b"\x01" * 32))
NOTE = SIGNED.with_signatures([COSIGNER.cosign(SIGNED, system_clock())]).render()
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
)
EASY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def proof(databases: Any) -> dict[str, Any]:
    url = databases.prepared("audit", prepare)

    async def made() -> dict[str, Any]:
        log = Log(url, SCHEMA, [ACCOUNT])
        await log.start()
        try:
            return await prove(log, 300, Checkpointer(log, SIGNER))
        finally:
            await log.stop()

    document = json.loads(json.dumps(asyncio.run(made())))
    databases.drop(url)
    return document  # type: ignore[no-any-return]


def edited(text: str, data: st.DataObject) -> str:
    """Some of it cut out, something put there."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    return text[:start] + data.draw(st.text(max_size=20)) + text[end:]


@EASY
@given(data=st.data())
def test_a_note_is_read_or_malformed(data: st.DataObject) -> None:
    text = edited(NOTE, data)
    with contextlib.suppress(NoteMalformed):
        parse_note(text).checkpoint()
    try:
        opened = open_checkpoint(text, KEYS)[1]
    except (NoteMalformed, SignatureWrong):
        return
    assert opened == SIGNED.checkpoint()  # whatever was changed, it was no part of what is signed


@EASY
@given(raw=st.binary(max_size=300) | st.text(max_size=300))
def test_anything_is_a_note_or_malformed(raw: bytes | str) -> None:
    for parse in (parse_note, lambda given_: open_checkpoint(given_, KEYS)):
        with contextlib.suppress(NoteMalformed, SignatureWrong):
            parse(raw)


@EASY
@given(data=st.data())
def test_a_key_is_read_or_refused_by_both_readers_alike(data: st.DataObject) -> None:
    text = edited(VKEYS[0], data)
    try:
        strict = parse_vkey(text)
    except NoteMalformed:
        strict = None
    try:
        key = parse_key(text)
    except Unproved:
        key = None
    if strict is not None:
        assert key is not None
        assert (key.name, key.public) == (strict.name, strict.public)


@EASY
@given(text=st.text(max_size=200))
def test_the_verifier_splits_a_note_or_says_why_not(text: str) -> None:
    with contextlib.suppress(Unproved, ValueError):
        split_note(text)
    assert not check({"format": "mingjing/proof/v1", "checkpoint": text}, VKEYS).is_proved


@EASY
@given(document=ANYTHING)
def test_anything_is_no_proof(document: Any) -> None:
    checked = check(document, VKEYS)
    assert (checked.is_proved, bool(checked.problem)) == (False, True)


@EASY
@given(data=st.data())
def test_a_proof_with_any_part_replaced_proves_the_same_entry_or_nothing(
    proof: dict[str, Any], data: st.DataObject
) -> None:
    document = json.loads(json.dumps(proof))
    place: Any = document
    while True:
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        inner = place[name]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    place[name] = edited(inner, data) if isinstance(inner, str) and data.draw(st.booleans()) else data.draw(ANYTHING)
    checked = check(document, VKEYS)
    assert checked.is_proved or checked.problem
    if checked.is_proved:
        assert {**document["entry"], "position": checked.position} == proof["entry"]
