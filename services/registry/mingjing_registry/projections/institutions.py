"""Institutions 机构: who is in the register, with licence, custody and whitelist standing, now and at any past day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import EVERYONE, OFFICIALS, Columns, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, page_index, scope_index
from mingjing_registry.acts import NOTE_EXPIRY, OPEN_CHECK
from mingjing_registry.domain import licence
from mingjing_registry.domain.annual_check import AnnualCheckRecorded, RecruitmentAllowed, RecruitmentRestricted
from mingjing_registry.domain.change import ChangeApproved
from mingjing_registry.domain.credit_code import CodeGiven
from mingjing_registry.domain.institution import (
    CustodyActivated,
    CustodyEnded,
    InstitutionAmended,
    InstitutionRegistered,
    NameNoted,
    NoticeFiled,
)
from mingjing_registry.domain.name import brand_of
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.rectification import RectificationEnded, RectificationOrdered
from mingjing_registry.domain.whitelist import WhitelistEntered, WhitelistLeft
from mingjing_registry.projections.ended_numbers import ended_rows
from mingjing_registry.projections.former_codes import code_after
from mingjing_registry.projections.schema import METADATA, scope_columns
from mingjing_registry.projections.search_terms import candidates
from mingjing_registry.projections.sites import SITES_READ

institutions_table = Table(
    "institutions",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("uscc", Text, nullable=False, index=True),
    *scope_columns(),
    Column("short_name", Text, nullable=False, index=True),
    Column("former_codes", JSONB, nullable=False),
    Column("code_state", Text, nullable=False),
    Column("former_names", JSONB, nullable=False),
    Column("other_names", JSONB, nullable=False),
    Column("nature", Text, nullable=False),
    Column("categories", JSONB, nullable=False),
    Column("items", JSONB, nullable=False),
    Column("legal_representative", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("staff_count", Integer),
    Column("student_count", Integer),
    Column("area_m2", Integer),
    Column("register", Text, nullable=False),
    Column("stated_on", Date),
    Column("licence_state", Text, nullable=False),
    Column("was_licensed", Boolean, nullable=False),
    Column("licence_number", Text, nullable=False, index=True),
    Column("ended_numbers", JSONB, nullable=False),
    Column("issued_on", Date),
    Column("expires_on", Date, index=True),
    Column("custody_active", Boolean, nullable=False),
    Column("custody_bank", Text, nullable=False),
    Column("annual_check", Text, nullable=False),
    Column("is_white", Boolean, nullable=False),
    Column("rectifying", Boolean, nullable=False),
    Column("recruitment_restricted", Boolean, nullable=False),
    Column("recruitment_check_year", Integer),
    Column("recruitment_rectify_until", Date),
    Column("notices", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(institutions_table)
page_index(institutions_table, "name", "institution_id")
page_index(institutions_table, "institution_id")
Index(
    "institutions_code_to_come",
    institutions_table.c.name,
    postgresql_where=institutions_table.c.code_state != "stands",
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact. Funds may speak of an account before the institution is known: a row of its own then."""
    before = _EMPTY | {"institution_id": key[0]} if row is None else row
    after = before | {"version": fact.version} | _changed(before, fact.event)
    state = after["licence_state"]
    failed = state == "licensed" and after["annual_check"] == "fail"
    return after | {
        "rectifying": failed or state == "rectifying",
        "was_licensed": before["was_licensed"] or state not in _UNLICENSED,
        "ended_numbers": ended_rows(before, fact.event),
    }


def _changed(before: Row, event: object) -> Row:
    match event:
        case (
            InstitutionRegistered(particulars=particulars, listing=listing)
            | InstitutionAmended(particulars=particulars, listing=listing)
        ):
            return _stated(particulars, listing, before)
        case CodeGiven() | ChangeApproved():
            return code_after(before, event)
        case NameNoted(name=name):
            return {"other_names": [*before["other_names"], name]}
        case CustodyActivated(bank=bank):
            return {"custody_active": True, "custody_bank": bank}
        case CustodyEnded():
            return {"custody_active": False}
        case NoticeFiled(notice=notice):
            filed = {
                "matter": notice.matter,
                "filed_on": notice.filed_on.isoformat(),
                "begins_on": notice.begins_on.isoformat() if notice.begins_on else None,
                "ends_on": notice.ends_on.isoformat() if notice.ends_on else None,
                "content": notice.content,
            }
            return {"notices": [*before["notices"], filed]}
        case WhitelistEntered():
            return {"is_white": True}
        case WhitelistLeft():
            return {"is_white": False}
        case _:
            return _checked(event) or _licence(event)


