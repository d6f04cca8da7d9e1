"""Who files a complaint can prove later what she filed, with nothing but her receipt and the public key."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspection.conftest import World
from inspection.samples import keep_for, registered
from mingjing_inspection.domain.complainant import subject_of
from mingjing_kernel.audit import check_proof
from mingjing_kernel.audit.check_proof import check

KEY = UUID(int=4711)
FILED = {
    "number": "330126070100001",
    "channel": "SUPERVISION_PHONE",
    "received_at": "2026-07-01T01:00:00+00:00",
    "declared": "投诉",
    "text": "木铎轩书画不退费",
    "complainant": {"name": "王小明", "phone": "19900001111"},
}
SENT = json.dumps(FILED, ensure_ascii=False).encode()


async def file(world: World, key: UUID = KEY) -> dict[str, Any]:
    await world.tell(registered())
    taken = await world.caller("hotline-operator").send("POST", "/complaints", key, json=FILED)
    assert taken.status_code == 201, taken.text
    return taken.json()  # type: ignore[no-any-return]


def vkey(world: World) -> str:
    signer = world.host.witnessing.signer
    assert signer is not None
    return signer.vkey.encode()


async def completed(world: World, receipt: dict[str, Any]) -> dict[str, Any]:
    assert world.host.witnessing.checkpointer is not None
    await world.host.witnessing.checkpointer.write()
    answer = await world.client.get(f"/inspection/v1/receipts/{receipt['number']}")
    assert answer.status_code == 200, answer.text
    return answer.json() | {"salt": receipt["salt"]}  # type: ignore[no-any-return]


async def test_a_promise_comes_at_once_and_becomes_a_proof(world: World, tmp_path: Path) -> None:
    receipt = (await file(world))["receipt"]
    promised = check(receipt, [vkey(world)], SENT)
    assert (promised.is_proved, promised.problem) == (True, "")
    assert promised.promised_by.startswith("2026-07-01 03:00")
    whole = await completed(world, receipt)
    proved = check(whole, [vkey(world)], json.dumps(FILED, indent=4, sort_keys=True).encode())
    assert (proved.is_proved, proved.promised_by, proved.says != []) == (True, "", True)
    paths = {"receipt.json": json.dumps(whole), "filed.json": SENT.decode()}
    for name, text in paths.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = [sys.executable, "-I", check_proof.__file__, "receipt.json", "--filed", "filed.json", "--key", vkey(world)]
    alone = await asyncio.to_thread(subprocess.run, run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "what you hold is what was filed" in alone.stdout


async def test_the_receipt_shows_nothing_of_what_was_filed(world: World) -> None:
    receipt = (await file(world))["receipt"]
    public = (await world.client.get(f"/inspection/v1/receipts/{receipt['number']}")).text
    for hidden in ("王小明", "19900001111", "木铎轩", receipt["salt"], "hotline-operator", FILED["number"]):
        assert str(hidden) not in public
    assert (await world.client.get(f"/inspection/v1/receipts/{UUID(int=1)}")).status_code == 404


async def test_who_files_something_else_cannot_use_it(world: World) -> None:
    receipt = await completed(world, (await file(world))["receipt"])
    other = json.dumps(FILED | {"text": "木铎轩书画退费了"}).encode()
    assert "not what was filed" in check(receipt, [vkey(world)], other).problem
    assert not check(receipt | {"salt": "AAAA"}, [vkey(world)], SENT).is_proved
    assert not check(receipt | {"commitment": "0" * 64}, [vkey(world)]).is_proved
    assert not check(receipt, []).is_proved


async def test_the_same_request_gets_the_same_receipt(world: World) -> None:
    first, again = await file(world), await file(world)
    assert again["repeated"]
    assert {name: again["receipt"][name] for name in ("salt", "commitment")} == {
        name: first["receipt"][name] for name in ("salt", "commitment")
    }


async def test_after_erasure_only_the_holder_can_still_prove(world: World) -> None:
    taken = await file(world)
    await keep_for(world, months=0)
    erased = await world.caller("administrator").send(
        "POST",
        f"/subjects/{subject_of(UUID(taken['complaint_id']))}/erasure",
        headers={"Mingjing-Reason": "PIPL 47"},
    )
    assert erased.status_code == 201, erased.text
    assert (await file(world))["receipt"] is None  # nobody can open the salt any more
    whole = await completed(world, taken["receipt"])
    assert check(whole, [vkey(world)], SENT).is_proved


@pytest.fixture
async def receipts(world: World) -> tuple[dict[str, Any], dict[str, Any], str]:
    promised = (await file(world))["receipt"]
    return promised, await completed(world, promised), vkey(world)


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_stands_in_a_receipt_the_verifier_answers(
    receipts: tuple[dict[str, Any], dict[str, Any], str], data: st.DataObject
) -> None:
    """A part is replaced by anything: no exception, and never a proof of another content."""
    document = json.loads(json.dumps(receipts[data.draw(st.integers(0, 1))]))
    place: Any = document
    while True:
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        inner = place[name]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    place[name] = data.draw(ANYTHING)
    checked = check(document, [receipts[2]], SENT)
    assert checked.is_proved or checked.problem
