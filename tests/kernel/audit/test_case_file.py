"""Everything of one case in one file, which somebody far away checks with the verifier that lies in it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.audit.burgled import COSIGNER, SIGNER, SIZE, STRANGER, Burgled, prepare
from kernel.log.toy import ACCOUNT, SCHEMA, Deposit, envelope
from mingjing_kernel.audit.case_file import Made, part_of, write_case
from mingjing_kernel.audit.case_search import Case, CaseStandsElsewhere, CaseTooLarge, CaseUnknown
from mingjing_kernel.audit.check_proof import CASE as FORMAT
from mingjing_kernel.audit.check_proof import check_case
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Log, Work
from mingjing_kernel.reads import READS, Recorder

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CASE, BORN, NEIGHBOUR = UUID(int=1 << 90 | 1), UUID(int=1 << 90 | 2), UUID(int=1 << 90 | 3)
PHOTO = b"what the camera saw"
DIGEST = sha256(PHOTO).hexdigest()
VKEY = SIGNER.vkey.encode()


async def photos(digests: Sequence[str]) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    async def pieces() -> AsyncIterator[bytes]:
        yield PHOTO[:5]
        yield PHOTO[5:]

    if DIGEST in digests:
        yield DIGEST, pieces()


def noted(number: int, account: UUID, note: str, correlation: str = "") -> Work:
    circumstances = envelope(number)
    if correlation:
        circumstances = type(circumstances)(command_id=UUID(int=number), actor="张三", correlation=correlation)
    return Work(ACCOUNT, account, Deposit(amount=1, note=note), circumstances)


WORKS = [
    noted(90_001, CASE, f"案件 case, photo {DIGEST} and lost {'0' * 64}", "one undertaking"),
    noted(90_002, BORN, f"born for {CASE}"),
    noted(90_003, NEIGHBOUR, "nothing to do with it"),
    noted(90_004, NEIGHBOUR, f"names {BORN}"),
    noted(90_005, CASE, "toy/1"),
    noted(90_006, UUID(int=1 << 90 | 4), "of the same undertaking", "one undertaking"),
]


async def export(url: str, path: Path, case: UUID = CASE, witnessed: tuple[str, ...] = ()) -> Made:
    log = Log(url, SCHEMA, [ACCOUNT])
    await log.start()
    try:
        if await log.head() == SIZE:
            await log.handle_many(WORKS)
        part = await part_of(
            log, Case("account", case), Checkpointer(log, SIGNER), witnessed, {"toy/1": "be fair", "b": ""}
        )
        return await write_case(path, Case("account", case), [part], [SIGNER], AT, photos)
    finally:
        await log.stop()


@dataclass
class Exported:
    path: Path
    made: Made
    members: dict[str, bytes]


@pytest.fixture(scope="module")
def exported(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    url = databases.prepared("audit", prepare)
    path = tmp_path_factory.mktemp("case") / "case.zip"
    made = asyncio.run(export(url, path, witnessed=tuple(Burgled(url).notes())))
    databases.drop(url)
    with zipfile.ZipFile(path) as file:
        return Exported(path, made, {name: file.read(name) for name in file.namelist()})


def rewritten(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_the_file_holds_the_case_what_was_born_for_it_and_what_names_it(exported: Exported) -> None:
    names = set(exported.members)
    assert {f"proofs/toy/{SIZE + n}.json" for n in (1, 2, 4, 5, 6)} == {n for n in names if n.startswith("proofs/")}
    assert exported.members[f"evidence/{DIGEST}"] == PHOTO
    assert exported.members["rules/toy/toy-1.txt"] == b"be fair"
    assert {"SUMMARY.html", "check_proof.py", "keys/toy.vkey", "checkpoints/toy.txt", "manifest.sig"} <= names
    assert exported.made.evidence_missing == ("0" * 64,)
    page = exported.members["SUMMARY.html"].decode()
    assert "案件 case, photo" in page
    assert "<script" not in page


def test_the_verifier_in_the_file_proves_it_in_a_bare_interpreter(exported: Exported, tmp_path: Path) -> None:
    alone = tmp_path / "check_proof.py"
    alone.write_bytes(exported.members["check_proof.py"])
    run = [sys.executable, "-I", str(alone), str(exported.path), "--key"]
    good = subprocess.run([*run, VKEY], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert "5 条记录 entries, 2 个完整流 whole streams, 1 件证据 evidence" in good.stdout
    assert f"no file of it here: '{'0' * 64}'" in good.stdout
    assert "SUMMARY.html、rules/ 仅由出具者封存" in good.stdout
    bad = subprocess.run([*run, STRANGER.vkey.encode()], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (bad.returncode, "nobody whose key you gave sealed this" in bad.stdout) == (1, True)


def test_a_key_that_did_not_sign_proves_nothing(exported: Exported) -> None:
    assert check_case(exported.path, [VKEY]).is_proved
    for keys in ([], [STRANGER.vkey.encode()], [COSIGNER.cosigner_vkey.encode()], ["nonsense"]):
        assert not check_case(exported.path, keys).is_proved


CHANGES: dict[str, Callable[[dict[str, bytes]], Any]] = {
    "a proof is gone": lambda m: m.pop(f"proofs/toy/{SIZE + 1}.json"),
    "a proof stands for another": lambda m: m.update({f"proofs/toy/{SIZE + 1}.json": m[f"proofs/toy/{SIZE + 5}.json"]}),
    "the evidence is another": lambda m: m.update({f"evidence/{DIGEST}": b"another photo"}),
    "more evidence": lambda m: m.update({f"evidence/{sha256(b'x').hexdigest()}": b"x"}),
    "the summary says something else": lambda m: m.update({"SUMMARY.html": b"innocent"}),
    "another verifier": lambda m: m.update({"check_proof.py": b"print('PROVED')"}),
    "one member more": lambda m: m.update({"extra.txt": b""}),
    "no manifest": lambda m: m.pop("manifest.json"),
    "no seal": lambda m: m.pop("manifest.sig"),
    "an empty seal": lambda m: m.update({"manifest.sig": b""}),
    "a seal that is no text": lambda m: m.update({"manifest.sig": b"\xff\n\n\xff\n"}),
    "another manifest": lambda m: m.update({"manifest.json": m["manifest.json"].replace(b"2026", b"2025")}),
    "a manifest that is no object": lambda m: m.update({"manifest.json": b"[]"}),
    "nothing at all": lambda m: m.clear(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_changed_the_case_falls(exported: Exported, tmp_path: Path, what: str) -> None:
    members = dict(exported.members)
    CHANGES[what](members)
    checked = check_case(rewritten(tmp_path / "case.zip", members), [VKEY])
    assert (checked.is_proved, bool(checked.problem)) == (False, True)


def resealed(exported: Exported, path: Path, change: Callable[[dict[str, Any]], Any], *gone: str) -> Path:
    """What the authority itself could seal, if it wished to leave something out."""
    members = {name: content for name, content in exported.members.items() if name not in gone}
    told = json.loads(members["manifest.json"])
    told["files"] = {name: digest for name, digest in told["files"].items() if name not in gone}
    change(told)
    manifest = json.dumps(told).encode()
    text = f"{FORMAT}\n{b64encode(sha256(manifest).digest()).decode()}\n"
    seal = f"{text}\n{SIGNER.sign_text(text).line()}".encode()
    return rewritten(path, members | {"manifest.json": manifest, "manifest.sig": seal})


OWN = f"account-{CASE}"


@pytest.mark.parametrize(
    ("change", "gone", "problem"),
    [
        (lambda told: told.update(whole_streams=[]), (), f"own stream {OWN}"),
        (lambda told: told.update(whole_streams=[["toy", OWN, 0]]), (), f"{OWN} is not whole"),
        (lambda told: None, (f"proofs/toy/{SIZE + 5}.json",), f"{OWN} is not whole"),
        (lambda told: told.update(case={"kind": "account", "id": str(UUID(int=7))}), (), "own stream account-"),
        (lambda told: told.pop("left_out"), (), "left_out"),
    ],
)
def test_not_even_its_authority_can_leave_out_entries_of_the_case_itself(
    exported: Exported, tmp_path: Path, change: Any, gone: tuple[str, ...], problem: str
) -> None:
    checked = check_case(resealed(exported, tmp_path / "case.zip", change, *gone), [VKEY])
    assert not checked.is_proved
    assert problem in checked.problem


def test_what_was_left_out_is_told_and_cannot_forge_a_line(exported: Exported, tmp_path: Path) -> None:
    path = resealed(exported, tmp_path / "case.zip", lambda told: told.update(left_out=["a\nb"]))
    checked = check_case(path, [VKEY])
    assert checked.is_proved
    assert r"未收入 left out: 'a\nb'" in checked.says


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_byte_in_any_member_is_found(exported: Exported, tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(exported.members)))
    content = bytearray(exported.members[name])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    changed = rewritten(tmp_path / "flipped.zip", {**exported.members, name: bytes(content)})
    assert not check_case(changed, [VKEY]).is_proved


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_never_shows_other_contents(exported: Exported, tmp_path: Path, data: st.DataObject) -> None:
    """A byte of the archive itself: either it is found, or it says nothing (a time that nobody reads)."""
    whole = bytearray(exported.path.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(whole)
    if check_case(damaged, [VKEY]).is_proved:
        with zipfile.ZipFile(damaged) as file:
            assert {name: file.read(name) for name in file.namelist()} == exported.members


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_what_is_no_case_file_is_told_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "anything"
    path.write_bytes(content)
    assert check_case(path, [VKEY]).problem


async def test_nobody_knows_the_case(burgled: Burgled, tmp_path: Path) -> None:
    with pytest.raises(CaseUnknown):
        await export(burgled.url, tmp_path / "case.zip", UUID(int=4711))


async def test_what_is_only_named_here_is_exported_where_it_began(burgled: Burgled, tmp_path: Path) -> None:
    log = Log(burgled.url, SCHEMA, [ACCOUNT])
    await log.start()
    await log.handle_many([noted(60_001, UUID(int=1 << 93), f"names {UUID(int=4712)}")])
    await log.stop()
    with pytest.raises(CaseStandsElsewhere):
        await export(burgled.url, tmp_path / "case.zip", UUID(int=4712))


async def test_a_correlation_that_covers_an_import_is_named_and_not_followed(burgled: Burgled, tmp_path: Path) -> None:
    log = Log(burgled.url, SCHEMA, [ACCOUNT])
    await log.start()
    await log.handle_many([noted(70_000 + n, UUID(int=1 << 91 | 70_000 + n), "row", "file 7") for n in range(300)])
    await log.stop()
    made = await export(burgled.url, tmp_path / "case.zip", UUID(int=1 << 91 | 70_001))
    assert made.entries == 1
    assert "file 7" in made.left_out[0]


async def test_a_case_that_is_half_the_log_is_refused(
    burgled: Burgled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingjing_kernel.audit.case_search.ENTRIES_MAX", 100)
    with pytest.raises(CaseTooLarge):
        await export(burgled.url, tmp_path / "case.zip", UUID(int=1))


async def test_who_read_the_case_stays_in_the_read_log(burgled: Burgled, tmp_path: Path) -> None:
    log = Log(burgled.url, SCHEMA, [ACCOUNT, READS])
    await log.start()
    recorder = Recorder(log, lambda: AT)
    await log.handle_many([noted(80_001, UUID(int=1 << 92), "one")])
    await recorder.note(Principal(subject="somebody"), "account", ids=[str(UUID(int=1 << 92))])
    await log.stop()
    made = await export(burgled.url, tmp_path / "case.zip", UUID(int=1 << 92))
    assert made.entries == 1
    assert "1 notes of who read it" in made.left_out[0]
