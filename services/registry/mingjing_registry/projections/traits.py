"""Traits 特征: what same-person matching compares of each institution, and whether its time is over.

Not a list for people: only this service's own matching reads it. One rule: ``position`` is that of the last fact that
changed anything here, so a run looks at what came since the last one and at nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain import licence
from mingjing_registry.domain.blacklist_facts import BlacklistProposed, BlacklistPublished, BlacklistRemoved
from mingjing_registry.domain.blacklisted import InstitutionBlacklisted, InstitutionCleared
from mingjing_registry.domain.credit_code import CodeGiven, CodeGround
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered, NameNoted
from mingjing_registry.domain.mirror import StaffBarEnded, StaffBarred
from mingjing_registry.domain.operation import OperationState, OperationStateChanged
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.record_facts import ProfileRecorded
from mingjing_registry.domain.site import SiteApproved, SiteClosed, SiteProposed
from mingjing_registry.domain.staff_facts import StaffEnrolled, Work
from mingjing_registry.projections.schema import METADATA, scope_columns

traits_table = Table(
    "traits",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("names", JSONB, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("former_codes", JSONB, nullable=False),
    Column("people", JSONB, nullable=False),
    Column("subjects", JSONB, nullable=False),
    Column("phones", JSONB, nullable=False),
    Column("accounts", JSONB, nullable=False),
    Column("addresses", JSONB, nullable=False),
    Column("grounds", JSONB, nullable=False),
    Column("listings", JSONB, nullable=False),
    Column("position", BigInteger, nullable=False, index=True),
)
"""``subjects``: whose sealed name and identity number are compared, by the blind indexes beside their keys: who manages
the institution or once did; of a natural person on a list, herself."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution; a site is its institution's, and so is who manages it. Who was blacklisted without being
    in the register has a row under the id of the listing, who is on the staff blacklist under that of the entry.
    """
    match fact.event:
        case SiteProposed() | SiteApproved() | SiteClosed() as event:
            yield (event.institution_id,)
        case StaffEnrolled() as event:
            if event.post.work is Work.MANAGEMENT:
                yield (event.institution_id,)
        case BlacklistPublished(institution_id=None) | BlacklistRemoved(institution_id=None):
            yield (fact.id,)
        case BlacklistProposed(party=party):
            if party.person is not None:
                yield (fact.id,)
        case StaffBarred() | StaffBarEnded():
            yield (fact.id,)
        case _:
            if fact.noun == "institution":
                yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact; most facts change nothing of it."""
    before = _EMPTY | {"institution_id": key[0]} if row is None else row
    after = before | _changed(before, fact)
    return (
        row if row is None and after == before else before if after == before else after | {"position": fact.position}
    )


def _changed(before: Row, fact: Recorded[Any]) -> Row:
    match fact.event:
        case (
            InstitutionRegistered(particulars=particulars, listing=listing)
            | InstitutionAmended(particulars=particulars, listing=listing)
        ):
            return _stated(particulars, listing, before)
        case CodeGiven(before=former, ground=ground):
            # What was never its code leads to nobody.
            kept = [former] if ground is not CodeGround.CORRECTION else []
            return {"former_codes": _all(kept, before["former_codes"])}
        case NameNoted(name=name):
            return {"names": list(dict.fromkeys([*before["names"], name]))}
        case SiteProposed(place=place) | SiteApproved(place=place):
            return {"addresses": before["addresses"] | {str(fact.id): place.address}}
        case ProfileRecorded(profile=profile):
            return {"people": _all([profile.organizer], before["people"])}
        case licence.LicenceApplied(content=content):
            premises = {f"application-{number}": one.address for number, one in enumerate(content.premises)}
            people = _all([content.profile.organizer], before["people"])
            return {"people": people, "addresses": before["addresses"] | premises}
        case StaffEnrolled(person=person):
            return {"subjects": _all([person.name.subject], before["subjects"])}
        case BlacklistProposed() | BlacklistPublished() | BlacklistRemoved() | StaffBarred() | StaffBarEnded() as event:
            return _listed(before, event)
        case event:
            return _over(before, event)


