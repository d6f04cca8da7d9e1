"""Suggestions while a complaint is taken (受理智能提示): whom it is about, what it may repeat, whose matter it is.

One rule: nothing that is typed is stored, and nothing is decided. What is shown of other complaints, and that somebody
looked for a person by her telephone, is on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_inspection.acts import TAKE_COMPLAINT
from mingjing_inspection.api.complaint import ComplainantBody
from mingjing_inspection.api.name_book import NameBook
from mingjing_inspection.domain.complaint import TEXT_CHARACTERS_MAX, Track
from mingjing_inspection.domain.concern import Concern
from mingjing_inspection.domain.dispatching import Suggestion
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.intake.complaint_routes import Known, routing_known, whose
from mingjing_inspection.intake.repeats import Repeat, Repeated, repeats
from mingjing_inspection.intake.suggestion_duty import NAME, SuggestionDuty
from mingjing_inspection.matching.advice import Advice, advice
from mingjing_inspection.matching.clues import CLUES_VERSION, POINTS, Candidate, Clue
from mingjing_inspection.matching.linking import SHOWN_MAX, Said, is_sure
from mingjing_inspection.matching.recent import Heard
from mingjing_inspection.matching.signature import signature
from mingjing_inspection.matching.text_model import Weighed, text_model
from mingjing_inspection.policy.suggestion_rules import COMPLAINT_SUGGESTION
from mingjing_inspection.projections.premises import premises_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal
from mingjing_kernel.moment import Moment
from mingjing_kernel.policy import in_force
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.mask import Unmasked

LIMIT = "120/minute"
"""Of one caller: somebody who types, not a program that tries telephones."""
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between which a complaint may have come."""
LINKED_MAX = 12
"""Candidates that are looked up: some may be hidden from the caller."""


class SuggestionBody(BaseModel):
    """What has been typed so far; all of it may be empty but the text."""

    text: str = Field(max_length=TEXT_CHARACTERS_MAX + 1)
    title: str = Field(default="", max_length=300)
    respondent: str = Field(default="", max_length=300)
    respondent_phone: Unmasked = Field(default="", max_length=40)
    uscc: str = Field(default="", max_length=40)
    place: str = Field(default="", max_length=300)
    institution_id: UUID | None = Field(default=None, description="If it has been chosen already")
    received_at: Moment | None = Field(default=None, ge=FIRST, le=LAST, description="Absent: now")
    complainant: ComplainantBody | None = Field(default=None, description="To find who called before; kept nowhere")


class ClueItem(BaseModel):
    """Words of the message that point to an institution, and what they add."""

    clue: Clue
    words: str
    adds: int


class CandidateItem(BaseModel):
    """An institution that the message may be about."""

    institution_id: UUID
    name: str
    department: str
    category: str
    score: int
    is_sure: bool = Field(description="It stands far enough before the others; a person confirms it all the same")
    clues: list[ClueItem]


class RepeatItem(BaseModel):
    """An earlier complaint, and what it has in common with this one; ``text_alike`` in per cent."""

    complaint_id: UUID
    number: str
    kind: Repeat
    received_at: datetime
    title: str
    institution_id: UUID | None
    status: str
    text_alike: int
    is_same_institution: bool
    is_same_concern: bool


class WeighedItem(BaseModel):
    """An answer of the model in hundredths of the logit, and the words that weighed most for it."""

    label: str
    points: int
    words: list[str]


class TrackItem(BaseModel):
    """What kind of message it is; no track: it is about something else altogether."""

    suggested: list[Track]
    labels: list[WeighedItem]


class DepartmentItem(BaseModel):
    """Whose matter it may be, by the table of dispatch; no department: the grid looks first."""

    department: str
    matter: str
    ground: str
    legal_basis: str
    matrix: str


class UrgencyItem(BaseModel):
    """Whether money may be in danger, and the words that say so."""

    is_urgent: bool
    words: list[str]
    rule: str


