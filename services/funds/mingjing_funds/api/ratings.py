"""Ratings over HTTP (评价): a family rates by a code that only the guardian is sent; the institution answers.

One rule: everybody sees what many ratings come to, and nobody a single one of few.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from mingjing_funds.acts import ASK_RATING
from mingjing_funds.acts_rating import ANSWER_RATING
from mingjing_funds.api.acting import contract_seen
from mingjing_funds.api.confirmations import CodeBody, new_code, paid_contract
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CONTRACTS, RATINGS
from mingjing_funds.domain.lesson import AskRating
from mingjing_funds.domain.rating import (
    TEXT_CHARACTERS_MAX,
    AnswerRating,
    Of,
    Rate,
    Rating,
    RatingNotGiven,
    hindrance,
    term_of,
)
from mingjing_funds.domain.rating_sum import Summed, content_permille, mean_hundredths
from mingjing_funds.policy.rating_rules import RATING
from mingjing_funds.projections.ratings import ratings_in, summed_of
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
    available_actions,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import Numbers, in_force
from mingjing_kernel.sealed.keys import Keys

RATED_AT_MOST: Final = "10/hour"
ASKED_AT_MOST: Final = "60/hour"
READ_AT_MOST: Final = "60/minute"
COLUMNS = (
    Column("rated_on", "评价日期", "Rated on", "date"),
    Column("institution_id", "机构", "Institution"),
    Column("term", "学期", "Term"),
    Column("institution_stars", "机构评分", "Institution"),
    Column("lesson_stars", "课程评分", "Lessons"),
    Column("text", "评价", "Words"),
    Column("answer", "机构回复", "Answer"),
)


class RateBody(CodeBody):
    """One to five stars each, and words."""

    institution_stars: int
    lesson_stars: int
    text: Words = Field(default="", max_length=TEXT_CHARACTERS_MAX + 1)


class AnswerBody(BaseModel):
    """The institution's word."""

    text: Words = Field(max_length=TEXT_CHARACTERS_MAX + 1)


class RatingItem(BaseModel):
    """A rating; which contract it is of is not kept with it."""

    model_config = ConfigDict(from_attributes=True)

    rating_id: UUID
    institution_id: UUID
    term: str
    institution_stars: int
    lesson_stars: int
    text: str
    edition: int
    answer: str
    rated_on: date


class RatingSum(BaseModel):
    """What an institution's ratings come to; figures only where there are enough of them."""

    institution_id: UUID
    is_enough: bool
    least: int = Field(description="Fewer ratings than this are not published 少于此数不公开")
    count: int | None
    content_permille: int | None = Field(description="At least so many of 1,000 families are content (Wilson, 95 %)")
    institution_hundredths: int | None = Field(description="Mean in hundredths of a star, drawn to the middle")
    lesson_hundredths: int | None


def make_router(kit: Kit) -> Router:
    """Rating, answering, reading."""
    router = Router(tags=["rating 评价"])
    _asking(router, kit, Keys(kit))
    _rating(router, kit, Keys(kit))
    _answering(router, kit)
    _reading(router, kit)
    return router


