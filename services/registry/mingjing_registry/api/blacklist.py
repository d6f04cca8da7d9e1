"""Blacklist 教育黑名单 (B1) over HTTP: the public list, the files for officials, and a new proposal.

One rule: what is published is a summary and the decision, while the listing is in force and not a day longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
    tagged,
)
from mingjing_kernel.http.actions import actions_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.mask import Unmasked
from mingjing_kernel.sealed.redact import redacted
from mingjing_registry.acts import BLACKLIST_ACTS, PROPOSE_LISTING
from mingjing_registry.api.blacklist_steps import PROCEDURE, here
from mingjing_registry.api.dues import with_dues
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import standing
from mingjing_registry.codec import BLACKLISTINGS
from mingjing_registry.domain.blacklist import File, Jurisdiction, Party, ProposeListing, subject_of
from mingjing_registry.domain.blacklist_refusals import ListingPartyMissing, ListingUnknown
from mingjing_registry.domain.blacklisting import hindrance
from mingjing_registry.domain.listing_terms import Grade
from mingjing_registry.intake.listing import carry_out
from mingjing_registry.intake.sealing import Named, sealed_all
from mingjing_registry.projections import blacklist

LIMIT = "60/minute"
PUBLIC_COLUMNS = (
    Column("name", "当事人", "Party"),
    Column("code", "统一社会信用代码", "Credit code"),
    Column("grade", "失信等级", "Grade"),
    Column("department", "列入机关", "Department"),
    Column("region", "区划", "Region"),
    Column("document_number", "决定书文号", "Decision"),
    Column("legal_basis_reference", "列入依据", "Legal basis"),
    Column("summary", "事由", "Summary"),
    Column("decided_on", "决定日期", "Decided on", "date"),
    Column("published_on", "公布日期", "Published on", "date"),
    Column("ends_on", "公布期满", "Ends on", "date"),
)
FILE_COLUMNS = (
    Column("name", "当事人", "Party"),
    Column("code", "统一社会信用代码", "Credit code"),
    Column("stage", "环节", "Stage"),
    Column("grade", "失信等级", "Grade"),
    Column("department", "主管部门", "Department"),
    Column("region", "区划", "Region"),
    Column("document_number", "决定书文号", "Decision"),
    Column("due_on", "期限", "Due on", "date"),
    Column("annulled_on", "依据撤销日期", "Annulled on", "date"),
    Column("remove_by", "应移出日期", "Remove by", "date"),
    Column("overdue_on", "逾期登记日期", "Noted overdue on", "date"),
    Column("proposed_on", "提请日期", "Proposed on", "date"),
    Column("published_on", "公布日期", "Published on", "date"),
    Column("ends_on", "公布期满", "Ends on", "date"),
    Column("removed_on", "移出日期", "Removed on", "date"),
    Column("cause", "移出原因", "Cause"),
)


class PublicListing(BaseModel):
    """What anybody may see of a listing in force. A natural person's name is masked."""

    model_config = ConfigDict(from_attributes=True)

    listing_id: UUID
    institution_id: UUID | None
    party_kind: str
    name: str
    code: str
    department: str
    region: str
    category: str
    grade: str
    legal_basis_reference: str
    document_number: str
    summary: str
    decided_on: date | None
    published_on: date | None
    ends_on: date | None


class Stated(BaseModel):
    """What the party stated, and when."""

    received_on: date
    statement: str


class FileItem(PublicListing):
    """A file as its officials see it."""

    stage: str
    facts: str
    evidence: list[str]
    penalty_reference: str
    opinion: str
    notice_reference: str
    statements: list[Stated]
    hearing: str
    reason: str
    rule: str = Field(description="Version of the policy that the decision cites")
    minimum_until: date | None = Field(description="No repair before this day")
    is_public: bool
    removed_on: date | None
    cause: str
    due_on: date | None = Field(description="The next day that counts, but for a removal: that is remove_by")
    annulment_reference: str = Field(description="The document that annulled its decision 撤销文书")
    annulled_on: date | None
    remove_by: date | None = Field(description="Last day for its removal, as it was counted when that was recorded")
    overdue_on: date | None = Field(description="When it was noted that it still stood after that day")
    proposed_by: str
    proposed_on: date
    version: int


