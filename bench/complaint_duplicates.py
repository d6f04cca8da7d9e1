"""What a complaint repeats, at a million stored: the whole question of an operator who types, answered in process.

Value: milliseconds (p50) of ``POST /complaints/suggestions`` with a caller's telephone, on a service whose memory and
lists hold ``--events`` complaints (a million). Raw limit: one pass of numpy over all signatures, milliseconds. F1 of
duplicates (the same person, the same matter) is of the held-out half of the sample county, the window chosen on the
other; ``by_phone_alone`` is what the same telephone within the same days gives without matter and institution.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import numpy as np

from complaint_linking import institutions, said
from complaint_truth import Message, Truth, county_truth, is_held_out
from figure import Figure, milliseconds, percentile
from mingjing_inspection.domain.complainant import subject_of
from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.intake.repeats import is_same
from mingjing_inspection.intake.suggestion_duty import NAME as DUTY
from mingjing_inspection.matching.linking import is_sure
from mingjing_inspection.matching.recent import Heard, Recent
from mingjing_inspection.matching.signature import SIZE, alike, signature
from mingjing_inspection.matching.text_model import text_model
from mingjing_inspection.policy.suggestion_rules import COMPLAINT_SUGGESTION
from mingjing_inspection.service import SERVICE
from mingjing_kernel.identity import Role, StaticKeys
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from registry_scale import ISSUER, KEYS, RATE, quieten, token
from stage import Options, stage

NAME = "complaint-duplicates"
USES = {"events"}
STORED, ASKED, INSTITUTIONS, PEOPLE = 1_000_000, 100, 20_000, 500_000
A_MONTH = 300_000
NOW = datetime(2026, 7, 1, tzinfo=UTC)
_DEFAULT = {number.name: number.default for number in COMPLAINT_SUGGESTION.numbers}
_FILL = """
    INSERT INTO {0}.complaints (complaint_id, number, channel, received_at, department, region, category, tracks,
        within_remit, declared, title, text, respondent, place, is_anonymous, institution_id, matched_by,
        match_evidence, is_urgent, urgent_words, urgency_rule, status, result, from_position)
    SELECT lpad(to_hex(n), 32, '0')::uuid, n::text, '12345', $2::timestamptz - n * interval '{1} seconds', 'education',
        '330106', '', '["DISPUTE"]', true, '投诉', '培训机构退费纠纷', '不退费', '', '', false, NULL, 'UNMATCHED', '',
        false, '[]', 'urgency-v1', '', '', 0
    FROM generate_series(1, $1) AS n"""


async def run(options: Options) -> Figure:
    """Measure."""
    stored, truth = options.events or STORED, county_truth()
    tested, tuned, alone = _f1s(truth)
    with stage(options) as here:
        async with here.database("bench_inspection") as url:
            await migrate(SERVICE, url, say=lambda _: None)
            async with _service(url) as (host, client):
                raw = await _fill(host, url, stored, [row.text for row in truth.tuning], options)
                took, busy = await _asked(client, truth.held_out, min(stored, PEOPLE))
    return Figure(
        name=NAME, value=milliseconds(percentile(took, 0.5)), unit="ms p50", raw=milliseconds(raw),
        raw_is="ms, one pass over all signatures",
        details={
            "stored": stored, "p95_ms": milliseconds(percentile(took, 0.95)), "max_ms": milliseconds(took[-1]),
            "processor_p50_ms": milliseconds(percentile(busy, 0.5)),
            "asked": len(took), "f1": tested, "tuning_f1": tuned, "by_phone_alone_f1": alone,
            "days": _DEFAULT["same-person-days"],
        },
    )  # fmt: skip


@asynccontextmanager
async def _service(url: str) -> Any:
    quieten()
    with tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place:
        settings: Any = SERVICE.settings(
            postgres_url=url, issuer_url=ISSUER, data_dir=Path(place), token_grants="all", rate_caller=RATE,
            rate_address=RATE,
        )  # fmt: skip
        for name in ("sealing", "index"):
            make_key_file(settings.key_file(name))
        host = Host(SERVICE, settings, parts={"http"}, keys=StaticKeys(KEYS))
        transport = httpx.ASGITransport(host.app())
        async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            yield host, client


async def _fill(host: Host, url: str, stored: int, texts: Sequence[str], options: Options) -> float:
    """Lists, marks and memory; seconds of one pass over all signatures."""
    connection: Any = await asyncpg.connect(asyncpg_url(url))
    apart = 30 * 86_400 / A_MONTH
    await connection.execute("SET synchronous_commit = off")
    await connection.execute(_FILL.format(f'"{read_schema_of(SERVICE.name)}"', apart), stored, NOW)
    await _people(host, connection, stored)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    recent: Recent = host.duties[DUTY].recent  # type: ignore[attr-defined]
    draw, signs = random.Random(7), [signature(text) for text in texts]
    ids = [UUID(int=draw.getrandbits(128)) for _ in range(INSTITUTIONS)]
    concerns = [text_model().concern(text) for text in texts]
    for number in range(stored, 0, -1):
        at = draw.randrange(len(signs))
        recent.add(
            Heard(
                complaint_id=UUID(int=number), institution_id=draw.choice(ids) if draw.random() < 0.85 else None,
                received_at=NOW - timedelta(seconds=number * apart), concern=concerns[at], signature=signs[at],
            )
        )  # fmt: skip
        if number % 50_000 == 0:
            options.progress(stored - number, stored)
    many = np.zeros((stored, SIZE), np.uint8)
    began = time.perf_counter()
    alike(many, signs[0])
    return time.perf_counter() - began


async def _people(host: Host, connection: Any, stored: int) -> None:
    """Every complaint has a caller with a telephone; of half a million people most called twice."""
    schema, index = SERVICE.name, Keys(host).index()
    phones = [index.phone(_phone(number)) for number in range(min(PEOPLE, stored))]
    # Nobody's key is asked for here, so the marks stand without.
    await connection.execute(f'ALTER TABLE "{schema}".subject_marks DROP CONSTRAINT subject_marks_subject_fkey')
    records = (
        (subject_of(UUID(int=number)), "phone", "199****0000", phones[number % len(phones)])
        for number in range(1, stored + 1)
    )
    await connection.copy_records_to_table("subject_marks", schema_name=schema, records=records)


def _phone(number: int) -> str:
    return f"199{number:08}"


async def _asked(client: httpx.AsyncClient, rows: Sequence[Message], stored: int) -> tuple[list[float], list[float]]:
    """Seconds of each, sorted, and seconds of this process's processor; a caller may ask 120 times a minute."""
    took = list[tuple[float, float]]()
    for at, row in enumerate(rows[: ASKED + 1]):
        body = {
            "text": row.text, "respondent": row.cells["respondent"], "place": row.cells.get("place", ""),
            "received_at": (NOW - timedelta(days=5)).isoformat(),
            "complainant": {"name": "", "phone": _phone(1 + at * 997 % (stored - 1))},
        }  # fmt: skip
        bearer = {"Authorization": f"Bearer {token('330106', Role.HOTLINE_OPERATOR)}"}
        began, busy = time.perf_counter(), time.process_time()
        answer = await client.post("/inspection/v1/complaints/suggestions", json=body, headers=bearer)
        took.append((time.perf_counter() - began, time.process_time() - busy))
        assert answer.status_code == 200, answer.text
        assert answer.json()["repeats"], "somebody called before, or the same was said"
    rest = took[1:]  # the first one reads the model
    return sorted(one for one, _ in rest), sorted(busy for _, busy in rest)


