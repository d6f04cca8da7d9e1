"""Reactions to leads (线索联动): X17 when unlicensed premises are found, X18 when a school teacher is suspected, and a
lead where a checklist found childcare used as cover (C13).

One rule: each looks first whether it still holds, and says on record what it did or why nothing. X18 names no
institution, in its lead and in its note: nothing of it may reach one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from mingjing_inspection.codec import FINDINGS, PREMISES_KNOWN, VISITS
from mingjing_inspection.codec_leads import CONDUCT_LEADS, LEADS
from mingjing_inspection.domain import finding as of_finding
from mingjing_inspection.domain.conduct_lead import ConductSource, OpenConductLead
from mingjing_inspection.domain.finding_terms import Place
from mingjing_inspection.domain.lead import Known
from mingjing_inspection.domain.lead_facts import LeadStage, NoteToldRegistry, OpenLead
from mingjing_inspection.domain.lead_others import LeadOtherSettled
from mingjing_inspection.domain.lead_terms import LeadOrigin
from mingjing_inspection.domain.lead_told import Told
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reaction import NoteReaction
from mingjing_inspection.domain.visit import Finding, Reported
from mingjing_inspection.intake.lead_terms import take_on_days
from mingjing_inspection.projections.leads import leads_open_at
from mingjing_inspection.projections.reactions import CHILDCARE, CHILDCARE_ITEM, X17, X18
from mingjing_inspection.projections.site_places import approved_at
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

BASIS: Final = {
    X17: "校外培训行政处罚暂行办法第十七条",
    X18: "教师〔2015〕5号",
    CHILDCARE: "校外培训行政处罚暂行办法第十八条",
}
REGISTRY_TOLD, TRIAGE_BEGUN = "registry-told", "triage-begun"
CONDUCT_LEAD, LEAD = "conduct-lead-opened", "lead-opened"
"""What a reaction did; codes, put into words where somebody reads them."""
LEAD_OVER, TOLD_ALREADY, APPROVED_HERE = "lead-concluded", "registry-told-already", "approved-site-at-address"
WRITTEN_OFF, LEAD_OPEN, CORRECTED = "finding-written-off", "lead-open-already", "visit-corrected"
FOUND_BEFORE = "earlier-version-found-it"
"""Why a reaction did nothing."""
SUMMARY: Final = "检查发现以托管名义开展培训（检查项 C13）"
Step: TypeAlias = tuple[Aggregate, UUID, Any]
Found: TypeAlias = tuple[list[Step], NoteReaction]


def lead_reactions(kit: Kit) -> Mapping[str, Callable[[Any], Awaitable[Found]]]:
    """What the duty of reactions asks, by the reaction's name."""
    made = _Reactions(kit)
    return {X17: made.unlicensed, X18: made.teacher, CHILDCARE: made.childcare}