def _over(before: Row, event: object) -> Row:
    """Why its time is over, each ground with an end of its own. An address is kept after its site was closed: there is
    where they were.
    """
    match event:
        case licence.LicenceRecorded(standing=standing):
            return _grounds(before, _OF_LICENCE, standing)
        case licence.LicenceRevoked():
            return _grounds(before, _OF_LICENCE, "revoked")
        case licence.LicenceCancelled():
            return _grounds(before, _OF_LICENCE, "cancelled")
        case licence.LicenceApproved():
            return _grounds(before, _OF_LICENCE, "licensed")
        case OperationStateChanged(state=state):
            return _grounds(before, {CLOSED}, CLOSED if state is OperationState.CLOSED else "")
        case InstitutionBlacklisted(listing_id=listing_id):
            listings = [*before["listings"], str(listing_id)]
            return {"listings": listings} | _grounds(before, {BLACKLISTED}, BLACKLISTED)
        case InstitutionCleared(listing_id=listing_id):
            left = [one for one in before["listings"] if one != str(listing_id)]
            return {"listings": left} | _grounds(before, {BLACKLISTED}, BLACKLISTED if left else "")
        case _:
            return {}


def _listed(
    before: Row, event: BlacklistProposed | BlacklistPublished | BlacklistRemoved | StaffBarred | StaffBarEnded
) -> Row:
    """Who is on a list without being in the register. A minor listing of an organisation is compared with nobody; a
    person's is, for it is shown to nobody either.
    """
    match event:
        case BlacklistProposed(party=party, within=within):
            person = [party.person.name.subject] if party.person else []
            return {"subjects": person, "department": within.department, "region": within.region}
        case BlacklistPublished(name=name, code=code, is_public=is_public):
            if not is_public and not before["subjects"]:
                return {}
            return {"names": [name] if name else [], "uscc": code, "grounds": [BLACKLISTED]}
        case StaffBarred(entry=entry):
            return {"subjects": [entry.person.name.subject], "grounds": [BARRED]}
        case BlacklistRemoved() | StaffBarEnded():
            return {"names": [], "uscc": "", "subjects": [], "grounds": []}  # nothing is used of it any more


BLACKLISTED, CLOSED, BARRED = "blacklisted", "closed", "staff-blacklist"
_OF_LICENCE = {"revoked", "cancelled"}


def _grounds(before: Row, kind: Collection[str], now: str) -> Row:
    """The grounds with one kind of them replaced, in a fixed order."""
    others = [ground for ground in before["grounds"] if ground not in kind]
    return {"grounds": sorted([*others, now] if now in kind else others)}


_EMPTY: Row = {
    "department": "",
    "region": "",
    "category": "",
    "names": [],
    "uscc": "",
    "former_codes": [],
    "people": [],
    "subjects": [],
    "phones": [],
    "accounts": [],
    "addresses": {},
    "grounds": [],
    "listings": [],
    "position": 0,
}


def _stated(particulars: Particulars, listing: Listing, before: Row) -> Row:
    """Numbers and persons that it once had are kept: they are how somebody is found again."""
    return {
        "department": particulars.departments[0] if particulars.departments else listing.register,
        "region": particulars.region,
        "category": particulars.categories[0].value if particulars.categories else "",
        "names": _all([particulars.name, *particulars.former_names], before["names"]),
        "uscc": particulars.uscc,
        "people": _all([particulars.legal_representative], before["people"]),
        "phones": _all([particulars.phone, *particulars.other_phones], before["phones"]),
        "accounts": _all([particulars.custody_account], before["accounts"]),
    }


def _all(stated: list[str], before: list[str]) -> list[str]:
    return list(dict.fromkeys(one for one in (*stated, *before) if one))


TRAITS_READ = ReadModel(
    name="traits",
    table=traits_table,
    nouns=("institution", "site", "blacklisting", "staff-member", "barred-person"),
    keys=keys,
    fold=fold,
)


def changed_after(position: int, limit: int) -> Select[Any]:
    """Rows of which something changed after ``position``, in the order in which it did."""
    rows = traits_table.c
    return (
        select(traits_table).where(rows.position > position).order_by(rows.position, rows.institution_id).limit(limit)
    )
