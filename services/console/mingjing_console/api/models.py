"""What the addresses of access take and give."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.access.facts import Manner, Revoked
from mingjing_kernel.access.terms import Terms
from mingjing_kernel.identity import Role
from mingjing_kernel.moment import Moment

TEXT_MAX = 200
REASON_MAX = 1_000
GRANTS_MAX = 500
"""In one request."""
REGION = r"^(\*|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"


class TermsBody(BaseModel):
    """What a grant reaches; ``*`` says any, and an empty field is refused: silence grants nothing."""

    role: Role
    department: str = Field(min_length=1, max_length=TEXT_MAX)
    region: str = Field(pattern=REGION, description="First 2, 4, 6, 9 or 12 digits of a division code, or *")
    category: str = Field(default="*", min_length=1, max_length=TEXT_MAX)
    organisation: str = Field(default="", max_length=TEXT_MAX, description="For banks, institutions, schools")

    def terms(self) -> Terms:
        """As plain values."""
        return Terms(
            role=self.role.value,
            department=self.department,
            region=self.region,
            category=self.category,
            organisation=self.organisation,
        )


class ForWhom(BaseModel):
    """Somebody: ``person`` is the subject of her tokens; name and home are for those who read the list."""

    person: str = Field(min_length=1, max_length=TEXT_MAX)
    name: str = Field(default="", max_length=TEXT_MAX)
    home_department: str = Field(default="", max_length=TEXT_MAX)
    home_region: str = Field(default="", max_length=12)


class GrantBody(TermsBody, ForWhom):
    """A grant for somebody, with its dates, its reason and its basis."""

    valid_from: Moment | None = Field(default=None, description="Now, when left out")
    valid_until: Moment | None = Field(default=None, description="Until just before; no end when left out")
    reason: str = Field(max_length=REASON_MAX)
    legal_basis: str = Field(max_length=REASON_MAX, description="Appointment, order, division of work")


class NewGrant(GrantBody):
    """The same with the id that the caller chose."""

    grant_id: UUID


class GrantsBody(BaseModel):
    """Several grants at once: all of them are given, or none."""

    grants: list[NewGrant] = Field(min_length=1, max_length=GRANTS_MAX)


class DelegationBody(TermsBody, ForWhom):
    """A part of one's own grant for somebody else, with an end."""

    valid_from: Moment | None = None
    valid_until: Moment
    reason: str = Field(max_length=REASON_MAX)
    legal_basis: str = Field(default="", max_length=REASON_MAX)


class ReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=REASON_MAX)
    legal_basis: str = Field(default="", max_length=REASON_MAX)


class SubstitutionBody(BaseModel):
    """Who stands in for whom, from when until when."""

    person: str = Field(min_length=1, max_length=TEXT_MAX)
    substitute: str = Field(min_length=1, max_length=TEXT_MAX)
    valid_from: Moment | None = None
    valid_until: Moment
    reason: str = Field(max_length=REASON_MAX)
    legal_basis: str = Field(default="", max_length=REASON_MAX)


class RevocationBody(BaseModel):
    """Which sign-ins end. ``value`` is a ``sid``, a ``jti`` or a client's id; for a person it follows from her."""

    person: str = Field(default="", max_length=TEXT_MAX, description="Whose; left out for a client, which is nobody's")
    what: Revoked
    value: str = Field(default="", max_length=TEXT_MAX)
    reason: str = Field(max_length=REASON_MAX)


class LockBody(BaseModel):
    """Until when nobody is let in; left out: until somebody unlocks it."""

    locked_until: Moment | None = None
    reason: str = Field(max_length=REASON_MAX)


class GrantItem(BaseModel):
    """A grant with its holder."""

    model_config = ConfigDict(from_attributes=True)

    grant_id: UUID
    person: str
    name: str
    role: str
    department: str
    region: str
    category: str
    organisation: str
    valid_from: datetime
    valid_until: datetime | None
    manner: Manner
    delegated_from: UUID | None
    given_by: str
    reason: str
    legal_basis: str
    given_at: datetime
    taken_by: str
    taken_reason: str
    taken_at: datetime | None


class PersonItem(BaseModel):
    """A person."""

    model_config = ConfigDict(from_attributes=True)

    person_id: UUID
    person: str
    name: str
    department: str
    region: str
    is_locked: bool
    locked_until: datetime | None


class SubstitutionItem(BaseModel):
    """A substitution."""

    model_config = ConfigDict(from_attributes=True)

    substitution_id: UUID
    person: str
    substitute: str
    department: str
    region: str
    valid_from: datetime
    valid_until: datetime
    named_by: str
    reason: str
    named_at: datetime
    dismissed_by: str
    dismissed_at: datetime | None


class Happened(BaseModel):
    """One fact about a person's access: what, when, by whom, and the fact itself."""

    position: int
    recorded_at: datetime
    type: str
    actor: str
    on_behalf_of: str
    reason: str
    fact: dict[str, object]


class History(BaseModel):
    """Everything that was ever said about one person's access, oldest first."""

    person_id: UUID
    facts: list[Happened]
    is_cut: bool = Field(description="There are more than are shown")


class OwnGrant(BaseModel):
    """One of the caller's own grants, in force now."""

    role: str
    department: str
    region: str
    category: str
    organisation: str
    until: datetime | None


class HeldGrant(OwnGrant):
    """One of the caller's own grants as the log has it: what may be delegated or laid down."""

    grant_id: UUID
    valid_from: datetime
    valid_until: datetime | None
    manner: Manner


class Me(BaseModel):
    """Who the caller is, and what she may do now."""

    person: str
    name: str
    on_behalf_of: str
    grants: list[OwnGrant]
    held: list[HeldGrant]
    may_act_for: list[str]
    is_first_administrator: bool = Field(description="May make the first administrator: nobody is one yet")