class _Reactions:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def unlicensed(self, row: Any) -> Found:
        """X17: the registry is told of the place, unless an approved site stands at the address after all."""
        known = await self._lead(row["source_id"])
        report = known.report
        assert report is not None, "premises are found at a place that was reported"
        why = ""
        if known.stage is LeadStage.NOT_SUBSTANTIATED:
            why = LEAD_OVER
        elif known.told_at is not None:
            why = TOLD_ALREADY
        elif report.told.address and await self._is_approved(report.told.address, report.region):
            why = APPROVED_HERE
        steps: list[Step] = [] if why else [(LEADS, row["source_id"], NoteToldRegistry(at=self._kit.now()))]
        did = () if why else (REGISTRY_TOLD, TRIAGE_BEGUN)
        return steps, self._note(row, (report.department, report.region, report.category), did, why)

    async def teacher(self, row: Any) -> Found:
        """X18: a lead for education discipline alone."""
        opened = await self._suspected(row)
        here = (opened.department, opened.region, opened.category)
        if (why := await self._let_go(row, opened)) != "":
            return [], self._note(row, here, (), why)
        id = derived_id("conduct-lead", row["source_id"])
        return [(CONDUCT_LEADS, id, opened)], self._note(row, here, (CONDUCT_LEAD,), "")

    async def childcare(self, row: Any) -> Found:
        """A lead about the site at which a visit found childcare used as cover, unless one is open for it."""
        visit = (await self._kit.log.state(VISITS, row["source_id"]))[0]
        assert isinstance(visit, Reported), "it was reported"
        premises: Premises = (await self._kit.log.state(PREMISES_KNOWN, visit.institution_id))[0]
        site = premises.site(visit.site_id)
        region = site.region if site else premises.region or self._kit.settings.county_code
        here = (premises.department, region, premises.category)
        why = ""
        if not any(one.item == CHILDCARE_ITEM and one.finding is Finding.FAIL for one in visit.observation.answers):
            why = CORRECTED
        elif await self._was_found_before(row):
            why = FOUND_BEFORE
        elif await self._has_lead(visit.site_id):
            why = LEAD_OPEN
        if why:
            return [], self._note(row, here, (), why, visit.institution_id)
        command = OpenLead(
            origin=LeadOrigin.CHILDCARE,
            stage=LeadStage.OPEN,
            place=Place(
                institution_id=visit.institution_id,
                site_id=visit.site_id,
                region=region,
                category=premises.category,
                address=site.address if site else "",
            ),
            department=premises.department,
            source_id=row["source_id"],
            summary=SUMMARY,
            reaction=CHILDCARE,
            at=self._kit.now(),
            take_on_days=await take_on_days(self._kit.log, self._kit.now(), region, premises.category),
        )
        id = derived_id("lead", CHILDCARE, row["occasion"])
        return [(LEADS, id, command)], self._note(row, here, (LEAD,), "", visit.institution_id)

    async def _was_found_before(self, row: Any) -> bool:
        """Whether an earlier version of the report said it already, and was reacted to then."""
        facts = await self._kit.log.history(VISITS, row["source_id"])
        version = int(row["occasion"].rpartition(":")[2])
        return any(CHILDCARE_ITEM in fact.event.failed for fact in facts if fact.version < version)

    async def _suspected(self, row: Any) -> OpenConductLead:
        if row["occasion"].startswith(f"{LEADS.noun}-"):
            known = await self._lead(row["source_id"])
            report = known.report
            assert report is not None, "it was reported"
            other = await self._other(row, known)
            return OpenConductLead(
                source=ConductSource.LEAD,
                source_id=row["source_id"],
                region=report.region,
                department=report.department,
                category=report.category,
                address=report.told.address,
                summary=(other or report.told).description,
                people=len(known.people if other else report.told.people),
                at=self._kit.now(),
            )
        found = await self._finding(row["source_id"])
        return OpenConductLead(
            source=ConductSource.FINDING,
            source_id=row["source_id"],
            region=found.place.region,
            department=self._kit.settings.lead_department,
            category="",
            address=found.place.address,
            summary=found.summary,
            people=0,
            at=self._kit.now(),
        )

    async def _other(self, row: Any, known: Known) -> Told | None:
        """What the taken other report says, where that is what suspects."""
        version = int(row["occasion"].rpartition(":")[2])
        event = (await self._kit.log.history(LEADS, row["source_id"]))[version - 1].event
        return known.others[event.number - 1].kept.told if isinstance(event, LeadOtherSettled) else None

    async def _let_go(self, row: Any, opened: OpenConductLead) -> str:
        if opened.source is ConductSource.LEAD:
            known = await self._lead(row["source_id"])
            return LEAD_OVER if known.stage is LeadStage.NOT_SUBSTANTIATED else ""
        found = await self._finding(row["source_id"])
        return WRITTEN_OFF if found.stage is of_finding.Stage.WRITTEN_OFF else ""

    async def _lead(self, lead_id: UUID) -> Known:
        known = (await self._kit.log.state(LEADS, lead_id))[0]
        assert isinstance(known, Known), "the fact that asks for it is of this lead"
        return known

    async def _finding(self, finding_id: UUID) -> of_finding.Known:
        found = (await self._kit.log.state(FINDINGS, finding_id))[0]
        assert isinstance(found, of_finding.Known), "the fact that asks for it is its first"
        return found

    async def _is_approved(self, address: str, region: str) -> bool:
        async with self._kit.connection() as connection:
            return (await connection.execute(approved_at(address, region[:6]))).first() is not None

    async def _has_lead(self, site_id: UUID) -> bool:
        async with self._kit.connection() as connection:
            return (await connection.execute(leads_open_at(site_id, LeadOrigin.CHILDCARE.value))).first() is not None

    def _note(
        self,
        row: Any,
        here: tuple[str, str, str],
        did: tuple[str, ...],
        why: str,
        institution_id: UUID | None = None,
    ) -> NoteReaction:
        department, region, category = here
        return NoteReaction(
            reaction=row["reaction"],
            occasion=row["occasion"],
            did=did,
            institution_id=institution_id,
            why=why,
            department=department,
            region=region,
            category=category,
            at=self._kit.now(),
        )
