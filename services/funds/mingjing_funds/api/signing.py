"""Signing: what a contract says when it is signed, alone or in a batch, and what the charging rules look at in it.

The one rule: a contract in a batch is looked at as one that is sent alone (P1 to P12, X11).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from mingjing_funds.api.people import NamedGuardian, NamedPupil, Words
from mingjing_funds.codec import ACCOUNTS, INSTITUTIONS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.account_state import Unopened
from mingjing_funds.domain.charge import Charge, Funding, Payee
from mingjing_funds.domain.institution import why_blocked
from mingjing_funds.intake.directory import own
from mingjing_kernel.http import Kit
from mingjing_kernel.limits import COUNT_MAX, FEN_MAX, NAME_CHARACTERS_MAX, NUMBER_CHARACTERS_MAX


class ContractTerms(BaseModel):
    """What the parties agree, who they are, and how it is paid."""

    contract_no: str = Field(min_length=1, max_length=NUMBER_CHARACTERS_MAX)
    account_id: UUID
    pupil: NamedPupil
    guardian: NamedGuardian | None = None
    course: Words = Field(max_length=NAME_CHARACTERS_MAX)
    is_subject: bool
    lessons: int = Field(ge=1, le=COUNT_MAX)
    gift_lessons: int = Field(default=0, ge=0, le=COUNT_MAX)
    price_fen: int = Field(ge=1, le=FEN_MAX)
    starts_on: date
    ends_on: date
    is_model_text: bool = True
    model_text: str = Field(default="GF-2021-2604", max_length=80, description="Where it is a model text: which one")
    is_taught_first: bool = Field(default=False, description="先学后付: paid when lessons have been had")
    lessons_a_week: int | None = Field(default=None, ge=1, le=50)
    payee: Payee = Payee.CUSTODY
    funding: Funding = Funding.OWN
    listed_fen: int | None = Field(
        default=None, ge=0, le=FEN_MAX, description="What the published price list asks for these lessons"
    )
    lease_ends_on: date | None = None
    next_term_begins_on: date | None = None


_TERMS = {
    "contract_no", "account_id", "course", "is_subject", "lessons", "gift_lessons", "price_fen", "starts_on", "ends_on",
    "is_model_text",
}  # fmt: skip
_CHARGE = {
    "starts_on", "ends_on", "lessons", "price_fen", "is_subject", "course", "is_taught_first", "lessons_a_week",
    "payee",
    "funding", "listed_fen", "lease_ends_on", "next_term_begins_on",
}  # fmt: skip


def terms_of(body: ContractTerms, account: Mapping[str, Any], now: datetime) -> c.Terms:
    """The terms with what the custody account says about the institution."""
    return c.Terms(
        institution_id=own(account["institution_id"]) if account["institution_id"] else None,
        vendor_code="",
        department=account["department"],
        region=account["region"],
        category=account["category"],
        signed_at=now,
        **body.model_dump(include=_TERMS),
    )


def charge_of(body: ContractTerms, on: date) -> Charge:
    """What is asked of the family; what it paid before is looked up once the pupil is known."""
    text = body.model_text if body.is_model_text else ""
    return Charge(charged_on=on, model_text=text, **body.model_dump(include=_CHARGE))


async def blocked_at(kit: Kit, terms: c.Terms, on: date) -> str:
    """Why it may not charge for a day (X11): the account's as it is now, though linked after the signing."""
    institution_id = terms.institution_id
    if terms.account_id is not None:
        account, _ = await kit.log.state(ACCOUNTS, terms.account_id)
        institution_id = institution_id if isinstance(account, Unopened) else account.holder.institution_id
    return await why_not_charging(kit, institution_id, on)


async def why_not_charging(kit: Kit, institution_id: UUID | None, on: date) -> str:
    """Why this institution may not charge for a day; empty when it may, or nobody knows which one it is."""
    if institution_id is None:
        return ""
    state, _ = await kit.log.state(INSTITUTIONS, institution_id)
    return why_blocked(state, on)
