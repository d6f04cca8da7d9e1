"""Nothing sealed stands in the clear anywhere: marked people are sent in by every way, and everything is searched.

The whole product runs as it does at a customer's; then its log lines, its database (events, commands, read models,
parked rows, and PostgreSQL's own files and log), the broker's messages and files, and every answer and export are
searched for the marks, in each encoding in which they could stand there.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import nats
import psycopg
import pytest
from nats.errors import NoRespondersError
from psycopg.sql import SQL, Identifier

from chaos.box import START_SECONDS_MAX, Box, wait_until
from chaos.load import Caller, Ledger
from mingjing.servers import Nats
from mingjing_funds.sources.hupan import MARKS as STATEMENT_MARKS
from mingjing_inspection.sources.layout import MARKET_12315
from mingjing_kernel.clock import system_clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.service.sweeping import NOTHING_DUE
from system.families import contracts_signed, family, order_tables
from system.intruder import ADMINISTRATOR, AUDITOR, BANKER, INSPECTOR, OPERATOR, WHY, Intruder
from system.marked import (
    STATEMENT_HEADER,
    Marks,
    complaint,
    hotline,
    market,
    today,
    workbook,
)

pytestmark = pytest.mark.timeout(900)
SERVICES = ("registry", "inspection", "funds", "console")
SEALING = ("inspection", "funds")
LISTS = {
    "inspection": ("/complaints", "/complaint-files", "/kept-aside"),
    "funds": ("/contracts", "/contracts/findings", "/files", "/kept-aside?state=all", "/payments", "/refunds"),
    "registry": ("/institutions", "/kept-aside"),
}


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with tempfile.TemporaryDirectory(prefix="mingjing-leaks-", ignore_cleanup_errors=True) as directory:
        made = Box(Path(directory) / "data")
        try:
            made.start()
            yield made
        finally:
            made.end()


@pytest.fixture(scope="module")
async def intruder(box: Box) -> AsyncIterator[Intruder]:
    caller = Caller(box.urls, Ledger())
    made = Intruder(box, caller)
    yield made
    await made.client.aclose()
    await caller.close()


def test_each_day_has_its_sweep_even_where_nothing_is_due(box: Box) -> None:
    def swept() -> list[Any]:
        query = SQL("SELECT data FROM {}.events WHERE type = 'kernel.retention-swept.v1'")
        with psycopg.connect(box.postgres_url) as connection:
            found = [connection.execute(query.format(Identifier(name))).fetchall() for name in SEALING]
        return [row for rows in found for row in rows] if all(found) else []

    rows = wait_until(swept, START_SECONDS_MAX, box.said)
    assert [json.loads(row[0])["because"] for row in rows] == [NOTHING_DUE] * len(SEALING)


async def test_nothing_sealed_stands_in_the_clear_anywhere(box: Box, intruder: Intruder) -> None:
    marks = Marks(seed=20260701)
    await complain(intruder, marks)
    await complain_badly(intruder, marks)
    await complaint_files(intruder, marks)
    await order_tables(intruder, marks)
    await family(intruder, marks)
    await contracts_signed(intruder, marks)
    await bank_file(intruder, marks)
    await evidence(intruder, marks)
    taken = await rights(intruder, marks)
    await stray_messages(box, marks)
    await bulk_port(box, intruder, marks)
    sent = len(intruder.answers)
    assert sum(answer.is_success for _, answer in intruder.answers) >= 8, intruder.answers
    assert sum(400 <= answer.status_code < 500 for _, answer in intruder.answers) >= 12
    assert [what for what, answer in intruder.answers if answer.status_code >= 500] == []
    await lists_and_exports(intruder)
    await proofs_and_reads(intruder, taken)
    leaks = [
        leak for what, answer in intruder.answers for leak in marks.found_in(f"the answer of {what}", answer.content)
    ]
    assert len(intruder.answers) > sent
    leaks += in_database(box, marks)
    leaks += await in_broker(box, marks)
    assert box.stop() == 0, box.said()
    leaks += on_disk(box, marks)
    assert not leaks, "\n".join(sorted(set(leaks)))


async def complain(intruder: Intruder, marks: Marks) -> None:
    """By HTTP: named, anonymous, opened by whoever may, and the same key with other words."""
    key = new_id()
    body = complaint(marks, "taken") | {"complainant": marks.person("taken")}
    taken = await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=body, key=key)
    assert taken.status_code == 201, taken.text
    again = body | {"complainant": marks.person("reused key")}
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=again, key=key)
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=again)
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=complaint(marks, "anonymous"))
    path, why = f"/complaints/{taken.json()['complaint_id']}/complainant", {"purpose": "call-back", "explanation": "7"}
    opened = await intruder.read_alone(OPERATOR, "inspection", path, json=why)
    assert (opened["name"], opened["words"]["text"]) == (body["complainant"]["name"], body["text"])


async def evidence(intruder: Intruder, marks: Marks) -> None:
    """A device whose text names somebody; refused ones, too."""
    content = b"what the camera saw"
    manifest: dict[str, Any] = {
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "image/jpeg",
        "thing": {"kind": "visit", "id": str(new_id())},
        "device": marks.words("device"),
        "device_sent_at": system_clock().isoformat(),
    }
    number = new_id()
    declared = await intruder.send(INSPECTOR, "PUT", "inspection", f"/evidence/{number}", json=manifest)
    assert declared.status_code == 201, declared.text
    shown = await intruder.send(INSPECTOR, "GET", "inspection", f"/evidence/{number}")
    assert "木铎轩不退费" in shown.text
    await intruder.send(INSPECTOR, "GET", "inspection", f"/evidence/{number}/custody")
    for wrong in (
        {"media_type": marks.phone("media type")},
        {"sha256": marks.identity("digest")},
        {"thing": {"kind": "visit", "id": marks.name("thing")}},
        {"device": marks.words("long device") * 20},
    ):
        await intruder.send(INSPECTOR, "PUT", "inspection", f"/evidence/{new_id()}", json=manifest | wrong)


async def rights(intruder: Intruder, marks: Marks) -> dict[str, Any]:
    """Found by value, asked by herself, copied: only the copy holds her in the clear, and it is not searched."""
    person = marks.person("rights")
    filed = complaint(marks, "rights") | {"complainant": person}
    taken: dict[str, Any] = (await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=filed)).json()
    subject = f"complainant-{taken['complaint_id']}"
    for field in ("name", "phone"):
        body = {"field": field, "value": person[field]}
        found = await intruder.send(ADMINISTRATOR, "POST", "inspection", "/subjects/search", json=body, headers=WHY)
        assert [one["subject"] for one in found.json()] == [subject], found.text
    for body in (
        {"field": "phone", "value": marks.phone("stranger")},
        {"field": marks.name("a field of search"), "value": marks.phone("stranger")},
        {"field": "name", "value": marks.name("long search") * 40},
    ):
        await intruder.send(ADMINISTRATOR, "POST", "inspection", "/subjects/search", json=body, headers=WHY)
    for phone in (marks.phone("own record"), person["phone"]):
        body = {"channel": "SUPERVISION_PHONE", "number": filed["number"], "phone": phone}
        own = await intruder.send(OPERATOR, "POST", "inspection", "/complaints/own-record", json=body)
    assert own.status_code == 200, own.text
    copy = await intruder.read_alone(ADMINISTRATOR, "inspection", f"/subjects/{subject}/copy", headers=WHY)
    assert person["phone"] in str(copy)
    await intruder.send(AUDITOR, "GET", "inspection", f"/subjects/{subject}/record")
    return taken


async def proofs_and_reads(intruder: Intruder, taken: dict[str, Any]) -> None:
    """What leaves the house as proof, and what an auditor sees of who read what."""
    case = await intruder.send(AUDITOR, "GET", "inspection", f"/log/cases/complaint/{taken['complaint_id']}")
    assert case.status_code == 200, case.text
    intruder.answers.append(("members of the case file", httpx.Response(200, content=unzipped(case.content))))
    receipt = await intruder.send(OPERATOR, "GET", "inspection", f"/receipts/{taken['receipt']['number']}")
    assert receipt.status_code == 200, receipt.text
    for path in ("/reads?limit=500", "/reads?format=csv&limit=500", "/reads/volumes", "/unsealings?format=csv"):
        await intruder.send(AUDITOR, "GET", "inspection", path)


async def complain_badly(intruder: Intruder, marks: Marks) -> None:
    """Requests that are refused: each for another reason, each with a person in it."""
    good = complaint(marks, "refused")
    wrong: list[Any] = [
        good | {"complainant": marks.person("bad channel"), "channel": marks.name("bad channel")},
        good | {"complainant": [marks.name("list"), marks.phone("list")]},
        good | {"complainant": {"name": {"first": marks.name("nested")}, "phone": int(marks.phone("integer"))}},
        good | {"complainant": {"name": marks.name("too long") * 60, "phone": marks.phone("too long") * 9}},
        good | {"complainant": marks.person("no number"), "number": ""},
        good | {"complainant": marks.person("future"), "received_at": "2099-01-01T00:00:00+00:00"},
        good | {"received_at": marks.phone("a moment"), "claimed_fen": marks.identity("an amount")},
        good | {"complainant": marks.person("extra"), marks.name("a field's name"): 1},
        marks.name("no object"),
    ]
    for body in wrong:
        await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=body)
    broken = json.dumps(good | {"complainant": marks.person("broken JSON")}, ensure_ascii=False)[:-3]
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", content=broken.encode())
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", content=marks.name("GB18030").encode("gb18030"))
    media = {"Content-Type": "text/csv"}
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", content=marks.words("csv"), headers=media)
    nul = good | {"complainant": marks.person("U+0000"), "text": f"\0{marks.words('U+0000')}"}
    await intruder.send(OPERATOR, "POST", "inspection", "/complaints", json=nul)
    await intruder.send(BANKER, "POST", "inspection", "/complaints", json=good | {"complainant": marks.person("scope")})
    contract = {"contract_no": "HT-1", "pupil": {"name": marks.name("contract")}, "course": "x"}
    await intruder.send(BANKER, "POST", "funds", "/contracts", json=contract)


async def complaint_files(intruder: Intruder, marks: Marks) -> None:
    """Both layouts: rows that are taken, rows kept aside, persons in the wrong columns; mending."""
    rows = [
        hotline(marks, "330126062800001", "12345 taken"),
        hotline(marks, "330126062800002", "12345 bad time", received_at="昨天"),
        hotline(marks, marks.phone("12345 number"), "12345 no text", text=""),
        hotline(marks, "330126062800003", "12345 result", result=f"已回访{marks.phone('12345 result')}"),
        hotline(marks, "330126062800004", "12345 bad due", due_on=marks.identity("12345 due")),
    ]
    answer = await intruder.send(OPERATOR, "POST", "inspection", "/complaint-files?name=x.xlsx", content=workbook(rows))
    assert answer.status_code == 201, answer.text
    assert len(answer.json()["kept_aside"]) == 3, answer.text
    lines = [
        ",".join(MARKET_12315.fields.values()),
        market(marks, "12315 taken"),
        market(marks, "12315 bad", money="十元"),
    ]
    text = "\n".join(lines)
    for content in (
        text.encode("utf-8-sig"),
        text.encode("gb18030"),
        text.encode() + b'\n"' + marks.name("cut").encode(),
    ):
        await intruder.send(OPERATOR, "POST", "inspection", "/complaint-files", content=content)
    kept = answer.json()["kept_aside"][0]
    path = f"/complaint-files/{kept['file_id']}/rows/{kept['row']}/mending"
    for time in ("前天", "2026-06-28 18:00:37"):
        cells = {**marks.person(f"mended {time}"), "received_at": time, "text": marks.words("mended")}
        await intruder.send(OPERATOR, "POST", "inspection", path, json={"cells": cells})


async def bank_file(intruder: Intruder, marks: Marks) -> None:
    """A bank's file: payers as counterparties, a telephone in a summary."""
    assert set(STATEMENT_HEADER.split(",")) >= STATEMENT_MARKS
    lines = [STATEMENT_HEADER]
    for number, amount in enumerate(("100.00", "一百")):
        payer, account = marks.name("payer"), f"62170{marks.phone('payer account')}316"
        when = f"{today().replace('-', '')},00:00:0{number}"
        summary = f"培训费 {marks.phone('summary')}"
        lines.append(
            f"1,{when},\t62990{number:014d},专户,,{amount},100.00,{payer},\t{account},{summary},HP{number:015d}"
        )
    path = f"/files/statements?covers_to={today()}&department=science"
    await intruder.send(BANKER, "POST", "funds", path, content="\n".join(lines).encode("gb18030"))


