"""``audit export`` and ``audit compare`` on the databases of a whole installation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conftest import Databases
from mingjing.auditing import case_kinds, check_file, compare_one, known_keys, reading, service_of
from mingjing.case_export import Taker, export_case
from mingjing.keys import LOGS, complete
from mingjing_inspection.codec import COMPLAINTS
from mingjing_inspection.domain.complaint import Attribution, Channel, Intake, MatchedBy, TakeComplaint, Track
from mingjing_inspection.service import SERVICE as INSPECTION
from mingjing_kernel.audit.case_search import Case, CaseUnknown
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.drop import to_folder
from mingjing_kernel.audit.keys import load_signer
from mingjing_kernel.audit.note import parse_note
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.reads.noted import ReadsNoted
from mingjing_kernel.service.migrating import migrate
from mingjing_kernel.service.witnessing import origin_of

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
COMPLAINT = UUID(int=1 << 100 | 5)
TAKE = TakeComplaint(
    intake=Intake(
        number="7",
        channel=Channel.WEB,
        received_at=AT,
        declared="投诉",
        title="",
        text="关门跑路",
        respondent="",
        place="",
        is_anonymous=True,
    ),
    tracks=(Track.DISPUTE,),
    within_remit=True,
    attribution=Attribution(institution_id=None, by=MatchedBy.UNMATCHED, evidence=""),
    region="330106",
    department="education",
    category="art",
    taken_by="operator",
    taken_at=AT,
)


async def take(url: str, keys: Path, folder: Path) -> None:
    """One complaint, one checkpoint over it, and that checkpoint at a second agency."""
    log = Log(url, "inspection", INSPECTION.streams)
    await log.start()
    try:
        await log.handle(COMPLAINTS, COMPLAINT, TAKE, Envelope(command_id=new_id(), actor="operator"))
        signer = load_signer(keys / "inspection-signing.key", origin_of("inspection"))
        written = await Checkpointer(log, signer).write()
        await to_folder(folder)(signer.name, written.size, written.note.encode())
        assert parse_note(written.note).checkpoint().size == 1
    finally:
        await log.stop()


async def facts(url: str, name: str) -> list[Any]:
    async with reading(url, service_of(name)) as log:
        return [fact.event for fact in await log.read(0, 1_000)]


async def test_a_case_leaves_and_a_second_agency_can_compare(databases: Databases, tmp_path: Path) -> None:
    url = await asyncio.to_thread(databases.fresh)
    keys, folder, out = tmp_path / "keys", tmp_path / "drop", tmp_path / "case.zip"
    await asyncio.to_thread(complete, keys)
    await asyncio.to_thread(folder.mkdir)
    for name in LOGS:
        await migrate(service_of(name), url, say=lambda _: None)
    await take(url, keys, folder)
    taker = Taker(user="os:clerk", person="auditor-1", reason="法院调取")
    made = await export_case(url, Case("complaint", COMPLAINT), keys, out, taker)
    assert (made.entries, made.left_out) == (1, ())
    (noted,) = [fact for fact in await facts(url, "inspection") if isinstance(fact, ReadsNoted)]
    (read,) = noted.reads
    assert (read.reader, read.kind, read.form, read.fields) == ("auditor-1", "case-file", "item", ("everything",))
    assert read.ids == ("complaint", str(COMPLAINT))
    assert all(word in read.purpose for word in ("法院调取", "os:clerk"))
    assert await facts(url, "registry") == [], "a log that has nothing of the case tells of no read"
    assert not await asyncio.to_thread(out.with_name("case.zip.draft").exists)
    vkeys = [key.encode() for key in known_keys(keys)]
    checked = await asyncio.to_thread(check_file, out, vkeys)
    assert (checked.is_proved, checked.problem, checked.type) == (True, "", "inspection.complaint-taken.v2")
    assert all(name in checked.says[0] for name in ("mingjing/registry", "mingjing/inspection", "mingjing/funds"))
    assert {"complaint", "task", "account", "institution"} <= set(case_kinds())
    compared = await compare_one(url, "inspection", keys, folder)
    assert (compared.compared, compared.largest, compared.broken) == (1, 1, ())
    before = await facts(url, "inspection")
    with pytest.raises(CaseUnknown):
        await export_case(url, Case("complaint", UUID(int=9 << 100)), keys, out, taker)
    assert await facts(url, "inspection") == before
    await asyncio.to_thread(databases.drop, url)