def _f1s(truth: Truth) -> tuple[float, float, float]:
    """On the held-out half, on the tuning half, and by telephone alone."""
    rows = sorted((*truth.tuning, *truth.held_out), key=lambda row: row.answer["at"])
    linker, _, _ = institutions(truth)
    about: dict[str, UUID | None] = {}
    for row in rows:
        ranked = linker.candidates(said(row))
        about[row.answer["id"]] = ranked[0].institution_id if is_sure(ranked) else None
    found, alone = _found(rows, about)
    later = _later(rows)
    held = {row.answer["id"] for row in rows if is_held_out(row.answer["id"])}
    tuning = {row.answer["id"] for row in rows} - held
    return _f1(found & held, later & held), _f1(found & tuning, later & tuning), _f1(alone & held, later & held)


def _found(rows: Sequence[Message], about: dict[str, UUID | None]) -> tuple[set[str], set[str]]:
    """Of each complaint in its turn: whether it would be told to be a duplicate of an earlier one."""
    days, percent = _DEFAULT["same-person-days"], _DEFAULT["text-alike"]
    recent, earlier = Recent(), defaultdict[str, list[tuple[UUID, datetime]]](list)
    found, alone = set[str](), set[str]()
    for at, row in enumerate(rows):
        number, phone = row.answer["id"], row.cells["phone"]
        moment = datetime.fromisoformat(row.answer["at"]).replace(tzinfo=UTC)
        one = Heard(
            complaint_id=UUID(int=at + 1), institution_id=about[number], received_at=moment,
            concern=Concern(text_model().concern(row.text)), signature=signature(row.text),
        )  # fmt: skip
        before = dict(earlier[phone]) if phone and "*" not in phone else {}
        beside = recent.beside(one, list(before))
        if any(is_same(each, moment - before[each.complaint_id], days, percent) for each in beside):
            found.add(number)
        if any(moment - then <= timedelta(days=days) for then in before.values()):
            alone.add(number)
        recent.add(one)
        earlier[phone].append((one.complaint_id, moment))
    return found, alone


def _later(rows: Sequence[Message]) -> set[str]:
    """Of complaints that are one matter of one person, all but the first."""
    first: dict[str, str] = {}
    numbers = {row.answer["id"]: row.answer["dup_of"] for row in rows}

    def root(number: str) -> str:
        while numbers.get(number):
            number = numbers[number]
        return number

    later = set[str]()
    for row in rows:
        number = row.answer["id"]
        if first.setdefault(root(number), number) != number:
            later.add(number)
    return later


def _f1(found: set[str], wanted: set[str]) -> float:
    either = len(found) + len(wanted)
    return round(2 * len(found & wanted) / either, 4) if either else 0.0