async def stray_messages(box: Box, marks: Marks) -> None:
    """What nobody should publish. (A stray checkpoint is evidence, and its witness keeps it whole.)"""
    client = await nats.connect(nats_url(box))
    for subject in ("inspection.cmd.x", "inspection.evtx.complaint"):
        await client.publish(subject, marks.words(subject).encode())
    await client.flush()
    await client.close()


async def bulk_port(box: Box, intruder: Intruder, marks: Marks) -> None:
    """Commands as the bulk port takes them, whole and with a good token. Only banks' messages are offered, which name
    accounts: nobody answers to those that name people. Whoever offers the first says here what becomes of them.
    """
    offered = {name: set(import_module(f"mingjing_{name}.service").SERVICE.commands) for name in SERVICES}
    assert {name: some for name, some in offered.items() if some} == {
        "funds": {"book-entries", "take-statement", "answer-orders"}
    }
    client = await nats.connect(nats_url(box))
    headers = {"Authorization": f"Bearer {await intruder.caller._token(BANKER)}"}
    for subject in ("funds.cmd.sign-contract", "funds.cmd.report-lesson", "inspection.cmd.take-complaint"):
        named = {"pupil": {"name": marks.name(subject)}, "guardian": marks.person(subject)}
        request = {
            "id": str(new_id()),
            "command_id": str(new_id()),
            "command": named | {"content": marks.words(subject)},
            "reason": marks.words(f"reason of {subject}"),
        }
        sent = json.dumps(request).encode()
        if not offered[subject.partition(".")[0]]:
            with pytest.raises(NoRespondersError):
                await client.request(subject, sent, timeout=5, headers=headers)
            continue
        answer = await client.request(subject, sent, timeout=5, headers=headers)
        assert json.loads(answer.data)["status"] >= 400
        intruder.answers.append((f"message {subject}", httpx.Response(404, content=answer.data)))
    await client.close()


