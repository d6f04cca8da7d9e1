"""Blacklist 教育黑名单 (B1): one listing from proposal to removal, its states, commands and facts.

What may follow what is in ``blacklisting.py``. One rule: nobody is listed by a machine; a proposal is reviewed, the
party is heard, and three different people propose, review and decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from mingjing_kernel.sealed import Sealed
from mingjing_registry.domain import annulment
from mingjing_registry.domain.listing_terms import DEFAULT_NUMBERS, Grade, ListingNumbers

PartyKind: TypeAlias = Literal["institution", "organisation", "person"]
"""An institution of the register, an unlicensed organisation, or a person who teaches without a licence."""
Cause: TypeAlias = Literal["expired", "repaired", "annulled", "corrected"]
"""Why a listing ended: its term 期满, credit repair 信用修复, its penalty annulled 处罚撤销, listed in error 更正."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPerson:
    """A natural person, under a key of her own for this one listing."""

    name: Sealed[str]
    id_number: Sealed[str] | None = None


def subject_of(listing_id: UUID) -> str:
    """Whose key seals a listed person: of this one listing, so that nothing links two of them."""
    return f"blacklisted-{listing_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is to be listed 当事人. ``name`` and ``code`` are an organisation's; a person's are sealed."""

    kind: PartyKind
    name: str = ""
    code: str = ""
    """Unified social credit code, where there is one."""
    institution_id: UUID | None = None
    person: SealedPerson | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Whose file it is: what a grant limits."""

    department: str
    region: str
    category: str = ""

    def dimensions(self) -> dict[str, str]:
        """By name."""
        return {"department": self.department, "region": self.region, "category": self.category}


class Stage(StrEnum):
    """Where a listing stands."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    """The legal review 法制审核 sent it back to the proposer."""
    REVIEWED = "reviewed"
    NOTICED = "noticed"
    """The party was told 已告知 and may answer."""
    LISTED = "listed"
    """Decided; waits for the superior's consent where that is needed, else for publication."""
    CONSENTED = "consented"
    PUBLISHED = "published"
    REPAIR_APPLIED = "repair-applied"
    REPAIR_ACCEPTED = "repair-accepted"
    REMOVED = "removed"
    REJECTED = "rejected"
    DROPPED = "dropped"


# States ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unproposed:
    """No such file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A listing on its way, in force, or over."""

    stage: Stage
    party: Party
    within: Jurisdiction
    grade: Grade
    served_on: date | None = None
    respond_by: date | None = None
    statements: int = 0
    hearing: Literal["", "requested", "held"] = ""
    document_number: str = ""
    needs_consent: bool = False
    minimum_until: date | None = None
    ends_on: date | None = None
    is_public: bool = False
    annulment: annulment.Annulment | None = None
    """The decision that it rests on was annulled, and it is still to be ended."""


Listing: TypeAlias = Unproposed | File

# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeListing:
    """State what was done, by what evidence, and which law allows a listing for it (国办发〔2020〕49号)."""

    party: Party
    within: Jurisdiction
    grade: Grade
    facts: str
    evidence: tuple[str, ...]
    legal_basis_reference: str
    penalty_reference: str = ""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewListing:
    """The legal reviewer's opinion: it may go on, or goes back."""

    agrees: bool
    opinion: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeListingNotice:
    """Tell the party facts, reasons and rights; ``respond_by`` is the last day for an answer."""

    notice_reference: str
    served_on: date
    reasons: str
    rights: str
    respond_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStatement:
    """What the party states in defence 陈述申辩."""

    statement: str
    received_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHearing:
    """The party asks for a hearing 听证."""

    received_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldHearing:
    """The hearing was held; its written record is the basis."""

    record_reference: str
    held_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideListing:
    """List the party, by a decision document, for so many months."""

    document_number: str
    grade: Grade
    months: int
    reason: str
    answer: str = ""
    """To what the party stated: whether it was taken into account, and why not."""
    numbers: ListingNumbers = DEFAULT_NUMBERS
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectListing:
    """Decide against the listing."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToListing:
    """The authority above agrees, or refuses."""

    consents: bool
    reference: str
    reason: str = ""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishListing:
    """Put it on the public list with a summary that names no natural person."""

    summary: str
    is_public: bool
    """Only a minor one may stay unpublished; then it has no effect either."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForRepair:
    """The party asks for credit repair 信用修复."""

    application_reference: str
    received_on: date
    accept_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRepair:
    """The application is complete; what it has to prove is on file."""

    correction_reference: str
    duties_reference: str
    commitment_reference: str
    decide_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRepair:
    """Not repaired; the listing goes on."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRepair:
    """Repaired: publication, sharing and use end."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireListing:
    """Note that the term is over; harmless while it is not."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawListing:
    """End it because its penalty was annulled, or because it was an error; at any time before it is over."""

    cause: Literal["annulled", "corrected"]
    reference: str
    known_on: date
    withdraw_by: date
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DropProposal:
    """The proposer takes the proposal back before anything was decided."""

    reason: str
    on: date


Command: TypeAlias = (
    ProposeListing
    | ReviewListing
    | ServeListingNotice
    | RecordStatement
    | RequestHearing
    | HoldHearing
    | DecideListing
    | RejectListing
    | ConsentToListing
    | PublishListing
    | ApplyForRepair
    | AcceptRepair
    | RefuseRepair
    | GrantRepair
    | ExpireListing
    | WithdrawListing
    | DropProposal
    | annulment.Command
)
