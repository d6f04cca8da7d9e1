"""The case file of a visit has the questions that were answered, with the entries that proposed and approved them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from uuid import UUID

from inspection.conftest import World
from inspection.samples import GRID, visit_body
from inspection.test_api import known
from inspection.test_round import ROWS, book, proposed
from mingjing_kernel.audit.check_proof import MANIFEST, check_case

VISIT, OTHER = UUID(int=901), UUID(int=902)
IMPORTED = "rules/inspection/patrol-2026.txt"


async def exported(world: World, visit: UUID) -> dict[str, bytes]:
    """What is in the file, which the verifier accepts."""
    answer = await world.caller("auditor", subject="auditor-1").send("GET", f"/log/cases/visit/{visit}")
    assert answer.status_code == 200, answer.text
    path = world.host.settings.data_dir / "case.zip"
    path.write_bytes(answer.content)
    with zipfile.ZipFile(path) as file:
        checked = check_case(path, [file.read("keys/inspection.vkey").decode().splitlines()[0]])
        assert (checked.is_proved, checked.problem) == (True, "")
        return {name: file.read(name) for name in file.namelist()}


def entries(members: dict[str, bytes]) -> set[str]:
    """The kinds of what is proved."""
    return {json.loads(text)["entry"]["type"] for name, text in members.items() if name.startswith("proofs/")}


async def test_a_visit_takes_along_the_questions_of_an_imported_checklist_and_who_decided_on_them(world: World) -> None:
    await known(world)
    first, second = world.caller("approver", "approver-1"), world.caller("approver", "approver-2")
    content = book(*ROWS)
    for version in ("patrol-2026", "patrol-unasked"):
        assert (await proposed(first, content, version)).status_code == 201
    officer = world.caller("grid-officer", region=GRID[:9])
    assert (await officer.send("PUT", f"/visits/{OTHER}", json=visit_body())).status_code == 201
    assert (await second.send("POST", "/checklist-proposals/patrol-2026/approval")).status_code == 201
    failed = [{"item": "C09-2", "finding": "FAIL", "photos": ["a" * 64]}]
    seen = {"outcome": "ISSUES", "checklist": "patrol-2026", "answers": failed}
    reported = await officer.send("PUT", f"/visits/{VISIT}", json=visit_body(observation=seen))
    assert reported.status_code == 201, reported.text
    members = await exported(world, VISIT)
    asked = members[IMPORTED].decode()
    assert "C09-2 疏散通道 Ways out\n  YELLOW · 教监管厅函〔2022〕9号 · 不合格须拍照" in asked
    assert "C09 场所与消防 Premises and fire\n  RED · 教监管厅函〔2022〕9号 · 一票否决" in asked
    assert "SHA-256" in asked, "which file it came in"
    digest = hashlib.sha256(content).hexdigest()
    assert members[f"evidence/{digest}"] == content, "and the file itself"
    assert digest not in json.loads(members[MANIFEST])["digests_without_file"]
    assert {"inspection.checklist-proposed.v1", "inspection.checklist-approved.v1"} <= entries(members)
    proofs = [text for name, text in members.items() if name.startswith("proofs/")]
    proposals = [one for one in proofs if json.loads(one)["entry"]["type"] == "inspection.checklist-proposed.v1"]
    assert len(proposals) == 1, "the version that was answered, no other"
    before = await exported(world, OTHER)
    assert IMPORTED not in before
    assert "一票否决" in before["rules/inspection/patrol-v1.txt"].decode()
    assert not {one for one in entries(before) if one.startswith("inspection.checklist-")}