async def lists_and_exports(intruder: Intruder) -> None:
    """Every list, in every form, as the one who may see most of it."""
    for service, paths in LISTS.items():
        for path in paths:
            for form in ("json", "csv", "xlsx"):
                mark = "&" if "?" in path else "?"
                who = OPERATOR if service == "inspection" else BANKER
                answer = await intruder.send(who, "GET", service, f"{path}{mark}format={form}&limit=500")
                if form == "xlsx" and answer.is_success:
                    intruder.answers.append((f"cells of {path}", httpx.Response(200, content=unzipped(answer.content))))
    for path in ("/parked", "/health", "/unsealings", "/subject-requests", "/log/contracts?after=0"):
        for service in SEALING:
            await intruder.send(AUDITOR, "GET", service, path)
    await intruder.send(ADMINISTRATOR, "GET", "inspection", "/parked")


def in_answers(intruder: Intruder, marks: Marks) -> list[str]:
    """Refusals, receipts, lists, exports; only the one answer that was asked for a purpose is not among them."""
    answers = intruder.answers
    return [leak for what, answer in answers for leak in marks.found_in(f"the answer of {what}", answer.content)]


def in_database(box: Box, marks: Marks) -> list[str]:
    """Every column of every table, as PostgreSQL prints it; bytea as text too."""
    found: list[str] = []
    with psycopg.connect(box.postgres_url) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert {("inspection", "events"), ("inspection_read", "complaints"), ("inspection", "parked")} <= set(tables)
        for schema, table in tables:
            for (row,) in connection.execute(f'SELECT t::text FROM "{schema}"."{table}" t'):  # type: ignore[arg-type]
                found += marks.found_in(f"table {schema}.{table}", row.encode())
    return found


async def in_broker(box: Box, marks: Marks) -> list[str]:
    """Every message of every stream, with its headers: the files may be compressed."""
    client = await nats.connect(nats_url(box))
    js, found, seen = client.jetstream(), list[str](), 0
    for stream in await js.streams_info():
        for number in range(max(stream.state.first_seq, 1), stream.state.last_seq + 1):
            message = await js.get_msg(stream.config.name, number)
            seen += 1
            content = (message.data or b"") + repr(message.headers).encode()
            found += marks.found_in(f"stream {stream.config.name}", content)
    await client.close()
    assert seen > 0
    return found


def on_disk(box: Box, marks: Marks) -> list[str]:
    """Every file that the installation leaves, our logs, PostgreSQL's and the broker's among them."""
    files = [path for path in (*box.data.rglob("*"), box.output) if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    return [leak for path in files for leak in marks.found_in(path.name, path.read_bytes())]


def nats_url(box: Box) -> str:
    server = Nats(box.installation.nats)
    server._port = int((box.installation.nats / "port").read_text(encoding="ascii"))
    return server.url


def unzipped(content: bytes) -> bytes:
    """The text of a workbook's parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())