def _checked(event: object) -> Row:
    """The annual check, and whether a failed one keeps it from enrolling anybody new."""
    match event:
        case AnnualCheckRecorded(result="fail", year=int() as year, rectify_until=until):
            return {"annual_check": "fail", "recruitment_check_year": year, "recruitment_rectify_until": until}
        case AnnualCheckRecorded(result=result):
            return {"annual_check": result}
        case RecruitmentRestricted():
            return {"recruitment_restricted": True}
        case RecruitmentAllowed():
            return _UNRESTRICTED
        case _:
            return {}


def _licence(event: object) -> Row:
    match event:
        case licence.LicenceRecorded(terms=terms, standing=standing):
            return _terms(terms) | {"licence_state": standing}
        case licence.LicenceApproved(terms=terms):
            return _terms(terms) | {"licence_state": "licensed"}
        case licence.LicenceRenewed(expires_on=expires_on):
            return {"licence_state": "licensed", "expires_on": expires_on}
        case RectificationEnded(passed=passed):
            return {"licence_state": "licensed"} if passed else {}
        case _:
            return {"licence_state": _STATE_AFTER[type(event)]} if type(event) in _STATE_AFTER else {}


_STATE_AFTER: dict[type, str] = {
    licence.LicenceApplied: "applied",
    licence.LicenceReturned: "returned",
    licence.LicenceAccepted: "accepted",
    licence.LicenceRefused: "refused",
    licence.LicenceSuspended: "suspended",
    licence.LicenceReinstated: "licensed",
    licence.LicenceRevoked: "revoked",
    licence.LicenceCancelled: "cancelled",
    licence.LicenceExpired: "expired",
    RectificationOrdered: "rectifying",
}

_UNLICENSED = frozenset({"no-licence", "applied", "returned", "accepted", "refused"})
"""Of a first application. Whoever had a licence before may stand there too, and stays published."""

_UNRESTRICTED: Row = {
    "recruitment_restricted": False,
    "recruitment_check_year": None,
    "recruitment_rectify_until": None,
}
_EMPTY: Row = {
    "name": "",
    "uscc": "",
    "department": "",
    "region": "",
    "category": "",
    "short_name": "",
    "former_codes": [],
    "code_state": "stands",
    "former_names": [],
    "other_names": [],
    "nature": "unknown",
    "categories": [],
    "items": [],
    "legal_representative": "",
    "phone": "",
    "staff_count": None,
    "student_count": None,
    "area_m2": None,
    "register": "",
    "stated_on": None,
    "licence_state": "no-licence",
    "was_licensed": False,
    "licence_number": "",
    "ended_numbers": [],
    "issued_on": None,
    "expires_on": None,
    "custody_active": False,
    "custody_bank": "",
    "annual_check": "",
    "is_white": False,
    "rectifying": False,
    **_UNRESTRICTED,
    "notices": [],
    "version": 0,
}


def _stated(particulars: Particulars, listing: Listing, before: Row) -> Row:
    return {
        "name": particulars.name,
        "uscc": particulars.uscc,
        "code_state": before["code_state"] if particulars.uscc else "awaited",
        "department": particulars.departments[0] if particulars.departments else listing.register,
        "region": particulars.region,
        "category": particulars.categories[0].value if particulars.categories else "",
        "short_name": brand_of(particulars.name),
        "former_names": list(particulars.former_names),
        "nature": particulars.nature.value,
        "categories": [category.value for category in particulars.categories],
        "items": list(particulars.items),
        "legal_representative": particulars.legal_representative,
        "phone": particulars.phone,
        "staff_count": particulars.staff_count,
        "student_count": particulars.student_count,
        "area_m2": particulars.area_m2,
        "register": listing.register,
        "stated_on": listing.stated_on,
        "custody_bank": before["custody_bank"] or particulars.custody_bank,
    }


def _terms(terms: licence.LicenceTerms) -> Row:
    return {"licence_number": terms.number, "issued_on": terms.issued_on, "expires_on": terms.expires_on}


INSTITUTIONS_READ = ReadModel(
    name="institutions", table=institutions_table, nouns=("institution",), keys=keys, fold=fold, history=True
)

