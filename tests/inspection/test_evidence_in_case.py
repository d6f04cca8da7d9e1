"""The originals of a case leave with its file: through custody, on record, and nothing that is not clean."""

from __future__ import annotations

import json
import zipfile
from typing import Any
from uuid import UUID

from inspection.conftest import World
from inspection.sending import CONTENT, complained
from kernel.evidence.samples import picture, sha256
from mingjing.case_export import Taker, case_originals
from mingjing.installation import Installation
from mingjing_kernel.audit.case_search import Case
from mingjing_kernel.audit.check_proof import check_case
from mingjing_kernel.evidence.custody import own_envelope
from mingjing_kernel.evidence.facts import RecordScan, Verdict
from mingjing_kernel.evidence.rules import EVIDENCE

OTHER = picture(size=(90, 70))
CLEAN, INFECTED = UUID(int=500), UUID(int=501)


async def scanned(world: World, id: UUID, verdict: Verdict) -> None:
    command = RecordScan(verdict=verdict, scanner="clamd", detail="", at=world.time.now)
    await world.host.log.handle(EVIDENCE, id, command, own_envelope("scanned", id))
    await world.caught_up()


async def exported(world: World, complaint: str) -> tuple[set[str], Any]:
    """Names in the file, and its manifest."""
    auditor = world.caller("auditor", subject="auditor-1")
    answer = await auditor.send("GET", f"/log/cases/complaint/{complaint}")
    assert answer.status_code == 200, answer.text
    path = world.host.settings.data_dir / "case.zip"
    path.write_bytes(answer.content)
    with zipfile.ZipFile(path) as file:
        checked = check_case(path, [file.read("keys/inspection.vkey").decode().splitlines()[0]])
        assert (checked.is_proved, checked.problem) == (True, "")
        return {one for one in file.namelist() if one.startswith("evidence/")}, json.loads(file.read("manifest.json"))


async def test_a_case_file_has_the_papers_of_the_complaint_on_record_and_names_what_stays_here(world: World) -> None:
    complaint, _ = await complained(world, CONTENT, OTHER)
    await scanned(world, INFECTED, Verdict.INFECTED)
    files, manifest = await exported(world, complaint)
    assert files == {f"evidence/{sha256(CONTENT)}"}
    assert manifest["digests_without_file"] == [sha256(OTHER)]
    last = (await world.host.log.history(EVIDENCE, CLEAN))[-1]
    assert (last.type, last.meta.actor) == ("kernel.evidence-handed-out.v1", "auditor-1")
    assert last.event.purpose == f"case file complaint/{complaint}"
    facts = await world.host.log.history(EVIDENCE, INFECTED)
    assert "kernel.evidence-handed-out.v1" not in [fact.type for fact in facts]
    work = world.host.settings.data_dir / "evidence" / "inspection" / "work"
    assert list(work.iterdir()) == [], "the file was made there, and is gone"


async def test_a_case_file_of_the_command_line_has_them_too_on_record_and_nothing_infected(world: World) -> None:
    complaint, _ = await complained(world, CONTENT, OTHER)
    await scanned(world, INFECTED, Verdict.INFECTED)
    case, taker = Case("complaint", UUID(complaint)), Taker(user="os:clerk", person="auditor-1", reason="法院调取")
    installation = Installation(world.host.settings.data_dir)
    originals = case_originals(world.host.log.url, installation, case, taker, ("inspection",))
    found = {}
    async for digest, pieces in originals([sha256(CONTENT), sha256(OTHER), "0" * 64]):
        found[digest] = b"".join([piece async for piece in pieces])
    assert found == {sha256(CONTENT): CONTENT}
    last = (await world.host.log.history(EVIDENCE, CLEAN))[-1]
    assert (last.type, last.event.by) == ("kernel.evidence-handed-out.v1", "auditor-1")
    assert (last.meta.actor, last.meta.on_behalf_of, last.meta.reason) == ("os:clerk", "auditor-1", "法院调取")
    assert last.event.purpose == f"case file complaint/{complaint}"
    facts = await world.host.log.history(EVIDENCE, INFECTED)
    assert "kernel.evidence-handed-out.v1" not in [fact.type for fact in facts]