def _asking(router: Router, kit: Kit, keys: Keys) -> None:
    @router.put(
        "/contracts/{contract_id}/rating-requests/{request_id}",
        summary="发放评价码 a code for the guardian to rate by",
        dependencies=[Depends(kit.throttled(ASKED_AT_MOST))],
    )
    async def ask_rating(
        contract_id: UUID,
        request_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For a family that no lesson waits for. The code is not in the answer: it is opened on record, as every code
        (``/contracts/{contract_id}/confirmation-requests/{request_id}/code``), and told to the guardian at the
        telephone that stands in the contract.
        """
        await kit.up_to_date()
        async with kit.connection() as connection:
            here = await contract_seen(connection, scope, contract_id, ASK_RATING)
        scope.require(ASK_RATING, here)
        issued = await new_code(kit, keys, contract_id, here)
        command = AskRating(
            request_id=request_id, code_digest=issued.digest, code=issued.sealed, expires_at=issued.expires_at
        )
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, written))


def _rating(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post(
        "/ratings",
        status_code=201,
        summary="凭确认码评价 rate",
        dependencies=[Depends(kit.throttled(RATED_AT_MOST))],
    )
    async def rate_institution(
        body: RateBody, response: Response, written: Envelope = Depends(kit.written_by_visitor)
    ) -> Accepted:
        """Without signing in. Once a contract and term; sent again with other stars it is changed."""
        contract_id, terms, institution_id = await paid_contract(kit, keys, body.code)
        today = shanghai_date(kit.now())
        numbers = await in_force(kit.log, RATING, today, terms.region, terms.category)
        term = term_of(today, numbers["spring"], numbers["autumn"])
        command = Rate(
            of=Of(
                institution_id=institution_id,
                department=terms.department,
                region=terms.region,
                category=terms.category,
                term=term,
            ),
            institution_stars=body.institution_stars,
            lesson_stars=body.lesson_stars,
            text=body.text,
            editions_max=numbers["editions"],
            rated_at=kit.now(),
        )
        # By a keyed digest: whoever has the list of contracts must not find the rating of one of them.
        digest = keys.index().keyed("rating", f"{contract_id} {term}".encode())
        own = replace(keys.keyed(written), client="")
        return accepted(response, await kit.log.handle(RATINGS, UUID(bytes=digest[:16]), command, own))


def _answering(router: Router, kit: Kit) -> None:
    @router.post("/ratings/{rating_id}/answer", status_code=201, summary="机构回复评价 answer")
    async def answer_rating(
        rating_id: UUID,
        body: AnswerBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the institution itself. A later answer takes the place of an earlier one."""
        scope.require(ANSWER_RATING, await _here(kit, rating_id, scope))
        command = AnswerRating(text=body.text, answered_by=written.actor, answered_at=kit.now())
        return accepted(response, await kit.log.handle(RATINGS, rating_id, command, written))

    @router.get("/ratings/{rating_id}/available-actions", summary="可办事项 what may be done to it now")
    async def rating_actions(rating_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        here = await _here(kit, rating_id, caller.scope)
        return await available_actions(kit, RATINGS, rating_id, caller, here, hindrance)


def _reading(router: Router, kit: Kit) -> None:
    @router.get("/ratings", response_model=Page[RatingItem], summary="评价列表 ratings")
    async def list_ratings(
        institution_id: UUID | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; an institution sees its own; of an institution with few nobody sees any."""
        numbers = await _numbers(kit)
        position = await position_of(kit, as_of)
        statement = ratings_in(scope, least=numbers["least"], institution_id=institution_id, at=position)
        rows = statement.selected_columns
        listing = Listing(
            name="ratings",
            statement=statement,
            keys=(rows.rated_on, rows.rating_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, RatingItem)

    @router.get(
        "/public/ratings/{institution_id}",
        summary="家长评价汇总 what families think of it",
        dependencies=[Depends(kit.throttled(READ_AT_MOST))],
    )
    async def public_rating(institution_id: UUID) -> RatingSum:
        """For everybody; no figure of few ratings."""
        numbers = await _numbers(kit)
        async with kit.connection() as connection:
            row = (await connection.execute(summed_of(institution_id))).mappings().one()
        summed = Summed(**{name: int(row[name]) for name in Summed.__dataclass_fields__})
        is_enough = summed.count >= numbers["least"]
        means = [
            mean_hundredths(stars, summed.count, numbers["weight"])
            for stars in (summed.institution_stars, summed.lesson_stars)
        ]
        return RatingSum(
            institution_id=institution_id,
            is_enough=is_enough,
            least=numbers["least"],
            count=summed.count if is_enough else None,
            content_permille=content_permille(summed) if is_enough else None,
            institution_hundredths=means[0] if is_enough else None,
            lesson_hundredths=means[1] if is_enough else None,
        )


async def _numbers(kit: Kit) -> Numbers:
    return await in_force(kit.log, RATING, shanghai_date(kit.now()))


async def _here(kit: Kit, rating_id: UUID, scope: Scope) -> Dimensions:
    """Where a rating stands that the caller may see. Raises ``RatingNotGiven``."""
    await kit.up_to_date()
    statement = ratings_in(scope, least=(await _numbers(kit))["least"])
    async with kit.connection() as connection:
        shown = await connection.execute(statement.where(statement.selected_columns.rating_id == rating_id))
        row = shown.mappings().one_or_none()
    rating: Rating = (await kit.log.state(RATINGS, rating_id))[0]
    if row is None or rating.latest is None:
        raise RatingNotGiven
    of = rating.latest.of
    return Dimensions(of.department, of.region, of.category, str(of.institution_id))
