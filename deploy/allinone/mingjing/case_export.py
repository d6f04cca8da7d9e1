"""A case that leaves the house on the command line (案件导出): the file that HTTP gives, across all logs, and the facts
that HTTP leaves.

The one rule: who takes it, for whom and why is in the log before the file has its name. Nobody is asked for a password
here: whoever may read the database could read all of it anyway, so the account of the machine's user is on record too.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from mingjing.auditing import reading, service_of
from mingjing.evidence_audit import keeps_evidence
from mingjing.installation import Installation
from mingjing.keys import LOGS
from mingjing_kernel.audit.case_file import Evidence, Made, Part, part_of, require_own_stream, write_case
from mingjing_kernel.audit.case_search import Case
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.keys import load_signer
from mingjing_kernel.audit.note import Signer
from mingjing_kernel.audit.witness import witness_notes
from mingjing_kernel.clock import system_clock
from mingjing_kernel.evidence.checking import servable
from mingjing_kernel.evidence.custody import CASE_TWINS_MAX
from mingjing_kernel.evidence.desk import open_blobs
from mingjing_kernel.evidence.facts import RecordHandingOut
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.reads import Recorder, Restricted
from mingjing_kernel.service import Service
from mingjing_kernel.service.own_reads import OWN_READS
from mingjing_kernel.service.witnessing import origin_of
from mingjing_kernel.settings import load_settings

EXPORT_SECONDS_MAX = 3_600
"""Of one look through one log for a case."""
_READING = OWN_READS["/log/cases/{kind}/{case_id}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who takes a case out: the machine's user at the keyboard, the person for whom, and why."""

    user: str
    reason: str
    person: str = ""

    @property
    def named(self) -> str:
        """Who is said to have it: the person, or, where none is named, the machine's user."""
        return self.person or self.user


def machine_user() -> str:
    """The user of the operating system, whom no environment variable can rename."""
    number = os.getuid()
    try:
        return f"os:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"os:{number}"


async def export_case(
    url: str, case: Case, keys: Path, out: Path, taker: Taker, evidence: Evidence | None = None
) -> Made:
    """Write everything that the logs have of one case into a file, on record. Raises ``CaseUnknown``,
    ``CaseStandsElsewhere``, ``CaseTooLarge``.
    """
    signers = {name: load_signer(keys / f"{name}-signing.key", origin_of(name)) for name in LOGS}
    parts = {name: await _part(url, case, name, signers[name]) for name in LOGS}
    require_own_stream(case, list(parts.values()))
    draft = out.with_name(f"{out.name}.draft")
    try:
        for name, part in parts.items():
            if part.proofs:
                await _note(url, name, case, taker)
        made = await write_case(draft, case, list(parts.values()), list(signers.values()), system_clock(), evidence)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return made


def case_originals(
    url: str, installation: Installation, case: Case, taker: Taker, names: Sequence[str] = LOGS
) -> Evidence:
    """What a case file may hold of every service's evidence, each piece handed out on record."""

    async def originals(digests: Sequence[str]) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        for name in filter(keeps_evidence, names):
            service = service_of(name)
            settings = load_settings(service.settings, postgres_url=url, data_dir=installation.data)
            async with reading(url, service) as log:
                found = await servable(log, digests, is_scan_required=settings.evidence_scan == "required")
            if not found:
                continue
            async with _writing(url, service) as log:
                for digest, ids in found.items():
                    async for one in open_blobs(settings, name).originals([digest]):
                        await _hand_out(log, ids, case, taker)
                        yield one

    return originals


async def _part(url: str, case: Case, name: str, signer: Signer) -> Part:
    seen = witness_notes(url, [other for other in LOGS if other != name], origin_of(name))
    service = service_of(name)
    async with reading(url, service) as log:
        rules, kept = service.rules(), service.kept_rules
        return await part_of(log, case, Checkpointer(log, signer), seen, rules, EXPORT_SECONDS_MAX, kept)


async def _note(url: str, name: str, case: Case, taker: Taker) -> None:
    """The same note as of a read over HTTP, in the log that is read."""
    assert isinstance(_READING, Restricted)
    service = service_of(name)
    county = load_settings(service.settings, postgres_url=url).county_code
    async with _writing(url, service) as log:
        await Recorder(log, system_clock, county).note(
            Principal(subject=taker.named),
            _READING.kind,
            ids=(case.kind, str(case.id)),
            purpose=f"{taker.reason} ({taker.user}, mingjing audit export)",
            fields=_READING.fields,
        )


async def _hand_out(log: Log, ids: Sequence[UUID], case: Case, taker: Taker) -> None:
    purpose = f"case file {case.kind}/{case.id}"
    for id in ids[:CASE_TWINS_MAX]:
        command = RecordHandingOut(purpose=purpose, by=taker.named, at=system_clock())
        envelope = Envelope(
            command_id=new_id(),
            actor=taker.user,
            on_behalf_of=taker.person,
            reason=taker.reason,
            client="mingjing audit export",
        )
        await log.handle(EVIDENCE, id, command, envelope)


@asynccontextmanager
async def _writing(url: str, service: Service) -> AsyncIterator[Log]:
    """The service's log, to add to; the service may run beside it."""
    log = Log(url, service.name, service.streams)
    await log.start()
    try:
        yield log
    finally:
        await log.stop()
