"""Whom somebody describes 查找机构: by name, address, telephone, code, account or person, the most alike first.

One rule: it shows institutions that the caller may see, and masks. Whoever asks is on record; who asks often is slowed
down.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, Field

from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.mask import Unmasked
from mingjing_registry.api.likeness_words import LineItem, told
from mingjing_registry.domain.likeness_refusals import NothingToCompare
from mingjing_registry.intake.matching_duty import MatchingDuty
from mingjing_registry.intake.standing import made_traits
from mingjing_registry.projections.institutions import institutions_in

LIMIT = "60/minute"
"""Of one caller: an operator who listens, not a program that copies the register."""
FOUND_MAX = 20
THRESHOLD = 300
"""Points: somebody on the telephone says less than an application does."""


class SearchBody(BaseModel):
    """What is known; everything may be empty, but not all of it."""

    name: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=300)
    phone: Unmasked = Field(default="", max_length=40)
    uscc: str = Field(default="", max_length=40)
    person: Unmasked = Field(default="", max_length=100)
    account: Unmasked = Field(default="", max_length=60, description="专户账号; kept nowhere")
    id_number: Unmasked = Field(default="", max_length=40, description="Of who runs it; kept nowhere")
    region: str = Field(default="", pattern=r"^([0-9]{6}|[0-9]{9})?$", description="6-digit division or 9-digit town")


class Candidate(BaseModel):
    """An institution that fits, and how well."""

    institution_id: UUID
    name: str
    licence_state: str
    region: str
    score: int
    lines: list[LineItem]


class Candidates(BaseModel):
    """The most alike first."""

    items: list[Candidate]
    rule_version: str


def make_router(kit: Kit) -> Router:
    """The one address."""
    router = Router(prefix="/matches", tags=["likeness 疑似同一主体"])
    duty: MatchingDuty = kit.duties["matching"]
    keys = Keys(kit)

    @router.post("/search", summary="查找机构 whom somebody describes", dependencies=[Depends(kit.throttled(LIMIT))])
    async def search_matches(body: SearchBody, caller: Principal = Depends(kit.caller)) -> Candidates:
        """Among all institutions in the caller's scope, former ones too. The search is on record, not its words."""
        if not any((body.name, body.address, body.phone, body.uscc, body.person, body.account, body.id_number)):
            raise NothingToCompare
        traits = made_traits(
            keys.index(),
            names=[body.name.strip()] if body.name.strip() else [],
            region=body.region or _here(body, kit.settings.county_code),
            addresses=[body.address] if body.address else [],
            codes=[body.uscc],
            phones=[body.phone],
            people=[body.person],
            accounts=[body.account],
            id_numbers=[body.id_number],
        )
        matcher = duty.matcher
        await matcher.refresh()
        found = matcher.search(traits, THRESHOLD)
        rows = institutions_in(caller.scope)
        wanted = rows.where(rows.selected_columns.institution_id.in_([each.id for each in found]))
        async with kit.connection() as connection:
            seen = {row["institution_id"]: row for row in (await connection.execute(wanted)).mappings()}
        stated = tuple(field for field, value in body.model_dump().items() if value)
        shown = [str(each.id) for each in found if each.id in seen][:FOUND_MAX]
        await kit.reads.note(caller, "institution", form="list", ids=shown, count=len(shown), fields=stated)
        return Candidates(
            rule_version=matcher.numbers.version,
            items=[
                Candidate(
                    institution_id=each.id,
                    name=seen[each.id]["name"],
                    licence_state=seen[each.id]["licence_state"],
                    region=seen[each.id]["region"],
                    score=each.resemblance.score,
                    lines=[told(line) for line in each.resemblance.lines],
                )
                for each in found
                if each.id in seen
            ][:FOUND_MAX],
        )

    return router


def _here(body: SearchBody, county: str) -> str:
    """Nobody says the county of a street next door: an address that is all that is known lies in this one."""
    return county if body.address and not any((body.name, body.phone, body.uscc, body.person, body.account)) else ""
