"""One record is proved to somebody who has nothing but the file, the checker and the public keys."""

from __future__ import annotations

import asyncio
import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kernel.audit.burgled import COSIGNER, KEYS, SIGNER, SIZE, STRANGER, Burgled
from kernel.log.toy import ACCOUNT, SCHEMA, deposit
from mingjing_kernel.audit import check_proof
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.proof import check, prove
from mingjing_kernel.audit.tiles import BeyondTheLog
from mingjing_kernel.log import Log

VKEYS = [key.encode() for key in KEYS]


async def proof_of(burgled: Burgled, position: int, witnessed: tuple[str, ...] = ()) -> dict[str, Any]:
    log = Log(burgled.url, SCHEMA, [ACCOUNT])
    await log.start()
    try:
        return json.loads(json.dumps(await prove(log, position, Checkpointer(log, SIGNER), witnessed)))  # type: ignore[no-any-return]
    finally:
        await log.stop()


@pytest.mark.parametrize("position", [1, 256, 257, 1_290, 1_300])
async def test_an_entry_is_proved(burgled: Burgled, position: int) -> None:
    document = await proof_of(burgled, position, tuple(burgled.notes()))
    checked = check(document, VKEYS)
    assert (checked.is_proved, checked.problem) == (True, "")
    assert (checked.position, checked.type) == (position, "toy.deposited.v1")
    assert document["entry"]["data"]["text"].startswith('{"amount":1')
    assert document["keys"][0]["kind"] == "log"
    if position <= 1_290:
        assert [name for name, _ in checked.witnesses] == [COSIGNER.name]
        assert checked.size == 1_290
    else:
        assert (checked.witnesses, checked.size) == ([], SIZE)  # a fresh checkpoint, which nobody has seen yet


async def test_an_entry_under_sm3_is_proved(burgled_sm3: Burgled) -> None:
    document = await proof_of(burgled_sm3, 700)
    assert (document["hash"], check(document, VKEYS).is_proved) == ("sm3", True)


async def test_there_is_no_proof_of_what_the_log_does_not_have(burgled: Burgled) -> None:
    with pytest.raises(BeyondTheLog):
        await proof_of(burgled, SIZE + 1)


def without(note: str, name: str) -> str:
    """The note without somebody's signatures."""
    return "".join(line for line in note.splitlines(keepends=True) if not line.startswith(f"— {name} "))


CHANGES: dict[str, Any] = {
    "data": lambda d: d["entry"].update(data={"text": '{"amount":9,"note":""}'}),
    "meta": lambda d: d["entry"].update(meta={"text": "{}"}),
    "stream": lambda d: d["entry"].update(stream="account-00000000-0000-0000-0000-000000000099"),
    "position": lambda d: d["entry"].update(position=d["entry"]["position"] + 1),
    "shown moment": lambda d: d["entry"].update(recorded_at="2020-01-01T00:00:00+00:00"),
    "hashed moment": lambda d: d["entry"].update(recorded_micros=1),
    "moment of no kind": lambda d: d["entry"].update(recorded_micros=True),
    "line break": lambda d: d["entry"].update(stream="a\n1\nb"),
    "leaf": lambda d: d.update(leaf="A" * 43 + "="),
    "path": lambda d: d["path"].reverse(),
    "short path": lambda d: d["path"].pop(),
    "long path": lambda d: d["path"].append(d["path"][0]),
    "hash": lambda d: d.update(hash="md5"),
    "other hash": lambda d: d.update(hash="sm3"),
    "format": lambda d: d.update(format="mingjing/proof/v0"),
    "content twice": lambda d: d["entry"]["data"].update(base64="e30="),
    "content in no form": lambda d: d["entry"].update(data={}),
    "no entry": lambda d: d.pop("entry"),
    "entry of no kind": lambda d: d.update(entry=[]),
    "size": lambda d: d.update(checkpoint=d["checkpoint"].replace("\n1290\n", "\n1291\n")),
    "root": lambda d: d.update(checkpoint=d["checkpoint"].replace(d["checkpoint"].split("\n")[2], "A" * 43 + "=")),
    "signature": lambda d: d.update(checkpoint=d["checkpoint"][:-8] + "AAAAAA=\n"),
    "nobody's log": lambda d: d.update(checkpoint="\n" + d["checkpoint"].partition("\n")[2]),
    "another's log": lambda d: d.update(checkpoint=COSIGNER.name + "\n" + d["checkpoint"].partition("\n")[2]),
    "no signature of the log's": lambda d: d.update(checkpoint=without(d["checkpoint"], SIGNER.name)),
    "no signature": lambda d: d.update(checkpoint="\n".join(d["checkpoint"].split("\n")[:3]) + "\n"),
}


async def test_whatever_is_changed_the_proof_falls(burgled: Burgled) -> None:
    whole = await proof_of(burgled, 300, tuple(burgled.notes()))
    for what, change in CHANGES.items():
        document = copy.deepcopy(whole)
        change(document)
        checked = check(document, VKEYS)
        assert not checked.is_proved, what
        assert checked.problem, what
    assert not check(whole, []).is_proved
    assert not check(whole, [STRANGER.vkey.encode()]).is_proved
    assert not check(whole, [COSIGNER.cosigner_vkey.encode()]).is_proved
    assert not check(whole, ["nonsense"]).is_proved
    assert not check([], VKEYS).is_proved
    assert check(whole, VKEYS[:1]).witnesses == []


def test_the_checker_runs_alone(burgled: Burgled, tmp_path: Path) -> None:
    """Copied to another place, without the package beside it."""
    alone = tmp_path / "check_proof.py"
    alone.write_text(Path(check_proof.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    proof = tmp_path / "proof.json"
    proof.write_text(json.dumps(asyncio.run(proof_of(burgled, 300))), encoding="utf-8")
    run = [sys.executable, "-I", str(alone), str(proof)]
    good = subprocess.run([*run, "--key", VKEYS[0]], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert "证明成立 PROVED" in good.stdout
    bad = subprocess.run([*run, "--key", STRANGER.vkey.encode()], capture_output=True, text=True, check=False)
    assert (bad.returncode, "NOT PROVED" in bad.stdout) == (1, True)
    twice = proof.read_text(encoding="utf-8").replace('{"format"', '{"format": "another", "format"', 1)
    assert twice.count('"format"') == 2
    for content in (twice, "{"):
        proof.write_text(content, encoding="utf-8")
        unreadable = subprocess.run([*run, "--key", VKEYS[0]], capture_output=True, text=True, check=False)
        assert (unreadable.returncode, "Traceback" in unreadable.stderr) == (2, False)


async def test_data_that_is_no_text_travels_as_base64(burgled: Burgled) -> None:
    log = Log(burgled.url, SCHEMA, [ACCOUNT])
    await log.start()
    await log.handle_many([deposit(90_000)])
    await log.stop()
    burgled.run("UPDATE toy.events SET data = '\\xff00' WHERE position = 1301")
    document = await proof_of(burgled, 1_301)
    assert document["entry"]["data"] == {"base64": "/wA="}
    assert check(document, VKEYS).problem == "the entry was altered: it does not hash to its leaf"
