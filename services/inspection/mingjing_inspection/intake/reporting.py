"""Reporting: from what an officer sent to what stands in the log, with the receipt that he can hold us to.

One rule: whatever whole bytes came are in the log before the answer: as the report, or kept for a person to decide on;
and the receipt is for the bytes, whatever became of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.codec import TASKS, VISITS
from mingjing_inspection.domain.bundle import PartKind
from mingjing_inspection.domain.task_facts import SubmitTask
from mingjing_inspection.domain.task_refusals import TaskOfAnotherSite
from mingjing_inspection.domain.visit import VISIT, Reported, ReportVisit, Visit
from mingjing_inspection.domain.visit_part import KeptPart
from mingjing_inspection.intake.circumstances import Came, Circumstances
from mingjing_kernel.audit.receipts import Receipt, ReceiptUnknown
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keys import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A report or a correction as it reached us. ``clock_skew_seconds`` = the device's clock minus ours."""

    kind: PartKind
    part_id: UUID
    visit_id: UUID
    officer: str
    sha256: str
    content: bytes
    bundle_id: UUID | None
    clock_skew_seconds: int
    received_at: datetime

    @property
    def device_sent_at(self) -> datetime:
        """The device's clock when it reached us."""
        return self.received_at + timedelta(seconds=self.clock_skew_seconds)

    @property
    def filed(self) -> dict[str, Any]:
        """What the receipt commits to: with the bytes in hand, anybody can make it again."""
        return {
            "kind": self.kind.value,
            "part_id": str(self.part_id),
            "sha256": self.sha256,
            "size_bytes": len(self.content),
            "visit_id": str(self.visit_id),
        }

    @property
    def came(self) -> Came:
        """The same of a report from whoever asks."""
        return Came(
            officer=self.officer,
            device_sent_at=self.device_sent_at,
            received_at=self.received_at,
            content_sha256=self.sha256,
            bundle_id=self.bundle_id,
        )

    def kept(self, written: Envelope, department: str = "", region: str = "") -> KeptPart:
        """The same to be kept; where the site is not known it is the business of the officer's own office."""
        return KeptPart(
            part_id=self.part_id,
            kind=self.kind,
            bundle_id=self.bundle_id,
            officer=self.officer,
            department=department or written.department,
            region=region or written.region,
            sha256=self.sha256,
            content=self.content,
            clock_skew_seconds=self.clock_skew_seconds,
            received_at=self.received_at,
        )

    def circumstances(self, written: Envelope) -> Envelope:
        """Who and why; the id and the bytes name the command, whatever key the device sends with a later try."""
        return replace(
            written,
            command_id=derived_id("visit-part", self.part_id, self.sha256),
            digest=bytes.fromhex(self.sha256),
            expected_version=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of a report that was handed in: the outcome, or why not; and what else was written with it."""

    first: Outcome | Refusal
    position: int = 0
    task_refused: str = ""
    evidence_refused: dict[str, str] = field(default_factory=dict)
    receipt: Receipt | None = None
    """Where it had to be looked for already."""


@dataclass(slots=True)
class ReceiptBook:
    """Makes the receipts of what officers send. The salt follows from the index key: it is kept nowhere."""

    kit: Kit
    _keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        """The key is read when it is first needed."""
        self._keys = Keys(self.kit)

    def work(self, sent: Sent, written: Envelope) -> list[Work]:
        """The entry, to be written with what became of the part; none where this log signs nothing."""
        if not self.kit.receipts.are_signed:
            return []
        stream = VISITS.stream(sent.visit_id)
        circumstances = sent.circumstances(written)
        return [self.kit.receipts.work("visit-part", stream, sent.filed, self._salt(sent), circumstances)]

    async def receipt(self, sent: Sent, works: Sequence[Work]) -> Receipt | None:
        """The receipt of what was written."""
        return await self.kit.receipts.salted(works[0], self._salt(sent)) if works else None

    def _salt(self, sent: Sent) -> bytes:
        return self._keys.index().keyed("visit-receipt", f"{sent.part_id} {sent.sha256}".encode())


def _submission(visit_id: UUID, found: Circumstances, command: ReportVisit, written: Envelope) -> list[Work]:
    """The end of the task that the visit was made for; none where it was made for none, or elsewhere."""
    if command.task_id is None or found.task.is_elsewhere:
        return []
    submit = SubmitTask(
        visit_id=visit_id,
        outcome=command.observation.outcome,
        officer=command.officer,
        submitted_at=command.received_at,
    )
    # The same circumstances: whoever reads the task finds who, why and on what basis without the visit.
    follow = replace(written, command_id=_submitting(written), expected_version=None)
    return [Work(TASKS, command.task_id, submit, follow)]


def _submitting(written: Envelope) -> UUID:
    return derived_id("submit-task", written.command_id)


async def filed_before(
    kit: Kit, visit: Visit, command: ReportVisit, written: Envelope, receipts: ReceiptBook, sent: Sent
) -> Filed | None:
    """What became of bytes that the network made a device send again, read from the log: to carry them out once more
    would cost a transaction that holds the log. ``None`` where something may still follow from them (a task that they
    did not end), or where they were taken by another command.
    """
    if not isinstance(visit, Reported) or sent.sha256 not in visit.contents:
        return None
    facts = await kit.log.facts_of(written.command_id)
    ended = await kit.log.facts_of(_submitting(written)) if facts and command.task_id is not None else []
    if not facts or (command.task_id is not None and not ended):
        return None
    try:
        receipt = await receipts.receipt(sent, receipts.work(sent, written))
    except ReceiptUnknown:  # this log signed nothing then
        return None
    last, events = facts[-1], tuple(one.event for one in facts)
    first = Outcome(last.position, last.version, events, repeated=True)
    return Filed(first=first, position=max(one.position for one in (*facts, *ended)), receipt=receipt)


async def file_report(
    kit: Kit,
    visit_id: UUID,
    found: Circumstances,
    command: ReportVisit,
    written: Envelope,
    attach: Sequence[Work],
    receipt: Sequence[Work],
) -> Filed:
    """The report, its files, its task and its receipt in one transaction. What refuses of these loses no report.

    What would be refused is known beforehand: then nothing of it is written, neither the task's end nor a receipt.
    """
    try:
        VISIT.decide(command, found.visit)
    except Refusal as why:
        return Filed(first=why)
    works = [
        Work(VISITS, visit_id, command, written),
        *receipt,
        *attach,
        *_submission(visit_id, found, command, written),
    ]
    # Another report under this id may have come since: then its task's end is its own, and nothing here is written.
    first, *rest = await kit.log.handle_many(works, hangs=True)
    if isinstance(first, Refusal):
        return Filed(first=first)
    if not isinstance(first, Outcome):
        raise first
    rest = rest[len(receipt) :]
    refused = next((one for one in rest[len(attach) :] if isinstance(one, Refusal)), None)
    return Filed(
        first=first,
        position=max(one.position for one in (first, *rest) if isinstance(one, Outcome)),
        task_refused=refused.code() if refused else TaskOfAnotherSite().code() if found.task.is_elsewhere else "",
        evidence_refused={
            str(work.id): one.code() for work, one in zip(attach, rest, strict=False) if isinstance(one, Refusal)
        },
    )