PUBLISHED = (
    "institution_id",
    "name",
    "uscc",
    "former_codes",
    "former_names",
    "category",
    "items",
    "department",
    "region",
    "licence_state",
    "licence_number",
    "ended_numbers",
    "expires_on",
    "is_white",
    "rectifying",
    "recruitment_restricted",
    "recruitment_check_year",
    "recruitment_rectify_until",
    "custody_bank",
)
"""What anybody may see: no telephone, no person (domain rule: publish the list, never people)."""


def institutions_in(
    scope: Scope,
    *,
    search: str = "",
    licence_state: str = "",
    is_white: bool | None = None,
    code_state: str = "",
    ids: Sequence[UUID] = (),
    at: int | None = None,
) -> Select[Any]:
    """The institutions that an official may see, as they stood after position ``at``."""
    rows = INSTITUTIONS_READ.at(at).c
    statement = select(*(rows[name] for name in INSTITUTIONS_READ.columns)).where(
        rows.name != "",
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )
    if search:
        statement = statement.where(*_narrowed(rows, search, at), _found(rows, search))
    if licence_state:
        statement = statement.where(rows.licence_state == licence_state)
    if code_state:
        statement = statement.where(rows.code_state == code_state)
    if is_white is not None:
        statement = statement.where(rows.is_white.is_(is_white))
    if ids:
        statement = statement.where(rows.institution_id.in_(ids))
    return statement


def published(scope: Scope, *, search: str = "", at: int | None = None) -> Select[Any]:
    """What the public may look up: who ever had a licence, with its standing, even while it applies anew."""
    rows = INSTITUTIONS_READ.at(at).c
    statement = select(*(rows[name] for name in PUBLISHED)).where(
        rows.name != "",
        rows.was_licensed,
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category),
    )
    if not search:
        return statement
    places = SITES_READ.at(at).c
    # Not EXISTS: of that PostgreSQL may make a look at every site there is.
    there = (
        select(func.bool_or(places.address.contains(search, autoescape=True)))
        .where(places.institution_id == rows.institution_id, places.state == "approved")
        .scalar_subquery()
    )
    return statement.where(*_narrowed(rows, search, at), or_(_found(rows, search), there))


def one(scope: Scope, institution_id: UUID, at: int | None = None) -> Select[Any]:
    """One institution, if the caller may see it."""
    rows = institutions_in(scope, at=at)
    return rows.where(rows.selected_columns.institution_id == institution_id)


def expiring(scope: Scope, on: object) -> Select[Any]:
    """Licences in force whose last day is before ``on`` and of which the caller may note it."""
    rows = institutions_table.c
    mine = scope.where_may(NOTE_EXPIRY, Columns(rows.department, rows.region, rows.category))
    return select(rows.institution_id).where(
        rows.licence_state.in_(("licensed", "rectifying")),
        rows.expires_on < on,
        mine,
    )


def _narrowed(rows: Any, search: str, at: int | None) -> Iterator[ColumnElement[bool]]:
    """To whom the index of terms leads. It knows today's addresses only, so a search in the past looks at all rows."""
    meant = candidates(search)
    if at is None and meant is not None:
        yield rows.institution_id.in_(meant)


IN_FORCE = ("licensed", "rectifying")
"""Teaching is allowed under these."""

CHECKABLE = ("licensed", "rectifying", "suspended", "expired")
"""Had a licence and has not ended: due for an annual check, or to be told why not."""


def checkable(scope: Scope, *, department: str = "", region: str = "", after: UUID | None = None) -> Select[Any]:
    """A department's institutions of which the caller may open the annual check, by id, those after one."""
    rows = institutions_table.c
    mine = scope.where_may(OPEN_CHECK, Columns(rows.department, rows.region, rows.category))
    statement = select(rows.institution_id, rows.name).where(
        rows.licence_state.in_(CHECKABLE), rows.region.startswith(region, autoescape=True), mine
    )
    if department:
        statement = statement.where(rows.department == department)
    statement = statement if after is None else statement.where(rows.institution_id > after)
    return statement.order_by(rows.institution_id)


def _found(rows: Any, search: str) -> ColumnElement[bool]:
    """Name or part of it, former or other spelling, code or licence number, present or former."""
    return or_(
        rows.name.contains(search, autoescape=True),
        rows.uscc == search.upper(),
        rows.former_codes.contains([{"uscc": search.upper()}]),
        rows.licence_number == search,
        rows.ended_numbers.contains([{"number": search}]),
        rows.former_names.cast(Text).contains(search, autoescape=True),
        rows.other_names.cast(Text).contains(search, autoescape=True),
    )