class NewParty(BaseModel):
    """An institution of the register by its id; else an organisation, or a person, by name."""

    institution_id: UUID | None = None
    organisation: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=40, description="Unified social credit code, where there is one")
    person: Unmasked = Field(default="", max_length=100)
    id_number: Unmasked = Field(default="", max_length=40)


class NewListing(BaseModel):
    """A proposal: what was done, by what evidence, and which law allows a listing for it."""

    party: NewParty = NewParty()
    region: str = Field(default="", pattern=r"^([0-9]{4}|[0-9]{6}|[0-9]{9})?$", description="Of a party without entry")
    grade: Grade
    facts: str = Field(max_length=10_000)
    evidence: list[str] = Field(max_length=100)
    legal_basis_reference: str = Field(max_length=500)
    penalty_reference: str = Field(default="", max_length=200)


class ProposedListing(Accepted):
    """Where the file is."""

    listing_id: UUID


def make_router(kit: Kit) -> Router:
    """Lists, files, and the proposal."""
    router = Router(tags=["blacklist 黑名单"])
    keys = Keys(kit)
    _public(router, kit, keys)
    _files(router, kit, keys)
    _proposal(router, kit, keys)
    return router


def _public(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get(
        "/blacklist",
        response_model=Page[PublicListing],
        summary="教育黑名单 listings in force",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def published_blacklist(
        search: str = Query(default="", max_length=100, description="Part of a name, or a code"),
        scope: Scope = Depends(kit.visitor_scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """For anybody. What was removed since is not shown, whatever day is asked about."""
        at = await position_of(kit, as_of)
        statement = blacklist.published_in(scope, shanghai_date(kit.now()), search=search.strip(), at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="blacklist", statement=statement, keys=(rows.published_on, rows.listing_id), columns=PUBLIC_COLUMNS
        )
        return await _named(await answer_list(listing, asked, kit.connection, _Public), keys)


def _files(router: Router, kit: Kit, keys: Keys) -> None:
    @router.get("/blacklist/files", response_model=Page[FileItem], summary="黑名单案卷 files")
    async def blacklist_files(
        stage: str = Query(default="", max_length=40),
        institution_id: UUID | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """All that the caller may see, in whatever stage, the removed ones too."""
        at = await position_of(kit, as_of)
        statement = blacklist.files_in(scope, stage=stage, institution_id=institution_id, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="blacklist-files",
            statement=statement,
            keys=(rows.proposed_on, rows.listing_id),
            columns=FILE_COLUMNS,
            is_descending=True,
        )
        return await _named(await answer_list(listing, asked, kit.connection, _File), keys)

    @router.get("/blacklist/files/{listing_id}", summary="一份案卷 one file")
    async def blacklist_file(
        listing_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> FileItem:
        """As it stands, or stood."""
        statement = blacklist.one_file(scope, listing_id, await position_of(kit, as_of))
        async with kit.connection() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise ListingUnknown
        tagged(response, row["version"])
        (found,) = await _masked([row], keys)
        return FileItem.model_validate(found)

    @router.get("/blacklist/files/{listing_id}/available-actions", summary="可办事项 what may be done to it now")
    async def listing_actions(listing_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        async with kit.connection() as connection:
            if (await connection.execute(blacklist.one_file(caller.scope, listing_id))).first() is None:
                raise ListingUnknown
        found = await kit.log.standing(BLACKLISTINGS, listing_id)
        file = found.state
        if not isinstance(file, File):
            raise ListingUnknown
        actions = [
            action
            for act in BLACKLIST_ACTS
            for action in actions_of(
                (act,),
                caller,
                here(file.within, act),
                lambda step: hindrance(step, file),
                separation=BLACKLISTINGS.separation,
                hands=found.hands,
            )
        ]
        return await with_dues(kit, caller.scope, listing_id, AvailableActions(version=found.version, actions=actions))


def _proposal(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/blacklist/files", status_code=201, summary="提请列入 propose a listing")
    async def propose_listing(
        body: NewListing,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ProposedListing:
        """A proposal and no more: it is reviewed, the party is heard, and another person decides."""
        listing_id = derived_id("blacklisting", written.command_id)
        party, within = await _party(kit, body, written)
        scope.require(PROPOSE_LISTING, Dimensions(**within.dimensions()))
        outcome = await _propose(kit, keys, listing_id, body, (party, within), written)
        return ProposedListing(listing_id=listing_id, **accepted(response, outcome).model_dump())

    @router.post("/blacklist/files/{listing_id}/proposal", summary="再次提请 propose anew after a return")
    async def propose_listing_anew(
        listing_id: UUID,
        body: NewListing,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With what the legal review missed; party and jurisdiction stay as they were."""
        state, _ = await kit.log.state(BLACKLISTINGS, listing_id)
        if not isinstance(state, File):
            raise ListingUnknown
        scope.require(PROPOSE_LISTING, Dimensions(**state.within.dimensions()), seen=False)
        outcome = await _propose(kit, keys, listing_id, body, (state.party, state.within), written)
        return accepted(response, outcome)


async def _party(kit: Kit, body: NewListing, written: Envelope) -> tuple[Party, Jurisdiction]:
    """Who, and whose file it is: of an institution what the register says, else what the proposer's own office is."""
    new = body.party
    if new.institution_id is not None:
        known, place = await standing(kit, new.institution_id)
        party = Party(
            kind="institution",
            name=known.particulars.name,
            code=known.particulars.uscc,
            institution_id=new.institution_id,
        )
        return party, Jurisdiction(
            department=str(place.department), region=str(place.region), category=str(place.category)
        )
    if not (new.organisation.strip() or new.person.strip()):
        raise ListingPartyMissing
    within = Jurisdiction(department=written.department, region=body.region or written.region)
    if new.organisation.strip():
        return Party(kind="organisation", name=new.organisation.strip(), code=new.code.strip().upper()), within
    return Party(kind="person"), within


async def _propose(
    kit: Kit, keys: Keys, listing_id: UUID, body: NewListing, of: tuple[Party, Jurisdiction], written: Envelope
) -> Outcome:
    party, within = of
    name = body.party.person.strip()
    command = ProposeListing(
        party=party,
        within=within,
        grade=body.grade,
        facts=redacted(body.facts, (name,)),
        evidence=tuple(body.evidence),
        legal_basis_reference=body.legal_basis_reference,
        penalty_reference=body.penalty_reference,
        on=day_of(kit, written),
    )
    envelope = grounded(written, legal_basis=body.legal_basis_reference, governed_by=PROCEDURE)
    if party.kind != "person" or party.person is not None or not name:
        return await carry_out(kit, listing_id, command, envelope)
    stream = BLACKLISTINGS.stream(listing_id)
    people = {listing_id: Named(subject_of(listing_id), stream, name, body.party.id_number.strip())}
    async with sealed_all(keys, people) as boxes:
        person = replace(party, person=boxes[listing_id])
        return await carry_out(kit, listing_id, replace(command, party=person), envelope)


class _Public(PublicListing):
    subject: str


class _File(FileItem):
    subject: str


async def _named(answer: Any, keys: Keys) -> Any:
    """A page with persons' masked names; a file of the list leaves their names out."""
    if not isinstance(answer, Page):
        return answer
    rows = await _masked([item.model_dump() for item in answer.items], keys)
    return {"items": rows, "next": answer.next}


async def _masked(rows: Sequence[Mapping[str, Any]], keys: Keys) -> list[dict[str, Any]]:
    subjects = [row["subject"] for row in rows if row["subject"]]
    if not subjects:
        return [dict(row) for row in rows]
    marks = await keys.marks().masked(subjects)
    names = {subject: marks.get(subject, {}).get("name", "") for subject in subjects}
    return [{**row, "name": names.get(row["subject"], row["name"])} for row in rows]
