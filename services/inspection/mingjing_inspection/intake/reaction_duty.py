"""The duty of reactions (联动值守): X5 after a hazard, X6 after a rectification that failed, X20 after a clock, others.

One rule: a machine proposes an order and opens a lead, and punishes nobody; what it did, or why it did nothing, is
noted once for each fact that asks for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_inspection.codec import FINDINGS, PREMISES_KNOWN, REACTIONS, RECTIFICATIONS, TASKS
from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain import complaint_track as of_track
from mingjing_inspection.domain import finding as of_finding
from mingjing_inspection.domain import rectification as of_rectification
from mingjing_inspection.domain.finding_terms import Place
from mingjing_inspection.domain.lead import LeadOrigin, LeadStage, OpenLead
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.reaction import NoteReaction
from mingjing_inspection.domain.rectification_facts import Grounds, ProposeRectification
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.intake.lead_reactions import BASIS as LEAD_BASIS
from mingjing_inspection.intake.lead_reactions import lead_reactions
from mingjing_inspection.intake.lead_terms import take_on_days
from mingjing_inspection.intake.overdue_telling import BASIS as OVERDUE_BASIS
from mingjing_inspection.intake.overdue_telling import overdue_reactions
from mingjing_inspection.intake.rectified_visits import BASIS as RECTIFIED_BASIS
from mingjing_inspection.intake.rectified_visits import is_visited, rectified_reactions
from mingjing_inspection.projections.reactions import RECHECK, X5, X6, X7, reactions_due
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Aggregate, Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

NAME: Final = "reactions"
LOOK_SECONDS: Final = 10.0
ROUNDS_MAX: Final = 100
BASIS: Final = {
    X5: "教监管厅函〔2022〕9号",
    X6: "行政处罚法第二十八条",
    X7: "市场监督管理投诉举报处理办法；行政处罚法第五十四条",
    RECHECK: "GB/T 30428《数字化城市管理信息系统》",
    **LEAD_BASIS,
    **OVERDUE_BASIS,
    **RECTIFIED_BASIS,
}
PROPOSED, PAUSE, LEAD = "rectification-proposed", "recruiting-pause-proposed", "lead-opened"
VISIT = "recheck-planned"
"""What a reaction did; codes, put into words where somebody reads them."""
NO_INSTITUTION, WRITTEN_OFF = "no-institution", "finding-written-off"
NO_SITE, MOVED_ON = "no-site", "finding-moved-on"
RECTIFICATION_VISITED = "rectification-recheck-open"
"""Why a reaction did less, or nothing."""
Step = tuple[Aggregate, UUID, Any]


class ReactionDuty:
    """Looks every few seconds, in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._said = "not yet"
        self._reacts: Mapping[str, Callable[[Any], Awaitable[tuple[list[Step], NoteReaction]]]] = {
            X5: self._hazard,
            X6: self._failure,
            X7: self._verified,
            RECHECK: self._feedback,
            **lead_reactions(kit),
            **overdue_reactions(kit),
            **rectified_reactions(kit),
        }

    async def recall(self) -> Done | None:
        """Nothing: what it did is in the log, that it looked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The same as between two days; the day has no work of its own."""
        await self.look()
        return self._said

    async def look(self) -> None:
        """At the facts that ask for a reaction."""
        done = 0
        for _ in range(ROUNDS_MAX):
            await self._kit.up_to_date()
            async with self._kit.connection() as connection:
                rows = (await connection.execute(reactions_due())).mappings().all()
            for row in rows:
                done += await self._react(row)
            if not rows:
                break
        self._said = f"{done} reactions noted" if done else "no fact asks for a reaction"

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _react(self, row: Any) -> bool:
        """First what is to be done, then the note: killed between them, it does the first again and doubles nothing."""
        steps, note = await self._reacts[row["reaction"]](row)
        results = await self._kit.log.handle_many([self._work(row, step, note) for step in steps])
        for result in results:
            if isinstance(result, Refusal):
                note = replace(note, did=(), why=result.code())
            elif not isinstance(result, Outcome):
                raise result
        (noted,) = await self._kit.log.handle_many([self._work(row, (REACTIONS, row["reaction_id"], note), note)])
        if not isinstance(noted, Outcome):
            raise noted
        return not noted.repeated

    def _work(self, row: Any, step: Step, note: NoteReaction) -> Work:
        aggregate, id, command = step
        command_id = derived_id("react", row["reaction"], row["occasion"], aggregate.noun, id)
        envelope = Envelope(
            command_id=command_id,
            actor=f"system:{row['reaction'].lower()}",
            digest=command_id.bytes * 2,
            department=note.department,
            region=note.region,
            legal_basis=BASIS[row["reaction"]],
            reason=row["reaction"],
            causation=row["occasion"],
        )
        return Work(aggregate, id, command, envelope)

    async def _hazard(self, row: Any) -> tuple[list[Step], NoteReaction]:
        found = (await self._kit.log.state(FINDINGS, row["source_id"]))[0]
        assert isinstance(found, of_finding.Known), "the fact that asks for it is its first"
        if found.stage is of_finding.Stage.WRITTEN_OFF:
            return [], self._note(row, found.owner, found.place, (), WRITTEN_OFF)
        lead = await self._lead(row, LeadOrigin.VETO, LeadStage.OPEN, found.place, found.owner, found.summary)
        if found.place.institution_id is None:
            return [lead], self._note(row, found.owner, found.place, (LEAD,), NO_INSTITUTION)
        premises: Premises = (await self._kit.log.state(PREMISES_KNOWN, found.place.institution_id))[0]
        grounds = Grounds(
            institution_id=found.place.institution_id,
            site_id=found.place.site_id,
            name=premises.names.full_name if premises.names else "",
            department=found.owner,
            region=found.place.region,
            category=found.place.category,
            finding_id=row["source_id"],
            summary=found.summary,
        )
        proposal = ProposeRectification(grounds=grounds, proposes_pause=True, reaction=X5, at=self._kit.now())
        id = _rectification_of(row["source_id"])
        note = self._note(row, found.owner, found.place, (PROPOSED, PAUSE, LEAD), "")
        return [(RECTIFICATIONS, id, proposal), lead], note

    async def _feedback(self, row: Any) -> tuple[list[Step], NoteReaction]:
        found = (await self._kit.log.state(FINDINGS, row["source_id"]))[0]
        assert isinstance(found, of_finding.Known), "it was fed back"
        place, limit = found.place, found.limit
        if found.stage is not of_finding.Stage.FED_BACK or limit is None:
            return [], self._note(row, found.owner, place, (), MOVED_ON)
        if place.institution_id is None or place.site_id is None:
            return [], self._note(row, found.owner, place, (), NO_SITE)
        if await is_visited(self._kit, row["source_id"], place.institution_id):
            return [], self._note(row, found.owner, place, (), RECTIFICATION_VISITED)
        now = self._kit.now()
        premises: Premises = (await self._kit.log.state(PREMISES_KNOWN, place.institution_id))[0]
        site = premises.site(place.site_id)  # where it stands now: grids may have been redrawn since
        visit = PlanTask(
            kind=TaskKind.RECHECK,
            institution_id=place.institution_id,
            site_id=place.site_id,
            region=site.region if site else place.region,
            department=found.owner,
            category=place.category,
            due_at=max(limit.due_at, now + timedelta(hours=1)),
            planned_at=now,
            cause=Cause(reason=found.summary, rule=RECHECK),
        )
        id = derived_id("recheck-of-finding", row["occasion"])
        return [(TASKS, id, visit)], self._note(row, found.owner, place, (VISIT,), "")

    async def _failure(self, row: Any) -> tuple[list[Step], NoteReaction]:
        known = (await self._kit.log.state(RECTIFICATIONS, row["source_id"]))[0]
        assert isinstance(known, of_rectification.Known), "it was looked at"
        grounds = known.grounds
        place = Place(
            institution_id=grounds.institution_id,
            site_id=grounds.site_id,
            region=grounds.region,
            category=grounds.category,
        )
        origin, stage = LeadOrigin.RECTIFICATION_FAILED, LeadStage.VERIFYING
        lead = await self._lead(row, origin, stage, place, grounds.department, grounds.summary)
        return [lead], self._note(row, grounds.department, place, (LEAD,), "")

    async def _verified(self, row: Any) -> tuple[list[Step], NoteReaction]:
        """Nothing of who reported is in the lead: what was found, and which report it came from."""
        known = (await self._kit.log.state(TRACKS, row["source_id"]))[0]
        assert isinstance(known, of_track.Known), "it was verified"
        place = Place(institution_id=known.institution_id, site_id=None, region=known.region, category=known.category)
        owner = known.handler or known.department
        summary = f"举报经核查属实：{known.matter.value if known.matter else ''}"
        lead = await self._lead(row, LeadOrigin.REPORT_VERIFIED, LeadStage.CASE_PROPOSED, place, owner, summary)
        return [lead], self._note(row, owner, place, (LEAD,), "")

    async def _lead(
        self, row: Any, origin: LeadOrigin, stage: LeadStage, place: Place, department: str, summary: str
    ) -> Step:
        command = OpenLead(
            origin=origin,
            stage=stage,
            place=place,
            department=department,
            source_id=row["source_id"],
            summary=summary,
            reaction=row["reaction"],
            at=self._kit.now(),
            take_on_days=await take_on_days(self._kit.log, self._kit.now(), place.region, place.category),
        )
        return LEADS, derived_id("lead", row["reaction"], row["occasion"]), command

    def _note(self, row: Any, department: str, place: Place, did: tuple[str, ...], why: str) -> NoteReaction:
        return NoteReaction(
            reaction=row["reaction"],
            occasion=row["occasion"],
            did=did,
            institution_id=place.institution_id,
            why=why,
            department=department,
            region=place.region,
            category=place.category,
            at=self._kit.now(),
        )


def _rectification_of(finding_id: UUID) -> UUID:
    """The id of the rectification that is proposed for a hazard."""
    return derived_id("rectification-of-finding", finding_id)
