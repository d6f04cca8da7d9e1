"""Traits 特征: what same-person matching compares of each institution, and whether its time is over.

Not a list for people: only this service's own matching reads it. One rule: ``position`` is that of the last fact that
changed anything here, so a run looks at what came since the last one and at nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain import licence
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered, NameNoted
from mingjing_registry.domain.particulars import Listing, Particulars
from mingjing_registry.domain.site import SiteApproved, SiteClosed, SiteProposed
from mingjing_registry.projections.schema import METADATA, scope_columns

traits_table = Table(
    "traits",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("names", JSONB, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("people", JSONB, nullable=False),
    Column("phones", JSONB, nullable=False),
    Column("accounts", JSONB, nullable=False),
    Column("addresses", JSONB, nullable=False),
    Column("grounds", JSONB, nullable=False),
    Column("position", BigInteger, nullable=False, index=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution; a site is its institution's."""
    match fact.event:
        case SiteProposed() | SiteApproved() | SiteClosed() as event:
            yield (event.institution_id,)
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
        case NameNoted(name=name):
            return {"names": list(dict.fromkeys([*before["names"], name]))}
        case SiteProposed(place=place) | SiteApproved(place=place):
            return {"addresses": before["addresses"] | {str(fact.id): place.address}}
        case licence.LicenceRecorded(standing=standing):
            return {"grounds": _GROUNDS_AFTER_RECORD[standing]}
        case event:
            grounds = _GROUNDS_AFTER.get(type(event))
            return {} if grounds is None else {"grounds": grounds}


_GROUNDS_AFTER: dict[type, list[str]] = {
    licence.LicenceRevoked: ["revoked"],
    licence.LicenceCancelled: ["cancelled"],
    licence.LicenceApproved: [],
}
"""Why its time is over. An address is kept after its site was closed: there is where they were."""
_GROUNDS_AFTER_RECORD: dict[licence.Ending, list[str]] = {
    "licensed": [],
    "cancelled": ["cancelled"],
    "revoked": ["revoked"],
}

_EMPTY: Row = {
    "department": "",
    "region": "",
    "category": "",
    "names": [],
    "uscc": "",
    "people": [],
    "phones": [],
    "accounts": [],
    "addresses": {},
    "grounds": [],
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


TRAITS_READ = ReadModel(name="traits", table=traits_table, nouns=("institution", "site"), keys=keys, fold=fold)


def changed_after(position: int, limit: int) -> Select[Any]:
    """Rows of which something changed after ``position``, in the order in which it did."""
    rows = traits_table.c
    return (
        select(traits_table).where(rows.position > position).order_by(rows.position, rows.institution_id).limit(limit)
    )