class Suggestions(BaseModel):
    """All of it, with the versions of what was asked. ``behind``: facts that the memory has not read yet."""

    institutions: list[CandidateItem]
    repeats: list[RepeatItem]
    tracks: TrackItem
    concerns: list[WeighedItem]
    categories: dict[str, str] = Field(description="By category, the word that spoke of it")
    departments: list[DepartmentItem]
    urgency: UrgencyItem
    versions: dict[str, str]
    behind: int


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(tags=["complaint 投诉举报"])
    names, keys = NameBook(kit), Keys(kit)
    memory: SuggestionDuty = kit.duties[NAME]

    @router.post(
        "/complaints/suggestions",
        summary="受理智能提示 whom and what it is about, so far",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def suggest(body: SuggestionBody, caller: Principal = Depends(kit.caller)) -> Suggestions:
        """For whoever may take a complaint. Each suggestion names its words; nothing is stored, nothing decided."""
        anywhere = Dimensions(UNDIVIDED, UNDIVIDED, UNDIVIDED)
        caller.scope.require(TAKE_COMPLAINT, anywhere, seen=True)
        behind = await memory.behind()
        ranked = (await names.linker()).candidates(_said(body), LINKED_MAX)
        linked = await visible(kit, caller, ranked)
        chosen = body.institution_id or (linked[0].institution_id if linked and linked[0].is_sure else None)
        settings = kit.settings
        category = next((one.category for one in linked if one.institution_id == chosen), "")
        known, day = await routing_known(kit.log), shanghai_date(body.received_at or kit.now())
        owner = partial(owner_by, known, day, settings.county_code)
        told = advice(text_model(), body.title, body.text, category, is_ours=chosen is not None, owner=owner)
        found = await _repeats(kit, keys, memory, caller, body, chosen, told)
        await _note(kit, caller, body, found)
        return Suggestions(
            institutions=linked[:SHOWN_MAX],
            repeats=[_repeat(one) for one in found],
            **advised(told),
            versions={"linking": CLUES_VERSION, "model": told.reading.version, "urgency": told.urgency_rule},
            behind=behind,
        )

    return router


def owner_by(known: Known, day: date, region: str, matter: Matter, category: str) -> Suggestion:
    """Whose a matter is by the table in force; for ``advice``."""
    return whose(known, matter, day, region, category, is_looked_at=False)


def _said(body: SuggestionBody) -> Said:
    return Said(
        text=body.text, title=body.title, respondent=body.respondent, uscc=body.uscc, place=body.place,
        phone=body.respondent_phone,
    )  # fmt: skip


async def visible(kit: Kit, caller: Principal, ranked: Sequence[Candidate]) -> list[CandidateItem]:
    """Those that the caller may see. The first is sure only where nobody stood near it, seen or not."""
    if not ranked:
        return []
    wanted = premises_in(caller.scope, [one.institution_id for one in ranked])
    async with kit.connection() as connection:
        rows = (await connection.execute(wanted)).mappings().all()
    seen = {UUID(int=row["institution_id"].int): row for row in rows}
    sure = ranked[0].institution_id if is_sure(ranked) else None
    return [_candidate(one, seen[one.institution_id], sure) for one in ranked if one.institution_id in seen]


def _candidate(one: Candidate, row: Mapping[str, Any], sure: UUID | None) -> CandidateItem:
    return CandidateItem(
        institution_id=one.institution_id,
        name=row["name"],
        department=row["department"],
        category=row["category"],
        score=one.score,
        is_sure=one.institution_id == sure,
        clues=[ClueItem(clue=each.clue, words=each.words, adds=POINTS[each.clue]) for each in one.clues],
    )


async def _repeats(
    kit: Kit, keys: Keys, memory: SuggestionDuty, caller: Principal, body: SuggestionBody, about: UUID | None,
    told: Advice,
) -> list[Repeated]:  # fmt: skip
    now = body.received_at or kit.now()
    category = next(iter(told.trades), "")
    numbers = await in_force(kit.log, COMPLAINT_SUGGESTION, shanghai_date(now), kit.settings.county_code, category)
    one = Heard(
        complaint_id=derived_id("complaint-being-taken"),
        institution_id=about,
        received_at=now,
        concern=Concern(told.reading.concerns[0].label),
        signature=signature(body.text),
    )
    phone = body.complainant.phone if body.complainant else ""
    return await repeats(kit, keys, caller.scope, memory.recent, one, phone, numbers.values)


async def _note(kit: Kit, caller: Principal, body: SuggestionBody, found: Sequence[Repeated]) -> None:
    """Who was shown which complaints; a search by a person's telephone also where it found nobody."""
    by = ("complainant.phone",) if body.complainant and body.complainant.phone else ()
    if found or by:
        ids = [str(one.row["complaint_id"]) for one in found]
        await kit.reads.note(caller, "complaint", form="list", ids=ids, count=len(ids), fields=("title", *by))


def _repeat(one: Repeated) -> RepeatItem:
    row, alike = one.row, one.alike
    return RepeatItem(
        complaint_id=row["complaint_id"], number=row["number"], kind=one.kind, received_at=row["received_at"],
        title=row["title"], institution_id=row["institution_id"], status=row["status"], text_alike=alike.text_alike,
        is_same_institution=alike.is_same_institution, is_same_concern=alike.is_same_concern,
    )  # fmt: skip


def advised(told: Advice) -> dict[str, Any]:
    """What the words lead to, as an answer says it."""
    reading = told.reading
    return {
        "tracks": TrackItem(suggested=list(reading.tracks), labels=[_weighed(one) for one in reading.labels]),
        "concerns": [_weighed(one) for one in reading.concerns],
        "categories": dict(told.trades),
        "departments": [
            DepartmentItem(
                department=one.department, matter=one.matter, ground=one.ground, legal_basis=one.legal_basis,
                matrix=one.matrix,
            )
            for one in told.departments
        ],
        "urgency": UrgencyItem(is_urgent=told.is_urgent, words=list(told.urgent_words), rule=told.urgency_rule),
    }  # fmt: skip


def _weighed(one: Weighed) -> WeighedItem:
    return WeighedItem(label=one.label, points=one.points, words=list(one.words))
