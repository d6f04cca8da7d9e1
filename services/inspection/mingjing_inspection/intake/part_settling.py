"""Settling parts: what was held is taken when what it waited for comes; the rest is decided by a person, with a mark.

One rule: nothing is taken by itself that its own officer could not have done then; whatever is taken against a rule
names the person who said so, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.acts import FORCE_PART, REPORT_VISIT
from mingjing_inspection.codec import VISIT_PARTS, VISITS
from mingjing_inspection.domain.bundle import PartKind
from mingjing_inspection.domain.bundle_refusals import PartSettled, PartUnknown
from mingjing_inspection.domain.visit import Force, Outcome, Reported
from mingjing_inspection.domain.visit_part import (
    OPEN,
    DismissPart,
    KeepPartAside,
    KeptPart,
    Lying,
    Parts,
    PartStage,
    TakePart,
    Why,
    check_forcing,
)
from mingjing_inspection.domain.visit_refusals import VisitAlreadyReported, VisitNotReported
from mingjing_inspection.intake.circumstances import (
    Came,
    correction_command,
    of_correction,
    of_report,
    report_command,
)
from mingjing_inspection.intake.doors import Doors
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.placing import place_by_visit
from mingjing_inspection.intake.reporting import file_report
from mingjing_inspection.sources.report import CorrectionBody, read_correction, read_report
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.log import Outcome as Recording
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.text import package_of, render

CAME = "所等待的前序内容已到 what it waited for came"
SUPERSEDED = "同一编号的报告已另行采纳 a whole report was taken under this id"
WHO = "system:reporting"


@dataclass(frozen=True, slots=True)
class Settling:
    """Settles what waits and lies aside for visits."""

    kit: Kit
    doors: Doors

    async def after(self, visit_id: UUID, sha256: str) -> int:
        """A part of this visit was written down: take what waited for it, and note a door that was shut.

        The last position that was written; 0 where nothing was.
        """
        log = self.kit.log
        visit, parts = await log.states_of([(VISITS, visit_id), (VISIT_PARTS, visit_id)])
        if not isinstance(visit, Reported):
            return 0
        written = [0]
        for lying in parts.undecided():
            if lying.part.kind is PartKind.REPORT and lying.stage is not PartStage.CONTESTED:
                written.append(await self._superseded(visit_id, lying, sha256))
        waiting = parts.waiting()
        for lying in waiting:
            written.append(await self._resume(visit_id, lying))
        if waiting or visit.observation.outcome is Outcome.DOOR_CLOSED:
            noted = await self.doors.note(visit_id)
            written.append(noted.position if noted else 0)
        return max(written)

    async def _superseded(self, visit_id: UUID, lying: Lying, sha256: str) -> int:
        part, now = lying.part, self.kit.now()
        name: dict[str, Any] = {"part_id": part.part_id, "sha256": part.sha256, "by": WHO, "at": now}
        command: TakePart | DismissPart = (
            TakePart(**name, reason=CAME, is_forced=False)
            if part.sha256 == sha256
            else DismissPart(**name, reason=SUPERSEDED)
        )
        return await self._settled(visit_id, part, command)

    async def _resume(self, visit_id: UUID, lying: Lying) -> int:
        """A held correction, if its version stands by now and the same officer wrote both."""
        visit, _ = await self.kit.log.state(VISITS, visit_id)
        part, form = lying.part, read_correction(lying.part.content)
        if not isinstance(visit, Reported) or visit.version < form.corrects_version or visit.officer != part.officer:
            return 0
        found = await of_correction(self.kit, visit_id, visit, form, part.received_at)
        command = correction_command(form, found, part.officer, part.received_at, part.sha256)
        written = Envelope(
            command_id=derived_id("visit-part", part.part_id, part.sha256),
            actor=part.officer,
            department=part.department,
            region=part.region,
            reason=form.reason,
            digest=bytes.fromhex(part.sha256),
        )
        try:
            await self.kit.log.handle(VISITS, visit_id, command, written)
        except Refusal as why:
            if why.status >= 500:
                raise
            return await self._settled(visit_id, part, KeepPartAside(part=part, why=why_of(why), is_contested=True))
        taken = TakePart(
            part_id=part.part_id,
            sha256=part.sha256,
            by=part.officer,
            reason=CAME,
            is_forced=False,
            at=self.kit.now(),
        )
        return await self._settled(visit_id, part, taken)

    async def take_report(self, visit_id: UUID, name: tuple[UUID, str], book: GridBook) -> bool:
        """A held report whose site is known by now, if its officer may report there; else it is kept aside, with why.

        Whether it stands now.
        """
        log = self.kit.log
        parts: Parts = (await log.state(VISIT_PARTS, visit_id))[0]
        lying = parts.known.get(name)
        if lying is None or lying.stage is not PartStage.HELD or lying.part.kind is not PartKind.REPORT:
            return False
        part, form = lying.part, read_report(lying.part.content)
        found = await of_report(self.kit, visit_id, form, part.received_at)
        if found.site is None:
            return False
        written = Envelope(
            command_id=derived_id("visit-part", part.part_id, part.sha256),
            actor=part.officer,
            department=part.department,
            region=part.region,
            reason=CAME,
            digest=bytes.fromhex(part.sha256),
        )
        grants = (await self.kit.directory.current()).grants_of(part.officer, self.kit.now())
        command = report_command(form, found, _came(part))
        try:
            Scope(grants).require(REPORT_VISIT, found.dimensions)
            filed = await file_report(self.kit, visit_id, found, command, written, (), ())
            if isinstance(filed.first, Refusal):
                raise filed.first
        except Refusal as why:
            if why.status >= 500:
                raise
            is_contested = isinstance(why, VisitAlreadyReported)
            aside = KeepPartAside(part=part, why=why_of(why), is_contested=is_contested)
            await self._settled(visit_id, part, aside)
            return False
        await self.after(visit_id, part.sha256)
        await place_by_visit(self.kit, book, visit_id, command, found.premises, written)
        return True

    async def _settled(self, visit_id: UUID, part: KeptPart, command: TakePart | DismissPart | KeepPartAside) -> int:
        written = Envelope(command_id=new_id(), actor=WHO, correlation=str(part.bundle_id or ""))
        try:
            return (await self.kit.log.handle(VISIT_PARTS, visit_id, command, written)).position
        except PartSettled:  # whoever was quicker settled it: a person, or another part of the same visit
            return 0

    async def lying(self, visit_id: UUID, name: tuple[UUID, str], act: Act, caller: Principal) -> tuple[Lying, Parts]:
        """A part, for whoever may do this to it. Raises ``PartUnknown``, ``OutsideScope``."""
        parts: Parts = (await self.kit.log.state(VISIT_PARTS, visit_id))[0]
        found = parts.known.get(name)
        if found is None:
            raise PartUnknown
        here = Dimensions(found.part.department, found.part.region, UNDIVIDED)
        caller.scope.require(act, here, seen=caller.scope.allows(role=OFFICIALS, **here._asdict()))
        return found, parts

    async def force(self, visit_id: UUID, take: TakePart, caller: Principal, written: Envelope) -> Recording:
        """Take a part all the same: as the report, or as a correction of the one that stands."""
        _, parts = await self.lying(visit_id, (take.part_id, take.sha256), FORCE_PART, caller)
        if parts.known[(take.part_id, take.sha256)].stage not in OPEN:
            return await self.kit.log.handle(VISIT_PARTS, visit_id, take, written)  # it says why not, or did so before
        part, force = check_forcing(parts, take).part, Force(by=take.by, reason=take.reason)
        marking = replace(written, command_id=derived_id("take-part", written.command_id), expected_version=None)
        done = await self._force(visit_id, part, force, written)
        taken = await self.kit.log.handle(VISIT_PARTS, visit_id, take, marking)
        return replace(done, position=max(done.position, taken.position, await self.after(visit_id, part.sha256)))

    async def _force(self, visit_id: UUID, part: KeptPart, force: Force, written: Envelope) -> Recording:
        """As the report where none stands, else as a correction of what stands."""
        log = self.kit.log
        visit, _ = await log.state(VISITS, visit_id)
        if part.kind is PartKind.CORRECTION or isinstance(visit, Reported):
            if not isinstance(visit, Reported):
                raise VisitNotReported
            correction = _correction_in(part, visit, force)
            found = await of_correction(self.kit, visit_id, visit, correction, part.received_at)
            command = correction_command(correction, found, part.officer, part.received_at, part.sha256, force)
            return await log.handle(VISITS, visit_id, command, written)
        report = read_report(part.content)
        found = await of_report(self.kit, visit_id, report, part.received_at)
        reporting = report_command(report, found, _came(part), force)
        filed = await file_report(self.kit, visit_id, found, reporting, written, (), ())
        if isinstance(filed.first, Refusal):
            raise filed.first
        return filed.first


def _came(part: KeptPart) -> Came:
    return Came(
        officer=part.officer,
        device_sent_at=part.received_at + timedelta(seconds=part.clock_skew_seconds),
        received_at=part.received_at,
        content_sha256=part.sha256,
        bundle_id=part.bundle_id,
    )


def _correction_in(part: KeptPart, visit: Reported, force: Force) -> CorrectionBody:
    """The other report under the same id is a correction of the one that stands, in the words of who decides."""
    if part.kind is PartKind.CORRECTION:
        return read_correction(part.content)
    seen = read_report(part.content).observation
    return CorrectionBody(corrects_version=visit.version, observation=seen, reason=force.reason)


def why_of(refusal: Refusal) -> Why:
    """The sentence of a refusal, as it is kept."""
    said = render(refusal.sentence, refusal.values, package_of(type(refusal)))
    field = str(refusal.values.get("field", refusal.field))
    return Why(code=refusal.code(), zh=said.zh, en=said.en, field=field)
