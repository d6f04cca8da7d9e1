"""Parts: what an officer's device brings after it was without a network, one by one, in whatever order it comes.

One rule: a part is taken, held or kept aside, and never lost: only bytes that the network broke are asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from mingjing_inspection.acts import CORRECT_VISIT, REPORT_VISIT
from mingjing_inspection.codec import VISIT_PARTS, VISITS
from mingjing_inspection.domain.bundle import Declared, PartKind
from mingjing_inspection.domain.bundle_refusals import PartAboutAnother, PartsTooMany
from mingjing_inspection.domain.visit import Reported, Visit
from mingjing_inspection.domain.visit_part import HoldPart, KeepPartAside, PartStage, Waiting
from mingjing_inspection.domain.visit_refusals import CorrectsAnotherVersion, VisitAlreadyReported
from mingjing_inspection.intake.circumstances import (
    Circumstances,
    correction_command,
    of_correction,
    of_report,
    report_command,
)
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.part_settling import Settling, why_of
from mingjing_inspection.intake.placing import place_by_visit
from mingjing_inspection.intake.reporting import ReceiptBook, Sent, file_report, filed_before
from mingjing_inspection.intake.visit_files import evidence_works, here_already
from mingjing_inspection.sources.report import read_correction, read_report
from mingjing_kernel.audit.receipts import Receipt
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

CONTESTED = (VisitAlreadyReported, CorrectsAnotherVersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of a part, and the receipt for its bytes."""

    stage: PartStage
    outcome: Outcome
    position: int
    receipt: Receipt | None
    waits_for: Waiting | None = None
    refusal: Refusal | None = None
    task_refused: str = ""
    placed: int = 0
    """Position of the fact that the site stands where the visit was made; 0 where none followed."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """How far we got with a part before it was refused: whose business it is."""

    department: str = ""
    region: str = ""


class Parts:
    """Takes parts, holds them, keeps them aside."""

    def __init__(self, kit: Kit, receipts: ReceiptBook, settling: Settling) -> None:
        self._kit = kit
        self._receipts = receipts
        self._settling = settling
        self._book = GridBook(kit)

    async def take(self, sent: Sent, bundle: Declared, caller: Principal, written: Envelope) -> Became:
        """One part whose bytes are those of the manifest. Raises only what the device shall try again."""
        owners = [_Owner()]
        try:
            if sent.kind is PartKind.REPORT:
                return await self._report(sent, bundle, caller, written, owners)
            return await self._correction(sent, caller, written, owners)
        except PartsTooMany:
            raise
        except Refusal as why:
            if why.status >= 500:
                raise
            return await self._aside(sent, why, written, owners[-1])

    async def keep(self, sent: Sent, why: Refusal, written: Envelope, place: tuple[str, str]) -> Became:
        """Keep aside what was sent without a bundle; ``place`` is department and region."""
        return await self._aside(sent, why, written, _Owner(*place))

    async def _report(
        self, sent: Sent, bundle: Declared, caller: Principal, written: Envelope, owners: list[_Owner]
    ) -> Became:
        form = read_report(sent.content)
        found = await of_report(self._kit, sent.visit_id, form, sent.received_at)
        owners.append(_owner(found))
        if found.site is None:
            return await self._hold(sent, Waiting(site_id=form.site_id), written, owners[-1])
        caller.scope.require(REPORT_VISIT, found.dimensions)
        command = report_command(form, found, sent.came)
        circumstances, works = sent.circumstances(written), self._receipts.work(sent, written)
        files = [one.part_id for one in bundle.parts if (one.kind, one.visit_id) == (PartKind.EVIDENCE, sent.visit_id)]
        here = await here_already(self._kit, command.observation, files, caller.subject)
        attach = await evidence_works(self._kit, sent.visit_id, command.observation, here, caller, circumstances)
        filed = None
        if not attach:
            filed = await filed_before(self._kit, found.visit, command, circumstances, self._receipts, sent)
        if filed is None:
            filed = await file_report(self._kit, sent.visit_id, found, command, circumstances, attach, works)
        if isinstance(filed.first, Refusal):
            raise filed.first
        later = await self._settling.after(sent.visit_id, sent.sha256)
        placed = await place_by_visit(self._kit, self._book, sent.visit_id, command, found.premises, circumstances)
        return Became(
            stage=PartStage.TAKEN,
            outcome=filed.first,
            position=max(filed.position, later),
            placed=placed,
            receipt=filed.receipt or await self._receipts.receipt(sent, works),
            task_refused=filed.task_refused,
        )

    async def _correction(self, sent: Sent, caller: Principal, written: Envelope, owners: list[_Owner]) -> Became:
        form = read_correction(sent.content)
        if form.visit_id != sent.visit_id:
            raise PartAboutAnother
        visit: Visit = (await self._kit.log.state(VISITS, sent.visit_id))[0]
        if not isinstance(visit, Reported) or visit.version < form.corrects_version:
            return await self._hold(sent, Waiting(visit_version=form.corrects_version), written, owners[-1])
        found = await of_correction(self._kit, sent.visit_id, visit, form, sent.received_at)
        owners.append(_owner(found))
        caller.scope.require(CORRECT_VISIT, found.dimensions)
        command = correction_command(form, found, sent.officer, sent.received_at, sent.sha256)
        circumstances, works = sent.circumstances(written), self._receipts.work(sent, written)
        results = await self._kit.log.handle_many([Work(VISITS, sent.visit_id, command, circumstances), *works])
        first = results[0]
        if not isinstance(first, Outcome):
            raise first
        later = await self._settling.after(sent.visit_id, sent.sha256)
        position = max(later, *(one.position for one in results if isinstance(one, Outcome)))
        receipt = await self._receipts.receipt(sent, works)
        return Became(stage=PartStage.TAKEN, outcome=first, position=position, receipt=receipt)

    async def _hold(self, sent: Sent, waits_for: Waiting, written: Envelope, owner: _Owner) -> Became:
        command = HoldPart(part=sent.kept(written, owner.department, owner.region), waits_for=waits_for)
        became = await self._kept(sent, command, "hold-part", written)
        # What it waits for may have come while it was being written down; whoever is later sees the other.
        await self._settling.after(sent.visit_id, "")
        return became

    async def _aside(self, sent: Sent, why: Refusal, written: Envelope, owner: _Owner) -> Became:
        command = KeepPartAside(
            part=sent.kept(written, owner.department, owner.region),
            why=why_of(why),
            is_contested=isinstance(why, CONTESTED),
        )
        became = await self._kept(sent, command, f"aside-part {why.code()}", written)
        return Became(
            stage=became.stage,
            outcome=became.outcome,
            position=became.position,
            receipt=became.receipt,
            refusal=why,
        )

    async def _kept(self, sent: Sent, command: HoldPart | KeepPartAside, what: str, written: Envelope) -> Became:
        """Write it down, then the receipt for it; and say how it lies there, which somebody may have decided on."""
        circumstances = sent.circumstances(written)
        keeping = replace(circumstances, command_id=derived_id(what, sent.part_id, sent.sha256))
        outcome = await self._kit.log.handle(VISIT_PARTS, sent.visit_id, command, keeping)
        works = self._receipts.work(sent, written)
        results = await self._kit.log.handle_many(works)
        parts, _ = await self._kit.log.state(VISIT_PARTS, sent.visit_id)
        lying = parts.known[(sent.part_id, sent.sha256)]
        return Became(
            stage=lying.stage,
            outcome=outcome,
            position=max(outcome.position, *(one.position for one in results if isinstance(one, Outcome)), 0),
            receipt=await self._receipts.receipt(sent, works),
            waits_for=lying.waits_for if lying.stage is PartStage.HELD else None,
        )


def _owner(found: Circumstances) -> _Owner:
    return _Owner(found.department, found.site.region if found.site else "")
